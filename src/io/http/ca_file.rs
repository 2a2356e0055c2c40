//! Reads a user's file of certificate authorities in PEM, and says what to type if it is in another format.
//!
//! Nothing is converted silently: what is trusted is what a person can see in the file.

use std::io::ErrorKind;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::diagnostic::shell_path;
use crate::io::files::{SmallFileError, read_small};

/// Bytes of the largest file that is read; the authorities of a whole system have 250 KB.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// Bytes of a file without PEM that are looked at to find out what it is.
const BEGINNING: usize = 64;

/// Why a file of authorities cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`ca_file` `{path}` {flaw}")]
pub struct CaFileError {
    /// The file.
    path: String,
    /// What is wrong with it.
    flaw: CaFlaw,
}

/// What is wrong with a file of authorities.
#[derive(Debug, thiserror::Error)]
enum CaFlaw {
    #[error(transparent)]
    Unread(#[from] SmallFileError),
    #[error("is empty")]
    Empty,
    #[error("is UTF-16, as PowerShell's `>` and some editors write it")]
    Utf16(&'static str),
    #[error("begins with a byte-order mark, behind which a first certificate would be missed")]
    ByteOrderMark,
    #[error("is a certificate in DER, not in PEM")]
    Der,
    #[error("is PKCS#12 (`.p12`, `.pfx`), not PEM")]
    Pkcs12,
    #[error("is PKCS#7 (`.p7b`) in DER, not PEM")]
    Pkcs7Der,
    #[error("is PKCS#7 (`.p7b`), not certificates one by one")]
    Pkcs7,
    #[error("holds a private key and no certificate")]
    Key,
    #[error("holds a request for a certificate and no certificate")]
    Request,
    #[error("holds certificates of another kind of PEM, `-----BEGIN {0}-----`, which would be missed")]
    OtherLabel(String),
    #[error("has blanks before its lines, so that no certificate is found in it")]
    Indented,
    #[error("is written on one line, with `\\n` for its line ends")]
    OneLine,
    #[error("is the inside of a certificate without its first and its last line")]
    Bare,
    #[error("holds no certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`")]
    Nothing,
    #[error("holds a certificate that cannot be read, the {place}. of it: {why}")]
    Damaged { place: usize, why: String },
}

impl CaFileError {
    /// What a person should do now.
    #[must_use]
    pub fn advice(&self) -> String {
        let file = shell_path(Path::new(&self.path));
        let pem = shell_path(Path::new(&format!("{}.pem", self.path)));
        let convert = |command: String| format!("Convert it, `{command}`, and name `{}.pem` as `ca_file`", self.path);
        match &self.flaw {
            CaFlaw::Unread(SmallFileError::Folder) => {
                format!("Join its files, `cat {file}/*.pem > {pem}`, and name `{}.pem` as `ca_file`", self.path)
            }
            CaFlaw::Unread(SmallFileError::System(error)) if error.kind() == ErrorKind::NotFound => {
                "Name the right file in `runsheet.yaml`; a path is taken from the folder of that file".to_owned()
            }
            CaFlaw::Unread(SmallFileError::System(_)) => {
                format!("See who may read it, `ls -l {file}`, or name another file in `runsheet.yaml`")
            }
            CaFlaw::Unread(SmallFileError::Special | SmallFileError::TooLarge(_)) | CaFlaw::Empty | CaFlaw::Nothing => {
                "Ask your network's administrator for the certificate of the authority in PEM, and name its file in \
                 `runsheet.yaml`"
                    .to_owned()
            }
            CaFlaw::Utf16(name) => convert(format!("iconv -f {name} -t UTF-8 {file} > {pem}")),
            CaFlaw::ByteOrderMark => convert(format!("tail -c +4 {file} > {pem}")),
            CaFlaw::Der => convert(format!("openssl x509 -inform der -in {file} -out {pem}")),
            CaFlaw::Pkcs12 => convert(format!("openssl pkcs12 -in {file} -nokeys -out {pem}")),
            CaFlaw::Pkcs7Der => convert(format!("openssl pkcs7 -inform der -print_certs -in {file} -out {pem}")),
            CaFlaw::Pkcs7 => convert(format!("openssl pkcs7 -print_certs -in {file} -out {pem}")),
            CaFlaw::Key | CaFlaw::Request => {
                "`ca_file` wants the certificate of the authority that signed the vendor's, or your proxy's; no key of \
                 yours. Take a private key out of this place"
                    .to_owned()
            }
            CaFlaw::OtherLabel(_) => convert(format!("openssl x509 -in {file} -out {pem}")),
            CaFlaw::Indented => convert(format!("sed 's/^[[:space:]]*//' {file} > {pem}")),
            CaFlaw::OneLine => convert(format!("printf '%b\\n' \"$(cat {file})\" > {pem}")),
            CaFlaw::Bare => convert(format!("base64 -d {file} | openssl x509 -inform der -out {pem}")),
            CaFlaw::Damaged { .. } => {
                format!("Copy the certificate anew; `openssl x509 -in {file} -noout -subject` reads a sound one")
            }
        }
    }

    /// What is wrong and what to do, in two sentences.
    pub(super) fn with_advice(&self) -> String {
        format!("{self}. {}", self.advice())
    }
}

/// Reads all certificates of a file.
///
/// # Errors
/// [`CaFileError`] says why the file cannot be used; no certificate of it is trusted then.
pub fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, CaFileError> {
    let read = read_small(path, MAX_SIZE).map_err(CaFlaw::from).and_then(|bytes| certificates(&bytes));
    read.map_err(|flaw| CaFileError { path: path.display().to_string(), flaw })
}

fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, CaFlaw> {
    if let Some(flaw) = other_form(bytes) {
        return Err(flaw);
    }
    let mut found = Vec::new();
    let mut store = RootCertStore::empty();
    for (place, certificate) in (1..).zip(CertificateDer::pem_slice_iter(bytes)) {
        let damaged = |why: String| CaFlaw::Damaged { place, why };
        let certificate = certificate.map_err(|error| damaged(error.to_string()))?;
        store.add(certificate.clone()).map_err(|error| damaged(error.to_string()))?;
        found.push(certificate);
    }
    if found.is_empty() { Err(CaFlaw::Nothing) } else { Ok(found) }
}

/// What a file is instead of certificates in PEM; `None` if it may be such a file.
fn other_form(bytes: &[u8]) -> Option<CaFlaw> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some(CaFlaw::Empty);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some(CaFlaw::Utf16("UTF-16"));
    }
    for (begins, name) in [(b"-\0-\0", "UTF-16LE"), (b"\0-\0-", "UTF-16BE")] {
        if bytes.starts_with(begins) {
            return Some(CaFlaw::Utf16(name));
        }
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Some(CaFlaw::ByteOrderMark);
    }
    if let Some(flaw) = der(bytes) {
        return Some(flaw);
    }
    let text = String::from_utf8_lossy(bytes);
    let labels: Vec<&str> = text.lines().filter_map(label).collect();
    // The PEM reader would skip these certificates.
    if let Some(other) = labels.iter().find(|label| ["TRUSTED CERTIFICATE", "X509 CERTIFICATE"].contains(label)) {
        return Some(CaFlaw::OtherLabel((*other).to_owned()));
    }
    if labels.contains(&"CERTIFICATE") {
        return None;
    }
    let has = |word: &str| labels.iter().any(|label| label.ends_with(word));
    Some(match () {
        () if has("PKCS7") || has("CMS") => CaFlaw::Pkcs7,
        () if has("PRIVATE KEY") => CaFlaw::Key,
        () if has("CERTIFICATE REQUEST") => CaFlaw::Request,
        () if text.contains("-----\\n") => CaFlaw::OneLine,
        () if text.lines().any(|line| label(line.trim_start()) == Some("CERTIFICATE")) => CaFlaw::Indented,
        () if is_base64_of_der(&text) => CaFlaw::Bare,
        () => CaFlaw::Nothing,
    })
}

