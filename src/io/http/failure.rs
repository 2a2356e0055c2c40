//! Classifies failed calls: whether anything was sent, and why. Never shows the URL, which may hold personal data.

use std::error::Error;
use std::path::Path;

use super::error_chain::{causes, reason};
use super::untrusted_certificate::{self, CertificateOwner, refused_certificate};
use crate::io::system::Descriptors;
use crate::model::SendError;

/// The start of a tunnel's error when the proxy itself cannot be reached.
const PROXY_UNREACHABLE: &str = "tunnel error: failed to create underlying connection: ";

/// Classifies the error of a call without an answer. Only a failure while connecting, and a request that hyper handed back
/// untouched, are certainly not sent.
///
/// `forwarded` is true if the call goes through a proxy without a tunnel; `ca_file` is the connection's own file.
pub(super) fn classify(error: reqwest::Error, forwarded: bool, ca_file: Option<&Path>) -> SendError {
    let error = error.without_url();
    if error.is_builder() {
        not_made(&error)
    } else if error.is_connect() && causes(&error).any(is_shortage) {
        SendError::Shortage(not_connected(&error, forwarded))
    } else if error.is_connect() {
        match refused_certificate(&error) {
            Some(why) => SendError::Untrusted(untrusted_certificate::in_words(why, whose(&error, forwarded), ca_file)),
            None => SendError::NotSent(not_connected(&error, forwarded)),
        }
    } else if causes(&error).any(is_untouched) {
        SendError::NotSent(reason(&error))
    } else {
        SendError::NoAnswer(reason(&error))
    }
}

/// Whether the connection was closed or reset after the request was handed over and before an answer began.
pub(super) fn lost_its_connection(error: &reqwest::Error) -> bool {
    // An unreadable answer came over a live connection.
    let from_hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    from_hyper.is_some_and(|cause| !cause.is_parse() && !is_untouched(cause)) && !error.is_connect()
}

/// The error of an answer whose body broke off.
pub(super) fn broken_off(error: reqwest::Error) -> SendError {
    SendError::NoAnswer(format!("the answer broke off: {}", reason(&error.without_url())))
}

/// The error of a call whose answer was not read to its end within the time allowed.
pub(super) fn late() -> SendError {
    SendError::NoAnswer("no answer within the time allowed".to_owned())
}

/// The error of a request that cannot be made at all.
pub(super) fn not_made(error: &(dyn Error + 'static)) -> SendError {
    SendError::NotSent(format!("the request could not be made: {}", reason(error)))
}

fn not_connected(error: &reqwest::Error, forwarded: bool) -> String {
    if error.is_timeout() {
        return "no connection within the time allowed".to_owned();
    }
    let why = reason(error);
    match why.strip_prefix(PROXY_UNREACHABLE) {
        Some(why) => format!("the proxy cannot be reached: {why}"),
        None if forwarded => format!("the proxy cannot be reached: {why}"),
        None => why,
    }
}

/// Whether this machine lacks what a connection needs.
fn is_shortage(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref().is_some_and(Descriptors::is_shortage)
}

/// Whose certificate was refused. A tunnel is made before the vendor's certificate is seen.
fn whose(error: &reqwest::Error, forwarded: bool) -> CertificateOwner {
    match forwarded || reason(error).starts_with(PROXY_UNREACHABLE) {
        true => CertificateOwner::Proxy,
        false => CertificateOwner::Vendor,
    }
}

/// Whether hyper returned the request before sending any of it, or found the connection closed before that.
fn is_untouched(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<hyper::Error>().is_some_and(|error| error.is_canceled() || error.is_closed())
}
