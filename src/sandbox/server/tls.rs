//! TLS for the server: an authority and a certificate, both created at the start. No private key is written to disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

use crate::io::make_private_dir;

/// The names and addresses that the certificate is for.
const NAMES: [&str; 5] = ["localhost", "ess.localhost", "essbasic.localhost", "127.0.0.1", "::1"];

/// A server's certificate, ready to use, and the authority that signed it.
pub(in crate::sandbox) struct Identity {
    pub(in crate::sandbox) acceptor: TlsAcceptor,
    /// The authority's certificate as PEM.
    authority: String,
}

/// Creates an authority and a certificate signed by it, valid from a month before `today` for about a year.
///
/// # Errors
/// [`io::Error`] if a key cannot be generated.
pub(in crate::sandbox) fn identity(today: jiff::civil::Date) -> io::Result<Identity> {
    let made = certified(today).map_err(io::Error::other)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![made.certificate], made.key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity { acceptor: TlsAcceptor::from(Arc::new(config)), authority: made.authority })
}

struct SignedCertificate {
    authority: String,
    certificate: rustls::pki_types::CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

fn certified(today: jiff::civil::Date) -> Result<SignedCertificate, rcgen::Error> {
    let mut authority = params(today, "runsheet sandbox, authority", &[])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_key = KeyPair::generate()?;
    let pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let mut own = params(today, "runsheet sandbox", &NAMES)?;
    own.use_authority_key_identifier_extension = true;
    own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = own.signed_by(&key, &issuer)?.der().clone();
    Ok(SignedCertificate { authority: pem, certificate, key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) })
}

fn params(today: jiff::civil::Date, name: &str, names: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    // The first day of a month exists in every year, and leaves room for a clock that lags behind.
    let month = u8::try_from(today.month()).unwrap_or(1);
    let year = i32::from(today.year());
    params.not_before = date_time_ymd(year - i32::from(month == 1), if month == 1 { 12 } else { month - 1 }, 1);
    params.not_after = date_time_ymd(year + 1, month, 1);
    Ok(params)
}

/// The authority's file; removed when the server ends.
#[derive(Debug)]
pub(in crate::sandbox) struct AuthorityFile {
    pub(in crate::sandbox) path: PathBuf,
}

impl AuthorityFile {
    /// Writes the authority of a server on `port` into `folder`, which is created if needed.
    ///
    /// # Errors
    /// [`io::Error`] if the folder or the file cannot be written.
    pub(in crate::sandbox) fn write(identity: &Identity, folder: &Path, port: u16) -> io::Result<Self> {
        make_private_dir(folder)?;
        let path = std::path::absolute(folder.join(format!("sandbox-ca-{port}.pem")))?;
        fs::write(&path, &identity.authority)?;
        Ok(Self { path })
    }
}

impl Drop for AuthorityFile {
    fn drop(&mut self) {
        // A certificate without its key is harmless if it stays behind.
        let _ = fs::remove_file(&self.path);
    }
}
