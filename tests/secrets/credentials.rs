//! Credentials and tokens that a vendor echoes reach no journal, no file and no screen, in no encoding.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::json;

use super::parrot::{Heard, parrot};
use crate::program::{CommandResult, TestFolder};

const TOKEN: &str = "k3y/\"q\"+=~0123456789-PARROT";
const PASSWORD: &str = "p4ss/word&of=basic?99";

/// A text in every form in which a vendor may say it.
fn forms(secret: &str) -> Vec<String> {
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped = json!(secret).to_string();
    let escaped = escaped.trim_matches('"');
    vec![
        secret.to_owned(),
        escaped.to_owned(),
        escaped.replace('/', "\\/"),
        percent.to_lowercase(),
        percent,
        hex.to_uppercase(),
        hex,
        STANDARD.encode(secret),
        URL_SAFE.encode(secret),
        STANDARD.encode(format!("user:{secret}")),
        STANDARD.encode(format!("Bearer {secret}")),
        secret.chars().map(|char| format!("\\u{:04x}", u32::from(char))).collect(),
    ]
}

/// Everything that was sent and every form of the secrets, in words, in fields and in names of fields.
fn echo(heard: &Heard) -> String {
    let all: Vec<String> = [TOKEN, PASSWORD].into_iter().flat_map(forms).collect();
    let words = format!("{} | {}", heard.whole, all.join(" | "));
    let escaped =
        all.iter().map(|form| format!("\"{}\"", form.replace('\\', "\\\\").replace('"', "\\\""))).collect::<Vec<_>>();
    format!(
        r#"{{"message": {}, "id": "0042", "list": [{}], "by_name": {{{}: 1}}, "raw": "{}"}}"#,
        json!(words),
        escaped.join(", "),
        json!(TOKEN),
        forms(TOKEN)[11]
    )
}

/// Every file below a folder, as text.
fn files(folder: &Path, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, texts);
        } else {
            texts.push((path.display().to_string(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
        }
    }
}

#[track_caller]
fn nothing_of_it_anywhere(desk: &TestFolder, said: &[CommandResult], secrets: &[&str]) {
    let mut texts = Vec::new();
    files(desk.path(), &mut texts);
    assert!(texts.iter().any(|(name, _)| name.ends_with("journal.sqlite")));
    texts.extend(said.iter().map(|came| ("the screen".to_owned(), format!("{}\n{}", came.out, came.err))));
    for (name, text) in &texts {
        for form in secrets.iter().flat_map(|secret| forms(secret)) {
            // What stands around it in base64 may hide its first and last letters, never its middle.
            let core = if form.len() > 24 { &form[4..form.len() - 4] } else { &form };
            assert!(!text.contains(core), "`{core}` is in {name}:\n{text}");
        }
    }
}

const PLAYBOOK: &str = "name: Tell a parrot
rows: { from: rows.csv, key: id }
before:
  - { id: hello, uses: http.request, with: { method: GET, path: /hello } }
steps:
  - id: tell
    uses: http.request
    repeat: never
    with: { method: POST, path: \"/{{ row.what }}\", body: { id: \"{{ row.id }}\" } }
results: { said: \"{{ json steps.tell.body }}\", id: \"{{ steps.tell.body.id }}\" }
";

fn desk(auth: &str, url: &str) -> TestFolder {
    let desk = TestFolder::new();
    desk.write("playbook.yaml", PLAYBOOK);
    desk.write("rows.csv", "id,what\nA-1,fine\nA-2,reject\nA-3,break\nA-4,refuse\n");
    let settings =
        format!("environments:\n  near:\n    connections:\n      http: {{ base_url: \"{url}\", auth: {auth} }}\n");
    desk.write("runsheet.yaml", &settings);
    desk
}

fn status(heard: &Heard) -> u16 {
    match heard.path.as_str() {
        "/reject" => 422,
        "/break" => 500,
        "/refuse" => 401,
        _ => 200,
    }
}

#[test]
fn credentials_that_a_vendor_echoes_reach_nothing() {
    for auth in [
        "{ scheme: bearer, token: { env: TOKEN } }",
        "{ scheme: basic, user: { env: NAME }, password: { env: PASSWORD } }",
        "{ scheme: header, header: X-Key, value: { env: TOKEN } }",
    ] {
        let desk = desk(auth, &parrot(|heard| (status(heard), echo(heard))));
        let secrets = [("TOKEN", TOKEN), ("PASSWORD", PASSWORD), ("NAME", "somebody")];
        let run = |line: &str| desk.run_with(line, &secrets);
        let said = vec![
            run("check playbook.yaml --env near -vv"),
            run("plan playbook.yaml --env near -vv"),
            run("run playbook.yaml --env near -vvv --in-flight 1 --out out --unmask").exits(7),
            run("runs show latest --unmask -vv").exits(0),
            run("runs list --format json"),
            run("resolve latest -vv --unmask").exits(5),
            run("resolve latest --format json --unmask"),
            run("resume latest -vv --unmask").exits(7),
            run("undo latest --dry-run -vv"),
            run("retry latest -vv --in-flight 1 --out again --format json --unmask"),
            run("run playbook.yaml --env near"),
        ];
        assert!(said[2].out.contains("***") && said[2].err.contains("Stopped: "), "{said:?}");
        let secrets = if auth.contains("basic") { [PASSWORD] } else { [TOKEN] };
        nothing_of_it_anywhere(&desk, &said, &secrets);
        assert!(desk.read("out/results.csv").contains("0042"), "answers stay of use: {}", desk.read("out/results.csv"));
    }
}

#[test]
fn tokens_and_refused_logins_reach_nothing() {
    const FRESH: &str = "t0ken/of+an~exchange=12345";
    let login = |heard: &Heard| match heard.body.contains("wrong") {
        false => json!({"errorCode": 0, "accessToken": FRESH, "expiresIn": 7200, "ea": "acme", "said": heard.whole})
            .to_string(),
        true => json!({"errorCode": 20005, "errorMessage": format!("{} {}", heard.whole, forms(TOKEN).join(" "))})
            .to_string(),
    };
    let url = parrot(move |heard| match heard.path.contains("token") {
        true => (200, login(heard)),
        false => (
            200,
            json!({"errorCode": 77, "errorMessage": format!("{} {}", heard.whole, forms(FRESH).join(" "))}).to_string(),
        ),
    });
    let desk = TestFolder::new();
    let names = ["return-approvals.yaml", "return-approvals.csv"];
    for name in names {
        let text = fs::read_to_string(crate::program::root().join("playbooks").join(name)).unwrap();
        desk.write(name, &text);
    }
    desk.write(
        "runsheet.yaml",
        &format!(
            "environments:\n  near:\n    connections:\n      fxiaoke:\n        base_url: \"{url}\"\n        credentials: {{ app_id: {{ env: APP }}, app_secret: {{ env: TOKEN }}, permanent_code: {{ env: CODE }} }}\n        settings: {{ user_id: \"1000\" }}\n"
        ),
    );
    let mut said = Vec::new();
    for app in ["an-app-id-1", "wrong-app-id"] {
        let variables = [("APP", app), ("TOKEN", TOKEN), ("CODE", PASSWORD)];
        let line = "run return-approvals.yaml --env near --limit 2 --out out --unmask -vvv --confirm 2 --rate 20/s";
        said.push(desk.run_with(line, &variables));
        said.push(desk.run_with("runs show latest --unmask", &variables));
    }
    assert!(said[0].out.contains("***") && said[2].code == 7, "{said:?}");
    nothing_of_it_anywhere(&desk, &said, &[TOKEN, PASSWORD, FRESH]);
}
