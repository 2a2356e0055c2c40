//! Kept connections: used again, never after they closed, and nothing is ever sent twice.

use std::time::Duration;

use super::super::setup::POOL_IDLE;
use super::servers::{FINE, ServerReply, client, runtime, send, server};
use crate::model::SendError;

/// Advances the clock without disturbing the sockets.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[test]
fn calls_in_a_row_go_over_one_connection() {
    let server = server(vec![vec![ServerReply::Say(FINE); 3]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        for _ in 0..3 {
            send(&client, &server.url()).await.unwrap();
        }
    });
    assert!((0..3).all(|_| server.next().0 == 0));
}

#[test]
fn calls_at_the_same_time_have_a_connection_each_and_all_are_kept() {
    let server = server(vec![vec![ServerReply::Say(FINE); 2]; 3]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        for _ in 0..2 {
            let url = server.url();
            let (a, b, c) = tokio::join!(send(&client, &url), send(&client, &url), send(&client, &url));
            assert!(a.is_ok() && b.is_ok() && c.is_ok());
        }
    });
}

#[test]
fn a_connection_that_the_vendor_closed_meanwhile_is_not_used() {
    let server = server(vec![vec![ServerReply::Say(FINE)], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send(&client, &server.url()).await.unwrap();
        assert_eq!((server.next().0, server.next().1), (0, "closed".to_owned()));
        pass(Duration::from_secs(1)).await;
        send(&client, &server.url()).await.unwrap();
        assert_eq!(server.next().0, 1);
    });
}

#[test]
fn an_answer_that_says_close_leaves_nothing_to_keep() {
    let last = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let server = server(vec![vec![ServerReply::Hold(last)], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send(&client, &server.url()).await.unwrap();
        send(&client, &server.url()).await.unwrap();
    });
    // The two connections tell of themselves in any order.
    let seen: Vec<_> = (0..4).map(|_| server.next()).collect();
    assert!(seen.contains(&(0, "closed".to_owned())) && seen.iter().any(|(number, _)| *number == 1), "{seen:?}");
}

#[test]
fn an_unrequested_answer_is_never_taken_for_the_next_one() {
    let two = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noneHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo";
    let server = server(vec![vec![ServerReply::Hold(two)], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        assert_eq!(send(&client, &server.url()).await.unwrap().body.as_ref(), b"one");
        assert_eq!(send(&client, &server.url()).await.unwrap().body.as_ref(), b"ok");
    });
}

#[test]
fn an_unrequested_answer_closes_an_idle_connection() {
    let two = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo";
    let server = server(vec![vec![ServerReply::Stray(FINE, two)], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        assert_eq!(send(&client, &server.url()).await.unwrap().body.as_ref(), b"ok");
        server.next_async().await;
        assert_eq!(server.next_async().await, (0, "closed".to_owned()));
        assert_eq!(send(&client, &server.url()).await.unwrap().body.as_ref(), b"ok");
    });
}

#[test]
fn a_kept_connection_that_closes_over_a_request_is_no_answer_and_nothing_is_sent_twice() {
    let server = server(vec![vec![ServerReply::Say(FINE), ServerReply::Say(b"")], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send(&client, &server.url()).await.unwrap();
        let lost = send(&client, &server.url()).await;
        assert!(matches!(lost, Err(SendError::NoAnswer(_))), "{lost:?}");
    });
    let seen: Vec<_> = (0..3).map(|_| server.next()).collect();
    assert_eq!(seen[2], (0, "closed".to_owned()));
    assert!(server.seen.try_recv().is_err(), "a second connection was asked");
}

#[test]
fn a_connection_idle_too_long_is_closed_without_another_call() {
    let server = server(vec![vec![ServerReply::Say(FINE), ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send(&client, &server.url()).await.unwrap();
        server.next();
        tokio::time::pause();
        tokio::time::sleep(POOL_IDLE - Duration::from_secs(1)).await;
        assert!(server.seen.try_recv().is_err());
        tokio::time::sleep(POOL_IDLE + Duration::from_secs(1)).await;
        tokio::time::resume();
    });
    // `client` still lives: it was the idle time that closed.
    assert_eq!(server.next().1, "closed");
    drop(client);
}

#[test]
fn a_call_that_is_broken_off_takes_its_connection_with_it() {
    let server = server(vec![vec![ServerReply::Say(FINE), ServerReply::Hold(b"")], vec![ServerReply::Say(FINE)]]);
    let client = client(&server.url(), None);
    runtime().block_on(async {
        send(&client, &server.url()).await.unwrap();
        {
            let url = server.url();
            let call = send(&client, &url);
            let begun = async {
                server.next_async().await;
                server.next_async().await;
            };
            tokio::select! { biased; _ = call => panic!("an answer"), () = begun => {} }
        }
        send(&client, &server.url()).await.unwrap();
    });
}
