//! Writes JUnit XML, which CI servers read.

use std::fmt::Write;
use std::time::Duration;

use crate::diagnostic::printable;

/// The test cases of one file.
#[derive(Debug, Clone)]
pub struct JunitSuite {
    /// The name of the suite.
    pub name: String,
    /// The test cases.
    pub cases: Vec<JunitCase>,
}

/// One test case.
#[derive(Debug, Clone)]
pub struct JunitCase {
    /// The name of the case.
    pub name: String,
    /// The file that contains it.
    pub file: String,
    /// Its line, counted from 1.
    pub line: usize,
    /// How long it took.
    pub took: Duration,
    /// The failure: its code, a sentence, and the full text. `None` if the case passed.
    pub failure: Option<(String, String, String)>,
    /// Whether it could not be run at all.
    pub broken: bool,
}

/// Renders the suites as one XML document.
#[must_use]
pub fn junit(suites: &[JunitSuite]) -> String {
    let cases: Vec<&JunitCase> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a text cannot fail.
    let _ = writeln!(text, "<testsuites name=\"runsheet\" {}>", totals(&cases));
    for suite in suites {
        let cases: Vec<&JunitCase> = suite.cases.iter().collect();
        let _ = writeln!(text, "  <testsuite name=\"{}\" {}>", escaped(&suite.name), totals(&cases));
        suite.cases.iter().for_each(|case| one(&suite.name, case, &mut text));
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn totals(cases: &[&JunitCase]) -> String {
    let failed = |broken| cases.iter().filter(|case| case.failure.is_some() && case.broken == broken).count();
    let took: Duration = cases.iter().map(|case| case.took).sum();
    let (all, failures, errors) = (cases.len(), failed(false), failed(true));
    format!("tests=\"{all}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{:.3}\"", took.as_secs_f64())
}

fn one(suite: &str, case: &JunitCase, text: &mut String) {
    let JunitCase { name, file, line, took, failure, broken } = case;
    let (name, suite, file) = (escaped(name), escaped(suite), escaped(file));
    let took = took.as_secs_f64();
    let _ = write!(
        text,
        "    <testcase name=\"{name}\" classname=\"{suite}\" file=\"{file}\" line=\"{line}\" time=\"{took:.3}\""
    );
    let Some((code, message, story)) = failure else {
        text.push_str("/>\n");
        return;
    };
    let tag = if *broken { "error" } else { "failure" };
    let (code, message, story) = (escaped(code), escaped(message), escaped(story));
    let _ = write!(text, ">\n      <{tag} type=\"{code}\" message=\"{message}\">{story}</{tag}>\n    </testcase>\n");
}

/// Escapes a text for XML attributes and content. Characters that XML cannot hold, and invisible ones, are shown by
/// their code points; commands of CI systems are broken by character references.
fn escaped(text: &str) -> String {
    let text = printable(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '#' if out.ends_with('#') => out.push_str("&#35;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use quick_xml::events::Event;

    use super::*;

    fn case(name: &str, failure: Option<(&str, &str, &str)>) -> JunitCase {
        let failure = failure.map(|(code, message, story)| (code.to_owned(), message.to_owned(), story.to_owned()));
        let took = Duration::from_millis(12);
        JunitCase { name: name.into(), file: "a.test.yaml".into(), line: 3, took, failure, broken: false }
    }

    #[test]
    fn names_and_messages_stay_text_in_xml() {
        let hostile = "a\u{1b}[31m<b>&\"'\u{0}\u{fffe}\r\n]]>##[x]預約";
        let suite = JunitSuite { name: hostile.into(), cases: vec![case(hostile, Some((hostile, hostile, hostile)))] };
        let text = junit(&[suite]);
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut failures = 0;
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) if tag.name().as_ref() == "failure" => {
                    let message = tag.try_get_attribute("message").unwrap().unwrap();
                    let back = quick_xml::escape::unescape(message.value.as_ref());
                    assert_eq!(back.unwrap(), "a␛[31m<b>&\"'␀[U+FFFE]␍\n]]>##[x]預約");
                    failures += 1;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(failures, 1);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()) && !text.contains("##"), "{text:?}");
    }

    #[test]
    fn counts_add_up() {
        let broken = JunitCase { broken: true, ..case("c", Some(("bad-key", "m", "s"))) };
        let suites = [
            JunitSuite { name: "one".into(), cases: vec![case("a", None), case("b", Some(("x", "m", "s")))] },
            JunitSuite { name: "two".into(), cases: vec![broken] },
        ];
        let text = junit(&suites);
        assert!(
            text.contains("<testsuites name=\"runsheet\" tests=\"3\" failures=\"1\" errors=\"1\" time=\"0.036\">"),
            "{text}"
        );
        assert!(text.contains("<testsuite name=\"two\" tests=\"1\" failures=\"0\" errors=\"1\" time=\"0.012\">"));
        assert!(text.contains("<error type=\"bad-key\" message=\"m\">s</error>"));
    }
}
