//! What reading a playbook reports, and what it returns.

use crate::diagnostic::{Diagnostics, Source};
use crate::model::{Repeat, Value};
use crate::playbook::*;
use serde_json::json;
use std::time::Duration;

/// The messages of a text: `code line:column message | help`.
fn messages(text: &str) -> Vec<String> {
    let mut all = Diagnostics::new();
    read(&Source::new("book.yaml", text), &mut all);
    let shown = all.iter().map(|found| {
        let place = &found.places[0].0;
        let help = found.help.as_deref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{} {}:{} {}{help}", found.code, place.line, place.column, found.message)
    });
    shown.collect()
}

fn good(text: &str) -> Playbook {
    let mut all = Diagnostics::new();
    let playbook = read(&Source::new("book.yaml", text), &mut all);
    assert!(all.is_empty(), "{}", all.render(false, 100));
    playbook.unwrap()
}

/// A playbook with one step that has these further lines, which begin at line 7, column 5.
fn around(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("name: n\nrows: {{ key: id }}\nvars: {{ branch: x }}\nsteps:\n  - id: one\n    uses: a.b\n{lines}")
}

/// The messages of a step's lines.
fn of_step(lines: &str) -> String {
    messages(&around(lines)).join("\n")
}

#[test]
fn all_mistakes_come_in_one_go() {
    let text = "\
nme: x
version: 2
vars: { A: 1, b: { typ: string }, c: { type: integer, default: x } }
rows: { key: id, colums: {} }
limits: { rate: fast }
stop_when: { failed: 0, new_kind: true }
steps:
  - id: Task
    uses: a.b
  - uses: a.b
    on_failur: stop
  - id: two
    with: { x: \"{{ vars.nope }}\" }
results: { _key: x, y: \"{{ rwo.x }}\" }
waves: { sizes: [3] }
budget: { sms: 1 }
window: {}
serialize_by: {}
";
    let all = messages(text);
    let brief: Vec<String> = all.iter().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        brief,
        [
            "bad-value 2:10",
            "missing-key 1:1",
            "bad-value 5:17",
            "unknown-key 1:1",
            "not-built 18:1",
            "bad-value 3:9",
            "unknown-key 3:20",
            "cell-type 3:64",
            "unknown-key 4:18",
            "bad-value 6:22",
            "missing-key 17:9",
            "bad-value 8:9",
            "missing-key 10:5",
            "unknown-key 11:5",
            "missing-key 12:5",
            "unknown-name 13:20",
            "bad-value 14:12",
            "unknown-name 14:28",
        ],
        "{all:#?}"
    );
}

#[test]
fn a_text_that_is_not_a_playbook_is_reported() {
    let all = messages("- a\n");
    assert!(all[0].starts_with("bad-type 1:1 A playbook must be a map of keys, and this is a list"), "{all:?}");
    assert!(all.len() == 1 && all[0].contains("The keys are `version`, `name`"), "{all:?}");
    assert_eq!(messages("name: x\n"), ["missing-key 1:1 A playbook needs the key `steps`"]);
    assert_eq!(messages("name: x\nsteps: []\n"), ["bad-value 2:8 `steps` must hold at least one step"]);
    assert_eq!(messages("name: x\nsteps: {}\n"), ["bad-type 2:8 `steps` must be a list, and this is a map"]);
    let all = messages("name: ''\nsteps: [x]\n");
    assert_eq!((all.len(), all[0].as_str()), (2, "bad-value 1:7 `name` must not be empty"));
    assert!(all[1].starts_with("bad-type 2:9 A step must be a map of keys, and this is a text | The keys are `id`"));
}

#[test]
fn names_must_be_in_scope() {
    for (lines, expected) in [
        ("with: { a: '{{ vars.brnch }}' }", "unknown-name 7:20 There is no variable `brnch` | Did you mean `branch`?"),
        ("with: { a: '{{ stesp.x }}' }", "unknown-name 7:20 There is no name `stesp` | Did you mean `steps`?"),
        (
            "with: { a: '{{ branch }}' }",
            "unknown-name 7:20 There is no name `branch` | A name begins with `row`, `vars`, `steps`, `item`, `run`.",
        ),
        ("with: { a: '{{ steps.on.outputs.x }}' }", "unknown-name 7:20 There is no step `on` | Did you mean `one`?"),
        (
            "with: { a: '{{ steps.one.outputs.x }}' }",
            "unknown-name 7:20 The step `one` cannot use its own answer here | Its answer comes after its call: use it in `expect`, in `until` or in a later step.",
        ),
        (
            "when: '{{ steps.one.outcome }}'",
            "unknown-name 7:15 The step `one` cannot use its own answer here | Its answer comes after its call: use it in `expect`, in `until` or in a later step.",
        ),
        ("expect: '{{ steps.one.outcom }}'", "unknown-name 7:17 A step has no `outcom` | Did you mean `outcome`?"),
        (
            "expect: '{{ steps.one.task_num }}'",
            "unknown-name 7:17 A step has no `task_num` | Outputs stand under `outputs`: `steps.one.outputs.task_num`.",
        ),
        (
            "expect: '{{ steps.one.items }}'",
            "unknown-name 7:17 The step `one` has no `for_each`, and so no `items` | Use `outputs`.",
        ),
        (
            "with: { a: '{{ item }}' }",
            "unknown-name 7:20 `item` is known only under `for_each` and `$each` | Give the step a `for_each`, or use a name of the row.",
        ),
        (
            "for_each: '{{ item.x }}'",
            "unknown-name 7:19 `item` is known only under `for_each` and `$each` | Give the step a `for_each`, or use a name of the row.",
        ),
        ("with: { a: '{{ run.started }}' }", "unknown-name 7:20 A run has no `started` | Did you mean `started_at`?"),
        (
            "with: { a: '{{ run.counts }}' }",
            "unknown-name 7:20 `run.counts` is known only in `after`, when the rows are done",
        ),
        (
            "with:\n  a: |\n    text\n    {{ default row.x vars.nope }}",
            "unknown-name 10:26 There is no variable `nope` | The variables are `branch`.",
        ),
    ] {
        assert_eq!(of_step(lines), expected, "{lines}");
    }
}

#[test]
fn steps_see_what_ran_before_them() {
    let text = |where_: &str, name: &str| {
        let use_of =
            |part: &str| if part == where_ { format!(", with: {{ a: '{{{{ {name} }}}}' }}") } else { String::new() };
        format!(
            "name: n\nrows: {{ key: id }}\nbefore:\n  - {{ id: login, uses: a.b{} }}\nsteps:\n  - {{ id: one, uses: a.b{} }}\n  - {{ id: two, uses: a.b }}\nafter:\n  - {{ id: done, uses: a.b{} }}\nresults: {{ r: '{}' }}\n",
            use_of("before"),
            use_of("steps"),
            use_of("after"),
            if where_ == "results" { format!("{{{{ {name} }}}}") } else { "x".to_owned() },
        )
    };
    for (where_, name) in [
        ("steps", "steps.login.outputs.x"),
        ("steps", "row.anything"),
        ("after", "steps.login.body.x.y"),
        ("after", "run.counts.failed"),
        ("results", "steps.two.outputs.x"),
        ("results", "row.x"),
        ("results", "steps.login.outcome"),
    ] {
        assert_eq!(messages(&text(where_, name)), [""; 0], "{where_} {name}");
    }
    for (where_, name, expected) in [
        ("before", "row.x", "`row` is not known here: these steps run once, not per row"),
        ("after", "row.x", "`row` is not known here"),
        ("before", "steps.one.outcome", "The step `one` comes later | Move it ahead, or use an earlier step."),
        ("steps", "steps.two.outcome", "The step `two` comes later"),
        ("steps", "steps.done.outcome", "The step `done` comes later"),
        ("after", "steps.one.outcome", "The step `one` runs per row; the steps of `after` run once and see no row"),
        ("results", "steps.done.outcome", "The step `done` comes later"),
        ("results", "item", "`item` is known only under"),
    ] {
        let all = messages(&text(where_, name));
        assert!(all.len() == 1 && all[0].contains(expected), "{where_} {name}: {all:?}");
    }
    let rowless = messages("name: n\nsteps: [{ id: a, uses: b.c, with: { x: '{{ row.y }}' } }]\n");
    assert_eq!(
        rowless,
        ["unknown-name 2:44 `row` is not known: the playbook has no rows | Add `rows:` with a file and a key."]
    );
}

#[test]
fn conditions_are_one_expression() {
    for (lines, expected) in [
        (
            "when: row.x",
            "bad-value 7:11 `when` must be a template; this is plain text | Write it in braces and quotes: `when: \"{{ row.x }}\"`.",
        ),
        (
            "when: true",
            "bad-value 7:11 `when` must be a template; this is plain text | Write an expression in braces and quotes: `when: \"{{ … }}\"`.",
        ),
        (
            "when: '{{ row.x }} '",
            "bad-value 7:11 `when` must be one expression; text around it would always hold | Keep one `{{ … }}` with nothing around it; `and`, `or`, `not` and `eq` combine values.",
        ),
        ("for_each: [a]", "bad-type 7:15 `for_each` must be a template, and this is a list"),
        ("until: { every: 1s }", "missing-key 7:12 `until` needs the key `is`"),
        (
            "expect: ['{{ row.x }}', 'x']",
            "bad-value 7:29 `expect` must be a template; this is plain text | Write an expression in braces and quotes: `expect: \"{{ … }}\"`.",
        ),
    ] {
        assert_eq!(of_step(lines), expected, "{lines}");
    }
}

#[test]
fn wrong_kinds_of_keys_in_a_step_are_reported() {
    for (lines, expected) in [
        ("with: [a]", "bad-type 7:11 `with` must be a map, and this is a list"),
        (
            "with: { $each: '{{ row.x }}' }",
            "bad-place 7:13 `$each` stands for elements of a list, and this is none | Begin the element with a dash: `- $each: \"{{ row.list }}\"`.",
        ),
        (
            "with: { a: [{ $each: x }] }",
            "bad-value 7:26 `$each` must be a template; this is plain text | Write an expression in braces and quotes: `$each: \"{{ … }}\"`.",
        ),
        ("with: { a: [{ $eahc: '{{ row.x }}' }] }", "unknown-key 7:19 `$eahc` is not known | Did you mean `$each`?"),
        ("with: { '{{ row.x }}': 1 }", "template-place 7:13 A key cannot hold a template"),
        (
            "with: { a: '{{#if row.x}}y' }",
            "template-syntax 7:17 This block is not closed | Close it with `{{/…}}`, such as `{{/if}}`.",
        ),
        ("with: { a: '{{ lowr row.x }}' }", "template-syntax 7:20 There is no helper `lowr` | Did you mean `lower`?"),
        (
            "verify: true",
            "not-built 7:5 Reading effects back (`verify`) is not built yet | Take the key out to go on without it.",
        ),
        ("timeout: 0s", "bad-value 7:14 `timeout` must be longer than zero"),
        (
            "retry: { attempts: 0 }",
            "bad-value 7:24 `attempts` must lie between 1 and 100 | 1 sends once and never again.",
        ),
        ("retry: { delay: 5s, max_delay: 1s }", "bad-value 7:36 `max_delay` must not be shorter than `delay`"),
        (
            "retry: 5",
            "bad-type 7:12 `retry` must be a map of keys, and this is a number | The keys are `attempts`, `delay`, `max_delay`.",
        ),
        ("repeat: keyed", "bad-value 7:13 `repeat` must be one of `safe`, `never`"),
        ("on_failure: stop", "bad-value 7:17 `on_failure` must be one of `stop_row`, `continue`, `stop_run`"),
        ("rollback: { with: {} }", "missing-key 7:15 `rollback` needs the key `uses`"),
        ("wihen: x", "unknown-key 7:5 `wihen` is no key of a step | Did you mean `when`?"),
    ] {
        assert_eq!(of_step(lines), expected, "{lines}");
    }
    assert_eq!(
        messages("name: n\nsteps: [{ id: a, uses: '{{ vars.x }}' }]"),
        ["template-place 2:24 `uses` cannot hold a template"]
    );
    assert_eq!(
        messages("name: n\nsteps: [{ id: a, uses: b.c }]\nafter: [{ id: a, uses: b.c }]"),
        [
            "duplicate-id 3:15 Two steps have the id `a` | Give one of them another id: names such as `steps.ID.outputs` must be clear."
        ]
    );
}

#[test]
fn an_unquoted_template_is_explained() {
    let all = messages(&around("with: { a: {{ row.x }} }"));
    assert_eq!(
        all,
        [
            "yaml-key 7:17 A key must be a text, and this is a list or a map | Put quotes around a value that begins with a template: `key: \"{{ … }}\"`."
        ]
    );
}

#[test]
fn a_playbook_with_mistakes_still_returns_its_rows() {
    let mut all = Diagnostics::new();
    let playbook =
        read(&Source::new("b", "rows: { key: id }\nsteps: [{ id: a }, { id: b, uses: c.d }]\n"), &mut all).unwrap();
    assert!(all.has_errors());
    assert!(playbook.rows.is_some());
    assert_eq!(playbook.steps.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn variables_have_a_type_of_their_own_or_a_declared_one() {
    let playbook = good(
        "name: n\nvars:\n  a: 15\n  b: 0911211211\n  c: { type: string, default: 007, description: d }\n  d: { type: integer }\n  e: [x, 1]\n  f: { default: true, sensitive: true }\n  g:\n  h: { type: list, default: [007, x] }\n  i: 1.50\nsteps: [{ id: a, uses: b.c }]\n",
    );
    let defaults: Vec<Option<String>> =
        playbook.vars.iter().map(|var| var.default.as_ref().map(Value::to_string)).collect();
    let expected = [
        Some("15"),
        Some("\"0911211211\""),
        Some("\"007\""),
        None,
        Some("[\"x\",1]"),
        Some("true"),
        None,
        Some("[\"007\",\"x\"]"),
        Some("1.50"),
    ];
    assert_eq!(defaults.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    let var = |name: &str| playbook.vars.iter().find(|var| var.name == name).unwrap();
    assert_eq!(var("a").read("16"), Ok(json!(16)));
    assert!(var("a").read("x").is_err());
    assert_eq!(var("b").read("0922"), Ok(json!("0922")));
    assert!(var("d").read("1.5").is_err());
    assert_eq!(var("e").read("p;q"), Ok(json!(["p", "q"])));
    assert_eq!(var("f").read("no"), Ok(json!(false)));
    assert_eq!(var("g").read("no"), Ok(json!("no")));
    assert!(var("f").sensitive && var("c").description.as_deref() == Some("d"));
    assert_eq!(
        messages("name: n\nvars: { a: '{{ row.x }}' }\nsteps: [{ id: a, uses: b.c }]\n"),
        [
            "template-place 2:12 A variable's default cannot hold a template | Put the template where the variable is used."
        ]
    );
}

#[test]
fn literals_keep_their_source_text() {
    let playbook = good(&around(
        "with:\n  phone: 0911211211\n  version: 1.50\n  answer: no\n  text: ''\n  blank:\n  list: [a, { b: '{{ row.x }}' }]\n  escaped: '\\{{ x }}'",
    ));
    let with = &playbook.steps[0].with;
    let literal = |key: &str| match &with.entries().iter().find(|(name, _)| name.text == key).unwrap().1.kind {
        TreeKind::Literal { text, plain } => format!("{text}/{plain}"),
        TreeKind::Null => "null".to_owned(),
        TreeKind::List(items) => format!("{} items", items.len()),
        TreeKind::Template(template) => format!("template {} {}", template.text(), template.is_constant()),
        other => format!("{other:?}"),
    };
    assert_eq!(literal("phone"), "0911211211/true");
    assert_eq!(literal("version"), "1.50/true");
    assert_eq!(literal("answer"), "no/true");
    assert_eq!(literal("text"), "/false");
    assert_eq!(literal("blank"), "null");
    assert_eq!(literal("list"), "2 items");
    assert_eq!(literal("escaped"), "template \\{{ x }} true");
    let mut seen = Vec::new();
    with.each_template(&mut |template, span| seen.push((template.text().to_owned(), span.start > 0)));
    assert_eq!(seen, [("{{ row.x }}".to_owned(), true), ("\\{{ x }}".to_owned(), true)]);
}

/// The example from the description of the language, without what is not built.
pub(super) const EXAMPLE: &str = r##"# yaml-language-server: $schema=../schemas/playbook.schema.json
version: 1
name: Onboard appointments
description: Creates each appointment, then adds its moderators and its publishers.
vars:
  branch: { type: string, default: "943", description: Branch that holds the appointment }
  business_id: 15
rows:
  from: appointments.csv
  key: out_task_num
  columns:
    out_task_num: { type: string, pattern: "^[A-Z0-9-]+$" }
    starts_at:    { from: 預約時間, type: datetime, timezone: Asia/Taipei }
    notify:       { type: boolean, default: false }
    moderators:   { type: list, separator: ";", min: 1 }
    remark:       { type: string, optional: true }
  lists:
    customers:
      from: customers.csv
      match: out_task_num
      min: 1
      columns: { id_num: { sensitive: true }, phone: { sensitive: true }, email: { optional: true } }
limits: { in_flight: 16, rate: 10/s }
waves: { sizes: [3, 10%], gate: 99% }
stop_when: { failed: 50, failed_ratio: 10%, unknown: 1, new_kind: true }
budget: { sms: 500 }
window: { days: Mon-Fri, hours: "09:00-18:00", timezone: Asia/Shanghai }
before: []
steps:
  - id: task
    name: Create the appointment
    uses: vendor.create_task
    with:
      business_id: "{{ vars.business_id }}"
      task_time: "{{ row.starts_at }}"
      task_type: normal
      video: true
    rollback:
      uses: vendor.update_status
      with: { task_num: "{{ steps.task.outputs.task_num }}", task_status: canceled }
  - id: moderators
    uses: vendor.add_moderator
    for_each: "{{ row.moderators }}"
    with: { task_num: "{{ steps.task.outputs.task_num }}", emp_id: "{{ item }}" }
    retry: { attempts: 5, delay: 500ms, max_delay: 30s }
    timeout: 20s
    on_failure: continue
  - id: publishers
    uses: vendor.add_publishers
    when: "{{ row.customers }}"
    with:
      task_num: "{{ steps.task.outputs.task_num }}"
      customer:
        - $each: "{{ row.customers }}"
          customer_name: "{{ item.name }}"
          customer_email: "{{ item.email }}"
    expect: ['{{ ne steps.publishers.outcome "warning" }}']
    until: { is: "{{ steps.publishers.outputs.ready }}", every: 2s, within: 2m }
    settings: { user_id: "{{ row.handler }}" }
    connection: second
    repeat: safe
after: []
results:
  task_num: "{{ steps.task.outputs.task_num }}"
"##;

#[test]
fn bounds_without_effect_are_reported() {
    let of =
        |lines: &str| messages(&format!("name: n\nrows: {{ key: id }}\nsteps: [{{ id: one, uses: a.b }}]\n{lines}"));
    for (lines, says) in [
        ("waves: { sizes: [] }", "bad-value 4:17 `sizes` must hold at least one size"),
        ("waves: { sizes: [0, 3] }", "bad-value 4:18 `sizes`: `0` is not the size of a wave"),
        ("waves: { sizes: [3, 101%] }", "bad-value 4:21 `sizes`: `101%` is not the size of a wave"),
        ("waves: { sizes: [[3]] }", "bad-value 4:18 `sizes`: a size must be a number of rows or a share"),
        ("waves: { gate: 99% }", "missing-key 4:8 `waves` needs the key `sizes`"),
        ("waves: { sizes: [3], gate: 990 }", "bad-value 4:28 `gate`: `990` is not a share"),
        ("waves: { sizes: [3], gates: 99% }", "Did you mean `gate`?"),
        ("waves: [3, 10%]", "bad-type 4:8 `waves` must be a map of keys"),
        ("stop_when: { new_kind: true }", "missing-key 4:24 `new_kind` needs `waves`"),
        ("stop_when: { new_kind: 1 }", "bad-type 4:24 `new_kind` must be `true` or `false`"),
        ("budget: 500", "bad-type 4:9 `budget` must be a map"),
        ("budget: { sms: many }", "bad-type 4:16 `sms` must be a whole number"),
        ("budget: { sms: -1 }", "bad-type 4:16 `sms` must be a whole number"),
        ("window: { hours: \"9-18\", timezone: UTC }", "bad-value 4:18 `hours`: `9-18` are not hours"),
        ("window: { days: Mon-Fryday, timezone: UTC }", "bad-value 4:17 `days`: `Fryday` is not a day: did you mean"),
        ("window: { timezone: Asia/Shangai }", "did you mean `Asia/Shanghai`?"),
        ("window: { day: Mon, timezone: UTC }", "Did you mean `days`?"),
    ] {
        let all = of(lines);
        assert!(all.iter().any(|message| message.contains(says)), "{lines}: {all:#?}");
    }
    let without_rows = messages("name: n\nsteps: [{ id: one, uses: a.b }]\nwaves: { sizes: [3] }");
    assert!(without_rows.join(" ").contains("bad-place 3:8 `waves` need `rows`"), "{without_rows:#?}");
}

#[test]
fn the_example_of_the_language_is_read_completely() {
    let playbook = good(EXAMPLE);
    assert_eq!(playbook.name, "Onboard appointments");
    assert_eq!(playbook.limits.in_flight, Some(16));
    assert_eq!(
        playbook.stop_when,
        StopWhen { failed: Some(50), failed_ratio: Some(0.1), unknown: Some(1), new_kind: true }
    );
    let waves = playbook.waves.as_ref().map(|waves| (waves.sizes.len(), waves.gate.to_string()));
    assert_eq!(waves, Some((2, "99%".to_owned())));
    assert_eq!(playbook.bounds().budget.get("sms"), Some(&500));
    let window = playbook.window.as_ref().map(ToString::to_string);
    assert_eq!(window.as_deref(), Some("Mon-Fri 09:00-18:00 Asia/Shanghai"));
    assert_eq!(playbook.rows.as_ref().map(|rows| (rows.columns.len(), rows.lists.len())), Some((5, 1)));
    let [task, moderators, publishers] = playbook.steps.as_slice() else { panic!() };
    assert_eq!(task.uses.value, "vendor.create_task");
    assert_eq!(task.rollback.as_ref().map(|rollback| rollback.with.entries().len()), Some(2));
    assert_eq!(moderators.on_failure, OnFailure::Continue);
    assert_eq!(moderators.timeout, Some(Duration::from_secs(20)));
    assert_eq!(moderators.retry, Some(Retry::default()));
    assert!(moderators.for_each.is_some() && publishers.when.is_some());
    assert_eq!(publishers.until.as_ref().map(|until| until.within), Some(Duration::from_secs(120)));
    assert_eq!(publishers.repeat.as_ref().map(|repeat| repeat.value), Some(Repeat::Safe));
    assert_eq!(publishers.connection.as_ref().map(|connection| connection.value.as_str()), Some("second"));
    let (_, customer) = &publishers.with.entries()[1];
    let TreeKind::List(items) = &customer.kind else { panic!() };
    let TreeKind::Each { list, body } = &items[0].kind else { panic!() };
    assert_eq!((list.text(), body.entries().len()), ("{{ row.customers }}", 2));
    assert_eq!(playbook.results.len(), 1);
    assert_eq!(playbook.all_steps().count(), 3);
}

#[test]
fn a_long_playbook_is_read_quickly_enough_to_notice_no_wait() {
    let mut text = "name: n\nrows: { key: id }\nsteps:\n".to_owned();
    for number in 0..300 {
        text.push_str(&format!(
            "  - id: s{number}\n    uses: a.b\n    with:\n      a: \"{{{{ row.a }}}}\"\n      b: \"x {{{{ row.b{number} }}}} y\"\n      c: \"{{{{ default row.c 'z' }}}}\"\n"
        ));
    }
    assert_eq!(good(&text).steps.len(), 300);
}
