//! The frame of the page: its head with the content policy, the static sections, and the script at its end.

use std::io::{self, Write};

use jiff::Timestamp;
use jiff::tz::Offset;

use super::client::{SCRIPT, STYLE, policy};
use super::html::Escaped;
use super::language::PageLanguage;
use super::sections::{verdict_sentence, write_failures, write_verdict};
use crate::report::RunRecord;

/// What the frame is made of.
#[derive(Debug, Clone, Copy)]
pub struct PageMeta<'r> {
    /// The record of the run.
    pub record: &'r RunRecord,
    /// The distance from UTC in which times are shown.
    pub offset: Offset,
    /// The language that was asked for; `None` leaves it to the reader's browser.
    pub language: Option<PageLanguage>,
}

/// Writes the page up to its data.
///
/// # Errors
/// The error of `out`.
pub fn write_start(out: &mut dyn Write, meta: &PageMeta<'_>) -> io::Result<()> {
    let record = meta.record;
    let shown = meta.language.unwrap_or(PageLanguage::English);
    let made = meta.language.map_or("", PageLanguage::as_str);
    let titles = PageLanguage::ALL.map(|language| title(record, language));
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"{}\" data-lang=\"{}\" data-made=\"{made}\" data-title-en=\"{}\" data-title-zh=\"{}\">",
        shown.code(),
        shown.as_str(),
        Escaped(&titles[0]),
        Escaped(&titles[1]),
    )?;
    writeln!(out, "<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy())?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">")?;
    writeln!(out, "<meta name=\"generator\" content=\"runsheet {}\">", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>", Escaped(&title(record, shown)))?;
    writeln!(out, "<style>{STYLE}</style>\n</head>\n<body>")?;
    for language in PageLanguage::ALL {
        let skip = language.choose("Go to the rows", "跳到各行");
        let (key, code) = (language.as_str(), language.code());
        writeln!(out, "<a class=\"skip script\" data-l=\"{key}\" lang=\"{code}\" href=\"#rows\">{skip}</a>")?;
    }
    writeln!(
        out,
        "<header class=\"bar\"><div><span class=\"name\">runsheet</span><span class=\"run\">{}</span></div>\
         <div id=\"tools\"></div></header>\n<main>",
        record.run_id
    )?;
    write_verdict(out, meta)?;
    write_failures(out, record)?;
    writeln!(out, "<div id=\"app\"></div>\n<noscript>")?;
    for language in PageLanguage::ALL {
        let told = language.choose(
            "The pace, the rows and their stories need JavaScript.",
            "速率、各行和每一行的经过需要 JavaScript。",
        );
        writeln!(out, "<p class=\"card\" data-l=\"{}\" lang=\"{}\">{told}</p>", language.as_str(), language.code())?;
    }
    writeln!(out, "</noscript>\n</main>")
}

/// Writes the end of the page, behind its data.
///
/// # Errors
/// The error of `out`.
pub fn write_end(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<script>{SCRIPT}</script>\n</body>\n</html>")
}

/// A page that only says something, such as why a run did not start.
#[must_use]
pub fn notice_page(text: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>runsheet</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<section class=\"card verdict broken\">\n\
         <h1>There is no report of a run</h1>\n<p lang=\"zh-CN\">没有运行的报告</p>\n<pre class=\"why\">{}</pre>\n</section>\n</main>\n</body>\n</html>\n",
        policy(),
        Escaped(text.trim()),
    )
}

/// What became of a run, in short, for the title of a page.
pub(super) fn title(record: &RunRecord, language: PageLanguage) -> String {
    let sentence = verdict_sentence(record, language);
    let first = sentence.split(['.', '。']).next().unwrap_or_default();
    format!("{first} · {}", record.playbook)
}

/// A time of the record in the page's zone: `2026-11-29 13:05:09 +08:00`. What is no time is shown as it is.
pub(super) fn local_time(text: &str, offset: Offset) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return text.to_owned() };
    let zone = match offset.seconds() {
        0 => "UTC".to_owned(),
        seconds => {
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.unsigned_abs() / 60;
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    };
    format!("{} {zone}", offset.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_name_their_zone() {
        let east = Offset::from_seconds(8 * 3_600).unwrap();
        assert_eq!(local_time("2026-11-29T05:05:09.123456Z", east), "2026-11-29 13:05:09 +08:00");
        assert_eq!(local_time("2026-11-29T05:05:09Z", Offset::UTC), "2026-11-29 05:05:09 UTC");
        let west = Offset::from_seconds(-3 * 3_600 - 1_800).unwrap();
        assert_eq!(local_time("2026-11-29T05:05:09Z", west), "2026-11-29 01:35:09 -03:30");
        assert_eq!(local_time("soon", west), "soon");
    }
}
