//! A vendor that finds this machine's clock wrong: the run stops at once and says how far it is off.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;

use crate::crashes::{RELEASE, near};
use crate::program::{CommandResult, TestFolder};

const EXPIRED: &str = r#"{"Response": {"Error": {"Code": "AuthFailure.SignatureExpire", "Message": "The provided signature is expired"}, "RequestId": "r-1"}}"#;
const FORGED: &str = r#"{"Response": {"Error": {"Code": "AuthFailure.SignatureFailure", "Message": "The signature is wrong."}, "RequestId": "r-1"}}"#;

/// A vendor that refuses every call with this body, its clock so many seconds ahead of this machine's; without a number
/// its answers have no date. Gives its URL and how many calls came.
fn vendor(body: &'static str, ahead: Option<i64>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = text.trim().parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let date = ahead.map(|secs| {
                let at = Timestamp::from_second(Timestamp::now().as_second() + secs).unwrap();
                format!("Date: {}\r\n", at.strftime("%a, %d %b %Y %H:%M:%S GMT"))
            });
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{}", date.unwrap_or_default());
            let _ = (&stream).write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        }
    });
    (url, calls)
}

/// Runs 50 rows against such a vendor, one call at a time.
fn refused(body: &'static str, ahead: Option<i64>) -> String {
    let (url, calls) = vendor(body, ahead);
    let desk = TestFolder::new();
    let credentials = serde_json::json!({"secret_id": "id", "secret_key": "key"});
    RELEASE.lay_out(&desk, 50, &near(&url, credentials.as_object().unwrap(), "1000/s"));
    let came: CommandResult =
        desk.run("run playbook.yaml --rows rows.csv --env near --in-flight 1 --yes --confirm 50").exits(7);
    assert_eq!(calls.load(Ordering::SeqCst), 1, "more was sent: {}", came.err);
    let mut stopped = came.err.lines().filter(|line| line.starts_with("Stopped: "));
    let told = stopped.next().unwrap_or_else(|| panic!("{}", came.err)).to_owned();
    assert_eq!(stopped.next(), None);
    told
}

#[test]
fn a_signature_out_of_its_time_says_how_far_the_clock_is_off_and_to_set_it() {
    for (ahead, said) in [(3 * 3_600, "3 h 0 min behind"), (-2 * 86_400, "2 d 0 h ahead of")] {
        let told = refused(EXPIRED, Some(ahead));
        // A call takes a moment, so the number may be one less.
        let said = [said.to_owned(), said.replace("3 h 0 min", "2 h 59 min")];
        assert!(
            told.contains("AuthFailure.SignatureExpire: The provided signature is expired. This machine's clock is"),
            "{told}"
        );
        assert!(
            said.iter().any(|said| told.contains(&format!("clock is {said} the vendor's, by the answer's `Date`"))),
            "{told}"
        );
        assert!(
            told.contains("set the clock (`sudo timedatectl set-ntp true`") && told.ends_with("Nothing more is sent"),
            "{told}"
        );
    }
}

#[test]
fn without_a_date_it_says_to_look_at_the_clock() {
    let told = refused(EXPIRED, None);
    assert!(
        told.contains("Set the clock of this machine, then resume.") && told.contains("`date -u` shows it"),
        "{told}"
    );
}

#[test]
fn a_clock_that_is_right_is_not_blamed_and_a_refusal_shows_its_advice() {
    let told = refused(EXPIRED, Some(0));
    assert!(told.contains("This machine's clock agrees with the vendor's"), "{told}");
    let told = refused(FORGED, Some(0));
    assert!(told.ends_with("AuthFailure.SignatureFailure: The signature is wrong. Check `secret_key` for spaces, and that the host belongs to the product."), "{told}");
    let told = refused(FORGED, Some(3_600));
    assert!(told.contains("It may also be that this machine's clock is"), "{told}");
}
