//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::patient_stream::PatientStream;
use super::places::Place;
use crate::ui::api::UiService;

/// The longest time for the head of a request, and without a request.
const HEAD_TIME: Duration = Duration::from_secs(20);

/// The longest time in which a reader may take nothing.
const READER_PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes of a request's head, and of an answer that waits for its reader.
const BUFFER: usize = 32 * 1024;

/// The most headers of a request.
const MOST_HEADERS: usize = 64;

/// Serves one connection to its end, or until it must give up its place.
pub(super) async fn serve_connection(stream: TcpStream, place: Place, service: UiService) {
    // Without it, answers wait for acknowledgements; if it cannot be set, they are only slower.
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(PatientStream::new(stream, READER_PATIENCE));
    let answers = service_fn(|request| {
        let service = service.clone();
        let place = &place;
        async move { Ok::<_, Infallible>(service.answer(request, place.trusted()).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(BUFFER)
        .max_headers(MOST_HEADERS)
        .serve_connection(stream, answers);
    tokio::select! {
        // An error means that the client left, said something that is not HTTP, or was too slow.
        _ = connection => {}
        () = place.must_leave() => {}
    }
}
