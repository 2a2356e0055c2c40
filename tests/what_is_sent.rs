//! What is shown is what is sent: paths, queries, headers, answers that cannot be read, redirects, waits.

mod addresses;
mod deadlines;
mod redirects;
mod settings;
mod unreadable;
mod values;
mod waits;

use crate::program::{CommandResult, TestFolder};
use crate::recorder::Recorder;

/// A desk with steps over rows, and an environment `here` at a server.
fn desk(server: &Recorder, columns: &str, steps: &str, rows: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write(
        "playbook.yaml",
        &format!("name: Sent\nrows: {{ from: rows.csv, key: id, columns: {{ {columns} }} }}\nsteps:\n{steps}"),
    );
    desk.write("rows.csv", rows);
    let connection = format!("{{ http: {{ base_url: '{}' }} }}", server.url);
    desk.write("runsheet.yaml", &format!("environments: {{ here: {{ connections: {connection} }} }}\n"));
    desk
}

/// Runs it there, with every question answered.
fn run(desk: &TestFolder) -> CommandResult {
    desk.run("run playbook.yaml --env here --yes --confirm 999 --again --out out --format json")
}
