//! What other pages and programs of the machine try: without the link nothing of a run is shown or changed.

use super::served::Served;
use crate::program::TestFolder;

/// Every address that holds data.
const DATA: [&str; 9] = [
    "/api/runs",
    "/api/runs/20261122-004610-0423fa/events",
    "/api/runs/20261122-004610-0423fa/overview",
    "/api/runs/20261122-004610-0423fa/rows",
    "/api/runs/20261122-004610-0423fa/story",
    "/api/runs/20261122-004610-0423fa/report/json",
    "/api/runs/20261122-004610-0423fa/report/html",
    "/api/runs/20261122-004610-0423fa/files",
    "/api/runs/20261122-004610-0423fa/files/results.csv",
];

#[test]
fn a_link_works_once_and_the_session_stays() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let first = served.link.clone();
    assert_eq!(first.len(), 43);
    let session = served.open();
    assert_eq!(served.get("/api/runs", &session).status, 200);
    let used = served.post("/session", "", &format!("{{\"token\":\"{first}\"}}"));
    assert_eq!(used.status, 403);
    assert!(used.text().contains("used before"), "{used:?}");
    // A fresh link was printed: another tab opens with it, and the first one stays.
    let other = served.open();
    assert_ne!(session, other);
    for session in [&session, &other] {
        assert_eq!(served.get("/api/runs", session).status, 200);
    }
    assert_eq!(served.end("-INT"), Some(0));
}

#[test]
fn without_a_session_nothing_is_read() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let link = served.link.clone();
    let session = served.open();
    for path in DATA {
        for headers in [
            String::new(),
            "Runsheet-Session: \r\n".to_owned(),
            format!("Runsheet-Session: {link}\r\n"),
            format!("Runsheet-Session: {}\r\n", served.link),
            format!("Runsheet-Session: {}\r\n", &session[1..]),
            format!("Runsheet-Session: {session}=\r\n"),
            format!("Runsheet-Session: {session}\r\nRunsheet-Session: {session}\r\n"),
            format!("Cookie: Runsheet-Session={session}; session={session}\r\n"),
            format!("Authorization: Bearer {session}\r\n"),
        ] {
            let came = served.ask("GET", path, &headers);
            assert_eq!(came.status, 401, "{path} {headers}: {came:?}");
            assert!(!came.text().contains("run_id"), "{came:?}");
            assert_eq!(came.header("set-cookie"), None);
        }
        let query = served.ask("GET", &format!("{path}?session={session}&token={}", served.link), "");
        assert_eq!(query.status, 401);
    }
    // An address that does not exist tells a stranger nothing either.
    assert_eq!(served.ask("GET", "/api/nothing", "").status, 401);
    assert_eq!(served.get("/api/nothing", &session).status, 404);
}

#[test]
fn wrong_tokens_open_nothing_and_leave_the_link() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    for (body, status) in [
        ("{\"token\":\"\"}", 403),
        ("{\"token\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}", 403),
        ("{\"token\":null}", 400),
        ("{\"token\":\"x\",\"more\":1}", 400),
        ("{}", 400),
        ("", 400),
        ("[", 400),
    ] {
        assert_eq!(served.post("/session", "", body).status, status, "{body}");
    }
    assert_eq!(served.post("/session", "", &format!("{{\"token\":\"{}\"}}", "x".repeat(5_000))).status, 413);
    served.open();
}

#[test]
fn pages_of_other_origins_are_refused_even_with_the_tokens() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let (host, port) = (served.host(), served.address.port());
    let session = served.open();
    let token = format!("{{\"token\":\"{}\"}}", served.link);
    for header in [
        "Origin: https://example.com".to_owned(),
        format!("Origin: http://127.0.0.1:{}", port.wrapping_add(1)),
        format!("Origin: http://localhost:{port}"),
        format!("Origin: https://{host}"),
        "Origin: null".to_owned(),
        "Sec-Fetch-Site: cross-site".to_owned(),
        // A page of another port of this machine.
        "Sec-Fetch-Site: same-site".to_owned(),
    ] {
        let read = served.ask("GET", "/api/runs", &format!("Runsheet-Session: {session}\r\n{header}\r\n"));
        assert_eq!(read.status, 403, "{header}: {read:?}");
        assert_eq!(read.header("access-control-allow-origin"), None, "{header}");
        assert_eq!(served.post("/session", &format!("{header}\r\n"), &token).status, 403, "{header}");
    }
    let own = format!("Runsheet-Session: {session}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n");
    assert_eq!(served.ask("GET", "/api/runs", &own).status, 200);
    served.open();
}

#[test]
fn another_page_may_link_to_the_page_and_not_frame_it() {
    let desk = TestFolder::new();
    let served = Served::start(&desk);
    let site = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
    assert_eq!(served.ask("GET", "/", &format!("{site}Sec-Fetch-Dest: document\r\n")).status, 200);
    for dest in ["iframe", "frame", "embed", "object"] {
        assert_eq!(served.ask("GET", "/", &format!("{site}Sec-Fetch-Dest: {dest}\r\n")).status, 403, "{dest}");
    }
    for file in ["/live.js", "/live.css"] {
        let headers = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n";
        assert_eq!(served.ask("GET", file, headers).status, 403, "{file}");
    }
}

