//! TLS as this machine trusts it: the platform's verifier, and the authorities that a user adds.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

/// TLS towards vendors and towards proxies.
pub(super) struct Tls {
    /// Offers HTTP/2 and HTTP/1.1.
    pub(super) vendor: Arc<ClientConfig>,
    /// A proxy is spoken to in HTTP/1.1.
    pub(super) proxy: Arc<ClientConfig>,
}

impl Tls {
    /// Reads the machine's authorities and those of `ca_file`.
    ///
    /// # Errors
    /// A sentence: the file is wrong, or this machine trusts nobody.
    pub(super) fn new(ca_file: Option<&Path>) -> Result<Self, String> {
        let more = ca_file.map(authorities).transpose()?.unwrap_or_default();
        let failed = |error: rustls::Error| format!("the HTTP client could not be made: {error}");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = match more.is_empty() {
            true => Verifier::new(Arc::clone(&provider)),
            false => Verifier::new_with_extra_roots(more, Arc::clone(&provider)),
        };
        let mut vendor = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier.map_err(failed)?))
            .with_no_client_auth();
        let proxy = vendor.clone();
        vendor.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { vendor: Arc::new(vendor), proxy: Arc::new(proxy) })
    }
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let shown = path.display();
    let pem = std::fs::read(path).map_err(|error| format!("`ca_file` `{shown}` could not be read: {error}"))?;
    let found = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("`ca_file` `{shown}` holds no PEM certificates: {error}"))?;
    match found.is_empty() {
        true => Err(format!("`ca_file` `{shown}` holds no PEM certificates")),
        false => Ok(found),
    }
}
