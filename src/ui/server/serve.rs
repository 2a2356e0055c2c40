//! Starts the server and takes its connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connection::serve_connection;
use super::places::Places;
use crate::operate::Context;
use crate::ui::api::UiService;

/// The most connections at once. A browser opens six for each tab.
const MOST_CONNECTIONS: usize = 256;

/// The pause after a connection could not be taken.
const AFTER_AN_ERROR: Duration = Duration::from_millis(50);

/// How to start a server.
#[derive(Clone)]
pub struct UiOptions {
    /// The port of 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Which runs it shows, and how.
    pub context: Context,
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    link: watch::Receiver<String>,
    accepting: JoinHandle<()>,
}

/// Starts a server on 127.0.0.1, within a tokio runtime.
///
/// # Errors
/// [`io::Error`] if the port is in use.
pub async fn serve(options: UiOptions) -> io::Result<Serving> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let service = UiService::new(options.context);
    let link = service.link();
    let places = Places::new(MOST_CONNECTIONS);
    let accepting = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                // Without a place, the connection is closed at once.
                Ok((stream, _)) => {
                    if let Some(place) = places.take().await {
                        tokio::spawn(serve_connection(stream, place, service.clone()));
                    }
                }
                // The peer is gone already, or no file can be opened at this moment.
                Err(_) => tokio::time::sleep(AFTER_AN_ERROR).await,
            }
        }
    });
    Ok(Serving { address, link, accepting })
}

impl Serving {
    /// The link that opens the page once.
    #[must_use]
    pub fn link(&self) -> String {
        format!("http://{}/#token={}", self.address, *self.link.borrow())
    }

    /// Waits until the link was used. Returns the next one; never returns if the server is over.
    pub async fn next_link(&mut self) -> String {
        if self.link.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.link()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    /// What a client gets that sends this and then says nothing more. Time passes by itself while all wait.
    async fn answer_to(sent: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::new().state_folder(folder.path());
        let serving = serve(UiOptions { port: 0, context }).await.unwrap();
        let mut stream = TcpStream::connect(serving.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut came = String::new();
        // A reset is an end too.
        let _ = stream.read_to_string(&mut came).await;
        came
    }

    #[tokio::test(start_paused = true)]
    async fn who_never_ends_a_request_is_closed() {
        assert_eq!(answer_to("").await, "");
        let half = answer_to("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n").await;
        assert!(half.is_empty() || half.starts_with("HTTP/1.1 408"), "{half}");
        let idle = answer_to("GET /live.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").await;
        assert!(idle.starts_with("HTTP/1.1 200"), "{idle}");
        let body =
            "POST /session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
        let late = answer_to(body).await;
        assert!(late.starts_with("HTTP/1.1 408"), "{late}");
    }

    #[tokio::test]
    async fn only_loopback_is_listened_on() {
        let serving = serve(UiOptions { port: 0, context: Context::new() }).await.unwrap();
        assert!(serving.address.ip().is_loopback());
        assert!(serving.link().starts_with("http://127.0.0.1:"), "{}", serving.link());
    }
}
