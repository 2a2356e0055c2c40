//! One origin and the clients that reach it: one that keeps connections, one that does not.
//!
//! A vendor may close a kept connection without saying so. A call that is sent over it then has no answer, and whether
//! it took effect is unknown. After the first such loss, calls that must not be repeated get a connection each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use url::{Position, Url};

use super::answer;
use super::failure::{classify, lost_its_connection};
use super::setup::{Keeping, Recipe, Setup};
use crate::io::transport::CallBounds;
use crate::model::{Response, SendError};

/// A scheme, host and port that calls go to.
pub(super) struct Origin {
    /// As `https://host:port`, without the scheme's own port.
    name: String,
    recipe: Recipe,
    keeping: reqwest::Client,
    /// Made when it is first needed.
    single_use: OnceLock<reqwest::Client>,
    /// Whether a connection closed without an answer. It stays so for the rest of the run.
    lost_one: AtomicBool,
}

impl Origin {
    /// Makes the clients for the origin of a URL.
    ///
    /// # Errors
    /// A sentence without the URL: it cannot be called, its proxy speaks another protocol, or TLS cannot be set up.
    pub(super) fn new(url: &Url, setup: &Setup) -> Result<Self, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL holds no user or password".to_owned());
        }
        let recipe = setup.recipe(url)?;
        let keeping = recipe.client(Keeping::All)?;
        let (single_use, lost_one) = (OnceLock::new(), AtomicBool::new(false));
        Ok(Self { name: name(url).to_owned(), recipe, keeping, single_use, lost_one })
    }

    /// Whether a URL leads to this origin.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        self.name == name(url)
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// Why there is no answer, or why nothing was sent.
    pub(super) async fn call(&self, request: reqwest::Request, bounds: CallBounds) -> Result<Response, SendError> {
        match self.client(bounds.once)?.execute(request).await {
            Ok(answer) => answer::read(answer, bounds.max_body).await,
            Err(error) => {
                if lost_its_connection(&error) {
                    self.lost_one.store(true, Ordering::Relaxed);
                }
                Err(classify(error, self.recipe.is_forwarded(), self.recipe.ca_file()))
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
        let made = self.recipe.client(Keeping::None).map_err(SendError::NotSent)?;
        Ok(self.single_use.get_or_init(|| made))
    }
}

fn name(url: &Url) -> &str {
    &url[..Position::BeforePath]
}
