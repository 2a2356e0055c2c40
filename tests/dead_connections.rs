//! A run against a vendor that closes kept connections without saying so: few rows end unknown, and none is sent twice.

use std::time::Duration;

use crate::program::TestFolder;
use crate::single_calls::vendor;

const ROWS: usize = 300;

const IN_FLIGHT: u64 = 16;

const PLAYBOOK: &str = "name: Dead connections
rows: { from: rows.csv, key: id }
limits: { in_flight: 16 }
steps:
  - id: send
    uses: http.request
    with: { method: POST, path: \"/{{ row.id }}\", body: { id: \"{{ row.id }}\" } }
";

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

#[test]
fn rows_lost_to_dead_connections_are_those_in_flight_at_the_first_loss() {
    for closes_after in [Duration::ZERO, Duration::from_millis(20)] {
        let (url, asked) = vendor(|_, _| ANSWER.to_vec(), closes_after);
        let desk = TestFolder::new();
        desk.write("playbook.yaml", PLAYBOOK);
        let rows: String = (0..ROWS).map(|row| format!("R{row}\n")).collect();
        desk.write("rows.csv", &format!("id\n{rows}"));
        desk.write(
            "runsheet.yaml",
            &format!("environments: {{ here: {{ connections: {{ http: {{ base_url: '{url}' }} }} }} }}\n"),
        );
        let came = desk.run("run playbook.yaml --env here --yes --confirm 999 --format json");
        let summary = came.json();
        let count = |outcome: &str| summary["rows"][outcome].as_u64().unwrap_or(0);
        let (succeeded, unknown) = (count("succeeded"), count("unknown"));
        assert!(unknown <= IN_FLIGHT, "closed after {closes_after:?}: {summary}");
        assert_eq!(succeeded + unknown, ROWS as u64, "{summary}");
        let asked = asked.lock().unwrap();
        assert!(asked.values().all(|times| *times == 1), "{asked:?}");
        assert!(asked.len() as u64 >= succeeded, "{asked:?}");
    }
}