#[test]
fn names_that_point_to_this_machine_are_not_its_name() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let port = served.address.port();
    let session = served.open();
    let asked = |served: &Served, host: &str| {
        let lines = format!("Host: {host}\r\nConnection: close\r\nRunsheet-Session: {session}\r\n");
        served.raw(&format!("GET /api/runs HTTP/1.1\r\n{lines}\r\n")).status
    };
    for host in
        ["rebound.example.com", "127.0.0.1.example.com", "0.0.0.0", "127.0.0.2", "x.localhost", "[::ffff:7f00:1]"]
    {
        assert_eq!(asked(&served, host), 421, "{host}");
        assert_eq!(asked(&served, &format!("{host}:{port}")), 421, "{host}");
    }
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), "localhost:9000".to_owned()] {
        assert_eq!(asked(&served, &host), 200, "{host}");
    }
    let none = served.raw(&format!("GET / HTTP/1.1\r\nRunsheet-Session: {session}\r\nConnection: close\r\n\r\n"));
    assert_eq!(none.status, 400);
    let whole =
        format!("GET http://example.com/api/runs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(served.raw(&whole).status, 421);
}

#[test]
fn changes_come_as_json_by_post_alone() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let came = served.ask(method, "/session", "Content-Type: application/json\r\n");
        assert_eq!(came.status, 405, "{method}");
        assert_eq!(came.header("access-control-allow-methods"), None);
    }
    let body = format!("{{\"token\":\"{}\"}}", served.link);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let came = served.raw(&format!(
            "POST /session HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
            served.host(),
            body.len()
        ));
        assert_eq!(came.status, 415, "{kind}");
    }
    let session = served.open();
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(
            served.ask(method, "/api/runs", &format!("Runsheet-Session: {session}\r\n")).status,
            405,
            "{method}"
        );
    }
}

#[test]
fn an_address_is_never_the_path_of_a_file() {
    let desk = TestFolder::new();
    desk.write("state/runs/secret", "secret");
    let mut served = Served::start(&desk);
    let session = served.open();
    for path in [
        "/../../../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/live.js/../../etc/passwd",
        "//etc/passwd",
        "/./live.js",
        "/api/runs/../../../etc/passwd",
        "/api/runs/%2e%2e/record",
        "/api/runs/..%5c..%5cx/record",
        "/api/runs/secret/record/..",
        "/api/runs//record",
        "/live.js%00",
        "/.git/config",
        "/live.html",
        "/src/ui/page/live.html",
    ] {
        let came = served.get(path, &session);
        assert!([400, 404].contains(&came.status), "{path}: {came:?}");
        assert!(!came.text().contains("root:"), "{path}");
    }
}

#[test]
fn every_answer_forbids_to_keep_it_to_frame_it_and_to_guess() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let answers = [
        served.ask("GET", "/", ""),
        served.ask("GET", "/live.js", ""),
        served.ask("GET", "/api/runs", ""),
        served.ask("GET", "/nothing", ""),
        served.ask("POST", "/", ""),
        served.get("/api/runs", &session),
        served.get("/nothing", &session),
        served.post("/session", "", "{}"),
        served.ask("GET", "/", "Origin: https://example.com\r\n"),
    ];
    for came in &answers {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(came.header(name), Some(value), "{name}: {came:?}");
        }
        let policy = came.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        assert!(came.headers.iter().all(|(name, _)| !name.starts_with("access-control") && name != "set-cookie"));
    }
    // The page needs no other file, and nothing of it stands inline, where the policy would stop it.
    let page = served.ask("GET", "/", "").text();
    assert!(page.contains("src=\"live.js\"") && page.contains("href=\"live.css\""), "{page}");
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"), "{page}");
}

#[test]
fn what_is_no_http_is_refused_and_closed() {
    let desk = TestFolder::new();
    let served = Served::start(&desk);
    let head = format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", served.host());
    let many: String = (0..100).map(|at| format!("X-{at}: 1\r\n")).collect();
    for (request, statuses) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), &[0, 400][..]),
        ("GET\r\n\r\n".to_owned(), &[0, 400]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[0, 400, 404]),
        (format!("{head}X: {}\r\n\r\n", "x".repeat(200_000)), &[0, 431]),
        (format!("{head}{many}\r\n"), &[431]),
        (format!("{head}Content-Length: 5\r\n\r\nhello"), &[400]),
        (format!("{head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), &[400]),
        (format!("{head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), &[400]),
    ] {
        let came = served.raw(&request);
        assert!(statuses.contains(&came.status), "{request:.60}: {came:?}");
    }
    assert_eq!(served.ask("GET", "/", "").status, 200);
}
