//! The mock of the three calls: fast, exact about what it saw, slow or faulty when told to be.
//!
//! It says its address in its first line. `GET /_set?…` sets it anew, `GET /_seen` tells what it saw.

use std::convert::Infallible;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};

use crate::measured::epoch_micros;

/// How the server behaves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Manner {
    /// What each answer takes, in milliseconds.
    pub(crate) delay_ms: u64,
    /// Each so-manieth call is refused for pace; none where 0.
    pub(crate) throttle_every: u64,
    /// Each so-manieth answer is lost after its effect; none where 0.
    pub(crate) lose_every: u64,
    /// Whether the instant of each call is kept.
    pub(crate) keep_instants: bool,
}

/// What the server saw since it was last set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) calls: u64,
    pub(crate) created: u64,
    pub(crate) moderators: u64,
    pub(crate) publishers: u64,
    /// Calls for a task that was never created.
    pub(crate) strangers: u64,
    pub(crate) throttled: u64,
    pub(crate) lost: u64,
    /// The first and the last call, in microseconds since 1970.
    pub(crate) first_at: u64,
    pub(crate) last_at: u64,
    /// The time that calls spent here, in microseconds.
    pub(crate) spent: u64,
    /// The most calls in any sliding second, and the mean rate; only where instants are kept.
    pub(crate) most_in_a_second: u64,
    pub(crate) mean_rate: f64,
}

#[derive(Default)]
struct World {
    manner: Manner,
    seen: Seen,
    instants: Vec<u64>,
}

type Shared = Arc<Mutex<World>>;

/// Serves until it is killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", listener.local_addr()?)?;
        out.flush()?;
        let world = Shared::default();
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(connection(stream, Arc::clone(&world)));
        }
    })
}

async fn connection(stream: TcpStream, world: Shared) {
    let service = service_fn(move |request| answer(request, Arc::clone(&world)));
    // A client that goes away, or an answer that is lost on purpose, ends the connection.
    let _ = hyper::server::conn::http1::Builder::new()
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// An answer lost on purpose.
#[derive(Debug, thiserror::Error)]
#[error("lost on purpose")]
struct Lost;

async fn answer(request: Request<Incoming>, world: Shared) -> Result<Response<Full<Bytes>>, Lost> {
    let path = request.uri().path();
    if path.starts_with("/_") {
        return control(path, request.uri().query().unwrap_or_default(), &world).map_err(|_| Lost);
    }
    let from = epoch_micros();
    let what = match path {
        "/api/task/do_add" => Call::Create,
        "/api/task/service/do_add" => Call::Moderator,
        _ => Call::Publishers,
    };
    let body = match request.into_body().collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Err(Lost),
    };
    let (delay, came) = lock(&world).take(what, &body, from);
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
        lock(&world).seen.spent += epoch_micros() - from;
    }
    came
}

fn lock(world: &Shared) -> std::sync::MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn control(path: &str, query: &str, world: &Shared) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut world = lock(world);
    if path == "/_set" {
        let decoded = query.replace("%22", "\"").replace("%7B", "{").replace("%7D", "}");
        *world = World { manner: serde_json::from_str(&decoded).unwrap_or_default(), ..World::default() };
    }
    let text = serde_json::to_string(&world.tell()).unwrap_or_default();
    Ok(Response::new(Full::new(Bytes::from(text))))
}

#[derive(Clone, Copy)]
enum Call {
    Create,
    Moderator,
    Publishers,
}

impl World {
    /// One call: how long it takes and what comes back.
    fn take(&mut self, what: Call, body: &[u8], at: u64) -> (u64, Result<Response<Full<Bytes>>, Lost>) {
        let Self { manner, seen, instants } = self;
        seen.calls += 1;
        if seen.first_at == 0 {
            seen.first_at = at;
        }
        seen.last_at = seen.last_at.max(at);
        if manner.keep_instants {
            instants.push(at);
        }
        if manner.throttle_every > 0 && seen.calls.is_multiple_of(manner.throttle_every) {
            seen.throttled += 1;
            let mut refused = Response::new(Full::new(Bytes::from_static(b"slow down")));
            *refused.status_mut() = hyper::StatusCode::TOO_MANY_REQUESTS;
            // Without it each refusal pauses its budget for a second, and a million rows take hours.
            let at_once = hyper::header::HeaderValue::from_static("0");
            refused.headers_mut().insert(hyper::header::RETRY_AFTER, at_once);
            return (manner.delay_ms, Ok(refused));
        }
        let text = match what {
            Call::Create => {
                seen.created += 1;
                format!("{{\"status\":1,\"message\":\"success\",\"info\":{{\"task_num\":\"T{}\"}}}}", seen.created)
            }
            Call::Moderator | Call::Publishers => {
                if task_of(body).is_none_or(|task| task > seen.created) {
                    seen.strangers += 1;
                }
                match what {
                    Call::Moderator => seen.moderators += 1,
                    _ => seen.publishers += 1,
                }
                "{\"status\":1,\"message\":\"success\"}".to_owned()
            }
        };
        if manner.lose_every > 0 && seen.calls.is_multiple_of(manner.lose_every) {
            seen.lost += 1;
            return (manner.delay_ms, Err(Lost));
        }
        let mut answer = Response::new(Full::new(Bytes::from(text)));
        let json = hyper::header::HeaderValue::from_static("application/json");
        answer.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
        (manner.delay_ms, Ok(answer))
    }

    fn tell(&mut self) -> Seen {
        let mut seen = self.seen.clone();
        self.instants.sort_unstable();
        let mut from = 0;
        for (place, at) in self.instants.iter().enumerate() {
            while at - self.instants[from] >= 1_000_000 {
                from += 1;
            }
            seen.most_in_a_second = seen.most_in_a_second.max((place - from + 1) as u64);
        }
        if let (Some(first), Some(last)) = (self.instants.first(), self.instants.last()) {
            #[allow(clippy::cast_precision_loss)]
            let (calls, micros) = ((self.instants.len() - 1) as f64, (last - first) as f64);
            seen.mean_rate = calls / (micros / 1e6);
        }
        seen
    }
}

/// The number behind `"task_num":"T`.
fn task_of(body: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("\"task_num\":\"T")?;
    rest.split('"').next()?.parse().ok()
}
