//! What the parser refuses, how it expands aliases, and which spans it reports.

use super::*;
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::model::Value;
use serde_json::json;

/// The first message of a text that must have one: `code line:column message`.
fn problem(text: &str) -> String {
    let mut all = Diagnostics::new();
    parse(&Source::new("f.yaml", text), &mut all);
    all.iter()
        .next()
        .map(|found| {
            let place = &found.places[0].0;
            let help = found.help.as_deref().map(|help| format!(" | {help}")).unwrap_or_default();
            format!("{} {}:{} {}{help}", found.code, place.line, place.column, found.message)
        })
        .unwrap_or_default()
}

fn value(text: &str) -> Value {
    let mut all = Diagnostics::new();
    let node = parse(&Source::new("f.yaml", text), &mut all);
    assert!(all.is_empty(), "{}", all.render(false, 80));
    node.unwrap().to_value()
}

#[test]
fn broken_texts_say_where() {
    const EMPTY: &str = "yaml-empty 1:1 `f.yaml` holds nothing | Write the keys that the file needs; `runsheet new DIR` writes files to begin with.";
    for (text, expected) in [
        ("", EMPTY),
        ("# only a comment\n", EMPTY),
        ("a: 1\na: 2\n", "duplicate-key 2:1 The key `a` stands twice | Keep one of them."),
        (
            "a: 1\n---\nb: 2\n",
            "yaml-documents 2:1 The file holds more than one document | Keep what follows `---` in a file of its own.",
        ),
        (
            "? [a]\n: 1\n",
            "yaml-key 1:3 A key must be a text, and this is a list or a map | Write a plain text as the key, such as `name:`.",
        ),
        (": 1\n", "yaml-key 1:1 A key is missing here | Write one ahead of the `:`."),
        (
            "a: !secret x\n",
            "yaml-tag 1:12 The tag `!secret` is not known here | Take it out, or quote a value that is text.",
        ),
        (
            "a: !!set {}\n",
            "yaml-tag 1:10 The tag `!!set` is not known here | Take it out, or quote a value that is text.",
        ),
        ("a: &x [1, *x]\n", "yaml-alias 1:11 An alias cannot stand inside what it names | Write the value out."),
        (
            "a: &x 1\n<<: *x\n",
            "yaml-merge 2:5 `<<` takes a map or a list of maps | Name a map with an anchor and merge that: `<<: *name`.",
        ),
        (
            "a: {{ row.x }}\n",
            "yaml-key 1:5 A key must be a text, and this is a list or a map | Put quotes around a value that begins with a template: `key: \"{{ … }}\"`.",
        ),
    ] {
        assert_eq!(problem(text), expected, "{text:?}");
    }
}

#[test]
fn syntax_errors_carry_the_parsers_reason() {
    for (text, place) in [
        ("a: [1\nb: 2\n", "2:"),
        ("a: \"x\nb: 2\n", "2:1"),
        ("a:\n\t- b\n", "2:1"),
        ("a:\n  - b: c\n\td: e\n", "3:1"),
        ("a: b: c\n", "1:5"),
        ("a: *nobody\n", "1:4"),
        ("a: @x\n", "1:4"),
        ("\u{feff}a: [\n", "1:4"),
        ("- 1\nb: 2\n", "2:1"),
    ] {
        let found = problem(text);
        assert!(found.starts_with(&format!("yaml-syntax {place}")), "{text:?}: {found}");
        assert!(found.contains("This is not valid YAML: "), "{found}");
    }
    for (text, cure) in [
        ("a:\n\t- b\n", "Indent with blanks, never with tabs."),
        ("a: x\0y\n", "Take the character away"),
        ("a: `x`\n", "Put quotes around a value"),
        ("a: *nobody\n", "Put quotes around a text that begins with `*`"),
        ("a: 1\n\u{feff}b: 2\n", "byte-order mark"),
        ("a: \"x\nb: 2\n", "Close the quotes"),
        ("a: [1\n", "Close the bracket"),
        ("a: \"C:\\dir\"\n", "Write `\\\\` for a backslash"),
        ("name：x\nb: 2\n", "The full-width `：`"),
        ("a: b: c\n", "Put quotes around a value that holds `: `"),
        ("a: 1\n b: 2\n", "in the same column"),
        ("a:\n\u{a0}\u{a0}b: 1\n", "Indent with plain blanks."),
    ] {
        let found = problem(text);
        assert!(found.starts_with("yaml-syntax") && found.contains(cure), "{text:?}: {found}");
    }
    let unquoted = problem("a: {{ default row.x \"y\" }}\n");
    assert!(unquoted.contains("Put quotes around"), "{unquoted}");
}

#[test]
fn hostile_sizes_are_refused() {
    let deep = format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(problem(&deep).starts_with("yaml-depth"), "{}", problem(&deep));
    let blocks: String = (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(problem(&blocks).starts_with("yaml-depth"), "{}", problem(&blocks));
    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    assert!(problem(&bomb).starts_with("yaml-size"), "{}", problem(&bomb));
    let mut tower = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        tower.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert!(problem(&tower).starts_with("yaml-depth"), "{}", problem(&tower));
    let long = format!("base: &b {}\nall: [{}]\n", "x".repeat(1_000_000), "*b, ".repeat(100));
    assert!(problem(&long).starts_with("yaml-size"), "{}", problem(&long));
}

#[test]
fn every_duplicate_is_reported_and_the_first_stays() {
    let mut all = Diagnostics::new();
    let source = Source::new("f.yaml", "a: 1\nb: {c: 1, c: 2}\na: 3\n\"b\": 4\n");
    let node = parse(&source, &mut all);
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|found| found.code == "duplicate-key" && found.places.len() == 2));
    assert_eq!(node.map(|node| node.to_value()), Some(json!({"a": 1, "b": {"c": 1}})));
}

