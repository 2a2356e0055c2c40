//! The bytes of a connection: TCP, TLS over it, or TLS through a proxy; with a mark whether anything left.

use std::io::{self, IoSlice, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// What a connection's owner and its socket tell each other.
#[derive(Default)]
pub(super) struct Signals {
    written: AtomicBool,
    look: AtomicBool,
}

impl Signals {
    /// Nothing of the next call has left yet.
    pub(super) fn begin(&self) {
        self.written.store(false, Ordering::Relaxed);
    }

    /// Whether the network took a byte since the call began.
    pub(super) fn written(&self) -> bool {
        self.written.load(Ordering::Relaxed)
    }

    /// Lets the next read ask the socket itself, not what the runtime last heard of it.
    pub(super) fn look(&self) {
        self.look.store(true, Ordering::Relaxed);
    }
}

/// A TCP connection that marks what it writes.
pub(super) struct Wire {
    tcp: TcpStream,
    signals: Arc<Signals>,
}

/// What HTTP is spoken over.
pub(super) enum Stream {
    Plain(Wire),
    Secure(Box<TlsStream<Stream>>),
}

impl Stream {
    /// A connection that was just made.
    pub(super) fn new(tcp: TcpStream) -> Self {
        Self::Plain(Wire { tcp, signals: Arc::default() })
    }

    /// Whether both sides agreed on HTTP/2.
    pub(super) fn speaks_http2(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Secure(tls) => tls.get_ref().1.alpn_protocol() == Some(b"h2"),
        }
    }

    /// The signals of the socket at the bottom.
    pub(super) fn signals(&self) -> Arc<Signals> {
        match self {
            Self::Plain(wire) => Arc::clone(&wire.signals),
            Self::Secure(tls) => tls.get_ref().0.signals(),
        }
    }
}

impl Wire {
    /// Reads without waiting, whatever the runtime knows.
    fn read_now(&self, buffer: &mut ReadBuf<'_>) -> io::Result<()> {
        let count = (&*SockRef::from(&self.tcp)).read(buffer.initialize_unfilled())?;
        buffer.advance(count);
        Ok(())
    }

    fn mark(&self, taken: &Poll<io::Result<usize>>) {
        if matches!(taken, Poll::Ready(Ok(count)) if *count > 0) {
            self.signals.written.store(true, Ordering::Relaxed);
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if wire.signals.look.load(Ordering::Relaxed) {
            match wire.read_now(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wire.signals.look.store(false, Ordering::Relaxed);
                }
                read => return Poll::Ready(read),
            }
        }
        Pin::new(&mut wire.tcp).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let taken = Pin::new(&mut wire.tcp).poll_write(cx, bytes);
        wire.mark(&taken);
        taken
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        let taken = Pin::new(&mut wire.tcp).poll_write_vectored(cx, parts);
        wire.mark(&taken);
        taken
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_read(cx, buffer),
            Self::Secure(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_write(cx, bytes),
            Self::Secure(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_write_vectored(cx, parts),
            Self::Secure(tls) => Pin::new(tls).poll_write_vectored(cx, parts),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(wire) => wire.is_write_vectored(),
            Self::Secure(tls) => tls.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_flush(cx),
            Self::Secure(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_shutdown(cx),
            Self::Secure(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
