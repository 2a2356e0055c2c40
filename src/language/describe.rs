//! Shapes in words, for `explain` and the manual.

use super::shape::Shape;

/// A shape in words: ``one of `a`, `b` ``, ``list of map `step` ``. Names of the author's own stand in capitals; the name
/// of a map of the language stands in backticks.
#[must_use]
pub fn in_words(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Matching(pattern) if pattern.len() < 2 => "text".to_owned(),
        Shape::Matching(pattern) => format!("text that matches `{pattern}`"),
        Shape::Template => "text that may hold templates".to_owned(),
        Shape::Condition => "one expression, `{{ … }}`".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Count { least, most: None } => format!("a whole number from {least}"),
        Shape::Count { least, most: Some(most) } => format!("a whole number from {least} to {most}"),
        Shape::Integer => "a whole number".to_owned(),
        Shape::Duration => "a duration such as `30s`".to_owned(),
        Shape::Rate => "calls in a time, such as `10/s`".to_owned(),
        Shape::Share => "a share such as `10%`".to_owned(),
        Shape::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{}`", word.word.escape_default())).collect();
            if words.len() == 1 { words.concat() } else { format!("one of {}", words.join(", ")) }
        }
        Shape::Names => "a name, or a list of names".to_owned(),
        Shape::AnyNames => "a name, or a list of names that may be empty".to_owned(),
        Shape::List { of, .. } => format!("list of {}", in_words(of)),
        Shape::Map(map) => format!("map `{}`", map.name),
        Shape::Each(each) => format!("map of {}: {}", each.name, in_words(&each.of)),
        Shape::AnyOf(shapes) => shapes.iter().map(in_words).collect::<Vec<_>>().join(", or "),
        Shape::OrNull(shape) => format!("{}, or nothing", in_words(shape)),
        Shape::Any => "any value".to_owned(),
        Shape::AnyMap => "map".to_owned(),
        Shape::Version(version) => format!("`{version}`"),
        Shape::Slot(slot, _) => slot.in_words().to_owned(),
    }
}
