//! Runs are built only on folders and journals that nobody else can change.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use crate::program::TestFolder;

const PLAYBOOK: &str = "name: n
rows: { from: rows.csv, key: id }
steps: [{ id: a, uses: http.request, with: { method: GET, path: \"/{{ row.id }}\" } }]
";

/// A desk with one finished run.
fn desk() -> (TestFolder, PathBuf) {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "id\n1\n");
    desk.run("run playbook.yaml").exits(0);
    let runs = desk.path().join("state/runs");
    let run = fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    (desk, run)
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Every verb that takes a run up or looks at one.
const VERBS: [&str; 8] = [
    "resume latest",
    "retry latest",
    "undo latest",
    "resolve latest",
    "runs show latest",
    "runs export latest --out out",
    "check playbook.yaml --rows run:latest",
    "run playbook.yaml --rows run:latest",
];

#[test]
fn a_run_that_others_may_write_is_refused_with_the_command_that_mends_it() {
    let (desk, run) = desk();
    let name = |path: &Path| path.display().to_string();
    for (path, bits, was) in [
        (run.clone(), 0o775, 0o700),
        (run.clone(), 0o707, 0o700),
        (run.join("journal.sqlite"), 0o660, 0o600),
        (run.join("journal.sqlite"), 0o602, 0o600),
    ] {
        mode(&path, bits);
        for verb in VERBS {
            let came = desk.run(verb).exits(8);
            came.says(&[
                &name(&path),
                &format!("mode {bits:04o}"),
                "`chmod -R go-w ",
                "--state-dir DIR",
                "nothing was sent",
            ]);
        }
        mode(&path, was);
    }
    mode(&run, 0o775);
    desk.bash(&format!("chmod -R go-w {}", run.display())).exits(0);
    desk.run("runs show latest").exits(0);
}

#[test]
fn a_folder_of_runs_that_others_may_write_takes_and_gives_no_run() {
    let (desk, run) = desk();
    let runs = run.parent().unwrap();
    mode(runs, 0o777);
    for verb in VERBS.iter().chain(&["run playbook.yaml", "plan playbook.yaml", "runs list"]) {
        desk.run(verb).exits(8).says(&[&format!("`{}`", runs.display()), "mode 0777", "chmod -R go-w"]);
    }
    desk.run("check playbook.yaml").exits(0);
    mode(runs, 0o700);
    desk.run("run playbook.yaml").exits(0);
}

#[test]
fn a_linked_run_or_journal_is_refused_and_a_linked_folder_of_runs_is_looked_at() {
    let (desk, run) = desk();
    let away = desk.path().join("away");
    fs::rename(&run, &away).unwrap();
    symlink(&away, &run).unwrap();
    desk.run("resume latest").exits(8).says(&["is a link", "--state-dir"]);
    desk.run("runs export latest --out out").exits(8).says(&["is a link"]);
    fs::remove_file(&run).unwrap();
    fs::rename(&away, &run).unwrap();
    let journal = run.join("journal.sqlite");
    fs::rename(&journal, &away).unwrap();
    symlink(&away, &journal).unwrap();
    desk.run("resume latest").exits(8).says(&["journal.sqlite` is a link"]);
    fs::remove_file(&journal).unwrap();
    fs::rename(&away, &journal).unwrap();
    // Somebody may keep all runs on a larger disk.
    let runs = run.parent().unwrap();
    fs::rename(runs, &away).unwrap();
    symlink(&away, runs).unwrap();
    desk.run("runs show latest").exits(0);
    mode(&away, 0o777);
    desk.run("runs show latest").exits(8).says(&["mode 0777"]);
}

#[test]
fn a_looser_folder_around_them_is_only_a_warning() {
    let (desk, run) = desk();
    let state = run.parent().unwrap().parent().unwrap();
    mode(state, 0o777);
    desk.run("run playbook.yaml").exits(0).says(&["warning: the state folder", "mode 0777"]);
    let said = desk.run("resume latest").exits(0).err;
    assert_eq!(said.matches("is not yours alone").count(), 1, "{said}");
    mode(state, 0o1777);
    desk.run("run playbook.yaml").exits(0).never_says(&["is not yours alone"]);
}

/// Only the system's first user can give files away; the judgement itself is tested beside it.
#[test]
fn a_journal_of_another_user_is_refused() {
    let (desk, run) = desk();
    if chown(run.join("journal.sqlite"), Some(65_534), None).is_err() {
        return;
    }
    for verb in VERBS {
        desk.run(verb).exits(8).says(&["journal.sqlite` belongs to user 65534", "chown -R 0 ", "--state-dir DIR"]);
    }
    chown(run.join("journal.sqlite"), Some(0), None).unwrap();
    chown(run.parent().unwrap(), Some(65_534), None).unwrap();
    desk.run("run playbook.yaml").exits(8).says(&["runs` belongs to user 65534"]);
}
