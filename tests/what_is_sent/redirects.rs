//! Redirects: none is followed. What was surely not carried out stops the run; what may have been is unknown.

use super::{desk, run};
use crate::crashes::count;
use crate::recorder::{Recorder, answer};

const WRITE: &str = "  - { id: s, uses: http.request, with: { method: POST, path: '/redir/{{ row.id }}', body: { id: '{{ row.id }}' } } }\n";

fn rows(count: usize) -> String {
    (1..=count).fold("id\n".to_owned(), |rows, id| format!("{rows}{id}\n"))
}

fn redirecting(status: u16, location: &'static str) -> Recorder {
    Recorder::start(move |_, _| answer(status, &[&format!("Location: {location}")], b"<html>moved</html>"))
}

#[test]
fn a_write_that_was_not_carried_out_stops_the_run_after_the_first() {
    for status in [307, 308] {
        let server = redirecting(status, "https://user:word@api.example.com/v2/x?token=abc");
        let desk = desk(&server, "", &format!("{WRITE}    "), &rows(50));
        desk.write("playbook.yaml", &desk.read("playbook.yaml").replace("steps:", "limits: { in_flight: 1 }\nsteps:"));
        let came = run(&desk).exits(6);
        let summary = came.json();
        assert_eq!((count(&summary, "unknown"), count(&summary, "not_started")), (0, 50), "{}", came.out);
        assert_eq!(server.requests().len(), 1);
        assert_eq!(summary["stopped"]["kind"], "redirected");
        let came = came.says(&["Stopped:", "https://api.example.com/v2/x…", "was not carried out", "`base_url`"]);
        came.never_says(&["word@", "token=abc"]);
    }
}

#[test]
fn a_moved_address_stops_the_run_and_leaves_its_row_unknown() {
    let server = redirecting(301, "/elsewhere");
    let desk = desk(&server, "", WRITE, &rows(50));
    desk.write("playbook.yaml", &desk.read("playbook.yaml").replace("steps:", "limits: { in_flight: 1 }\nsteps:"));
    let came = run(&desk).exits(5);
    let summary = came.json();
    assert_eq!((count(&summary, "unknown"), count(&summary, "not_started")), (1, 49), "{}", came.out);
    assert_eq!(server.requests().len(), 1);
    came.says(&["`/elsewhere`", "is not said"]);
}

#[test]
fn an_answer_elsewhere_leaves_a_write_unknown_and_says_where() {
    for status in [302, 303] {
        let server = redirecting(status, "/made/1");
        let desk = desk(&server, "", WRITE, &rows(3));
        let came = run(&desk).exits(5);
        assert_eq!(count(&came.json(), "unknown"), 3, "{}", came.out);
        assert_eq!(server.requests().len(), 3);
        let unknown = desk.read("out/unknown.csv");
        assert!(unknown.contains("`/made/1`") && unknown.contains("may have been carried out"), "{unknown}");
    }
}

#[test]
fn a_read_is_not_followed_either_and_not_asked_again() {
    let read = "  - { id: s, uses: http.request, with: { method: GET, path: '/r/{{ row.id }}' } }\n";
    for (status, code, sent) in [(301, 6, 1), (302, 4, 3), (303, 4, 3), (307, 6, 1), (308, 6, 1)] {
        let other = Recorder::start(|_, _| answer(200, &[], b"{}"));
        let location = format!("Location: {}/there", other.url);
        let server = Recorder::start(move |_, _| answer(status, &[&location], b""));
        let desk = desk(&server, "", read, &rows(3));
        desk.write("playbook.yaml", &desk.read("playbook.yaml").replace("steps:", "limits: { in_flight: 1 }\nsteps:"));
        let came = run(&desk).exits(code);
        assert_eq!((server.requests().len(), other.requests().len()), (sent, 0), "{status}: {}", came.out);
    }
}

#[test]
fn a_redirect_without_a_place_says_so() {
    let server = Recorder::start(|_, _| answer(308, &[], b""));
    let came = run(&desk(&server, "", WRITE, &rows(1))).exits(6);
    came.says(&["without saying where"]);
}

#[test]
fn a_login_that_is_redirected_stops_the_run_and_carries_its_secret_nowhere() {
    for status in [301, 302, 303, 307, 308] {
        let other = Recorder::start(|_, _| answer(200, &[], b"{}"));
        let location = format!("Location: {}/there", other.url);
        let server = Recorder::start(move |_, _| answer(status, &[&location], b""));
        let desk = desk(
            &server,
            "",
            "  - { id: s, uses: fxiaoke.get_task, with: { objectDataId: 5fd6e2e3a5b0c90001d1d1d1 } }\n",
            "id\na1\n",
        );
        desk.write(
            "runsheet.yaml",
            &format!("environments: {{ here: {{ connections: {{ fxiaoke: {{ base_url: '{}', credentials: {{ app_id: a, app_secret: the-app-secret, permanent_code: c }}, settings: {{ user_id: '1000' }} }} }} }} }}\n", server.url),
        );
        let check = desk.run("check playbook.yaml --env here");
        assert!(check.code == 0, "{check:?}");
        let came = run(&desk).exits(6);
        assert_eq!((server.requests().len(), other.requests().len()), (1, 0), "{status}: {}", came.err);
        came.says(&["login` was redirected", "/there"]);
    }
}