#[test]
fn scalars_keep_their_source_text() {
    let source = "phone: 0911211211\nversion: 1.50\nanswer: no\nid: 123456789012345678901234567890\nday: 2026-03-01\nexp: 6183e12\n";
    let expected = json!({
        "phone": "0911211211", "version": 1, "answer": "no", "id": 1, "day": "2026-03-01", "exp": "6183e12"
    });
    let read = value(source);
    for key in ["phone", "answer", "day", "exp"] {
        assert_eq!(read[key], expected[key]);
    }
    assert_eq!(read["version"].to_string(), "1.50");
    assert_eq!(read["id"].to_string(), "123456789012345678901234567890");
}

#[test]
fn quotes_and_tags_make_texts() {
    assert_eq!(
        value("a: \"1\"\nb: '~'\nc: !!str 5\nd: ! 6\ne: \"\"\nf: |\n  x\n  y\ng: >-\n  p\n  q\nh: !!int 7\n"),
        json!({"a": "1", "b": "~", "c": "5", "d": "6", "e": "", "f": "x\ny\n", "g": "p q", "h": 7})
    );
}

#[test]
fn an_empty_scalar_is_null() {
    let read = value("a:\nb: ~\nc: null\n");
    assert_eq!((&read["a"], &read["b"], &read["c"]), (&Value::Null, &Value::Null, &Value::Null));
    let mut all = Diagnostics::new();
    let node = parse(&Source::new("f", "a:\nb: '~'"), &mut all).unwrap();
    assert!(node.get("a").is_some_and(Node::is_null));
    assert!(!node.get("b").is_some_and(Node::is_null));
    assert_eq!(node.get("a").and_then(Node::as_text), Some(""));
}

#[test]
fn aliases_and_merge_keys_are_expanded() {
    assert_eq!(value("a: &x {k: 1}\nb: *x\n"), json!({"a": {"k": 1}, "b": {"k": 1}}));
    assert_eq!(
        value("base: &b {k: 1, l: 2}\nmore: &m {l: 3, m: 4}\nc:\n  l: 0\n  <<: [*m, *b]\n")["c"],
        json!({"l": 0, "m": 4, "k": 1})
    );
    assert_eq!(value("a: &k name\n*k : 1\n"), json!({"a": "name", "name": 1}));
    assert_eq!(value("\"<<\": 1\n"), json!({"<<": 1}));
}

#[test]
fn line_ends_and_byte_order_marks_are_accepted() {
    assert_eq!(value("\u{feff}a: 1\r\nb:\r\n  - x\r\n"), json!({"a": 1, "b": ["x"]}));
    let mut all = Diagnostics::new();
    let source = Source::new("f", "\u{feff}a: 1\r\nb: yes\r\n");
    let node = parse(&source, &mut all).unwrap();
    let span = node.get("b").unwrap().span;
    assert_eq!(&source.text()[span.start..span.end], "yes");
    let place = source.place(span);
    assert_eq!((place.line, place.column, place.text.as_str()), (2, 4, "b: yes"));
}

#[test]
fn pieces_of_scalars_are_found_in_the_file() {
    let found = |text: &str, piece: &str, nth: usize| {
        let source = Source::new("f", text);
        let node = parse(&source, &mut Diagnostics::new()).unwrap();
        let scalar = node.get("a").unwrap();
        let inner = scalar.as_text().unwrap();
        let (at, _) = inner.match_indices(piece).nth(nth).unwrap();
        let place = source.place(scalar.span_within(&source, Span::new(at, at + piece.len())));
        (place.line, place.column)
    };
    assert_eq!(found("a: x {{ row.y }}", "row.y", 0), (1, 9));
    assert_eq!(found("a: \"x {{ row.y }}\"", "row.y", 0), (1, 10));
    assert_eq!(found("a: \"\\t\\n {{ row.y }} {{ row.y }}\"", "row.y", 1), (1, 25));
    assert_eq!(found("a: |\n  one\n  {{ row.y }}\n", "row.y", 0), (3, 6));
    assert_eq!(found("a: >\n  one\n  {{ row.y }}\n", "row.y", 0), (3, 6));
    assert_eq!(found("a: 'it''s {{ row.y }}'", "row.y", 0), (1, 14));
    assert_eq!(found("a: \"\\x41\"", "A", 0), (1, 4));
}

#[test]
fn maps_and_lists_have_spans() {
    let source = Source::new("f", "a:\n  - b: 1\n    c: [x, {y: z}]\n");
    let node = parse(&source, &mut Diagnostics::new()).unwrap();
    let NodeKind::List(items) = &node.get("a").unwrap().kind else { panic!() };
    assert_eq!(source.place(items[0].span).line, 2);
    let NodeKind::List(inner) = &items[0].get("c").unwrap().kind else { panic!() };
    assert_eq!((source.place(inner[1].span).line, source.place(inner[1].span).column), (3, 12));
}
