//! Programs that open thousands of connections, say nothing, or never read: the page stays usable and its memory flat.

use std::io::Write;
use std::net::TcpStream;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::served::Served;
use crate::program::TestFolder;

/// Idle connections, as far as this machine allows them.
const IDLE: u64 = 10_000;

/// The most memory that the page may take on under load, in KiB.
const MORE_MEMORY: u64 = 48 * 1024;

/// The number of connections that this process may open now.
fn allowed() -> u64 {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let wanted = hard.min(IDLE + 1_000);
    // If the limit cannot be raised, fewer connections are opened.
    let _ = setrlimit(Resource::RLIMIT_NOFILE, wanted.max(soft), hard);
    (getrlimit(Resource::RLIMIT_NOFILE).unwrap().0.saturating_sub(500)).min(IDLE)
}

#[test]
fn idle_connections_lock_nobody_out() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    assert_eq!(served.get("/api/runs", &session).status, 200);
    let before = served.memory();
    let mut idle: Vec<TcpStream> = Vec::new();
    for at in 0..allowed() {
        let mut stream = TcpStream::connect(served.address).unwrap();
        // Half of them begin to ask and never end.
        if at % 2 == 0 {
            // The server may have closed it already, for a later one.
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: 127");
        }
        idle.push(stream);
        if at % 1_000 == 0 {
            assert_eq!(served.get("/api/runs", &session).status, 200, "after {at}");
        }
    }
    assert_eq!(served.get("/api/runs", &session).status, 200);
    let open = std::fs::read_dir(format!("/proc/{}/fd", served.child.id())).unwrap().count();
    assert!(open < 300, "{open} open files for {} connections", idle.len());
    let more = served.memory().saturating_sub(before);
    assert!(more < MORE_MEMORY, "{more} KiB more");
}

#[test]
fn readers_that_take_nothing_hold_no_memory_and_hold_nobody_up() {
    let desk = TestFolder::new();
    let mut served = Served::start(&desk);
    let session = served.open();
    let before = served.memory();
    let request = format!("GET /live.js HTTP/1.1\r\nHost: {}\r\nRunsheet-Session: {session}\r\n\r\n", served.host());
    let mut stuck = Vec::new();
    for _ in 0..50 {
        let mut stream = served.connect();
        stream.set_nonblocking(true).unwrap();
        // Some hundred requests without a look at the answers, until the server takes no more.
        for _ in 0..500 {
            if stream.write_all(request.as_bytes()).is_err() {
                break;
            }
        }
        stuck.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(served.get("/api/runs", &session).status, 200);
    }
    let more = served.memory().saturating_sub(before);
    assert!(more < MORE_MEMORY, "{more} KiB more for {} readers", stuck.len());
}