/// The label of a line that begins a PEM block; `None` for any other line.
fn label(line: &str) -> Option<&str> {
    line.trim_end().strip_prefix("-----BEGIN ")?.strip_suffix("-----")
}

/// What a file in DER is, by the first element of its outermost sequence; `None` if it is not DER.
fn der(bytes: &[u8]) -> Option<CaFlaw> {
    // A sequence of at least 128 bytes, whose length takes one to four bytes.
    let (0x30, length) = (*bytes.first()?, *bytes.get(1)?) else { return None };
    let inside = match length {
        0x81..=0x84 => usize::from(length & 0x0f) + 2,
        // An indefinite length, as some programs write PKCS#7 and PKCS#12.
        0x80 => 2,
        _ => return None,
    };
    match bytes.get(inside..)? {
        [0x06, ..] => Some(CaFlaw::Pkcs7Der),
        [0x02, 0x01, 0x03, ..] => Some(CaFlaw::Pkcs12),
        [0x02, ..] => Some(CaFlaw::Key),
        [0x30, ..] => Some(CaFlaw::Der),
        _ => None,
    }
}

/// Whether a text begins like base64 of DER.
fn is_base64_of_der(text: &str) -> bool {
    let head = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(BEGINNING).collect::<Vec<u8>>();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    head.len() == BEGINNING && head.starts_with(b"MI") && head.iter().all(is_base64)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};

    use super::*;

    fn certificate() -> CertifiedKey<KeyPair> {
        generate_simple_self_signed(["vendor.example".to_owned()]).unwrap()
    }

    fn read(bytes: &[u8]) -> Result<usize, String> {
        certificates(bytes).map(|found| found.len()).map_err(|flaw| flaw.to_string())
    }

    fn utf16(text: &str) -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn pem_is_read_with_any_line_ends_and_any_text_between_certificates() {
        let (one, two) = (certificate().cert.pem(), certificate().cert.pem());
        let key = certificate().signing_key.serialize_pem();
        assert_eq!(read(one.as_bytes()), Ok(1));
        assert_eq!(read(one.replace("\r\n", "\n").replace('\n', "\r\n").as_bytes()), Ok(1));
        assert_eq!(read(format!("# ours\n{one}\nSubject: x\n{two}").as_bytes()), Ok(2));
        assert_eq!(read(format!("{key}{one}").as_bytes()), Ok(1), "the key is passed over");
    }

    #[test]
    fn every_other_form_is_named() {
        let made = certificate();
        let (pem, der) = (made.cert.pem(), made.cert.der().to_vec());
        let key = made.signing_key.serialize_pem();
        let inner: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let relabelled = |label: &str| pem.replace("CERTIFICATE", label);
        for (bytes, said) in [
            (vec![], "is empty"),
            (b" \r\n".to_vec(), "is empty"),
            (utf16(&pem), "is UTF-16"),
            (format!("\u{feff}{pem}{pem}").into_bytes(), "begins with a byte-order mark"),
            (der, "is a certificate in DER"),
            (made.signing_key.serialize_der(), "holds a private key and no certificate"),
            (key.into_bytes(), "holds a private key and no certificate"),
            (relabelled("CERTIFICATE REQUEST").into_bytes(), "holds a request"),
            (relabelled("TRUSTED CERTIFICATE").into_bytes(), "`-----BEGIN TRUSTED CERTIFICATE-----`"),
            (format!("{pem}{}", relabelled("X509 CERTIFICATE")).into_bytes(), "`-----BEGIN X509 CERTIFICATE-----`"),
            (relabelled("PKCS7").into_bytes(), "is PKCS#7 (`.p7b`), not"),
            (pem.replace("\r\n", "\n").replace('\n', "\\n").into_bytes(), "is written on one line"),
            (format!("  {}", pem.replace('\n', "\n  ")).into_bytes(), "has blanks before its lines"),
            (inner.into_bytes(), "is the inside of a certificate"),
            (b"<html><body>Sign in</body></html>".to_vec(), "holds no certificate in PEM"),
            (format!("{pem}-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n").into(), "the 2. of it"),
            (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec(), "the 1. of it"),
            (pem.as_bytes()[..pem.len() / 2].to_vec(), "cannot be read"),
        ] {
            let told = read(&bytes).unwrap_err();
            assert!(told.contains(said), "`{told}` lacks `{said}`");
        }
    }

    /// The command in an advice.
    fn cure(error: &CaFileError) -> String {
        error.advice().split('`').nth(1).unwrap().to_owned()
    }

    fn shell(command: &str) {
        let done = Command::new("bash").args(["-c", command]).output().unwrap();
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    }

    #[test]
    fn the_command_in_the_advice_makes_a_readable_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("our ca");
        let converted = folder.path().join("our ca.pem");
        let made = certificate();
        let pem = made.cert.pem().replace("\r\n", "\n");
        let plain = folder.path().join("plain.pem");
        std::fs::write(&plain, &pem).unwrap();
        let wrapped = |command: &str, to: &str| {
            let to = folder.path().join(to);
            shell(&format!("openssl {command} '{}' -out '{}'", plain.display(), to.display()));
            std::fs::read(to).unwrap()
        };
        for bytes in [
            utf16(&pem),
            utf16(&pem).split_off(2),
            pem.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            format!("\u{feff}{pem}").into_bytes(),
            made.cert.der().to_vec(),
            wrapped("crl2pkcs7 -nocrl -outform der -certfile", "a.p7b"),
            wrapped("crl2pkcs7 -nocrl -certfile", "b.p7b"),
            wrapped("x509 -trustout -in", "trusted.pem"),
            format!("    {}", pem.trim_end().replace('\n', "\n    ")).into_bytes(),
            pem.replace('\n', "\\n").into_bytes(),
            pem.lines().filter(|line| !line.starts_with('-')).collect::<String>().into_bytes(),
        ] {
            std::fs::write(&path, &bytes).unwrap();
            let error = authorities(&path).unwrap_err();
            shell(&cure(&error));
            assert_eq!(authorities(&converted).unwrap(), [made.cert.der().clone()], "{}", error.with_advice());
        }
        let pkcs12 = wrapped("pkcs12 -export -nokeys -passout pass: -in", "c.p12");
        std::fs::write(&path, pkcs12).unwrap();
        let error = authorities(&path).unwrap_err();
        assert!(error.with_advice().contains("is PKCS#12"), "{}", error.with_advice());
        shell(&format!("{} -passin pass:", cure(&error)));
        assert_eq!(authorities(&converted).unwrap().len(), 1);
    }

    #[test]
    fn a_folder_or_pipe_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let told = |name: &str| authorities(&folder.path().join(name)).unwrap_err().with_advice();
        assert!(told("none.pem").contains("could not be read: No such file"), "{}", told("none.pem"));
        std::fs::create_dir(folder.path().join("certs")).unwrap();
        assert!(told("certs").contains("is a folder. Join its files, `cat /"), "{}", told("certs"));
        shell(&format!("mkfifo '{}'", folder.path().join("pipe").display()));
        assert!(told("pipe").contains("is not a regular file but a pipe"), "{}", told("pipe"));
    }
}
