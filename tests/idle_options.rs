//! Options that would do nothing where they stand are refused; what the environment sets for all commands is left aside.

use crate::program::{TestFolder, root};

#[test]
fn an_option_that_does_nothing_is_refused_where_it_is_typed_and_left_aside_where_it_is_set_for_all() {
    let desk = TestFolder::new();
    let playbook = root().join("playbooks/extend-deadlines.yaml");
    let playbook = playbook.to_str().unwrap();
    for (line, says) in [
        ("plan PLAYBOOK --out plan.json", "--format json > plan.json"),
        ("run PLAYBOOK --dry-run --out results", "`--out` names the folder of a run's results"),
        ("run PLAYBOOK --dry-run --faults lose=1%", "`--faults` makes trouble for calls"),
        ("plan PLAYBOOK --events e.jsonl", "`--events` tells what happens to a run"),
        ("check PLAYBOOK --events e.jsonl", "`--events` tells what happens to a run"),
        ("plan PLAYBOOK --yes", "unexpected argument '--yes'"),
        ("completions bash --format json", "has no form in JSON"),
    ] {
        let came = desk.run(&line.replace("PLAYBOOK", playbook)).exits(2).says_wrapped(&[says]);
        assert_eq!(came.out, "", "{line}");
    }
    let all = [
        ("RUNSHEET_OUT", "results"),
        ("RUNSHEET_EVENTS", "e.jsonl"),
        ("RUNSHEET_FAULTS", "lose=1%"),
        ("RUNSHEET_FORMAT", "json"),
    ];
    for line in ["plan PLAYBOOK", "run PLAYBOOK --dry-run", "check PLAYBOOK", "completions bash", "runs list"] {
        desk.run_with(&line.replace("PLAYBOOK", playbook), &all).exits(0);
    }
    assert!(!desk.path().join("e.jsonl").exists() && !desk.path().join("results").exists());
    assert!(desk.run("schema --format json").exits(0).json().as_array().unwrap().len() > 5);
}

#[test]
fn there_is_nothing_to_choose_from_in_a_playbook_without_rows() {
    let desk = TestFolder::new();
    let steps = "steps:\n  - { id: send, uses: http.request, with: { method: POST, path: /x } }\n";
    desk.write("p.yaml", &format!("name: No rows\n{steps}"));
    for option in ["--from-row 3", "--limit 1"] {
        for verb in ["plan", "run"] {
            desk.run(&format!("{verb} p.yaml {option}")).exits(2).says(&["has nothing to choose from"]);
        }
    }
}
