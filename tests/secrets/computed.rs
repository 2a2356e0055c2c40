//! What helpers make of sensitive names is masked where it stands, also where it is short; what tells of nobody stays.

use super::parrot::parrot;
use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Computed
vars: { clerk: { default: Clerk-Q7, sensitive: true } }
rows:
  from: people.csv
  key: num
  columns: { phone: { sensitive: true }, name: { sensitive: true }, born: { sensitive: true, type: date, optional: true } }
  lists: { guests: { from: guests.csv, match: num, columns: { guest: { sensitive: true } } } }
steps:
  - id: send
    uses: http.request
    with:
      method: POST
      path: '/people/{{ lookup (split row.phone \"-\") 0 }}/notes'
      query: { part: '{{ lookup (split row.phone \"-\") 1 }}' }
      headers: { X-Short: 'p{{ lookup (split row.phone \"-\") 0 }}' }
      body:
        upper: '{{ upper row.name }}'
        lower: 'to {{ lower row.name }}!'
        replaced: '{{ replace row.name \"a\" \"4\" }}'
        joined: '{{ concat row.city \":\" (upper row.name) }}'
        hash: '{{ sha256 row.phone }}'
        base64: '{{ base64 row.name }}'
        json: '{{ json row.name }}'
        pieces: '{{ split row.phone \"-\" }}'
        digits: 'x{{ lookup (split row.phone \"-\") 1 }}y'
        clerk: '{{ lower vars.clerk }}'
        guests: '{{#each row.guests}}{{ upper guest }}={{ seat }};{{/each}}'
        each: [ { $each: '{{ row.guests }}', who: '{{ lower item.guest }}', at: '{{ item.seat }}' } ]
        long: '{{ len row.name }}'
        same: '{{ eq row.name \"Ann\" }}'
        told: '{{#if row.born}}born{{else}}unborn{{/if}}'
        city: '{{ upper row.city }}'
";

/// What must not show: the values, and what is made of them.
const HIDDEN: [&str; 17] = [
    "Wanda Ma",
    "WANDA MA",
    "wanda ma",
    "W4nd4",
    "V2FuZGEgTWE",
    "091-77-2233",
    "\"091\"",
    "\"77\"",
    "/091/",
    "p091",
    "x77y",
    "part=77",
    "clerk-q7",
    "ZED QUX",
    "zed qux",
    "Zed Qux",
    "3f97dfac",
];

fn desk() -> TestFolder {
    let url = parrot(|heard| (422, format!("{{\"message\": {}}}", serde_json::Value::from(heard.body.as_str()))));
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("people.csv", "num,phone,name,city,born\na1,091-77-2233,Wanda Ma,Taipei,\n");
    desk.write("guests.csv", "num,guest,seat\na1,Zed Qux,Row5\n");
    let settings = "environments:\n  near:\n    connections:\n      http:";
    desk.write("runsheet.yaml", &format!("{settings} {{ base_url: \"{url}\" }}\n"));
    desk
}

#[track_caller]
fn holds_none(text: &str) {
    for one in HIDDEN {
        assert!(!text.contains(one), "`{one}` shows:\n{text}");
    }
}

#[test]
fn what_is_computed_from_a_sensitive_name_is_masked_where_it_stands() {
    let desk = desk();
    let plan = desk.run("plan playbook.yaml --env near --format json").exits(0);
    holds_none(&plan.out);
    let request = &plan.json()["samples"][0]["calls"][0]["request"];
    assert!(request["line"].as_str().unwrap().ends_with("/people/***/notes?part=***"), "{request}");
    let body = &request["body"];
    let shown = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    for (name, text) in [
        ("upper", "***"),
        ("lower", "to ***!"),
        ("hash", "***"),
        ("base64", "***"),
        ("digits", "x***y"),
        ("guests", "***=Row5;"),
        ("clerk", "***"),
        ("told", "unborn"),
        ("city", "TAIPEI"),
    ] {
        assert_eq!(shown(name), text, "{name}: {body}");
    }
    assert_eq!((&body["long"], &body["same"]), (&8.into(), &false.into()), "{body}");
    assert_eq!((&body["each"][0]["who"], &body["each"][0]["at"]), (&"***".into(), &"Row5".into()), "{body}");
    assert_eq!(body["pieces"], serde_json::json!(["***", "***", "***"]), "{body}");
    holds_none(&desk.run("plan playbook.yaml --env near").exits(0).out);
    let open = desk.run("plan playbook.yaml --env near --unmask").exits(0);
    assert!(open.out.contains("WANDA MA") && open.out.contains("/people/091/notes"), "{}", open.out);
}

#[test]
fn what_a_vendor_echoes_of_it_is_masked_by_value() {
    let desk = desk();
    let run = desk.run("run playbook.yaml --env near -vv --events events.jsonl").exits(4);
    for text in [&run.out, &run.err, &desk.read("events.jsonl"), &desk.run("runs show latest --format json").out] {
        for one in ["WANDA MA", "wanda ma", "W4nd4", "V2FuZGEgTWE", "091-77-2233", "clerk-q7", "ZED QUX", "zed qux"] {
            assert!(!text.contains(one), "`{one}` shows:\n{text}");
        }
    }
    assert!(run.out.contains("TAIPEI") || run.out.contains("\"upper\""), "{}", run.out);
}
