//! Judges the requests that were sent, in the order of the rows.

use super::messages::{Judge, indented};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::StepScope;
use crate::testing::file::RequestPattern;
use crate::testing::rehearsal::{Difference, SentRequest};

/// The most differences of one request that are pointed at; the others are counted.
const MOST: usize = 8;

/// An expected request, a sent one, or both.
enum Pair<'a> {
    Both(&'a RequestPattern, &'a SentRequest),
    Missing(&'a RequestPattern),
    More(&'a SentRequest),
}

/// Judges the requests, where the test expects any, or none.
pub(in crate::testing) fn judge_requests(judge: &mut Judge<'_>) {
    let (test, done) = (judge.test, judge.done);
    let Some((expected, span)) = &test.expect.requests else { return };
    let mut sent: Vec<&SentRequest> = done.sent.iter().collect();
    // Rows run concurrently; a test lists them one after another.
    sent.sort_by_key(|sent| match sent.whose {
        StepScope::Before => (0, 0),
        StepScope::Row(position) => (1, position),
        StepScope::After | StepScope::Run => (2, 0),
    });
    for pair in pairs(expected, &sent) {
        match pair {
            Pair::Both(pattern, sent) => differs(judge, pattern, sent),
            Pair::Missing(pattern) => missing(judge, pattern, &sent),
            Pair::More(sent) => more(judge, sent, *span, expected.is_empty()),
        }
    }
}

/// How well two requests match: 0 not at all, 1 by step and row, 3 also by kind, 4 in everything.
fn likeness(expected: &RequestPattern, sent: &SentRequest) -> u32 {
    match expected.is_for(sent) {
        false => 0,
        true if expected.fits(sent) => 4,
        true if expected.kind.is_none_or(|kind| kind == sent.kind) => 3,
        true => 1,
    }
}

/// Pairs requests in the order of both sides so that the sum of likeness is the greatest.
fn pairs<'a>(expected: &'a [RequestPattern], sent: &[&'a SentRequest]) -> Vec<Pair<'a>> {
    let (rows, columns) = (expected.len(), sent.len());
    // The greatest likeness of the rest of both sides.
    let mut best = vec![vec![0_u32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let alike = likeness(&expected[row], sent[column]);
            let paired = if alike > 0 { best[row + 1][column + 1] + alike } else { 0 };
            best[row][column] = paired.max(best[row + 1][column]).max(best[row][column + 1]);
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut found = Vec::new();
    while row < rows && column < columns {
        let alike = likeness(&expected[row], sent[column]);
        if alike > 0 && best[row][column] == best[row + 1][column + 1] + alike {
            found.push(Pair::Both(&expected[row], sent[column]));
            (row, column) = (row + 1, column + 1);
        } else if best[row][column] == best[row + 1][column] {
            found.push(Pair::Missing(&expected[row]));
            row += 1;
        } else {
            found.push(Pair::More(sent[column]));
            column += 1;
        }
    }
    found.extend(expected[row..].iter().map(Pair::Missing));
    found.extend(sent[column..].iter().map(|sent| Pair::More(sent)));
    found
}

fn differs(judge: &mut Judge<'_>, pattern: &RequestPattern, sent: &SentRequest) {
    let differences = pattern.differences(sent);
    let Some(first) = differences.first() else { return };
    let more = if differences.len() > 1 { format!(" and {} more", differences.len() - 1) } else { String::new() };
    let message = format!("{} is not sent as expected: `{}`{more}", capital(&sent.describe()), first.path);
    let mut told: Vec<String> = differences.iter().take(MOST).map(Difference::describe).collect();
    if differences.len() > MOST {
        told.push(format!("… and {} more", differences.len() - MOST));
    }
    let mut diagnostic = Diagnostic::error("test-request", message).help_in_lines(&told.join("\n"));
    for difference in differences.iter().take(MOST) {
        diagnostic = diagnostic.at(judge.source.place(difference.span), "");
    }
    judge.found.push(diagnostic);
}

fn missing(judge: &mut Judge<'_>, pattern: &RequestPattern, sent: &[&SentRequest]) {
    let told = match sent {
        [] => "Nothing was sent.".to_owned(),
        sent => {
            let lines: Vec<String> = sent.iter().take(MOST).map(|sent| format!("  {}", sent.describe())).collect();
            let more =
                if sent.len() > MOST { format!("\n  … and {} more", sent.len() - MOST) } else { String::new() };
            format!("These were:\n{}{more}", lines.join("\n"))
        }
    };
    let message = "This request was not sent, or not in this place".to_owned();
    judge.differs("test-request", pattern.span, message, Some(told));
}

fn more(judge: &mut Judge<'_>, sent: &SentRequest, span: Span, none: bool) {
    let told = sent.describe();
    let message = match none {
        true => format!("No request was expected, but {told} was sent"),
        false => format!("More requests than expected: {told}"),
    };
    let help = format!("If it is correct, expect it in its place:\n\n{}", indented(&sent.as_expected()));
    judge.differs("test-request", span, message, Some(help));
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
