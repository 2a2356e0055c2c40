//! What columns and inputs mark as sensitive is masked wherever a person looks, by value too, until `--unmask` asks.

use super::parrot::parrot;
use crate::program::{CommandResult, TestFolder};

const PROVIDER: &str = "title: Acme
base_url: https://api.acme.example
auth: { scheme: bearer }
credentials: { token: { description: A token } }
credential_sets: [{ credentials: [token] }]
answer:
  any_body: true
  message: [message]
  otherwise: rejected
  codes:
    - { code: http 5*, is: unknown, for_reads: unavailable, means: It failed }
    - { code: http 401, is: refused, means: It refused }
    - { code: http 4*, is: rejected, means: It rejected }
";

const OPERATION: &str = "summary: Makes a thing
vendor_name: makeThing
effect: write
method: POST
path: /v1/things
repeat: never
natural_key: [num]
inputs:
  required: [num, phone]
  properties:
    num: { type: string, maxLength: 24 }
    phone: { type: string }
    name: { type: string, sensitive: true }
    due: { type: string, enum: [today, tomorrow] }
examples:
  - name: a thing
    with: { num: a1, phone: \"1\" }
    request: { path: /v1/things, body: { num: a1, phone: \"1\" } }
    answers: [{ status: 200, body: \"{}\", is: succeeded }]
";

const PLAYBOOK: &str = "name: Make things
vars: { clerk: { default: Clerk-4711-Q, sensitive: true } }
rows:
  from: things.csv
  key: num
  columns: { phone: { sensitive: true }, due: { optional: true } }
steps:
  - id: make
    uses: acme.make
    with: { num: \"{{ row.num }}\", phone: \"{{ row.phone }}\", name: \"{{ row.who }}\", due: \"{{ row.due }}\" }
";

/// Sensitive: by column, by input, by variable; and how a vendor may spell them.
const PEOPLE: [&str; 6] =
    ["0911222333", "王小明", "Clerk-4711-Q", "\\u738b\\u5c0f\\u660e", "%E7%8E%8B%E5%B0%8F%E6%98%8E", "%30911222333"];

fn desk(status: u16) -> TestFolder {
    let url = parrot(move |heard| {
        let who = "王小明 \\\\u738b\\\\u5c0f\\\\u660e %E7%8E%8B%E5%B0%8F%E6%98%8E tel %30911222333 of Clerk-4711-Q";
        let sent = heard.body.replace('"', "\\\"");
        (status, format!(r#"{{"message": "phone 0911222333 is invalid, said {who}: {sent}"}}"#))
    });
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", PROVIDER);
    desk.write("own/acme/make.yaml", OPERATION);
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("things.csv", "num,phone,who,due\na1,0911222333,王小明,\na2,0911222333,王小明,\n");
    let settings = "providers: own\nenvironments:\n  near:\n    connections:\n      acme:";
    desk.write(
        "runsheet.yaml",
        &format!("{settings} {{ base_url: \"{url}\", credentials: {{ token: a-token-of-acme }} }}\n"),
    );
    desk
}

#[track_caller]
fn masked(came: &CommandResult) {
    for one in PEOPLE {
        assert!(!came.out.contains(one) && !came.err.contains(one), "`{one}` shows:\n{}\n{}", came.out, came.err);
    }
}

#[test]
fn a_rejected_row_shows_the_vendors_words_without_its_people() {
    let desk = desk(422);
    masked(&desk.run("plan playbook.yaml --env near -vv").exits(0));
    let run = desk.run("run playbook.yaml --env near -vvv --out out").exits(4);
    masked(&run);
    assert!(run.out.contains("2 rows failed, step `make`: http 422: phone *** is invalid"), "{}", run.out);
    assert!(run.out.contains("(row 2 of things.csv, `a1`)"), "{}", run.out);
    for line in
        ["runs show latest", "runs show latest --format json", "runs list --format json", "retry latest", "undo latest"]
    {
        masked(&desk.run(line));
    }
    let json = desk.run("run playbook.yaml --env near --format json").exits(4);
    masked(&json);
    let failure = &json.json()["failures"][0];
    assert_eq!((&failure["rows"], &failure["code"]), (&2.into(), &"http 422".into()));
    let shown = desk.run("runs show latest --unmask").exits(0);
    assert!(shown.out.contains("phone 0911222333 is invalid, said 王小明"), "{}", shown.out);
    desk.run("run playbook.yaml --env near --unmask").exits(4);
    let later = desk.run("runs show latest").exits(0);
    masked(&later);
    assert!(later.out.contains("phone *** is invalid"), "{}", later.out);
    assert!(desk.read("out/failed.csv").contains("0911222333 is invalid"), "the row's own file holds them");
    let folder = std::fs::read_dir(desk.path().join("state/runs")).unwrap().next().unwrap().unwrap().path();
    assert!(!std::fs::read_to_string(folder.join("summary.json")).unwrap().contains("0911222333"));
}

#[test]
fn unknown_rows_and_stops_are_masked() {
    let desk = desk(500);
    for line in ["run playbook.yaml --env near", "resolve latest", "resolve latest --format json", "runs show latest"] {
        let came = desk.run(line);
        masked(&came);
        assert!(format!("{}{}", came.out, came.err).contains("***"), "{line}: {}{}", came.out, came.err);
    }
    assert!(desk.run("resolve latest --unmask").err.contains("0911222333"));
    let desk = self::desk(401);
    let run = desk.run("run playbook.yaml --env near").exits(7).says(&["Stopped: ", "phone *** is invalid"]);
    masked(&run);
    masked(&desk.run("resume latest").exits(7));
    desk.run("resume latest --unmask").exits(7).says(&["phone 0911222333 is invalid"]);
}

#[test]
fn events_hold_no_personal_data_unless_they_are_asked_to() {
    for (status, code) in [(422, 4), (500, 5), (401, 7)] {
        let desk = desk(status);
        let keyed = OPERATION.replace("natural_key: [num]", "natural_key: [num, phone, name]");
        desk.write("own/acme/make.yaml", &keyed);
        desk.run("run playbook.yaml --env near --events events.jsonl").exits(code);
        desk.run("retry latest --events events.jsonl");
        desk.run("resolve latest --events events.jsonl");
        if status == 500 {
            let said = "resolve latest --key a1 --as failed --events events.jsonl --note";
            let mut words: Vec<&str> = said.split(' ').collect();
            words.push("rang 0911222333 of 王小明");
            assert!(desk.command("runsheet").args(words).status().unwrap().code().is_some());
        }
        let told = desk.read("events.jsonl");
        assert!(told.contains("***") && told.contains("attempt_ended"), "{told}");
        for one in PEOPLE {
            assert!(!told.contains(one), "`{one}` shows:\n{told}");
            let escaped = serde_json::to_string(one).unwrap();
            assert!(!told.contains(escaped.trim_matches('"')), "`{escaped}` shows:\n{told}");
        }
        desk.run("run playbook.yaml --env near --again --unmask --events open.jsonl").exits(code);
        assert!(desk.read("open.jsonl").contains("0911222333"), "{status}");
    }
    let desk = desk(422);
    let keyed = PLAYBOOK.replace("key: num", "key: phone");
    desk.write("playbook.yaml", &keyed);
    desk.write("things.csv", "num,phone,who,due\na1,0911222333,王小明,\n");
    let came = desk.run("run playbook.yaml --env near --events -").exits(4);
    masked(&came);
    assert!(came.out.contains("\"row\":2,\"key\":\"***\""), "{}", came.out);
}

#[test]
fn messages_about_other_places_hold_no_sensitive_cell() {
    let desk = desk(200);
    let wrong = PLAYBOOK
        .replace("{{ row.due }}", "late: {{ row.phone }}")
        .replace("num: \"{{ row.num }}\"", "num: \"x-{{ row.phone }}\"");
    desk.write("wrong.yaml", &wrong);
    for line in [
        "check wrong.yaml --env near",
        "check wrong.yaml --env near --format json",
        "run wrong.yaml --env near --skip-invalid --out out",
    ] {
        masked(&desk.run(line));
    }
    desk.run("check wrong.yaml --env near").exits(3).says(&["late: ***"]);
    desk.run("check wrong.yaml --env near --unmask").exits(3).says(&["late: 0911222333"]);
}

#[test]
fn rows_named_by_a_sensitive_key_are_named_by_their_number() {
    let desk = desk(422);
    let keyed = PLAYBOOK.replace("key: num", "key: phone").replace("num: \"{{ row.num }}\"", "num: \"{{ row.who }}\"");
    desk.write("playbook.yaml", &keyed);
    desk.write("things.csv", "num,phone,who,due\na1,0911222333,王小明,\n");
    let run = desk.run("run playbook.yaml --env near").exits(4);
    masked(&run);
    assert!(run.out.contains("(row 2 of things.csv, `***`)"), "{}", run.out);
    desk.write("things.csv", "num,phone,who,due\na1,0911222333,王小明,\n");
    masked(&desk.run("plan playbook.yaml --env near"));
    masked(&desk.run("retry latest"));
}
