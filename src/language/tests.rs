//! Reading the keys of a map: every wrong value is reported, right ones are read.

use std::time::Duration;

use super::limits::LIMITS;
use super::playbook::LENGTH;
use super::shape::{Key, KeyMap, Shape, key, word};
use super::{Fields, WordDoc};
use crate::diagnostic::{Diagnostics, Source};
use crate::model::{assert_read, words};
use crate::yaml::parse;

static THING: KeyMap =
    KeyMap { name: "thing", what: "a thing", doc: "A map of this test.", keys: &KEYS, rules: &[], example: "{}" };

const PAINTS: [WordDoc; 3] = [word("red", "Red"), word("blue", "Blue"), word("gold", "Gold")];

const SOME_PAINTS: [WordDoc; 2] = [word("red", "Red"), word("blue", "Blue")];

const KEYS: [Key; 14] = [
    key("t", Shape::Text, "A text", "t: a"),
    key("b", Shape::Bool, "A flag", "b: true"),
    key("i", Shape::Count { least: 0, most: None }, "A number", "i: 1"),
    key("d", Shape::Duration, "A duration", "d: 1s"),
    key("r", Shape::Rate, "A rate", "r: 1/s"),
    key("c", Shape::Words(&PAINTS), "A word", "c: red"),
    key("s", Shape::Words(&SOME_PAINTS), "A word", "s: red"),
    key("l", Shape::Map(&LIMITS), "Limits", "l: { in_flight: 1 }"),
    key("p", Shape::Share, "A share", "p: 10%"),
    key("q", Shape::Share, "A share", "q: 10%"),
    key("e", Shape::Text, "A text that must be there", "e: a").required(),
    key("n", Shape::Any, "Anything", "n: 1"),
    key("missing", Shape::Map(&LENGTH), "A map that must be there", "missing: {}").required(),
    key("later", Shape::Text, "A key that is planned", "later: a").not_built("`later` is not built yet"),
];

words! {
    /// A list of words.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Paint {
        Red = "red",
        Blue = "blue",
        Gold = "gold",
    }
}

fn messages(text: &str, read: impl FnOnce(&mut Fields<'_, '_>)) -> Vec<String> {
    let source = Source::new("f", text);
    let mut all = Diagnostics::new();
    let node = parse(&source, &mut all).unwrap();
    if let Some(mut fields) = Fields::open(&node, &source, &mut all, &THING) {
        read(&mut fields);
        fields.finish();
    }
    let place =
        |found: &crate::diagnostic::Diagnostic| format!("{}:{}", found.places[0].0.line, found.places[0].0.column);
    all.iter().map(|found| format!("{} {} {} {:?}", found.code, place(found), found.message, found.help)).collect()
}

#[test]
fn anything_but_a_map_is_refused() {
    let all = messages("[1]", |_| panic!());
    assert!(all[0].starts_with("bad-type 1:1 A thing must be a map of keys, and this is a list Some"), "{all:?}");
    assert!(all[0].contains("The keys are `t`, `b`"), "{all:?}");
}

#[test]
fn every_wrong_value_is_reported() {
    let all = messages(
        "t: [x]\nb: maybe\ni: -1\nd: 5 years\nr: 20\nc: rde\nl: {in_flight: 0, rate: x, z: 1}\np: 110%\ne: ''\nxx: 1\n",
        |fields| {
            assert_eq!(fields.text("t"), None);
            assert_eq!(fields.bool("b"), None);
            assert_eq!(fields.integer("i"), None);
            assert_eq!(fields.duration("d"), None);
            assert_eq!(fields.rate("r"), None);
            assert_eq!(fields.choice::<Paint>("c"), None);
            assert!(fields.limits("l").is_some());
            assert_eq!(fields.ratio("p"), None);
            assert_eq!(fields.required_text("e"), None);
            assert!(fields.required("missing").is_none());
        },
    );
    let codes: Vec<&str> = all.iter().map(|line| line.split(" None").next().unwrap_or(line)).collect();
    assert_eq!(all.len(), 13, "{codes:#?}");
    assert!(all[5].contains("Did you mean `red`?"));
    assert!(all[12].contains("unknown-key 10:1 `xx` is no key of a thing"), "{}", all[12]);
}

#[test]
fn valid_values_are_read() {
    let all = messages(
        "t: 0911\nb: True\ni: 12\nd: 1.5s\nr: 100/20s\nc: blue\nl: {in_flight: 3}\np: 10%\nq: 0.5\nn: ~\n",
        |fields| {
            assert_eq!(fields.text("t").as_deref(), Some("0911"));
            assert_eq!(fields.bool("b"), Some(true));
            assert_eq!(fields.integer("i"), Some(12));
            assert_eq!(fields.duration("d"), Some(Duration::from_millis(1500)));
            assert_eq!(fields.rate("r").map(|rate| rate.to_string()).as_deref(), Some("100/20s"));
            assert_eq!(fields.choice("c"), Some(Paint::Blue));
            assert_eq!(fields.limits("l").and_then(|limits| limits.in_flight), Some(3));
            assert_eq!(fields.ratio("p"), Some(0.1));
            assert_eq!(fields.ratio("q"), Some(0.5));
            assert!(fields.node("n").is_none() && fields.entry("n").is_some());
        },
    );
    assert!(all.is_empty(), "{all:?}");
}
#[test]
fn a_choice_reads_each_word_to_its_variant() {
    assert_read::<Paint>(|word| {
        let mut read = None;
        messages(&format!("c: {word}\n"), |fields| read = fields.choice("c"));
        read
    });
}

#[test]
fn a_restricted_choice_lists_and_accepts_only_its_words() {
    let all = messages("s: gold\n", |fields| {
        assert_eq!(fields.choice_among("s", |paint: Paint| paint != Paint::Gold), None);
    });
    assert!(all[0].contains("`s` must be one of `red`, `blue`"), "{all:?}");
}

#[test]
fn a_key_that_is_planned_is_refused_and_not_offered() {
    let all = messages("e: a\nlater: 1\nlatr: 1\n", |fields| drop(fields.text("e")));
    assert!(all[0].contains("not-built 2:1 `later` is not built yet"), "{all:?}");
    assert!(all[1].contains("The keys are") && !all[1].contains("`later`"), "{all:?}");
}

#[test]
fn a_key_that_the_reader_does_not_ask_for_does_not_go_with_the_others() {
    let all = messages("t: 1\ne: a\nb: ~\n", |fields| drop(fields.text("t")));
    assert_eq!(
        all,
        [r#"unknown-key 2:1 `e` is no key of a thing Some("With its other keys as they are, it takes `t`.")"#]
    );
}

#[test]
#[should_panic(expected = "the table of thing lacks `other`")]
fn a_key_that_the_table_lacks_cannot_be_read() {
    messages("e: a\n", |fields| drop(fields.text("other")));
}

#[test]
#[should_panic(expected = "`t` of thing is read as another shape")]
fn a_key_cannot_be_read_as_another_type_than_its_table_says() {
    messages("t: a\n", |fields| assert_eq!(fields.bool("t"), None));
}
