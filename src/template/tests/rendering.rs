//! What templates render, and what they refuse.

use crate::model::{Value, deferred};
use crate::template::{Name, Scope, Templates};
use serde_json::json;

fn scope() -> Scope {
    let mut scope = Scope::new();
    scope.set(
        "row",
        json!({
            "name": "Ann", "blank": null, "empty": "", "no": false, "zero": 0, "big": 0, "list": ["a", "b"],
            "none": [], "map": {"k": 1, "l": "x"}, "hostile": "{{ vars.secret }} \\ \" <b> 'x'",
            "Agent/Id": "A1", "預約時間": "9:00", "people": [{"name": "Bo", "tags": ["p", "q"]}, {"name": "Cy", "tags": []}]
        }),
    );
    scope.set("vars", json!({"secret": "s3cret", "row": "shadow"}));
    scope.set_path(&["row", "big"], serde_json::from_str("123456789012345678901234567890").unwrap());
    scope.set_path(&["steps", "done"], json!({"outcome": "succeeded", "outputs": {"num": "T1"}, "body": {"a": [1]}}));
    scope.set_path(&["steps", "skipped"], json!({"outcome": "skipped", "outputs": null, "body": null, "items": null}));
    scope.set_path(&["steps", "later"], json!({"outcome": deferred(), "outputs": deferred(), "body": deferred()}));
    scope.set("run", json!({"id": "r1", "started_at": "2026-01-15T08:00:00Z"}));
    scope
}

