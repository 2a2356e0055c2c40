//! The simulators as an HTTP/1.1 server, for rehearsal with other tools and the vendors' own clients.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::model::{Map, Value};

use super::connection::attend;
use super::credentials::credentials;
use super::door::Door;
use super::entry::Entry;
use super::faults::Faults;
use super::tuning::Tuning;

/// How a server starts.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The port on the loopback address; 0 takes any free one.
    pub port: u16,
    /// Trouble on purpose.
    pub faults: Option<Faults>,
    /// Limits, lives of tokens.
    pub tuning: Tuning,
    /// The log's file; what it says has happened. Without one the last calls are kept in memory.
    pub log: Option<PathBuf>,
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    door: Arc<Door>,
    accepting: JoinHandle<()>,
}

/// Starts a server on the loopback address, within a tokio runtime.
///
/// # Errors
/// Where the port is taken or the log cannot be opened.
pub async fn serve(options: ServeOptions) -> io::Result<Serving> {
    let door = Arc::new(Door::open(options.log.as_deref(), options.faults, options.tuning)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let shared = Arc::clone(&door);
    let accepting = tokio::spawn(async move {
        loop {
            // An accept fails where the peer is gone already, or for want of descriptors: the next may succeed.
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(attend(stream, Arc::clone(&shared)));
                }
                Err(_) => tokio::task::yield_now().await,
            }
        }
    });
    Ok(Serving { address, door, accepting })
}

impl Serving {
    /// The base URL of every vendor.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What a caller needs: `{"url": …, "credentials": {…}}`.
    #[must_use]
    pub fn banner(&self) -> Map {
        let mut banner = Map::new();
        banner.insert("url".to_owned(), Value::from(self.url()));
        banner.insert("credentials".to_owned(), Value::Object(credentials()));
        banner
    }

    /// How many calls came so far.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.door.calls()
    }

    /// Runs until the task is stopped from elsewhere.
    pub async fn wait(mut self) {
        // Only a panic or a stop ends the task; either way the server is over.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A server on a thread of its own; dropping it stops it.
#[cfg(any(test, feature = "internals"))]
#[derive(Debug)]
pub struct Background {
    url: String,
    door: Arc<Door>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Starts a server on a thread of its own, with its own runtime.
///
/// # Errors
/// Where the port is taken, the log cannot be opened, or no thread can be started.
#[cfg(any(test, feature = "internals"))]
pub fn serve_on_thread(options: ServeOptions) -> io::Result<Background> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let serving = runtime.block_on(serve(options))?;
    let (url, door) = (serving.url(), Arc::clone(&serving.door));
    let (stop, stopped) = oneshot::channel();
    let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let _serving = serving;
            // Both the word and its absence mean the same: the owner is gone.
            let _ = stopped.await;
        });
    })?;
    Ok(Background { url, door, stop: Some(stop), thread: Some(thread) })
}

#[cfg(any(test, feature = "internals"))]
impl Background {
    /// The base URL of every vendor.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The log so far.
    ///
    /// # Errors
    /// Where the log's file cannot be read.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        let log = self.door.log()?;
        log.split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).map_err(io::Error::from))
            .collect()
    }
}

#[cfg(any(test, feature = "internals"))]
impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server's thread has been printed; there is nobody to pass it to.
            let _ = thread.join();
        }
    }
}
