//! One origin and the client that reaches it.

use url::{Position, Url};

use super::answer;
use super::failure::classify;
use super::setup::Setup;
use crate::io::transport::CallBounds;
use crate::model::{Response, SendError};

/// A scheme, host and port that calls go to.
pub(super) struct Origin {
    /// As `https://host:port`, without the scheme's own port.
    name: String,
    client: reqwest::Client,
    forwarded: bool,
}

impl Origin {
    /// Makes the client for the origin of a URL.
    ///
    /// # Errors
    /// A sentence without the URL: it cannot be called, its proxy speaks another protocol, or TLS cannot be set up.
    pub(super) fn new(url: &Url, setup: &Setup) -> Result<Self, String> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a URL holds no user or password".to_owned());
        }
        let recipe = setup.recipe(url)?;
        Ok(Self { name: name(url).to_owned(), client: recipe.client()?, forwarded: recipe.is_forwarded() })
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
        match self.client.execute(request).await {
            Ok(answer) => answer::read(answer, bounds.max_body).await,
            Err(error) => Err(classify(error, self.forwarded)),
        }
    }
}

fn name(url: &Url) -> &str {
    &url[..Position::BeforePath]
}
