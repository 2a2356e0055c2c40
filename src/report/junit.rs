//! Writes JUnit XML, which CI servers read: whole documents, and the parts of documents that are too large for that.

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
    /// The file that contains it, and its line, counted from 1; `None` if it stands in no file.
    pub place: Option<(String, usize)>,
    /// How long it took.
    pub took: Duration,
    /// How it ended.
    pub result: JunitResult,
}

/// How a test case ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JunitResult {
    /// It passed.
    Passed,
    /// It was not run; the text says why.
    Skipped(String),
    /// It failed.
    Failed(JunitProblem),
    /// It could not be run, or nobody knows how it ended.
    Broken(JunitProblem),
}

/// Why a test case did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JunitProblem {
    /// The kind of the problem.
    pub code: String,
    /// The problem as a sentence.
    pub message: String,
    /// The full text.
    pub story: String,
}

/// The number of test cases, by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JunitCounts {
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
    took: Duration,
}

impl JunitCounts {
    /// Counts a case.
    pub fn add(&mut self, case: &JunitCase) {
        self.tests += 1;
        self.took += case.took;
        match case.result {
            JunitResult::Passed => {}
            JunitResult::Skipped(_) => self.skipped += 1,
            JunitResult::Failed(_) => self.failures += 1,
            JunitResult::Broken(_) => self.errors += 1,
        }
    }

    /// The counts of two suites together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
        self.took += other.took;
        self
    }

    fn of(cases: &[JunitCase]) -> Self {
        let mut counts = Self::default();
        cases.iter().for_each(|case| counts.add(case));
        counts
    }

    fn attributes(&self) -> String {
        let Self { tests, failures, errors, skipped, took } = self;
        format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"{:.3}\"",
            took.as_secs_f64()
        )
    }
}

/// Renders the suites as one XML document.
#[must_use]
pub fn junit(suites: &[JunitSuite]) -> String {
    let totals =
        suites.iter().map(|suite| JunitCounts::of(&suite.cases)).fold(JunitCounts::default(), JunitCounts::with);
    let mut text = junit_begin(totals);
    for suite in suites {
        text.push_str(&junit_suite_begin(&suite.name, JunitCounts::of(&suite.cases), None, &[]));
        suite.cases.iter().for_each(|case| text.push_str(&junit_case(&suite.name, case)));
        text.push_str(JUNIT_SUITE_END);
    }
    text.push_str(JUNIT_END);
    text
}

/// The end of a suite.
pub const JUNIT_SUITE_END: &str = "  </testsuite>\n";
/// The end of a document.
pub const JUNIT_END: &str = "</testsuites>\n";

/// The beginning of a document with these cases in all.
#[must_use]
pub fn junit_begin(totals: JunitCounts) -> String {
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    format!("{declaration}\n<testsuites name=\"runsheet\" {}>\n", totals.attributes())
}

/// The beginning of a suite with its counts, its start in RFC 3339 and its properties.
#[must_use]
pub fn junit_suite_begin(name: &str, counts: JunitCounts, at: Option<&str>, properties: &[(&str, String)]) -> String {
    let at = at.map(|at| format!(" timestamp=\"{}\"", escaped(at))).unwrap_or_default();
    let mut text = format!("  <testsuite name=\"{}\" {}{at}>\n", escaped(name), counts.attributes());
    if !properties.is_empty() {
        text.push_str("    <properties>\n");
        for (name, value) in properties {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "      <property name=\"{name}\" value=\"{}\"/>", escaped(value));
        }
        text.push_str("    </properties>\n");
    }
    text
}

/// One test case of the suite with this name.
#[must_use]
pub fn junit_case(suite: &str, case: &JunitCase) -> String {
    let JunitCase { name, place, took, result } = case;
    let (name, suite) = (escaped(name), escaped(suite));
    let place = place.as_ref().map(|(file, line)| format!(" file=\"{}\" line=\"{line}\"", escaped(file)));
    let (place, took) = (place.unwrap_or_default(), took.as_secs_f64());
    let head = format!("    <testcase name=\"{name}\" classname=\"{suite}\"{place} time=\"{took:.3}\"");
    let problem = |tag: &str, problem: &JunitProblem| {
        let JunitProblem { code, message, story } = problem;
        let (code, message, story) = (escaped(code), escaped(message), escaped(story));
        format!("{head}>\n      <{tag} type=\"{code}\" message=\"{message}\">{story}</{tag}>\n    </testcase>\n")
    };
    match result {
        JunitResult::Passed => format!("{head}/>\n"),
        JunitResult::Skipped(why) => {
            format!("{head}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", escaped(why))
        }
        JunitResult::Failed(failed) => problem("failure", failed),
        JunitResult::Broken(broken) => problem("error", broken),
    }
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
        let problem = |(code, message, story): (&str, &str, &str)| JunitProblem {
            code: code.to_owned(),
            message: message.to_owned(),
            story: story.to_owned(),
        };
        let result = failure.map_or(JunitResult::Passed, |failure| JunitResult::Failed(problem(failure)));
        let place = Some(("a.test.yaml".to_owned(), 3));
        JunitCase { name: name.into(), place, took: Duration::from_millis(12), result }
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
        let JunitResult::Failed(problem) = case("c", Some(("bad-key", "m", "s"))).result else { panic!("passed") };
        let broken = JunitCase { result: JunitResult::Broken(problem), ..case("c", None) };
        let skipped = JunitCase { result: JunitResult::Skipped("not <now>".into()), place: None, ..case("d", None) };
        let suites = [
            JunitSuite { name: "one".into(), cases: vec![case("a", None), case("b", Some(("x", "m", "s")))] },
            JunitSuite { name: "two".into(), cases: vec![broken, skipped] },
        ];
        let text = junit(&suites);
        assert!(
            text.contains(
                "<testsuites name=\"runsheet\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"0.048\">"
            ),
            "{text}"
        );
        assert!(
            text.contains(
                "<testsuite name=\"two\" tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\" time=\"0.024\">"
            )
        );
        assert!(text.contains("<testcase name=\"d\" classname=\"two\" time=\"0.012\">"), "{text}");
        assert!(text.contains("<skipped message=\"not &lt;now&gt;\"/>"), "{text}");
        assert!(text.contains("<error type=\"bad-key\" message=\"m\">s</error>"));
    }
}
