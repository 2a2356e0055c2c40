//! A settings file in a subfolder does not take over an environment that a file further up defines.

use crate::program::{CommandResult, TestFolder};

const PLAYBOOK: &str = "name: n\nsteps: [{ id: a, uses: http.request, with: { method: GET, path: / } }]\n";

fn settings(desk: &TestFolder, file: &str, host: &str, more: &str) {
    let text = format!(
        "{more}environments: {{ production: {{ connections: {{ http: {{ base_url: \"https://{host}\" }} }} }} }}\n"
    );
    desk.write(file, &text);
}

/// A desk whose settings and whose team's settings both define `production`.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    settings(&desk, "runsheet.yaml", "ours.example", "");
    settings(&desk, "teams/billing/runsheet.yaml", "theirs.example", "");
    desk.write("teams/billing/playbook.yaml", PLAYBOOK);
    desk
}

fn plan(desk: &TestFolder, more: &str) -> CommandResult {
    desk.run(&format!("plan teams/billing/playbook.yaml --env production {more}"))
}

#[test]
fn the_nearer_file_is_refused_with_both_files_and_both_fixes() {
    let desk = desk();
    for verb in ["check", "plan", "run"] {
        desk.run(&format!("{verb} teams/billing/playbook.yaml --env production")).exits(3).says_wrapped(&[
            "nearer-settings",
            "teams/billing/runsheet.yaml:1:",
            " runsheet.yaml:1:",
            "`--settings teams/billing/runsheet.yaml`",
            "`--settings runsheet.yaml`",
            "`nearer: [teams/billing]`",
        ]);
    }
    desk.write(
        "teams/billing/playbook.test.yaml",
        "environment: production\ntests: [{ name: t, answers: [{ to: a, body: {} }], expect: { counts: { succeeded: 0 } } }]\n",
    );
    desk.run("test teams/billing").exits(3).says_wrapped(&["nearer-settings"]);
}

#[test]
fn a_person_says_which_file_is_meant() {
    let desk = desk();
    for (file, host) in [("teams/billing/runsheet.yaml", "theirs.example"), ("runsheet.yaml", "ours.example")] {
        let text = plan(&desk, &format!("--settings {file}")).exits(0).out;
        assert!(text.contains(&format!("of {file} (http at {host})")), "{text}");
        let came = desk.run_with("plan teams/billing/playbook.yaml --env production", &[("RUNSHEET_SETTINGS", file)]);
        assert!(came.exits(0).out.contains(host));
    }
    for listed in ["[teams/billing]", "[other, ./teams/billing/]", "[teams/../teams/billing]"] {
        settings(&desk, "runsheet.yaml", "ours.example", &format!("nearer: {listed}\n"));
        assert!(plan(&desk, "").exits(0).out.contains("theirs.example"), "{listed}");
    }
    for other in ["[teams]", "[billing]", "[teams/billing/deep]", "[]", "[.]"] {
        settings(&desk, "runsheet.yaml", "ours.example", &format!("nearer: {other}\n"));
        plan(&desk, "").exits(3).says_wrapped(&["nearer-settings"]);
    }
    settings(&desk, "runsheet.yaml", "ours.example", "nearer: [[teams]]\n");
    desk.run("check teams/billing/playbook.yaml --settings runsheet.yaml")
        .exits(3)
        .says_wrapped(&["`nearer` lists folders"]);
}

#[test]
fn every_file_further_up_has_a_say_and_only_of_what_it_defines() {
    let desk = desk();
    settings(&desk, "runsheet.yaml", "ours.example", "nearer: [teams/billing]\n");
    settings(&desk, "teams/runsheet.yaml", "others.example", "");
    plan(&desk, "").exits(3).says_wrapped(&["teams/runsheet.yaml:1:", "`nearer: [billing]`"]);
    desk.write("teams/runsheet.yaml", "environments: { staging: {}, sandbox: {} }\n");
    plan(&desk, "").exits(0);
    // The sandbox sends nothing, and may be tuned anywhere.
    desk.write(
        "teams/billing/runsheet.yaml",
        "environments: { sandbox: { connections: { http: { limits: { rate: 1/s } } } } }\n",
    );
    desk.run("check teams/billing/playbook.yaml").exits(0);
    // Nobody knows what a broken file defines.
    settings(&desk, "teams/billing/runsheet.yaml", "theirs.example", "");
    desk.write("teams/runsheet.yaml", "environments: { production: { \n");
    plan(&desk, "").exits(3).says_wrapped(&["teams/runsheet.yaml"]);
}

#[test]
fn a_link_to_the_file_further_up_is_that_file_and_one_out_of_the_folder_is_not_read() {
    let desk = desk();
    desk.bash("ln -sf ../../runsheet.yaml teams/billing/runsheet.yaml").exits(0);
    assert!(plan(&desk, "").exits(0).out.contains("ours.example"));
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(elsewhere.path(), "aws_secret_access_key = hunter2\n").unwrap();
    let path = elsewhere.path().display();
    desk.bash(&format!("ln -sf {path} teams/billing/runsheet.yaml")).exits(0);
    let came = plan(&desk, "").exits(2);
    came.says_wrapped(&["--settings teams/billing/runsheet.yaml", "--confine"]).never_says(&["hunter2", "aws_secret"]);
}
