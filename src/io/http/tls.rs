//! TLS configurations: with the platform's verifier and the authorities that a user adds, or trusting nobody.

use std::path::Path;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use super::ca_file::authorities;

/// A configuration that trusts the authorities of the machine and those of `ca_file`, and offers HTTP/2 and HTTP/1.1.
///
/// # Errors
/// A sentence for a person: the file is wrong, or this machine trusts no authority.
pub(super) fn trusting_the_machine(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let more = ca_file.map(authorities).transpose().map_err(|error| error.with_advice())?.unwrap_or_default();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = match more.is_empty() {
        true => Verifier::new(Arc::clone(&provider)),
        false => Verifier::new_with_extra_roots(more, Arc::clone(&provider)),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(not_set_up)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier.map_err(not_set_up)?))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// A configuration for a client that only speaks plain HTTP. It is cheap to make.
///
/// # Errors
/// A sentence for a person with the error of rustls.
pub(super) fn trusting_nobody() -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(not_set_up)?;
    Ok(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn not_set_up(error: rustls::Error) -> String {
    format!("the HTTP client could not be made: {error}")
}
