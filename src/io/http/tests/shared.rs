//! HTTP/2: one connection for all calls, a new one when it ends, and a timeout for silence.

use std::sync::mpsc::channel;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{join_all, pending};
use http_body_util::Full;
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use super::super::setup::POOL_IDLE;
use super::servers::{BOUNDS, acceptor, authority, certificate, client, http, post, runtime, secure, send};
use crate::io::transport::{CallBounds, Transport};
use crate::model::SendError;

#[test]
fn calls_at_the_same_time_go_over_one_connection() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], http).await;
        let url = format!("https://{}", server.address);
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        let came = join_all((0..20).map(|_| send(&client, &url))).await;
        assert!(came.iter().all(Result::is_ok), "{came:?}");
        let connection = server.next().0;
        assert!((1..20).all(|_| server.next().0 == connection));
    });
}

#[test]
fn connections_for_one_call_each_are_made_at_the_same_time() {
    runtime().block_on(async {
        let key = certificate();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let (acceptor, (tell, _seen)) = (acceptor(&key, &["http/1.1"]), channel());
        tokio::spawn(async move {
            let serve = |number, stream| {
                let (acceptor, tell) = (acceptor.clone(), tell.clone());
                tokio::spawn(async move { http(number, acceptor.accept(stream).await.unwrap(), tell).await });
            };
            serve(0, listener.accept().await.unwrap().0);
            // The second handshake begins when the third one asks for one.
            let second = listener.accept().await.unwrap().0;
            serve(2, listener.accept().await.unwrap().0);
            serve(1, second);
            pending::<()>().await;
        });
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        let came = join_all((0..3).map(|_| send(&client, &url))).await;
        assert!(came.iter().all(Result::is_ok), "{came:?}");
    });
}

#[test]
fn a_connection_that_ended_or_was_idle_too_long_is_made_anew() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], |number, stream, tell| {
            Box::pin(async move {
                let service =
                    service_fn(|_| async { Ok::<_, hyper::Error>(hyper::Response::new(Full::new(Bytes::new()))) });
                let serving = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service);
                let mut serving = std::pin::pin!(serving);
                let told = tokio::time::timeout(Duration::from_secs(5), serving.as_mut()).await;
                tell.send((number, format!("over {}", told.is_ok()))).unwrap();
                // The first one says goodbye by itself; later ones wait for the client to go.
                if number == 0 {
                    serving.as_mut().graceful_shutdown();
                }
                let _ = serving.await;
                tell.send((number, "gone".to_owned())).unwrap();
            })
        })
        .await;
        let url = format!("https://{}", server.address);
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        for (number, idle) in [(0, Duration::from_secs(6)), (1, POOL_IDLE + POOL_IDLE)] {
            send(&client, &url).await.unwrap();
            tokio::time::pause();
            tokio::time::sleep(idle).await;
            tokio::time::resume();
            let mut seen = Vec::new();
            while seen.len() < 2 {
                seen.push(server.next_async().await);
            }
            assert_eq!(seen, [(number, "over false".to_owned()), (number, "gone".to_owned())]);
        }
        send(&client, &url).await.unwrap();
    });
}

#[test]
fn silence_is_no_answer_once_the_time_is_over() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], |number, stream, tell| {
            Box::pin(async move {
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    tell.send((number, request.uri().path().to_owned())).unwrap();
                    async move {
                        match request.uri().path() {
                            "/silent" => pending().await,
                            _ => Ok::<_, hyper::Error>(hyper::Response::new(Full::new(Bytes::new()))),
                        }
                    }
                });
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            })
        })
        .await;
        let url = format!("https://{}", server.address);
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        send(&client, &url).await.unwrap();
        tokio::time::pause();
        let begun = tokio::time::Instant::now();
        let bounds = CallBounds { timeout: Duration::from_secs(7), ..BOUNDS };
        let silent = client.send(post(&format!("{url}/silent")), bounds).await;
        assert_eq!(silent, Err(SendError::NoAnswer("no answer within the time allowed".to_owned())));
        assert_eq!(begun.elapsed().as_secs(), 7);
        tokio::time::resume();
        send(&client, &url).await.unwrap();
        let seen: Vec<_> = (0..3).map(|_| server.next()).collect();
        assert_eq!(seen, [(0, "/".to_owned()), (0, "/silent".to_owned()), (0, "/".to_owned())]);
    });
}
