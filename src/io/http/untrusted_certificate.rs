//! Explains why a certificate is not trusted and what to do. It concerns every call, so a run stops at it.

use std::error::Error;
use std::io;
use std::path::Path;

use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::error_chain::causes;
use crate::diagnostic::shell_path;
use crate::model::Time;

/// Whose certificate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CertificateOwner {
    /// The vendor, or a proxy on the way that answers in its place.
    Vendor,
    /// The proxy that the connection or the environment names.
    Proxy,
}

/// Why a certificate was refused; `None` if the error has another cause.
pub(super) fn refused_certificate<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CertificateError> {
    match causes(error).find_map(of_rustls) {
        Some(rustls::Error::InvalidCertificate(why)) => Some(why),
        Some(_) | None => None,
    }
}

/// The error of rustls in a cause; `None` if there is none. An `io::Error` hides the error that it wraps from the chain.
fn of_rustls<'a>(mut cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    while let Some(wrapped) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        cause = wrapped;
    }
    cause.downcast_ref()
}

/// Explains what is wrong with the certificate and what to do; `ca_file` is the connection's own file.
pub(super) fn in_words(why: &CertificateError, whose: CertificateOwner, ca_file: Option<&Path>) -> String {
    let whose_own = match whose {
        CertificateOwner::Vendor => "its certificate",
        CertificateOwner::Proxy => "the certificate of the proxy",
    };
    let on_the_way = match whose {
        CertificateOwner::Vendor => {
            " A proxy on the way that opens TLS, as many companies have one, shows such a certificate too."
        }
        CertificateOwner::Proxy => "",
    };
    if matches!(why, CertificateError::UnknownIssuer) {
        return unknown_issuer(whose_own, on_the_way, ca_file);
    }
    if matches!(why, CertificateError::BadSignature) {
        return format!(
            "{whose_own} is signed by an authority of the same name as one that is trusted here, with another key \
             (BadSignature): the authority has a new key, or another one uses its name.{on_the_way} Get its present \
             certificate in PEM from its operator, and replace the old one with it{}",
            ca_file.map(|path| format!(", `{}`", path.display())).unwrap_or_default()
        );
    }
    if let Some(told) = out_of_time(why) {
        return format!(
            "{whose_own} {told}. Look at the clock of this machine, `date -u`, and set it where it is wrong; if it is \
             right, tell the vendor.{on_the_way}"
        );
    }
    if matches!(why, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) {
        return format!(
            "{whose_own} is for another name than the address that was called ({why}). Check `base_url` in \
             `runsheet.yaml`.{on_the_way}"
        );
    }
    format!("{whose_own} cannot be trusted ({why}).{on_the_way}")
}

fn unknown_issuer(whose: &str, on_the_way: &str, ca_file: Option<&Path>) -> String {
    let Some(path) = ca_file else {
        return format!(
            "{whose} is signed by an authority that this machine does not trust (UnknownIssuer).{on_the_way} Get the \
             authority's certificate in PEM from your network's administrator, and name its file as `ca_file` of the \
             connection in `runsheet.yaml`. A run that has begun keeps its settings: it goes on with \
             `SSL_CERT_FILE=FILE runsheet resume RUN`"
        );
    };
    format!(
        "{whose} is signed by an authority that neither this machine nor the connection's `ca_file` `{}` holds \
         (UnknownIssuer).{on_the_way} Get the authority's certificate in PEM from your network's administrator, and add it: \
         `cat MORE.pem >> {}`",
        path.display(),
        shell_path(path)
    )
}

/// Explains that a certificate is expired or not valid yet; `None` if that is not the problem.
fn out_of_time(why: &CertificateError) -> Option<String> {
    if let CertificateError::ExpiredContext { time, not_after } = why {
        let (until, now) = (at(*not_after), at(*time));
        return Some(format!("has expired: it was valid until {until}, and this machine's clock says {now}"));
    }
    if let CertificateError::NotValidYetContext { time, not_before } = why {
        let (from, now) = (at(*not_before), at(*time));
        return Some(format!("is not valid yet: it is from {from} on, and this machine's clock says {now}"));
    }
    let bare = [
        (CertificateError::Expired, "has expired by this machine's clock"),
        (CertificateError::NotValidYet, "is not valid yet by this machine's clock"),
    ];
    bare.into_iter().find(|(kind, _)| kind == why).map(|(_, told)| told.to_owned())
}

fn at(time: UnixTime) -> Time {
    Time::from_secs(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
