//! Standard output or standard error that take nothing more: the work is done, and so does the exit code.

use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk
}

#[test]
fn a_full_standard_output_is_no_failure_of_what_was_done() {
    const WARNING: &str = "warning: cannot write to standard output: No space left on device";
    let desk = desk();
    desk.write("uneven.yaml", "a:   1\n");
    desk.write("uneven-too.yaml", "b:   1\n");
    let lose = "run release-contracts.yaml --limit 1 --faults lose=100%";
    for (line, code) in [
        ("run extend-deadlines.yaml", 0),
        ("run extend-deadlines.yaml --format json", 0),
        ("resume latest", 0),
        ("run onboard-appointments.yaml --limit 1", 0),
        ("undo latest", 0),
        (lose, 5),
        ("runs export latest --out exported", 5),
        ("runs export latest --out exported --format json", 5),
        ("resolve latest --as failed", 0),
        ("check extend-deadlines.yaml", 0),
        ("check extend-deadlines.yaml --fix fixed", 0),
        ("test extend-deadlines.yaml", 0),
        ("fmt --check uneven.yaml", 4),
        ("fmt uneven.yaml uneven-too.yaml", 0),
        ("new starter", 0),
    ] {
        let came = desk.bash(&format!("exec runsheet {line} > /dev/full")).exits(code);
        assert_eq!(came.err.matches(WARNING).count(), 1, "{line}: {}", came.err);
    }
    assert_eq!((desk.read("uneven.yaml"), desk.read("uneven-too.yaml")), ("a: 1\n".into(), "b: 1\n".into()));
}

#[test]
fn output_that_is_the_purpose_of_a_verb_and_cannot_be_printed_is_a_failure() {
    let desk = desk();
    for line in ["operations", "schema playbook", "completions bash", "plan extend-deadlines.yaml", "fmt -"] {
        let script = format!("echo 'a:   1' | runsheet {line} > /dev/full");
        desk.bash(&script).exits(1).says(&["error: cannot write to standard output: No space left on device"]);
    }
}

#[test]
fn a_full_standard_error_fails_nothing() {
    let desk = desk();
    let came = desk.bash("exec runsheet -vvv run close-appointments.yaml --format json 2> /dev/full").exits(0);
    assert_eq!(came.json()["rows"]["succeeded"], 32);
}
