//! The simulators as an HTTP/1.1 server, for rehearsal with other tools and the vendors' own clients.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::connection::serve_connection;
use super::tls::{AuthorityFile, identity};
use crate::model::{Map, Value};
use crate::sandbox::log::LogEntry;
use crate::sandbox::setup::{Faults, SimulatorSettings, credentials};
use crate::sandbox::simulator::LoggedSandbox;

/// How to start a server.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The port on the loopback address; 0 takes any free one.
    pub port: u16,
    /// The faults; `None` for none.
    pub faults: Option<Faults>,
    /// Limits and token lifetimes.
    pub settings: SimulatorSettings,
    /// The log file, whose entries are applied at the start. `None` keeps the last calls in memory.
    pub log: Option<PathBuf>,
    /// The folder for the certificate of the authority that signs the server's certificate; `None` for plain HTTP.
    pub tls: Option<PathBuf>,
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    #[cfg_attr(not(any(test, feature = "internals")), allow(dead_code))]
    logged: Arc<LoggedSandbox>,
    accepting: JoinHandle<()>,
    authority: Option<AuthorityFile>,
}

/// Starts a server on the loopback address, within a tokio runtime.
///
/// # Errors
/// [`io::Error`] if the port is in use, the log cannot be opened, or TLS cannot be set up.
pub async fn serve(options: ServeOptions) -> io::Result<Serving> {
    let logged = Arc::new(LoggedSandbox::open(options.log.as_deref(), options.faults, options.settings)?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let address = listener.local_addr()?;
    let identity = options.tls.as_ref().map(|_| identity(jiff::Zoned::now().date())).transpose()?;
    let authority = identity.as_ref().zip(options.tls.as_deref());
    let authority = authority.map(|(made, folder)| AuthorityFile::write(made, folder, address.port())).transpose()?;
    let tls = identity.map(|identity| identity.acceptor);
    let shared = Arc::clone(&logged);
    let accepting = tokio::spawn(async move {
        loop {
            // An accept fails if the peer is already gone or file descriptors are short; the next one may succeed.
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(serve_connection(stream, tls.clone(), Arc::clone(&shared)));
                }
                Err(_) => tokio::task::yield_now().await,
            }
        }
    });
    Ok(Serving { address, logged, accepting, authority })
}

impl Serving {
    /// The base URL of every vendor.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.authority.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The file of the authority that a client must trust; `None` if the server speaks plain HTTP.
    #[must_use]
    pub fn ca_file(&self) -> Option<&Path> {
        self.authority.as_ref().map(|authority| authority.path.as_path())
    }

    /// Returns what a client needs: `{"url": …, "credentials": {…}}`, and `ca_file` if the server speaks TLS.
    #[must_use]
    pub fn banner(&self) -> Map {
        let mut banner = Map::new();
        banner.insert("url".to_owned(), Value::from(self.url()));
        if let Some(path) = self.ca_file() {
            banner.insert("ca_file".to_owned(), Value::from(path.display().to_string()));
        }
        banner.insert("credentials".to_owned(), Value::Object(credentials()));
        banner
    }

    /// The number of calls so far.
    #[cfg(any(test, feature = "internals"))]
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.logged.calls()
    }

    /// Waits until the server's task is stopped.
    pub async fn wait(mut self) {
        // Only a panic or a stop ends the task. In both cases the server is over.
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
    ca_file: Option<PathBuf>,
    logged: Arc<LoggedSandbox>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Starts a server on its own thread with its own runtime.
///
/// # Errors
/// [`io::Error`] if the port is in use, the log cannot be opened, or the thread cannot be started.
#[cfg(any(test, feature = "internals"))]
pub fn serve_on_thread(options: ServeOptions) -> io::Result<Background> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let serving = runtime.block_on(serve(options))?;
    let (url, logged) = (serving.url(), Arc::clone(&serving.logged));
    let ca_file = serving.ca_file().map(Path::to_owned);
    let (stop, stopped) = oneshot::channel();
    let thread = thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
        runtime.block_on(async move {
            let _serving = serving;
            // A message and a dropped sender mean the same: the owner is gone.
            let _ = stopped.await;
        });
    })?;
    Ok(Background { url, ca_file, logged, stop: Some(stop), thread: Some(thread) })
}

#[cfg(any(test, feature = "internals"))]
impl Background {
    /// The base URL of every vendor.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file of the authority that a client must trust; `None` if the server speaks plain HTTP.
    #[must_use]
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    /// The log so far.
    ///
    /// # Errors
    /// [`io::Error`] if the log file cannot be read.
    pub fn entries(&self) -> io::Result<Vec<LogEntry>> {
        let log = self.logged.log()?;
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
            // A panic of the server's thread was printed already, and cannot be handled here.
            let _ = thread.join();
        }
    }
}
