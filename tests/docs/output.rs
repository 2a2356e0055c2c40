//! Whether a command printed what a page shows.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Run ids, times before 2035, durations, and the folders of the machine that runs the test. Times from 2035 on belong to
/// the pages' own rows, and stay.
static CHANGING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?<time>\b(?<year>20\d\d)-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)",
        r"|(?<run>\b20\d{6}-\d{6}-[0-9a-f]{6}\b)",
        r"|(?<clock>\b\d\d:\d\d:\d\d\b)",
        r"|(?<duration>\b\d+(\.\d+)? ?(ms|s|min|h)\b)",
        r"|(?<folder>(~|/(tmp|home|root|var|private|Users))/([\w.+@-]+/)*)",
        r"|(?<port>127\.0\.0\.1:\d+)",
    ))
    .unwrap()
});

fn made_equal(line: &str) -> String {
    let equal = CHANGING.replace_all(line, |found: &Captures<'_>| {
        let whole = found[0].to_owned();
        match found.name("year") {
            Some(year) if year.as_str() >= "2035" => whole,
            Some(_) => "TIME".to_owned(),
            None if found.name("run").is_some() => "RUN".to_owned(),
            None if found.name("clock").is_some() => "CLOCK".to_owned(),
            None if found.name("duration").is_some() => "DURATION".to_owned(),
            None if found.name("port").is_some() => "ADDRESS".to_owned(),
            None => String::new(),
        }
    });
    equal.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(made_equal).filter(|line| !line.is_empty()).collect()
}

/// Whether a shown line is a part of a printed one. A `…` in it stands for any text.
fn fits(shown: &str, printed: &str) -> bool {
    let mut rest = printed;
    shown.split('…').map(str::trim).all(|part| {
        let found = rest.find(part);
        rest = found.map_or(rest, |at| &rest[at + part.len()..]);
        found.is_some()
    })
}

/// What a page shows and a command did not print: the first line of it that is missed. `None` if it printed all.
pub(super) fn difference(shown: &str, printed: &str) -> Option<String> {
    let shown = lines(shown);
    let printed = lines(printed);
    let mut from = 0;
    for group in shown.split(|line| line == "…").filter(|group| !group.is_empty()) {
        let at = (from..printed.len())
            .find(|at| group.iter().enumerate().all(|(i, line)| printed.get(at + i).is_some_and(|it| fits(line, it))));
        match at {
            Some(at) => from = at + group.len(),
            None => return Some(missed(group, &printed[from..])),
        }
    }
    None
}

/// The line of a group that is not there, or does not stand where the group has it.
fn missed(group: &[String], printed: &[String]) -> String {
    let longest = (0..printed.len())
        .map(|at| {
            let fitting = group.iter().zip(&printed[at..]).take_while(|(shown, printed)| fits(shown, printed));
            (fitting.count(), at)
        })
        .max_by_key(|(fitting, at)| (*fitting, usize::MAX - at));
    match longest {
        Some((fitting, at)) if fitting > 0 => {
            let there = printed.get(at + fitting).map_or("nothing more", String::as_str);
            format!("`{}` was not printed behind `{}`, but `{there}`", group[fitting], group[fitting - 1])
        }
        _ => format!("`{}` was not printed", group[0]),
    }
}
