//! The second section: the failures by kind, with the vendor's words, what they mean and what to do.

use std::io::{self, Write};

use super::next::write_command;
use crate::model::RunId;
use crate::report::grouped_number::grouped;
use crate::report::page::html::{Coded, Escaped};
use crate::report::page::language::PageLanguage;
use crate::report::page::told::tell_kind;
use crate::report::{FailureKind, RunRecord};

/// Writes the section in both languages; nothing if nothing went wrong.
pub(in crate::report::page) fn write_failures(out: &mut dyn Write, record: &RunRecord) -> io::Result<()> {
    if record.failures.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"failures\" class=\"card\">")?;
    for language in PageLanguage::ALL {
        writeln!(out, "<div data-l=\"{}\" lang=\"{}\">", language.as_str(), language.code())?;
        writeln!(out, "<h2>{}</h2>\n<ol class=\"kinds\">", language.choose("Failures by kind", "按类别统计的失败"))?;
        for kind in &record.failures {
            write_kind(out, kind, &record.run_id, language)?;
        }
        writeln!(out, "</ol>")?;
        let other = record.other_failures;
        if other.rows > 0 {
            let (kinds, rows) = (grouped(other.kinds), grouped(other.rows));
            let told = match language {
                PageLanguage::English => format!("{rows} more rows of {kinds} other kinds"),
                PageLanguage::Chinese => format!("另有 {kinds} 个类别，共 {rows} 行"),
            };
            writeln!(out, "<p class=\"quiet\">{told}</p>")?;
        }
        writeln!(out, "</div>")?;
    }
    writeln!(out, "</section>")
}

fn write_kind(out: &mut dyn Write, kind: &FailureKind, run: &RunId, language: PageLanguage) -> io::Result<()> {
    let (outcome, number) = (kind.outcome, kind.number);
    writeln!(out, "<li class=\"kind {}\">", outcome.as_str())?;
    let noun = match language {
        PageLanguage::English if kind.rows == 1 => "row ",
        PageLanguage::English => "rows ",
        PageLanguage::Chinese => "行",
    };
    writeln!(
        out,
        "<div class=\"count\"><b>{}</b><span>{noun}{}</span></div>\n<div class=\"what\">",
        grouped(kind.rows),
        language.outcome(outcome)
    )?;
    write_place(out, kind, language)?;
    if let Some(message) = kind.message.as_ref().filter(|message| !message.is_empty()) {
        writeln!(out, "<blockquote dir=\"auto\">{}</blockquote>", Escaped(message))?;
    }
    if kind.messages_differ {
        let told = language.choose("The messages of the other rows differ.", "其他行的消息与此不同。");
        writeln!(out, "<p class=\"quiet\">{told}</p>")?;
    }
    for told in tell_kind(kind, run, language) {
        writeln!(out, "<p lang=\"{}\">{}</p>", told.code, Coded(&told.text))?;
    }
    if let Some(command) = &kind.command {
        write_command(out, command)?;
    }
    write_keys(out, kind, language)?;
    let show = match language {
        PageLanguage::English => "Show these rows",
        PageLanguage::Chinese => "显示这些行",
    };
    writeln!(out, "<a class=\"script\" href=\"#kind={number}\">{show}</a>\n</div>\n</li>")
}

/// The step, its place in the playbook, and the code.
fn write_place(out: &mut dyn Write, kind: &FailureKind, language: PageLanguage) -> io::Result<()> {
    let step = language.choose("step", "步骤");
    write!(out, "<p class=\"place\">{}", kind.number)?;
    if let Some(id) = &kind.step {
        write!(out, " · {step} <code>{}</code>", Escaped(id))?;
    }
    if let Some(code) = kind.code.as_ref().filter(|code| !code.is_empty()) {
        write!(out, " · <code>{}</code>", Escaped(code))?;
    }
    if let Some(at) = &kind.step_at {
        write!(out, " <span class=\"quiet\">{}:{}</span>", Escaped(&at.file), at.line)?;
    }
    writeln!(out, "</p>")
}

/// The keys of the first rows.
fn write_keys(out: &mut dyn Write, kind: &FailureKind, language: PageLanguage) -> io::Result<()> {
    let keys: Vec<&String> = kind.keys.iter().filter(|key| !key.is_empty()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let first = language.choose("First keys", "最前面的键");
    write!(out, "<p class=\"keys\"><span class=\"quiet\">{first}</span>")?;
    for key in keys {
        write!(out, " <bdi>{}</bdi>", Escaped(key))?;
    }
    writeln!(out, "</p>")
}
