//! Dead connections: only calls in flight at the first loss can be lost, of those that must not be repeated.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::super::client::HttpTransport;
use super::servers::{
    BOUNDS, FINE, Server, ServerReply, authority, certificate, client, http, post, runtime, secure, send, server,
};
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Response, SendError};

const REPEATABLE: CallBounds = CallBounds { once: false, ..BOUNDS };

/// Sends nothing and closes: the answer is lost.
const LOSE: ServerReply = ServerReply::Say(b"");

/// Sends a call that may be repeated.
async fn send_repeatable(client: &HttpTransport, url: &str) -> Result<Response, SendError> {
    client.send(post(url), REPEATABLE).await
}

/// Sends calls that must not be repeated, `in_flight` at a time; returns how many had no answer.
fn lost_of(calls: usize, in_flight: usize, server: &Server) -> usize {
    let client = client(&server.url(), None);
    let urls = (0..calls).map(|call| format!("{}/{call}", server.url())).collect::<Vec<_>>();
    let came = runtime().block_on(async {
        let sending = urls.iter().map(|url| send(&client, url));
        stream::iter(sending).buffer_unordered(in_flight).collect::<Vec<_>>().await
    });
    assert!(came.iter().all(|answer| !matches!(answer, Err(SendError::NotSent(_)))), "{came:?}");
    came.iter().filter(|answer| answer.is_err()).count()
}

/// The number of requests for each path.
fn asked(server: &Server) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    while let Ok((_, text)) = server.seen.recv_timeout(Duration::from_millis(200)) {
        if let Some(path) = text.split(' ').nth(1) {
            *asked.entry(path.to_owned()).or_default() += 1;
        }
    }
    asked
}

#[test]
fn calls_in_flight_when_a_connection_is_first_lost_are_the_only_ones_lost() {
    for turn in [ServerReply::Say(FINE), ServerReply::Late(FINE)] {
        for in_flight in [1, 8] {
            let server = server(vec![vec![turn]; 400]);
            let lost = lost_of(300, in_flight, &server);
            assert!(lost <= in_flight, "{lost} of {in_flight} in flight");
            let asked = asked(&server);
            assert!(asked.len() >= 300 - lost && asked.values().all(|times| *times == 1), "{asked:?}");
        }
    }
}

#[test]
fn after_a_loss_calls_that_must_not_be_repeated_have_a_connection_each() {
    let turns = |count| vec![ServerReply::Say(FINE); count];
    let server = server(vec![vec![ServerReply::Say(FINE), LOSE], turns(2), turns(2), turns(2)]);
    let other = super::servers::server(vec![turns(2)]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send_repeatable(&client, &server.url()).await.unwrap();
        let lost = send(&client, &server.url()).await;
        assert!(matches!(lost, Err(SendError::NoAnswer(_))), "{lost:?}");
        for _ in 0..2 {
            send(&client, &server.url()).await.unwrap();
        }
        // Other calls and other origins go on as before.
        for _ in 0..2 {
            send_repeatable(&client, &server.url()).await.unwrap();
            send(&client, &other.url()).await.unwrap();
        }
    });
    let mut calls = BTreeMap::new();
    while let Ok((connection, text)) = server.seen.try_recv() {
        *calls.entry(connection).or_insert(0) += usize::from(text != "closed");
    }
    assert_eq!(calls, BTreeMap::from([(0, 2), (1, 1), (2, 1), (3, 2)]));
}

#[test]
fn a_lost_answer_to_a_call_that_may_be_repeated_counts_as_well() {
    let server = server(vec![vec![LOSE], vec![ServerReply::Say(FINE)], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        let lost = send_repeatable(&client, &server.url()).await;
        assert!(matches!(lost, Err(SendError::NoAnswer(_))), "{lost:?}");
        send(&client, &server.url()).await.unwrap();
        send(&client, &server.url()).await.unwrap();
    });
}

#[test]
fn silence_and_answers_that_cannot_be_read_leave_connections_in_use() {
    let server = server(vec![
        vec![ServerReply::Hold(b"")],
        vec![ServerReply::Say(b"SSH-2.0-x\r\n\r\n")],
        vec![ServerReply::Say(FINE); 2],
    ]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        let bounds = CallBounds { timeout: Duration::from_millis(100), ..BOUNDS };
        assert!(client.send(post(&server.url()), bounds).await.is_err());
        assert!(send(&client, &server.url()).await.is_err());
        for _ in 0..2 {
            send(&client, &server.url()).await.unwrap();
        }
    });
}

#[test]
fn a_connection_for_one_call_carries_the_whole_answer() {
    let parts = "1f4\r\n".to_owned() + &"x".repeat(500) + "\r\n";
    let long = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{parts}1\r\nx\r\n0\r\n\r\n");
    let server = server(vec![vec![LOSE], vec![ServerReply::Say(Box::leak(long.into_boxed_str()).as_bytes())]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        assert!(send(&client, &server.url()).await.is_err());
        assert_eq!(send(&client, &server.url()).await.unwrap().body.len(), 501);
    });
}

#[test]
fn a_lost_connection_of_http2_counts_as_well() {
    runtime().block_on(async {
        let key = certificate();
        let server = secure(&key, &["h2"], |number, stream, tell| match number {
            // Dropped in the middle of the first call.
            0 => Box::pin(async move {
                use tokio::io::AsyncReadExt;
                let mut stream = stream;
                let _ = stream.read(&mut [0; 4096]).await;
            }),
            _ => http(number, stream, tell),
        })
        .await;
        let url = format!("https://{}", server.address);
        let ca = authority(&key);
        let client = client(&url, Some(ca.path()));
        let lost = send(&client, &url).await;
        assert!(matches!(lost, Err(SendError::NoAnswer(_))), "{lost:?}");
        for number in [1, 2] {
            assert_eq!(send(&client, &url).await.unwrap().body.as_ref(), b"ok");
            assert_eq!(server.next().0, number);
        }
        for _ in 0..2 {
            send_repeatable(&client, &url).await.unwrap();
            assert_eq!(server.next().0, 3);
        }
    });
}
