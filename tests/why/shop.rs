//! A vendor that does to each order what its key says: loses an answer, throttles, forgets the token, refuses.

use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;

use crate::program::{TestFolder, root};
use crate::recorder::{Recorded, Recorder, answer};

const PROVIDER: &str = "title: Shop
base_url: https://shop.example
auth:
  scheme: bearer
  headers: { Authorization: \"Bearer {{ token.word }}\" }
  login:
    - credentials: [secret]
      steps: [{ operation: login, inputs: { secret: \"{{ credentials.secret }}\" } }]
credentials: { secret: { description: The secret of the shop } }
credential_sets: [{ credentials: [secret] }]
answer:
  success: { path: ok, is: [true] }
  code: code
  message: message
  request_id: request
  codes:
    - { code: busy, is: throttled, gate: true, means: Too many calls at once }
    - { code: old_token, is: expired_token, gate: true, means: The token has run out }
    - code: sold_out
      is: rejected
      means: Nothing is left
      advice: Order something else.
";

const LOGIN: &str = "summary: Gets a token
vendor_name: login
internal: true
effect: read
auth: none
path: /login
inputs: { required: [secret], properties: { secret: { type: string, sensitive: true } } }
outputs: { word: { path: word, type: string, required: true, sensitive: true } }
examples:
  - name: a token
    with: { secret: s }
    request: { path: /login, body: { secret: s } }
    answers: [{ body: { ok: true, word: w }, is: succeeded, outputs: { word: w } }]
";

const ORDER: &str = "summary: Makes an order
vendor_name: order
effect: write
path: /order
repeat: lookup
natural_key: [num]
inputs: { required: [num], properties: { num: { type: string }, phone: { type: string } } }
outputs: { id: { path: id, required: true } }
lookup:
  operation: orders
  inputs: { num: \"{{ inputs.num }}\" }
  find: { in: list, where: { num: \"{{ inputs.num }}\" } }
  took_effect: '{{ eq match.state \"made\" }}'
  outputs: { id: \"{{ match.id }}\" }
  conclusive: true
  settle: 200ms
undo: { operation: cancel, with: { id: \"{{ outputs.id }}\" } }
examples:
  - name: an order
    with: { num: a1 }
    request: { path: /order, body: { num: a1 } }
    answers: [{ body: { ok: true, id: o1 }, is: succeeded, outputs: { id: o1 } }]
";

const ORDERS: &str = "summary: Lists orders
vendor_name: orders
effect: read
method: GET
path: /orders
query: { num: \"{{ inputs.num }}\" }
inputs: { required: [num], properties: { num: { type: string } } }
examples:
  - name: some
    with: { num: a1 }
    request: { method: GET, path: \"/orders?num=a1\" }
    answers: [{ body: { ok: true, list: [] }, is: succeeded }]
";

const CANCEL: &str = "summary: Cancels an order
vendor_name: cancel
effect: write
path: /cancel
repeat: safe
inputs: { required: [id], properties: { id: { type: string } } }
examples:
  - name: one
    with: { id: o1 }
    request: { path: /cancel, body: { id: o1 } }
    answers: [{ body: { ok: true }, is: succeeded }]
";

const PAY: &str = "summary: Pays an order
vendor_name: pay
effect: write
path: /pay
repeat: never
inputs: { required: [id], properties: { id: { type: string } } }
outputs: { receipt: { path: receipt } }
examples:
  - name: one
    with: { id: o1 }
    request: { path: /pay, body: { id: o1 } }
    answers: [{ body: { ok: true, receipt: r1 }, is: succeeded, outputs: { receipt: r1 } }]
";

const PLAYBOOK: &str = "name: Orders
rows:
  from: orders.csv
  key: num
  columns: { phone: { sensitive: true }, gift: { optional: true } }
steps:
  - id: order
    uses: shop.order
    timeout: 1s
    retry: { attempts: 3, delay: 10ms }
    with: { num: \"{{ row.num }}\", phone: \"{{ row.phone }}\" }
    rollback: { uses: shop.cancel, with: { id: \"{{ steps.order.outputs.id }}\" } }
  - id: gift
    uses: shop.orders
    when: \"{{ row.gift }}\"
    with: { num: \"{{ row.num }}\" }
  - id: pay
    uses: shop.pay
    timeout: 1s
    with: { id: \"{{ steps.order.outputs.id }}\" }
results: { receipt: \"{{ steps.pay.outputs.receipt }}\" }
";

/// A phone number that must not be shown.
pub(super) const PHONE: &str = "0911222333";

/// A desk with orders, and an environment `here` at a shop.
pub(crate) fn shop(orders: &str) -> TestFolder {
    let server = Recorder::start(answer_of);
    let desk = TestFolder::new();
    for (name, text) in [
        ("provider", PROVIDER),
        ("login", LOGIN),
        ("order", ORDER),
        ("orders", ORDERS),
        ("cancel", CANCEL),
        ("pay", PAY),
    ] {
        desk.write(&format!("own/shop/{name}.yaml"), text);
    }
    desk.write("orders.yaml", PLAYBOOK);
    desk.write("orders.csv", &format!("num,phone,gift\n{orders}"));
    desk.write(
        "runsheet.yaml",
        &format!(
            "providers: own\nenvironments:\n  here:\n    connections:\n      shop: {{ base_url: '{}', credentials: {{ \
             secret: a-secret-of-the-shop }} }}\n",
            server.url
        ),
    );
    desk
}

/// Runs the orders, one after another.
pub(crate) const RUN: &str = "run orders.yaml --env here --yes --confirm 999 --in-flight 1";

fn answer_of(request: &Recorded, _before: usize) -> Vec<u8> {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    /// How often each body came to each address of each shop.
    static CAME: Mutex<BTreeMap<(String, String), usize>> = Mutex::new(BTreeMap::new());
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let host = request.header("host").unwrap_or_default().to_owned();
    let before = {
        let mut came = CAME.lock().unwrap();
        let count = came.entry((format!("{host} {}", request.path()), body.clone())).or_default();
        *count += 1;
        *count - 1
    };
    let json = |text: &str| answer(200, &["Content-Type: application/json"], text.as_bytes());
    let has = |word: &str| body.contains(word);
    match request.path() {
        "/login" => json(r#"{"ok": true, "word": "a-token-of-the-shop"}"#),
        // Without an answer the call runs into its timeout.
        "/order" if (has("lost") || has("blind")) && before == 0 => Vec::new(),
        "/order" if has("busy") && before == 0 => {
            answer(429, &["Content-Type: application/json", "Retry-After: 1"], br#"{"ok": false, "code": "busy"}"#)
        }
        "/order" if has("token") && before == 0 => json(r#"{"ok": false, "code": "old_token"}"#),
        "/order" => {
            let num = body.split('"').nth(3).unwrap_or_default();
            json(&format!(r#"{{"ok": true, "id": "o-{num}", "said": "for {PHONE}", "request": "q-{num}"}}"#))
        }
        "/pay" if has("broke") => {
            json(r#"{"ok": false, "code": "sold_out", "message": "nothing is left for 0911222333", "request": "q-7"}"#)
        }
        "/pay" if has("mute") && before == 0 => Vec::new(),
        "/pay" => json(r#"{"ok": true, "receipt": "r-1"}"#),
        "/cancel" => json(r#"{"ok": true}"#),
        // The lookups of the run itself tell nothing; a later one does.
        path if path.starts_with("/orders") && path.contains("blind") && before < 4 => {
            json(r#"{"ok": false, "code": "sold_out"}"#)
        }
        path if path.starts_with("/orders") => {
            let num = path.rsplit('=').next().unwrap_or_default();
            json(&format!(r#"{{"ok": true, "list": [{{"num": "{num}", "state": "made", "id": "o-{num}"}}]}}"#))
        }
        path => panic!("{path}"),
    }
}

/// A story without what differs from run to run: times, durations, run ids, the shop's address.
pub(super) fn plain(story: &str) -> String {
    static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let pattern = |text: &str, by| (Regex::new(text).unwrap(), by);
        vec![
            pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "TTTT-TT-TTTTT:TT:TT.TTTZ"),
            pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
            pattern(r"\d{8}-\d{6}-[0-9a-z]+", "RUN"),
            pattern(r"(after|waited) [\d.]+ (ms|s|min)( \d+ s)?", "$1 SPAN"),
            pattern(r"http://127\.0\.0\.1:\d+", "SHOP"),
            pattern(r"in process \d+", "in process PID"),
            // A busy machine takes longer than the shortest wait that is kept.
            pattern(r"\n *waited SPAN for a login", ""),
        ]
    });
    PATTERNS.iter().fold(story.to_owned(), |text, (pattern, by)| pattern.replace_all(&text, *by).into_owned())
}

/// Compares a story with the one that is kept under a name; `UPDATE_CASES=1` writes it.
#[track_caller]
pub(super) fn is_as_kept(name: &str, story: &str) {
    let path: PathBuf = root().join("tests/why").join(format!("{name}.txt"));
    let story = plain(story);
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, &story).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == story, "{name}: UPDATE_CASES=1 writes it anew\n--- told\n{story}\n--- kept\n{kept}");
}
