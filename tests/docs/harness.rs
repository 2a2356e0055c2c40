//! The harness by itself: each kind of mistake in a page is found, and a right page has none.

use super::run::mistakes;

/// The mistakes of a page whose code fences are written as `~~~`.
fn found(page: &str) -> Vec<String> {
    mistakes(&page.replace("~~~", "```"))
}

#[track_caller]
fn finds(page: &str, words: &[&str]) {
    let found = found(page);
    let hits = found.iter().filter(|it| words.iter().all(|word| it.contains(word))).count();
    assert!(hits == 1 && found.len() == 1, "{found:#?}");
}

#[test]
fn a_right_page_passes() {
    let page = r#"# A page

~~~sh
printf 'flow_id\na\n' > mine.csv
here=$PWD; NAME=kept
~~~

<!-- file: mine.yaml -->
~~~yaml
name: Mine
rows: { from: mine.csv, key: flow_id }
steps:
  - { id: get, uses: http.request, with: { method: GET, path: "/a/{{ row.flow_id }}" } }
~~~

- In a list:

  ~~~sh
  test "$NAME" = kept
  test "$PWD" = "$here"
  runsheet check mine.yaml
  ~~~
  ~~~text
  mine.yaml: 1 row, 1 call
  ~~~

~~~sh
runsheet check nowhere.yaml || test $? -ge 2
runsheet fmt --check mine.yaml && echo "took 12.5 s at /tmp/x/y.csv"
~~~

A paragraph.

<!-- output -->
~~~text
…
took 3 s at ~/y…
~~~

<!-- needs a root shell -->
~~~sh no-run
sudo rm -rf /
~~~

~~~text
free words
~~~
"#;
    assert_eq!(found(page), Vec::<String>::new());
}

#[test]
fn a_failing_command_is_found() {
    finds("~~~sh\necho seen; false\n~~~\n\n~~~sh\ntouch never\n~~~\n", &["1: a command failed", "seen"]);
    finds("~~~sh\nfalse | true\n~~~\n", &["1: a command failed"]);
    finds("~~~sh\necho \"$NEVER_SET\"\n~~~\n", &["1: a command failed", "NEVER_SET"]);
    finds("~~~sh\ntrue\n~~~\n\n~~~sh\nexit 0\n~~~\n", &["5: a command failed"]);
}

#[test]
fn a_wrong_playbook_is_found() {
    let page = "<!-- file: mine.yaml -->\n~~~yaml\nname: Mine\nsteps:\n  - { id: get, uses: http.reqest }\n~~~\n";
    finds(page, &["2: the playbook is refused", "http.reqest"]);
    let replaced = page.to_owned()
        + "\n~~~sh\ntrue\n~~~\n\n<!-- file: mine.yaml -->\n~~~yaml\nname: Mine\nsteps:\n  - { id: get, uses: http.request, with: { method: GET, path: /a } }\n~~~\n";
    finds(&replaced, &["2: the playbook is refused until it is written anew"]);
    assert_eq!(found(&page.replace("mine.yaml -->", "mine.yaml wrong -->")), Vec::<String>::new());
    let right = page.replace("reqest }", "request, with: { method: GET, path: /a } }");
    assert_eq!(found(&right.repeat(2)), Vec::<String>::new());
}

#[test]
fn a_right_file_that_is_shown_as_wrong_is_found() {
    let page = "<!-- file: mine.yaml wrong -->\n~~~yaml\nname: Mine\nsteps:\n  - { id: get, uses: http.request, with: { method: GET, path: /a } }\n~~~\n\n~~~sh\ntrue\n~~~\n";
    finds(page, &["2: shown as wrong, and accepted"]);
}

#[test]
fn a_wrong_fragment_is_found() {
    let step = "<!-- fragment: step -->\n~~~yaml\n- id: task\n  uses: arctos.create_task\n  with: { out_task_numb: \"{{ row.num }}\" }\n~~~\n";
    finds(step, &["2: the fragment is refused", "out_task_numb"]);
    finds("<!-- fragment: playbook -->\n~~~yaml\nwaves: { size: [3] }\n~~~\n", &["2: the fragment is refused"]);
    finds("<!-- fragment: stepp -->\n~~~yaml\na: 1\n~~~\n", &["`stepp` is no kind"]);
    finds("<!-- fragment: other -->\n~~~yaml\na: [\n~~~\n", &["2: the fragment is refused"]);
    finds("<!-- fragment: playbook wrong -->\n~~~yaml\nwaves: { sizes: [3] }\n~~~\n", &["2: shown as wrong"]);
}

