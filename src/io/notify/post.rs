//! Posts a notice to an address. A redirect is not followed, and no message shows more of the address than its host.

use bytes::Bytes;

use super::send::{NotifyFailure, TRY};
use crate::io::credentials::resolve;
use crate::io::http::HttpTransport;
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Method, Request, Secret, SendError};
use crate::provider::CredentialSource;
use crate::provider::auth::CredentialUse;
use crate::settings::{NotifyUrl, check_notify_url};

/// The most bytes of an answer that are read.
const MAX_ANSWER: usize = 64 * 1024;

/// The address with what it needs.
pub(super) struct Post {
    url: String,
    token: Option<Secret>,
    transport: HttpTransport,
}

impl Post {
    /// Reads the address and the token, and makes the client.
    ///
    /// # Errors
    /// [`NotifyFailure::Unusable`] where a secret cannot be read or the address cannot be used.
    pub(super) async fn to(url: &NotifyUrl, token: Option<&CredentialSource>) -> Result<Self, NotifyFailure> {
        let url = match url {
            NotifyUrl::Written(url) => url.clone(),
            NotifyUrl::From(source) => read(source, CredentialUse::Anywhere).await?.expose().to_owned(),
        };
        check_notify_url(&url).map_err(|why| NotifyFailure::Unusable(format!("the address {why}")))?;
        let token = match token {
            Some(source) => Some(read(source, CredentialUse::InHeader).await?),
            None => None,
        };
        let transport = HttpTransport::new(&url, None, None, TRY).map_err(NotifyFailure::Unusable)?;
        Ok(Self { url, token, transport })
    }

    /// Posts the notice once.
    ///
    /// # Errors
    /// [`NotifyFailure::Failed`] where another try may help; [`NotifyFailure::Unusable`] where it may not.
    pub(super) async fn send(&self, body: Bytes) -> Result<(), NotifyFailure> {
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        if let Some(token) = &self.token {
            headers.push(("Authorization".to_owned(), format!("Bearer {}", token.expose())));
        }
        let request = Request { method: Method::Post, url: self.url.clone(), headers, body };
        let bounds = CallBounds { timeout: TRY, max_body: MAX_ANSWER, once: false };
        match self.transport.send(request, bounds).await {
            Ok(answer) => judge(answer.status),
            Err(SendError::Untrusted(why)) => Err(NotifyFailure::Unusable(why)),
            Err(error @ (SendError::NotSent(_) | SendError::Shortage(_) | SendError::NoAnswer(_))) => {
                Err(NotifyFailure::Failed(error.to_string()))
            }
        }
    }
}

/// What an answer's status says.
fn judge(status: u16) -> Result<(), NotifyFailure> {
    match status {
        200..=299 => Ok(()),
        300..=399 => Err(NotifyFailure::Unusable(format!("HTTP {status}: it redirects, which is not followed"))),
        408 | 425 | 429 => Err(NotifyFailure::Failed(format!("HTTP {status}"))),
        400..=499 => Err(NotifyFailure::Unusable(format!("HTTP {status}"))),
        _ => Err(NotifyFailure::Failed(format!("HTTP {status}"))),
    }
}

/// Reads a secret. A command that prints one may take its time, so that it does not hold up the thread.
async fn read(source: &CredentialSource, used: CredentialUse) -> Result<Secret, NotifyFailure> {
    let source = source.clone();
    let read = tokio::task::spawn_blocking(move || resolve(&source, used, &mut |_, _| {})).await;
    match read {
        Ok(secret) => secret.map_err(|error| NotifyFailure::Unusable(error.to_string())),
        Err(_) => Err(NotifyFailure::Unusable("its secret cannot be read".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in [200, 202, 204] {
            assert_eq!(judge(status), Ok(()), "{status}");
        }
        for status in [301, 307, 400, 401, 404, 410] {
            assert!(matches!(judge(status), Err(NotifyFailure::Unusable(_))), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 999] {
            assert!(matches!(judge(status), Err(NotifyFailure::Failed(_))), "{status}");
        }
    }
}
