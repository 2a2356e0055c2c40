//! One call: how its request is sent, how its answer is read, and how its failure is classified.

use std::net::TcpListener;
use std::time::Duration;

use super::super::client::HttpTransport;
use super::servers::{BOUNDS, FINE, Server, ServerReply, TIMEOUT, post, runtime, send};
use crate::io::transport::{CallBounds, Transport};
use crate::model::{Method, Request, Response, SendError};

fn server(answer: &'static [u8]) -> String {
    scripted(answer).url()
}

fn scripted(answer: &'static [u8]) -> Server {
    super::servers::server(vec![vec![ServerReply::Say(answer)]])
}

fn ask(url: &str) -> Result<Response, SendError> {
    let transport = HttpTransport::new(url, None, None, TIMEOUT).unwrap();
    runtime().block_on(send(&transport, url))
}

#[test]
fn a_call_to_a_port_without_a_listener_is_certainly_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = ask(&format!("http://{free}"));
    assert!(
        matches!(&refused, Err(SendError::NotSent(why)) if why.starts_with("tcp connect error: Connection refused"))
    );
}

#[test]
fn a_call_to_an_unknown_name_is_certainly_not_sent() {
    let unknown = ask("http://localhost.invalid/person");
    let Err(SendError::NotSent(why)) = unknown else { panic!("{unknown:?}") };
    assert!(why.starts_with("dns error: ") && !why.contains("person"), "{why}");
}

#[test]
fn a_name_under_localhost_leads_to_this_machine_without_a_name_server() {
    let server = scripted(FINE);
    let port = server.address.port();
    assert_eq!(ask(&format!("http://no-name-server.knows.localhost:{port}/")).unwrap().status, 200);
    let (_, seen) = server.next();
    assert!(seen.to_lowercase().contains(&format!("host: no-name-server.knows.localhost:{port}\r\n")), "{seen}");
}

#[test]
fn a_connection_that_closes_without_an_answer_may_have_been_sent() {
    assert!(matches!(ask(&server(b"")), Err(SendError::NoAnswer(_))));
}

#[test]
fn a_body_cut_short_is_no_answer() {
    let cut = ask(&server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"status\":"));
    assert!(matches!(&cut, Err(SendError::NoAnswer(why)) if why.contains("broke off")), "{cut:?}");
}