#[test]
fn a_fragment_of_each_kind_passes() {
    let fragments = [
        ("playbook", "waves: { sizes: [3, 10%], gate: 99% }\nbudget: { contract: 500 }"),
        ("playbook", "name: Mine\nrows: { from: a.xlsx, sheet: S, key: [a, b], columns: { b: { optional: true } } }"),
        (
            "step",
            "- id: add\n  uses: arctos.add_moderator\n  for_each: \"{{ row.staff }}\"\n  with: { task_num: \"{{ steps.task.outputs.task_num }}\", emp_id: \"{{ item }}\" }",
        ),
        ("step", "when: \"{{ row.[預約] }}\"\non_failure: continue"),
        ("step", "id: a\nuses: arctos.update_status\nwith: { task_num: \"{{ vars.task }}\", task_status: canceled }"),
        ("steps", "steps:\n  - { id: a, uses: http.request, with: { method: GET, path: /a } }"),
        ("rows", "from: run:latest\noutcomes: [succeeded]"),
        ("rows", "rows:\n  from: a.csv\n  key: a\n  encoding: big5"),
        ("column", "starts_at: { from: 預約時間, type: datetime, timezone: Asia/Taipei }"),
        (
            "list",
            "customers:\n  from: customers.csv\n  match: { row: a, list: b }\n  columns: { phone: { sensitive: true } }",
        ),
        ("vars", "branch: { type: string, default: \"943\" }"),
        ("results", "task_num: \"{{ steps.task.outputs.task_num }}\""),
        (
            "settings",
            "environments:\n  production:\n    confirm: true\n    connections: { tencent_ess: { credentials: { secret_id: { env: A }, secret_key: { env: B } } } }",
        ),
        (
            "environment",
            "staging: { connections: { arctos: { base_url: https://a.example, credentials: { token: { env: T } } } } }",
        ),
        (
            "connection",
            "arctos: { base_url: https://a.example, credentials: { token: { env: T } }, limits: { rate: 5/s } }",
        ),
        ("test", "- name: One\n  rows: [{ a: 1 }]\n  expect: { counts: { succeeded: 1 } }"),
        ("tests", "now: 2034-12-01T09:00:00+08:00"),
        (
            "provider",
            "title: Acme\nauth: { scheme: bearer }\ncredentials: { token: { description: A token } }\ncredential_sets: [{ credentials: [token] }]",
        ),
        ("operation", "repeat: safe\nsummary: Puts a thing"),
        ("other", "on: { schedule: [{ cron: \"0 1 * * *\" }] }"),
    ];
    let page = fragments.map(|(kind, text)| format!("<!-- fragment: {kind} -->\n~~~yaml\n{text}\n~~~\n")).join("\n");
    assert_eq!(found(&page), Vec::<String>::new());
}

#[test]
fn a_wrong_example_of_an_operation_is_found() {
    let provider = "<!-- file: own/acme/provider.yaml -->\n~~~yaml\ntitle: Acme\nauth: { scheme: none }\nanswer: { any_body: true, otherwise: rejected }\n~~~\n";
    let operation = "\n<!-- file: own/acme/make.yaml -->\n~~~yaml\nsummary: Makes a thing\nvendor_name: makeThing\neffect: write\npath: /things\nexamples:\n  - name: a thing\n    with: {}\n    request: { path: /things }\n    answers: [{ status: 200, text: \"\", is: succeeded }]\n~~~\n";
    let page = format!("{provider}{operation}");
    assert_eq!(found(&page), Vec::<String>::new());
    finds(&page.replace("is: succeeded", "is: throttled"), &["acme.make", "throttled"]);
    finds(&page.replace("request: { path: /things }", "request: { path: /thing }"), &["acme.make", "path"]);
    finds(&page.replace("vendor_name", "vendorname"), &["vendorname"]);
}

#[test]
fn an_unmarked_block_is_found() {
    finds("~~~yaml\na: 1\n~~~\n", &["1: a `yaml` block needs"]);
    finds("~~~\na\n~~~\n", &["1: the block does not say its language"]);
    finds("    indented\n", &["1: the block does not say its language"]);
    finds("~~~bash\ntrue\n~~~\n", &["`bash` is no language"]);
    finds("~~~csv\na\n~~~\n", &["1: say `<!-- file: NAME -->`"]);
    finds("~~~sh no-run\ntrue\n~~~\n", &["`no-run` needs its reason"]);
    finds("~~~sh norun\ntrue\n~~~\n", &["`norun` means nothing"]);
    finds("<!-- file: a.yaml -->\n\nWords between.\n\n~~~yaml\na: 1\n~~~\n", &["5: a `yaml` block needs"]);
}

#[test]
fn a_line_that_was_not_printed_is_found() {
    let page = |shown: &str| {
        format!("~~~sh\nprintf 'one\\ntwo\\nthree 2035-01-01T10:00:00Z\\n'\n~~~\n~~~text\n{shown}\n~~~\n")
    };
    assert_eq!(found(&page("one\n…\nthree…")), Vec::<String>::new());
    finds(&page("one\nthree…"), &["4: `three…` was not printed behind `one`, but `two`"]);
    finds(&page("two\none"), &["4: `one` was not printed behind `two`"]);
    finds(&page("four"), &["4: `four` was not printed"]);
    finds(&page("three 2035-01-01T10:00:01Z"), &["was not printed"]);
    finds("<!-- output -->\n~~~text\na\n~~~\n", &["no `sh` block stands above"]);
    // Other words stand between: the block is free.
    let free = "~~~sh\ntrue\n~~~\n\nWords.\n\n~~~text\nfree\n~~~\n";
    assert_eq!(found(free), Vec::<String>::new());
}

#[test]
fn what_a_page_leaves_running_ends_with_it() {
    let page = "~~~sh\nsleep 600 & \nrunsheet sandbox --port 8470 > served.txt &\nuntil curl -sf http://127.0.0.1:8470/_sandbox/health; do sleep 0.1; done\n~~~\n";
    assert_eq!(found(page), Vec::<String>::new());
}