fn render(text: &str) -> Result<Value, String> {
    let mut templates = Templates::new();
    let template = templates.compile(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    template.render(&templates, &scope()).map_err(|error| error.message)
}

/// The message of a text that must not compile, with what it points at.
fn refused(text: &str) -> String {
    match Templates::new().compile(text) {
        Ok(_) => panic!("{text} compiles"),
        Err(error) => {
            let help = error.help.map(|help| format!(" | {help}")).unwrap_or_default();
            format!("[{}] {}{help}", &text[error.span.start..error.span.end], error.message)
        }
    }
}

#[test]
fn a_missing_name_is_an_error_wherever_it_stands() {
    for text in [
        "{{ row.nme }}",
        "x {{ row.nme }}",
        "{{#if row.nme}}x{{/if}}",
        "{{#unless row.nme}}x{{/unless}}",
        "{{#with row.nme}}x{{/with}}",
        "{{#each row.nme}}x{{/each}}",
        "{{ or row.name row.nme }}",
        "{{ and row.no row.nme }}",
        "{{ default row.nme \"x\" }}",
        "{{ coalesce row.name row.nme }}",
        "{{ eq row.nme null }}",
        "{{ not row.nme }}",
        "{{ lookup row.nme \"x\" }}",
        "{{ concat \"a\" (lower row.nme) }}",
        "{{#if row.no}}x{{else if row.nme}}y{{/if}}",
        "{{#each row.list}}{{ row.name }}{{/each}}",
        "{{#each row.list}}{{ this.x }}{{/each}}",
        "{{#with row.map}}{{ z }}{{/with}}",
        "{{ rows.name }}",
        "{{ row.list.2 }}",
        "{{ row.list.x }}",
        "{{ row.name.x }}",
        "{{ row.blank.x }}",
        "{{ steps.done.outputs.nmu }}",
        "{{ steps.never.outputs }}",
        "{{ item }}",
    ] {
        let message = render(text).unwrap_err();
        assert!(message.contains("is not there"), "{text}: {message}");
    }
}

#[test]
fn a_missing_name_gets_a_hint() {
    assert_eq!(render("{{ row.nme }}").unwrap_err(), "`row.nme` is not there: did you mean `name` for `nme`?");
    assert_eq!(render("{{ rwo.name }}").unwrap_err(), "`rwo.name` is not there: did you mean `row` for `rwo`?");
    assert_eq!(
        render("{{ row.list.7 }}").unwrap_err(),
        "`row.list.7` is not there: the list has 2 elements, counted from 0"
    );
    assert_eq!(render("{{ row.blank.x }}").unwrap_err(), "`row.blank.x` is not there: what should hold `x` is null");
    assert!(render("{{#with row.map}}{{ row.name }}{{/with}}").unwrap_err().contains("write `@root.row.name`"));
}

#[test]
fn a_branch_not_taken_is_not_evaluated() {
    assert_eq!(render("{{#if row.no}}{{ row.nme }}{{else}}y{{/if}}"), Ok(json!("y")));
    assert_eq!(render("{{#each row.none}}{{ x }}{{else}}none{{/each}}"), Ok(json!("none")));
}

#[test]
fn every_name_below_a_skipped_step_is_null() {
    for text in
        ["{{ steps.skipped.outputs.x }}", "{{ steps.skipped.body.a.0.b }}", "{{ steps.skipped.items.0.outputs.x }}"]
    {
        assert_eq!(render(text), Ok(json!(null)), "{text}");
    }
    assert_eq!(render("<{{ steps.skipped.outputs.x }}>"), Ok(json!("<>")));
    assert_eq!(render("{{ default steps.skipped.outputs.x \"d\" }}"), Ok(json!("d")));
    assert_eq!(render("{{#if steps.skipped.outputs.x}}a{{else}}b{{/if}}"), Ok(json!("b")));
}

#[test]
fn a_value_that_is_not_known_yet_defers_the_whole_text() {
    for text in [
        "{{ steps.later.outputs }}",
        "{{ steps.later.outputs.num }}",
        "no {{ steps.later.outputs.num }} yet",
        "{{ lower steps.later.outputs.num }}",
        "{{#if steps.later.outcome}}x{{/if}}",
        "{{#each steps.later.body.items}}{{ x }}{{/each}}",
        "{{#with steps.later.body}}{{ x }}{{/with}}",
        "{{ eq (lower steps.later.outputs.num) \"x\" }}",
    ] {
        assert_eq!(render(text), Ok(deferred()), "{text}");
    }
    assert_eq!(render("{{#if row.no}}{{ steps.later.outputs.num }}{{/if}}x"), Ok(json!("x")));
}

#[test]
fn a_whole_expression_keeps_its_type() {
    for (text, value) in [
        ("{{ row.blank }}", json!(null)),
        ("{{row.no}}", json!(false)),
        ("{{~ row.zero ~}}", json!(0)),
        ("{{{ row.list }}}", json!(["a", "b"])),
        ("{{& row.map }}", json!({"k": 1, "l": "x"})),
        ("{{! a note }}{{ row.list }}", json!(["a", "b"])),
        ("{{ len row.list }}", json!(2)),
        ("{{ (len row.list) }}", json!(2)),
        ("{{ row.[Agent/Id] }}", json!("A1")),
        ("{{ row.預約時間 }}", json!("9:00")),
        ("{{ row.list.1 }}", json!("b")),
        ("{{ now }}", json!("2026-01-15T08:00:00Z")),
        ("{{ @root.row.name }}", json!("Ann")),
        ("{{ eq 1 1 }}", json!(true)),
    ] {
        assert_eq!(render(text), Ok(value), "{text}");
    }
    assert_eq!(render("{{ row.big }}").unwrap().to_string(), "123456789012345678901234567890");
    assert_eq!(render("{{ default row.blank 1.50 }}").unwrap().to_string(), "1.50");
}

#[test]
fn anything_else_is_text() {
    for (text, value) in [
        ("", ""),
        ("plain", "plain"),
        (" {{ row.zero }}", " 0"),
        ("{{ row.zero }}\n", "0\n"),
        ("{{ row.name }}{{ row.zero }}", "Ann0"),
        ("{{ row.blank }}{{ row.empty }}", ""),
        ("<{{ row.no }}>", "<false>"),
        ("<{{ row.list }}>", "<[\"a\",\"b\"]>"),
        ("<{{ row.map }}>", "<{\"k\":1,\"l\":\"x\"}>"),
        ("n={{ row.big }}", "n=123456789012345678901234567890"),
        ("{{#if row.name}}1{{/if}}", "1"),
        ("\\{{ row.name }}", "{{ row.name }}"),
        ("a \\{{x}} {{ row.name }} \\{{y}}", "a {{x}} Ann {{y}}"),
        ("\\\\{{ row.name }}", "\\Ann"),
        ("{ {x} }", "{ {x} }"),
        ("}}", "}}"),
    ] {
        assert_eq!(render(text), Ok(json!(value)), "{text}");
    }
}

#[test]
fn the_content_of_a_cell_is_never_compiled_and_never_escaped() {
    let cell = "{{ vars.secret }} \\ \" <b> 'x'";
    assert_eq!(render("{{ row.hostile }}"), Ok(json!(cell)));
    assert_eq!(render("<{{ row.hostile }}>"), Ok(json!(format!("<{cell}>"))));
    assert_eq!(render("{{ concat row.hostile }}"), Ok(json!(cell)));
    assert_eq!(render("{{#with row.hostile}}{{ this }}{{/with}}"), Ok(json!(cell)));
}

#[test]
fn blocks_go_through_lists_and_maps() {
    for (text, value) in [
        ("{{#each row.list}}{{ @index }}{{ this }}{{#unless @last}},{{/unless}}{{/each}}", "0a,1b"),
        ("{{#each row.map}}{{ @key }}={{ this }}{{#if @first}};{{/if}}{{/each}}", "k=1;l=x"),
        ("{{#each row.list as |x i|}}{{ i }}{{ x }}{{ @root.row.name }}{{/each}}", "0aAnn1bAnn"),
        ("{{#each row.people}}{{ name }}:{{#each tags}}{{ this }}{{ ../name }}{{/each}};{{/each}}", "Bo:pBoqBo;Cy:;"),
        (
            "{{#each row.people as |p|}}{{#each p.tags}}{{ @../index }}{{ p.name }}{{ @index }}{{/each}}{{/each}}",
            "0Bo00Bo1",
        ),
        ("{{#with row.map}}{{ k }}{{ ../row.name }}{{/with}}", "1Ann"),
        ("{{#with row.map as |m|}}{{ m.k }}{{ @root.vars.row }}{{/with}}", "1shadow"),
        ("{{#with row.blank}}x{{else}}y{{/with}}", "y"),
        ("{{#if row.zero}}a{{else if row.empty}}b{{else if row.name}}c{{else}}d{{/if}}", "c"),
        ("{{#each row.list}}{{#if @first}}{{ this }}{{ ../row.name }}{{/if}}{{/each}}", "aAnn"),
        ("{{#each (split \"x;y\" \";\")}}[{{ this }}]{{/each}}", "[x][y]"),
        ("{{#each row.blank}}x{{/each}}", ""),
    ] {
        assert_eq!(render(text), Ok(json!(value)), "{text}");
    }
    assert!(render("{{#each row.name}}x{{/each}}").unwrap_err().contains("`each` goes through a list or a map"));
}

#[test]
fn constructs_outside_the_language_are_refused() {
    for (text, expected) in [
        ("{{> part}}", "[{{] Partials `{{> …}}` are not part of the language"),
        ("{{ > part}}", "[{{ ] Partials `{{> …}}` are not part of the language"),
        ("{{#> part}}x{{/part}}", "[{{] Partials and decorators are not part of the language"),
        ("{{* deco}}", "[{{] Decorators `{{* …}}` are not part of the language"),
        ("{{#*inline \"x\"}}y{{/inline}}", "[{{] Partials and decorators are not part of the language"),
        (
            "{{{{raw}}}}x{{{{/raw}}}}",
            "[{{{{] Raw blocks `{{{{…}}}}` are not part of the language | Write `\\{{` for braces as text.",
        ),
        ("{{ log row.x }}", "[log] `log` is not part of the language"),
        ("{{#log row.x}}{{/log}}", "[log] There is no block `log` | The blocks are `if`, `unless`, `each` and `with`."),
        ("{{#wiht row.x}}{{/wiht}}", "[wiht] There is no block `wiht` | Did you mean `{{#with …}}`?"),
        (
            "{{#lower row.x}}{{/lower}}",
            "[lower] `lower` is not a block | The blocks are `if`, `unless`, `each` and `with`.",
        ),
        ("{{ lowr row.x }}", "[lowr] There is no helper `lowr` | Did you mean `lower`?"),
        ("{{ if row.x }}", "[if] `if` is a block | Write `{{#if …}}…{{/if}}`."),
        ("{{ concat (if row.x) }}", "[if] `if` is a block | Write `{{#if …}}…{{/if}}`."),
        ("{{ lower }}", "[lower] `lower` takes one value, and here there is none | Write `lower TEXT`."),
        ("{{ eq 1 2 3 }}", "[eq] `eq` takes 2 values, and here there are 3 | Write `eq A B`."),
        (
            "{{ default row.x fallback=1 }}",
            "[default] `default` takes values by their place, not by name | Write `default VALUE FALLBACK`.",
        ),
        ("{{#if a b}}{{/if}}", "[if] `if` takes one value, and here there are 2"),
        (
            "{{ this }}",
            "[this] `this` means nothing here | Write a name, such as `row.name`; inside `each`, `this` is the element.",
        ),
        ("{{ ../row.x }}", "[../row.x] `../` leads out of every block here"),
        (
            "{{#with row.x}}{{ @index }}{{/with}}",
            "[@index] `@` names count the elements of `each`, and this is outside of one",
        ),
        (
            "{{#each row.x}}{{ @idx }}{{/each}}",
            "[@idx] The `@` names are `@index`, `@key`, `@first`, `@last` and `@root`",
        ),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
}

#[test]
fn broken_templates_say_where_and_what_to_do() {
    for (text, expected) in [
        (
            "a {{ row.x",
            "[{{] This template is not closed | Close it with `}}`, or write `\\{{` where the braces are text.",
        ),
        (
            "a {{ row.x }",
            "[{{] This template is not closed | Close it with `}}`, or write `\\{{` where the braces are text.",
        ),
        (
            "{{! note",
            "[{{] This template is not closed | Close it with `}}`, or write `\\{{` where the braces are text.",
        ),
        ("{{ eq row.x \"a }}", "[\"] This quote is not closed | Close the text with the same quote."),
        ("x {{#if row.x}} y", "[{{#] This block is not closed | Close it with `{{/…}}`, such as `{{/if}}`."),
        ("{{#if row.x}}a{{/each}}", "[{{/each}}] A block opened with `if` is closed with `each`"),
        (
            "a {{}} b",
            "[{{}}] This template cannot be read | Write a name between the braces, such as `{{ row.name }}`.",
        ),
        (
            "a {{ row.x == 1 }} b",
            "[{{ row.x == 1 }}] This template cannot be read | Compare and combine with helpers: `{{ eq row.a \"x\" }}`, `{{ and row.a row.b }}`.",
        ),
        (
            "{{ row.x + 1 }}",
            "[{{ row.x + 1 }}] This template cannot be read | Calculate with a helper: `{{ add row.deadline \"30d\" }}`.",
        ),
        ("{{ \"x\" }}", "[{{ \"x\" }}] This template cannot be read | A text needs no braces: write it as it is."),
        ("{{ eq row.x 007 }}", "[007] `007` is not a value: write numbers as in JSON, texts in quotes"),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
    assert!(refused("x {{/if}}").contains("This template cannot be read"));
    assert!(refused("{{ row.x }} {{ else }}").contains("This template cannot be read"));
}

#[test]
fn hostile_texts_are_refused_not_obeyed() {
    for text in [
        format!("{{{{ {} row.x {} }}}}", "(lower ".repeat(5_000), ")".repeat(5_000)),
        format!("{{{{ json {}1{} }}}}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}x{}", "{{#if row.x}}".repeat(5_000), "{{/if}}".repeat(5_000)),
    ] {
        assert!(refused(&text).contains("nested deeper than"), "{}", &text[..40]);
    }
    let long = format!("{}{{{{ row.x }}}}", "x".repeat(300 * 1024));
    assert!(refused(&long).contains("256 KiB"));
    // A long text without templates is no template.
    assert_eq!(render(&"x".repeat(300 * 1024)), Ok(json!("x".repeat(300 * 1024))));
}

#[test]
fn helpers_say_what_does_not_fit() {
    for (text, message) in [
        ("{{ lower row.list }}", "`lower`: value 1 must be a text, and it is a list"),
        ("{{ join row.name \",\" }}", "`join`: value 1 must be a list, and it is a text"),
        ("{{ split row.name \"\" }}", "`split`: the separator must not be empty"),
        ("{{ replace row.name \"\" \"x\" }}", "`replace`: what is replaced must not be empty"),
        ("{{ len 5 }}", "`len`: it takes a list, a map or a text, and this is a number"),
        ("{{ gt row.list 1 }}", "`gt`: lists and maps have no order"),
        ("{{ lt row.blank 1 }}", "`lt`: null has no order; ask for it first, or give a `default`"),
        ("{{ find row.people \"name\" \"Zed\" }}", "`find`: no element whose `name` is `Zed` among 2"),
        ("{{ find row.list \"name\" \"a\" }}", "`find`: no element whose `name` is `a` among 2"),
        ("{{ add \"2026-03-01\" \"5h\" }}", "`add`: a day takes whole days, such as `\"30d\"`"),
        ("{{ add \"2026-03-01\" 5 }}", "`add`: a time takes a span with its unit, such as `\"30d\"`"),
        ("{{ unix \"2026-03-01\" }}", "`unix`: a day alone is not an instant: say which with `end_of_day DAY ZONE`"),
        (
            "{{ parse_time \"2026/3/1 9:00\" \"YYYY/M/D H:mm\" }}",
            "`parse_time`: a time of day needs a zone: give one as the third value, such as `\"Asia/Taipei\"`",
        ),
        (
            "{{ parse_time \"2026/10/25 2:30\" \"YYYY/M/D H:mm\" \"Europe/Berlin\" }}",
            "`parse_time`: there is no such time in that zone, or there are two: its clocks are changed then",
        ),
        ("{{ parse_time \"x\" \"YYYY/M/D\" }}", "`parse_time`: `x` is not a date spelled `YYYY/M/D`"),
        ("{{ format_time \"2026-03-01\" \"H:mm\" }}", "`format_time`: a day has no time of day to spell"),
        (
            "{{ end_of_day \"2026-03-01\" \"Taipei\" }}",
            "`end_of_day`: `Taipei` is not a time zone: write one such as `Asia/Taipei` or `+08:00`",
        ),
    ] {
        assert_eq!(render(text).unwrap_err(), message, "{text}");
    }
    assert!(render("{{ add \"tomorrow\" \"1d\" }}").unwrap_err().contains("`tomorrow` is not a time"));
    assert!(render("{{ add now \"1 year\" }}").unwrap_err().contains("is not a duration"));
    assert!(render("{{ add now \"99999w\" }}").is_ok());
    assert!(render("{{ add now \"9999999w\" }}").unwrap_err().contains("out of range"));
    assert!(render("{{ find row.people \"x\" null }}").is_err());
}

#[test]
fn ids_follow_the_identity() {
    let mut templates = Templates::new();
    let template = templates.compile("{{ uuid \"order\" }}").unwrap();
    let id = |identity: &str| {
        let mut scope = Scope::new();
        scope.set_identity(identity);
        template.render(&templates, &scope).unwrap()
    };
    assert_eq!(id("run/row/step"), id("run/row/step"));
    assert_ne!(id("run/row/step"), id("run/row/step/1"));
    assert_eq!(
        id("a").as_str().map(|id| (id.len(), &id[14..15])).map(|(len, version)| (len, version == "4")),
        Some((36, true))
    );
}

#[test]
fn names_used_from_the_top_are_listed_with_their_places() {
    let names = |text: &str| {
        let template = Templates::new().compile(text).unwrap();
        let shown = |name: &Name| format!("{}@{}", name.path.join("."), &text[name.span.start..name.span.end]);
        template.names().iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(names("x"), [""; 0]);
    assert_eq!(names("{{ now }}"), [""; 0]);
    assert_eq!(names("{{ concat \"row.a\" row.a 'row.b' row.b }}"), ["row.a@row.a", "row.b@row.b"]);
    assert_eq!(names("{{ row.[a b] }}{{ row.x }}"), ["row.a b@row.[a b]", "row.x@row.x"]);
    assert_eq!(
        names("{{#each row.list as |x i|}}{{ x.a }}{{ i }}{{ this }}{{ b }}{{ ../vars.c }}{{ @root.run.id }}{{/each}}"),
        ["row.list@row.list", "vars.c@../vars.c", "run.id@@root.run.id"]
    );
    assert_eq!(
        names("{{#if (eq row.a 1)}}{{ row.b }}{{else if row.c}}{{ row.d }}{{else}}{{ row.a }}{{/if}}"),
        ["row.a@row.a", "row.b@row.b", "row.c@row.c", "row.d@row.d", "row.a@row.a"]
    );
    let text = "{{ row.a }} {{ row.a }}";
    let template = Templates::new().compile(text).unwrap();
    assert_eq!(template.names().iter().map(|name| name.span.start).collect::<Vec<_>>(), [3, 15]);
}

#[test]
fn a_text_is_compiled_once_and_shared() {
    let mut templates = Templates::new();
    let first = templates.compile("{{ row.x }}").unwrap();
    let again = templates.compile("{{ row.x }}").unwrap();
    assert!(std::ptr::eq(first.text(), again.text()));
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&templates);
    shared(&first);
    assert!(first.is_whole() && !first.is_constant());
    assert!(templates.compile("x").is_ok_and(|plain| plain.is_constant() && !plain.is_whole()));
}