#[test]
fn a_body_over_the_bound_is_no_answer() {
    let long: &'static str =
        Box::leak(format!("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{}", "x".repeat(1001)).into());
    assert!(matches!(ask(&server(long.as_bytes())), Err(SendError::NoAnswer(why)) if why.contains("larger")));
    let edge: &'static str =
        Box::leak(format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{}", "x".repeat(1000)).into());
    assert_eq!(ask(&server(edge.as_bytes())).unwrap().body.len(), 1000);
}

#[test]
fn parts_over_the_bound_together_are_no_answer() {
    let part = format!("1f4\r\n{}\r\n", "x".repeat(500));
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let long: &'static str = Box::leak(format!("{head}{part}{part}1\r\nx\r\n0\r\n\r\n").into());
    assert!(matches!(ask(&server(long.as_bytes())), Err(SendError::NoAnswer(why)) if why.contains("larger")));
}

#[test]
fn a_redirect_is_an_answer_not_an_order() {
    let answer = ask(&server(b"HTTP/1.1 307 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")).unwrap();
    assert_eq!(answer.status, 307);
}

#[test]
fn no_redirect_of_a_write_is_followed() {
    let redirects: [&'static [u8]; 5] = [
        b"HTTP/1.1 301 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 303 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 307 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 308 x\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
    ];
    for redirect in redirects {
        let server = super::servers::server(vec![vec![ServerReply::Say(redirect), ServerReply::Say(FINE)]]);
        let answer = ask(&server.url()).unwrap();
        assert!((300..400).contains(&answer.status), "{}", answer.status);
        assert_eq!(answer.header("location"), Some("/again"));
        assert!(server.next().1.starts_with("POST / "));
        assert_eq!(server.next().1, "closed", "a second request was sent");
    }
}

#[test]
fn announcements_are_not_taken_for_the_answer() {
    let announced = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
        HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
    let server = super::servers::server(vec![vec![ServerReply::Say(announced), ServerReply::Say(FINE)]]);
    let transport = HttpTransport::new(&server.url(), None, None, TIMEOUT).unwrap();
    runtime().block_on(async {
        let answer = send(&transport, &server.url()).await.unwrap();
        assert_eq!((answer.status, answer.body.as_ref(), answer.header("link")), (200, &b"one"[..], None));
        assert_eq!(send(&transport, &server.url()).await.unwrap().body.as_ref(), b"ok");
    });
}

#[test]
fn a_connection_that_switches_its_protocol_is_not_used_again() {
    let switched = b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    let server = super::servers::server(vec![vec![ServerReply::Hold(switched)], vec![ServerReply::Say(FINE)]]);
    let transport = HttpTransport::new(&server.url(), None, None, TIMEOUT).unwrap();
    runtime().block_on(async {
        assert_eq!(send(&transport, &server.url()).await.unwrap().status, 101);
        assert_eq!(send(&transport, &server.url()).await.unwrap().body.as_ref(), b"ok");
    });
}

#[test]
fn a_reply_that_is_not_http_is_no_answer() {
    assert!(matches!(ask(&server(b"SSH-2.0-x\r\n\r\n")), Err(SendError::NoAnswer(_))));
}

#[test]
fn an_answer_is_taken_over_whole() {
    let answer = ask(&server(
        b"HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nX-Bytes: \xff\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n1\r\nf\r\n0\r\nT: x\r\n\r\n",
    ))
    .unwrap();
    assert_eq!((answer.status, answer.body.as_ref()), (429, &b"abcdef"[..]));
    assert_eq!(answer.header("retry-after"), Some("3"));
    assert_eq!(answer.header("x-bytes"), Some("\u{fffd}"));
    let empty = ask(&server(b"HTTP/1.1 204 x\r\n\r\n")).unwrap();
    assert!(empty.body.is_empty());
}

#[test]
fn a_request_goes_out_as_it_was_made() {
    let server = scripted(FINE);
    let transport = HttpTransport::new(&server.url(), None, None, TIMEOUT).unwrap();
    let headers = [("X-One", "1"), ("X-Two", "a b"), ("x-one", "again")];
    let request = Request {
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ..post(&format!("{}/a%20b/合?c=d", server.url()))
    };
    runtime().block_on(transport.send(request, BOUNDS)).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let address = server.address;
    let expected = format!(
        "POST /a%20b/%E5%90%88?c=d HTTP/1.1\r\nx-one: 1\r\nx-one: again\r\nx-two: a b\r\naccept: */*\r\n\
         user-agent: runsheet/{version}\r\naccept-encoding: identity\r\nhost: {address}\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    assert_eq!(server.next().1, expected);
}

#[test]
fn given_headers_stand_in_place_of_the_own_ones() {
    let server = scripted(FINE);
    let transport = HttpTransport::new(&server.url(), None, None, TIMEOUT).unwrap();
    let headers =
        [("Host", "signed.example"), ("User-Agent", "me"), ("Accept", "text/plain"), ("Accept-Encoding", "gzip")];
    let request = Request {
        method: Method::Get,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: bytes::Bytes::new(),
        ..post(&server.url())
    };
    runtime().block_on(transport.send(request, BOUNDS)).unwrap();
    assert_eq!(
        server.next().1,
        "GET / HTTP/1.1\r\nhost: signed.example\r\nuser-agent: me\r\naccept: text/plain\r\naccept-encoding: gzip\r\n\r\n"
    );
}

#[test]
fn what_cannot_be_put_in_a_header_is_not_sent() {
    let transport = HttpTransport::new("http://127.0.0.1:1", None, None, TIMEOUT).unwrap();
    for (name, value) in [("a b", "x"), ("x", "a\r\nb")] {
        let request = Request { headers: vec![(name.to_owned(), value.to_owned())], ..post("http://127.0.0.1:1/") };
        let refused = runtime().block_on(transport.send(request, BOUNDS));
        assert!(matches!(&refused, Err(SendError::NotSent(why)) if why.contains("could not be made")), "{refused:?}");
    }
}

#[test]
fn silence_is_no_answer_once_the_time_is_over() {
    let server = super::servers::server(vec![
        vec![ServerReply::Say(FINE), ServerReply::Hold(b"")],
        vec![ServerReply::Say(FINE), ServerReply::Hold(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")],
        vec![ServerReply::Say(FINE)],
    ]);
    let transport = HttpTransport::new(&server.url(), None, None, TIMEOUT).unwrap();
    assert!(transport.keeps_time());
    runtime().block_on(async {
        for _ in 0..2 {
            send(&transport, &server.url()).await.unwrap();
            tokio::time::pause();
            let begun = tokio::time::Instant::now();
            let bounds = CallBounds { timeout: Duration::from_secs(7), ..BOUNDS };
            let silent = transport.send(post(&server.url()), bounds).await;
            assert_eq!(silent, Err(SendError::NoAnswer("no answer within the time allowed".to_owned())));
            assert_eq!(begun.elapsed().as_secs(), 7);
            tokio::time::resume();
        }
        // The connections that fell silent are not asked again.
        send(&transport, &server.url()).await.unwrap();
    });
}

#[test]
fn whole_urls_of_other_origins_are_called_where_they_lead() {
    let (home, other) =
        (scripted(FINE), super::servers::server(vec![vec![ServerReply::Say(FINE), ServerReply::Say(FINE)]]));
    let transport = HttpTransport::new(&home.url(), None, None, TIMEOUT).unwrap();
    runtime().block_on(async {
        for path in ["/a", "/b"] {
            send(&transport, &format!("{}{path}", other.url())).await.unwrap();
        }
        send(&transport, &format!("{}/c", home.url().to_uppercase())).await.unwrap();
    });
    assert!(other.next().1.contains("/a ") && other.next().1.contains("/b "));
    assert!(home.next().1.contains("/c "));
}
