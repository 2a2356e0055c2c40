//! Settings as the program reads them: what is refused, all of it at once, with its place.

use crate::program::TestFolder;

const PLAYBOOK: &str = "name: Read one task
rows:
  from: rows.csv
  key: id
steps:
  - id: look
    uses: fxiaoke.get_task
    with: { objectDataId: \"{{ row.id }}\" }
";

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "id\n6183b1b622794e6865bca8ce\n");
    desk
}

#[test]
fn every_mistake_of_every_environment_is_reported_at_once_with_its_line() {
    let desk = desk();
    desk.write(
        "runsheet.yaml",
        "environments:
  staging:
    confirm: perhaps
    conections: {}
    connections:
      fxiaok: {}
      fxiaoke:
        base_url: http://open.fxiaoke.com
        credentials: { app_id: { env: A, file: b }, app_secrt: { env: B } }
        settings: { userid: 1000 }
        limits: { rate: fast }
        timeout: soon
        operations: { get_tusk: {}, get_task: { path: no-slash } }
      esignon:
        credentials: { email: { env: E }, password: hunter2 }
",
    );
    let came = desk.run("check playbook.yaml").exits(3).says(&[
        "`confirm`",
        "`conections`",
        "Did you mean `connections`?",
        "`fxiaok`",
        "Did you mean `fxiaoke`?",
        "https://",
        "exactly one source",
        "`app_secrt`",
        "Did you mean `app_secret`?",
        "`userid`",
        "Did you mean `user_id`?",
        "`fast` is not a rate",
        "`soon` is not a duration",
        "`get_tusk`",
        "Did you mean `get_task`?",
        "`no-slash` is not a path",
        "The credential `password` stands in the file itself",
        "runsheet.yaml:15:",
    ]);
    came.never_says(&["hunter2"]);
}

#[test]
fn literals_and_plain_http_are_for_loopback_only() {
    let desk = desk();
    let settings = |url: &str| {
        format!(
            "environments:\n  near:\n    connections:\n      fxiaoke:\n        base_url: {url}\n        \
             settings: {{ user_id: 1000 }}\n        \
             credentials: {{ app_id: a, app_secret: b, permanent_code: c }}\n"
        )
    };
    for near in ["http://127.0.0.1:1", "http://localhost:1", "https://[::1]:1"] {
        desk.write("runsheet.yaml", &settings(near));
        desk.run("check playbook.yaml --env near").exits(0);
    }
    for far in
        ["https://127.0.0.1.example.com", "https://example.com", "http://example.com", "http://127.0.0.1@example.com"]
    {
        desk.write("runsheet.yaml", &settings(far));
        desk.run("check playbook.yaml --env near").exits(3);
    }
}

#[test]
fn an_unknown_environment_lists_the_known_ones() {
    let desk = desk();
    desk.run("check playbook.yaml --env staging").exits(2).says(&["no `runsheet.yaml`", "`sandbox`"]);
    desk.write("runsheet.yaml", "environments:\n  staging:\n  production: { confirm: true }\n");
    desk.run("check playbook.yaml --env stagin").exits(2).says(&[
        "`staging`",
        "`production`",
        "`sandbox`",
        "did you mean `staging`?",
    ]);
    desk.run("check playbook.yaml --settings nowhere.yaml").exits(2).says(&["nowhere.yaml"]);
}

#[test]
fn the_sandbox_can_be_tuned_but_not_sent_elsewhere() {
    let desk = desk();
    let sandbox =
        |inside: &str| format!("environments:\n  sandbox:\n    connections:\n      fxiaoke: {{ {inside} }}\n");
    desk.write("runsheet.yaml", &sandbox("limits: { rate: 3/s }, timeout: 5s"));
    desk.run("check playbook.yaml").exits(0);
    desk.write("runsheet.yaml", &sandbox("base_url: https://open.fxiaoke.com, credentials: {}"));
    desk.run("check playbook.yaml").exits(3).says(&["takes no `base_url`", "takes no `credentials`"]);
}

#[test]
fn settings_are_found_in_a_folder_above() {
    let desk = desk();
    desk.write("runsheet.yaml", "environments:\n  wrong: 1\n");
    desk.write("deep/er/playbook.yaml", PLAYBOOK);
    desk.write("deep/er/rows.csv", "id\n6183b1b622794e6865bca8ce\n");
    desk.run("check deep/er/playbook.yaml").exits(3).says(&["runsheet.yaml:2:"]);
}

#[test]
fn settings_that_a_call_needs_are_missed_before_anything_is_sent() {
    let desk = desk();
    let settings = "environments:\n  near:\n    connections:\n      fxiaoke:\n        base_url: http://127.0.0.1:1\n        \
        credentials: { app_id: a, app_secret: b, permanent_code: c }\n";
    desk.write("runsheet.yaml", settings);
    desk.run("check playbook.yaml --env near").exits(3).says(&["lacks the setting `user_id`", "playbook.yaml:7:"]);
    let of_step = |settings: &str| desk.write("playbook.yaml", &format!("{PLAYBOOK}    settings: {{ {settings} }}\n"));
    of_step("user_id: \"{{ row.id }}\"");
    desk.run("check playbook.yaml --env near").exits(0);
    of_step("user_idd: 1");
    desk.run("check playbook.yaml").exits(3).says(&["`user_idd` is not a setting", "Did you mean `user_id`?"]);
}

#[test]
fn an_open_connection_says_its_scheme_and_binds_it_to_an_address() {
    let desk = desk();
    let steps = "  - id: note\n    uses: http.request\n    with: { method: POST, path: /notes }\n";
    desk.write("playbook.yaml", &format!("name: Note\nsteps:\n{steps}"));
    let check = |connection: &str| {
        desk.write(
            "runsheet.yaml",
            &format!("environments:\n  near:\n    connections:\n      http: {{ {connection} }}\n"),
        );
        desk.run("check playbook.yaml --env near")
    };
    check("base_url: https://x.test, auth: { scheme: bearer, token: { env: T } }").exits(0);
    check("base_url: https://x.test, auth: { scheme: header, header: X-Key, value: { env: T } }").exits(0);
    check("base_url: https://x.test, auth: { scheme: basic, user: { env: U } }").exits(3).says(&["`password`"]);
    check("base_url: https://x.test, auth: { scheme: tc3 }").exits(3).says(&["`bearer`"]);
    check("base_url: https://x.test, credentials: { token: { env: T } }").exits(3).says(&["`credentials`"]);
    check("auth: { scheme: bearer, token: { env: T } }").exits(3).says(&["base_url"]);
}
