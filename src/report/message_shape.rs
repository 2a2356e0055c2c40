//! The shape of a message: what stays of it once the parts that differ from row to row are replaced. Messages of the
//! same shape tell of the same kind of failure.

use std::iter::Peekable;
use std::str::CharIndices;

/// The most characters of a message that its shape is made of.
const LONGEST: usize = 400;
/// The most characters between two quotation marks that are still taken for a quoted value.
const LONGEST_QUOTED: usize = 120;
/// What stands in a shape for a number, a date, an id or an address.
const VALUE: &str = "#";
/// What stands in a shape for a quoted value.
const QUOTED: &str = "\"…\"";

/// Returns the shape of a message. Numbers, dates, ids and e-mail addresses become `#`, quoted values `"…"`, and runs
/// of blanks one blank.
#[must_use]
pub fn message_shape(message: &str) -> String {
    let end = message.char_indices().nth(LONGEST).map_or(message.len(), |(at, _)| at);
    let message = &message[..end];
    let mut shape = String::with_capacity(message.len());
    let mut chars = message.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after_word = message[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if let Some(end) = quoted_end(&message[at..], c, after_word) {
            shape.push_str(QUOTED);
            skip_to(&mut chars, at + end);
        } else if is_of_a_value(c) {
            let word = &message[at..at + value_length(&message[at..])];
            push_word(&mut shape, word);
            skip_to(&mut chars, at + word.len());
        } else if c.is_whitespace() || c.is_control() {
            if !shape.is_empty() && !shape.ends_with(' ') {
                shape.push(' ');
            }
        } else {
            shape.push(c);
        }
    }
    shape.truncate(shape.trim_end().len());
    shape
}

/// The length of a quoted value that begins here, with both marks; `None` if none begins here. An apostrophe within a
/// word begins none.
fn quoted_end(text: &str, open: char, after_word: bool) -> Option<usize> {
    let close = match open {
        '"' | '`' => open,
        '\'' if !after_word => open,
        '“' => '”',
        '‘' => '’',
        '«' => '»',
        '「' => '」',
        '『' => '』',
        '《' => '》',
        '【' => '】',
        _ => return None,
    };
    let inside = &text[open.len_utf8()..];
    let is_end = |at: usize| {
        let next = inside[at + close.len_utf8()..].chars().next();
        close != '\'' || !next.is_some_and(char::is_alphanumeric)
    };
    let found = inside.char_indices().take(LONGEST_QUOTED).find(|(at, c)| *c == close && is_end(*at));
    found.map(|(at, _)| open.len_utf8() + at + close.len_utf8())
}

/// Whether a character can stand in a number, a date, an id or an address. Letters of other scripts cannot: they are
/// written without blanks beside them.
fn is_of_a_value(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_numeric()
}

/// The length of the word that begins here. Signs join the parts of an id or a date if a part follows them.
fn value_length(text: &str) -> usize {
    let mut end = 0;
    let mut joined_at = None;
    for (at, c) in text.char_indices() {
        if is_of_a_value(c) {
            (end, joined_at) = (at + c.len_utf8(), None);
        } else if matches!(c, '-' | '_' | '.' | ':' | '/' | '+' | ',' | '@' | '*') && joined_at.is_none() {
            joined_at = Some(at);
        } else {
            break;
        }
    }
    end
}

/// Adds a word: as `#` if it is a value, with several values in a row as one.
fn push_word(shape: &mut String, word: &str) {
    let is_value = word.contains('@') || word.chars().any(char::is_numeric);
    if !is_value {
        shape.push_str(word);
    } else if shape.trim_end().ends_with(VALUE) {
        shape.truncate(shape.trim_end().len());
    } else {
        shape.push_str(VALUE);
    }
}

fn skip_to(chars: &mut Peekable<CharIndices<'_>>, end: usize) {
    while chars.next_if(|(at, _)| *at < end).is_some() {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_that_differ_from_row_to_row_are_replaced() {
        for (message, shape) in [
            ("task 1024 does not exist", "task # does not exist"),
            ("flow yDwqUUckpsth9 has ended", "flow # has ended"),
            ("id 0b1d6a3e-77f0-4a7e-9d5c-1f0c2a9e6b11 not found", "id # not found"),
            ("expired at 2026-11-29T10:00:00+08:00.", "expired at #."),
            ("expired at 2026-11-29 10:00:00, try later", "expired at #, try later"),
            ("signer 'Mei Lin' has signed", "signer \"…\" has signed"),
            ("signer \"Wang\" doesn't sign", "signer \"…\" doesn't sign"),
            ("mail a.b+c@example.com is wrong", "mail # is wrong"),
            ("手机号13800138000无效", "手机号#无效"),
            ("合同「租房-7」已结束，共１２份", "合同\"…\"已结束，共#份"),
            ("wants 1,234.50 and has -7", "wants # and has -#"),
            ("a\r\n  b\u{1b}", "a b"),
            ("no such flow", "no such flow"),
            ("the state/step does not fit", "the state/step does not fit"),
            ("10 11 12", "#"),
            ("", ""),
        ] {
            assert_eq!(message_shape(message), shape, "{message}");
        }
    }

    #[test]
    fn an_open_quotation_mark_swallows_nothing() {
        assert_eq!(message_shape("it's the signers' turn"), "it's the signers' turn");
        assert_eq!(message_shape("say \"no more"), "say \"no more");
        let long = format!("\"{}\" is long", "word ".repeat(40));
        assert!(message_shape(&long).contains("word word"));
    }

    #[test]
    fn a_long_message_has_a_bounded_shape() {
        assert!(message_shape(&"約 ".repeat(10_000)).chars().count() <= LONGEST);
    }

    proptest! {
        #[test]
        fn messages_that_differ_in_a_number_have_one_shape(one in 0_u64.., other in 0_u64.., text in "[a-z ,:（）]{0,20}") {
            let with = |number: u64| message_shape(&format!("{text} {number} {text}"));
            prop_assert_eq!(with(one), with(other));
        }

        #[test]
        fn a_shape_is_never_longer_than_its_bound_and_has_no_line_end(message in "\\PC*|[\u{0}-\u{ff}]*") {
            let shape = message_shape(&message);
            prop_assert!(!shape.contains(['\n', '\r']));
            // Each replaced value was at least one character, and its sign has at most three.
            prop_assert!(shape.chars().count() <= 3 * LONGEST);
        }
    }
}
