//! `Retry-After`: the screen says until when nothing is sent.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use regex::Regex;

use super::desk;
use crate::recorder::{Recorder, answer};

#[test]
fn a_run_that_waits_for_the_vendor_says_until_when() {
    // Two hours before midnight the vendor asks for tomorrow, which is said with its date.
    let clock = Regex::new(r"^([A-Z][a-z]{2} \d{4}-\d\d-\d\d )?([01]\d|2[0-3]):[0-5]\d").unwrap();
    for (status, method) in [(429, "POST"), (503, "GET")] {
        let server = Recorder::start(move |_, _| answer(status, &["Retry-After: 7500"], b"{}"));
        let steps = format!("  - {{ id: s, uses: http.request, with: {{ method: {method}, path: /ra }} }}\n");
        let desk = desk(&server, "", &steps, "id\na1\n");
        let mut command = desk.ignoring("");
        command.args("run playbook.yaml --env here --yes --confirm 9 --again".split(' ')).env("TZ", "UTC");
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let limit = Instant::now() + Duration::from_secs(60);
        while server.requests().is_empty() {
            assert!(Instant::now() < limit && child.try_wait().unwrap().is_none(), "nothing was sent");
        }
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
        // Every signal is answered by a line; the answer of the vendor is taken in after some of them.
        let mut line = told.next().unwrap().unwrap();
        while !line.contains("Retry-After until ") {
            assert!(Instant::now() < limit, "the wait is not told: {line}");
            signal(&child, "-USR1");
            line = told.next().unwrap().unwrap();
        }
        signal(&child, "-INT");
        let over = told.map(Result::unwrap).count();
        child.wait().unwrap();
        assert!(over > 0);
        let told = line.split("Retry-After until ").nth(1).unwrap();
        assert!(clock.is_match(told), "{line}");
        assert_eq!(server.requests().len(), 1);
    }
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}
