//! One origin and its two clients: one keeps connections for later calls, the other does not.
//!
//! A vendor may silently close a kept connection. A call sent over it then has no answer, and whether it took effect is
//! unknown. After the first such loss, each call that must not be repeated gets a new connection.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::timeout;
use url::{Position, Url};

use super::answer;
use super::failure::{classify, late, lost_its_connection};
use super::setup::{ClientSetup, KeepAlive, OriginSetup};
use crate::io::transport::CallBounds;
use crate::model::{Response, SendError};

/// A scheme, host and port that calls go to.
pub(super) struct Origin {
    /// As `https://host:port`, without the scheme's default port.
    name: String,
    setup: OriginSetup,
    /// Keeps idle connections.
    keeping: reqwest::Client,
    /// Keeps none; built when first needed.
    single_use: OnceLock<reqwest::Client>,
    /// Whether a connection ever closed without an answer.
    lost_one: AtomicBool,
}

impl Origin {
    /// Builds the clients for the origin of a URL.
    ///
    /// # Errors
    /// A sentence for a person, without the URL: it cannot be called, its proxy speaks another protocol, or TLS cannot be
    /// set up.
    pub(super) fn new(url: &Url, setup: &ClientSetup) -> Result<Self, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL holds no user or password".to_owned());
        }
        let setup = setup.for_origin(url)?;
        let keeping = setup.client(KeepAlive::All)?;
        let (single_use, lost_one) = (OnceLock::new(), AtomicBool::new(false));
        Ok(Self { name: name(url).to_owned(), setup, keeping, single_use, lost_one })
    }

    /// Whether a URL leads to this origin.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        self.name == name(url)
    }

    /// Sends one request and reads its answer, within the time that the bounds allow.
    ///
    /// # Errors
    /// [`SendError`] says whether the request was sent and why there is no answer.
    pub(super) async fn call(&self, request: reqwest::Request, bounds: CallBounds) -> Result<Response, SendError> {
        // Connecting takes at most half of this time. So when all of it has passed, something may have been sent.
        timeout(bounds.timeout, self.exchange(request, bounds)).await.unwrap_or_else(|_| Err(late()))
    }

    async fn exchange(&self, request: reqwest::Request, bounds: CallBounds) -> Result<Response, SendError> {
        match self.client(bounds.once)?.execute(request).await {
            Ok(answer) => answer::read(answer, bounds.max_body).await,
            Err(error) => {
                if lost_its_connection(&error) {
                    self.lost_one.store(true, Ordering::Relaxed);
                }
                Err(classify(error, self.setup.is_forwarded(), self.setup.ca_file()))
            }
        }
    }

    fn client(&self, once: bool) -> Result<&reqwest::Client, SendError> {
        if !once || !self.lost_one.load(Ordering::Relaxed) {
            return Ok(&self.keeping);
        }
        if let Some(client) = self.single_use.get() {
            return Ok(client);
        }
        let made = self.setup.client(KeepAlive::None).map_err(SendError::NotSent)?;
        Ok(self.single_use.get_or_init(|| made))
    }
}

fn name(url: &Url) -> &str {
    &url[..Position::BeforePath]
}
