//! The log rebuilds the world, whatever a kill left of it.

use std::fs;
use std::io::Write;
use std::time::Duration;

use serde_json::json;

use crate::io::{CallBounds, Transport};
use crate::model::{Request, SendError, Time};
use crate::sandbox::Embedded;
use crate::sandbox::Faults;
use crate::sandbox::LOG_FILE;
use crate::sandbox::LogEntry;
use crate::sandbox::Sandbox;
use crate::sandbox::SimulatorSettings;
use crate::sandbox::setup::TOKEN;
use crate::sandbox::test_client::{TestClient, post};

const TIMEOUT: Duration = Duration::from_millis(2);
const BOUNDS: CallBounds = CallBounds { timeout: TIMEOUT, max_body: 1_000_000, once: true };

fn create(number: &str) -> Request {
    let body = json!({
        "business_id": 1, "out_task_num": number, "task_type": "custom", "task_notify": false,
        "branch_code": "943", "room_type": "realtime", "video": true,
    });
    post("/api/task/do_add", &[("Authorization", &format!("Bearer {TOKEN}"))], &body)
}

fn send(embedded: &Embedded, request: Request) -> Result<serde_json::Value, SendError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let response = runtime.block_on(embedded.send(request, BOUNDS))?;
    Ok(serde_json::from_slice(&response.body).unwrap_or_default())
}

#[test]
fn an_invalid_line_of_the_log_is_reported_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(LOG_FILE), "{\"call\":0}\n{}\n").unwrap();
    let message = Embedded::open(folder.path(), None, SimulatorSettings::default()).unwrap_err().to_string();
    assert!(message.contains("line 1 is not a line of a sandbox log"), "{message}");
    assert!(Embedded::open(&folder.path().join("nowhere"), None, SimulatorSettings::default()).is_err());
}

#[test]
fn answered_calls_survive_a_restart_and_a_torn_line_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(LOG_FILE);
    let first = Embedded::open(folder.path(), None, SimulatorSettings::default()).unwrap();
    let answer = send(&first, create("A-1")).unwrap();
    assert_eq!(answer["status"], 1);
    drop(first);
    let whole = fs::read(&path).unwrap();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(br#"{"call":1,"time":"#).unwrap();

    let second = Embedded::open(folder.path(), None, SimulatorSettings::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), whole, "the torn line is gone");
    assert_eq!(send(&second, create("A-1")).unwrap()["status"], 0, "known already");
    assert_eq!(send(&second, create("A-2")).unwrap()["status"], 1);
    let text = fs::read_to_string(&path).unwrap();
    let entries: Vec<LogEntry> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.iter().map(|entry| entry.call).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(entries.iter().filter(|entry| entry.effect).count(), 2);
    assert!(!text.contains(TOKEN));
}

#[cfg(unix)]
#[test]
fn the_log_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let _embedded = Embedded::open(folder.path(), None, SimulatorSettings::default()).unwrap();
    let mode = fs::metadata(folder.path().join(LOG_FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_rebuilt_sandbox_answers_like_the_first() {
    let mut first = TestClient::with(SimulatorSettings::default(), Some("lose=10%,expire=10%,seed=3"));
    let ids = ["202402220000021", "202402220000022", "202402220000023"];
    let request = |n: usize| {
        let body = json!({"task_num": ids[n % 3], "emp_id": format!("e-{}", n % 7)});
        post("/api/task/service/do_add", &[("Authorization", &format!("Bearer {TOKEN}"))], &body)
    };
    for n in 0..40 {
        first.serve(&request(n));
        first.wait(Duration::from_millis(40));
    }
    let text: Vec<String> = first.entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
    let mut second =
        Sandbox::new(SimulatorSettings::default(), Some(Faults::parse("lose=10%,expire=10%,seed=3").unwrap()));
    for line in &text {
        second.apply(&serde_json::from_str(line).unwrap());
    }
    for n in 40..80 {
        let (one, other) = (first.serve(&request(n)), second.answer(first.now, &request(n)));
        assert_eq!((one.delivery, one.entry), (other.delivery, other.entry));
    }
}

#[test]
fn the_embedded_transport_shows_faults_as_a_network_would() {
    let open = |spec: &str| {
        let folder = tempfile::tempdir().unwrap();
        let faults = Some(Faults::parse(spec).unwrap());
        (Embedded::open(folder.path(), faults, SimulatorSettings::default()).unwrap(), folder)
    };
    let (lossy, _folder) = open("lose=100%");
    assert!(matches!(send(&lossy, create("A-1")), Err(SendError::NoAnswer(_))));
    let (slow, folder) = open("slow=100%:2ms");
    assert_eq!(send(&slow, create("A-1")), Err(SendError::NoAnswer("timed out".to_owned())));
    let log = fs::read_to_string(folder.path().join(LOG_FILE)).unwrap();
    assert!(log.contains("create_task:A-1"), "the effect is made all the same");
    let (patient, _folder) = open("slow=100%:1ms");
    assert_eq!(send(&patient, create("A-1")).unwrap()["status"], 1);
}

#[test]
fn windows_outlive_a_restart() {
    let mut first = TestClient::new();
    for n in 0..20 {
        first.serve(&create(&format!("A-{n}")));
    }
    let mut second = Sandbox::new(SimulatorSettings::default(), None);
    first.entries.iter().for_each(|entry| second.apply(entry));
    assert_eq!(second.answer(first.now, &create("A-20")).entry.status, 429);
    let later = Time::from_micros(first.now.as_micros() + 1_000_000);
    assert_eq!(second.answer(later, &create("A-20")).entry.code, "1");
}
