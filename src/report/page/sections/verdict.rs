//! The first section: what became of the run in one sentence, its rows as a sum, what to do next, and its facts.

use std::io::{self, Write};

use super::balance::write_balance;
use super::facts::write_facts;
use super::next::write_next;
use crate::model::RowOutcome;
use crate::report::grouped_number::grouped;
use crate::report::page::html::{Coded, Escaped};
use crate::report::page::language::PageLanguage;
use crate::report::page::shell::PageMeta;
use crate::report::page::stop_words::{StopWords, stop_in_chinese};
use crate::report::verdict::outcome_without_rows;
use crate::report::{RecordedState, RunKind, RunOutcome, RunRecord};

/// Writes the section in both languages; the style sheet shows one of them.
pub(in crate::report::page) fn write_verdict(out: &mut dyn Write, meta: &PageMeta<'_>) -> io::Result<()> {
    let record = meta.record;
    writeln!(out, "<section id=\"verdict\" class=\"card verdict {}\">", tone(record))?;
    for language in PageLanguage::ALL {
        writeln!(out, "<div data-l=\"{}\" lang=\"{}\">", language.as_str(), language.code())?;
        writeln!(out, "<p class=\"status\">{}</p>", language.standing(record))?;
        writeln!(out, "<h1>{}</h1>", Coded(&verdict_sentence(record, language)))?;
        if let Some(why) = english_reason(record, language) {
            writeln!(out, "<p class=\"quiet\" lang=\"en\"><bdi>{}</bdi></p>", Coded(why))?;
        }
        for problem in &record.problems {
            let found = language.choose("The audit of the journal found an error", "运行记录的审计发现错误");
            writeln!(out, "<p class=\"problem\">{found}: <bdi>{}</bdi></p>", Escaped(problem))?;
        }
        write_balance(out, record, language)?;
        write_next(out, record, language)?;
        write_facts(out, meta, language)?;
        writeln!(out, "</div>")?;
    }
    writeln!(out, "</section>")
}

/// The class that colours the section.
fn tone(record: &RunRecord) -> &'static str {
    match (record.state, record.outcome) {
        (RecordedState::Running, _) => "running",
        (RecordedState::BrokenOff, _) => "interrupted",
        (RecordedState::Stopped | RecordedState::Finished, Some(outcome)) => outcome.as_str(),
        (RecordedState::Stopped | RecordedState::Finished, None) => RunOutcome::Stopped.as_str(),
    }
}

/// Why the run stopped, in Chinese; `None` if it did not stop, or if a newer version stopped it.
fn stop_words(record: &RunRecord) -> Option<StopWords> {
    record.stopped.as_ref().and_then(stop_in_chinese)
}

/// Why the run stopped, in English, for a Chinese page whose own words do not say it in full.
fn english_reason(record: &RunRecord, language: PageLanguage) -> Option<&str> {
    let says_more = match language {
        PageLanguage::English => false,
        PageLanguage::Chinese => {
            record.state == RecordedState::Stopped && stop_words(record).is_none_or(|why| why.english_says_more)
        }
    };
    record.why_stopped().filter(|_| says_more)
}

/// What became of the run.
pub(in crate::report::page) fn verdict_sentence(record: &RunRecord, language: PageLanguage) -> String {
    match language {
        PageLanguage::English => record.verdict.clone(),
        PageLanguage::Chinese => chinese(record),
    }
}

fn chinese(record: &RunRecord) -> String {
    let mut text = rows_in_chinese(record);
    match record.state {
        RecordedState::Running => text.push_str("。运行正在进行。"),
        RecordedState::BrokenOff => text.push_str("。运行中断了，可以继续。"),
        RecordedState::Stopped => match stop_words(record) {
            Some(why) => text.push_str(&format!("。运行已停止：{}。", why.text)),
            None => text.push_str("。运行提前停止了。"),
        },
        RecordedState::Finished => text.push('。'),
    }
    text
}

/// The rows by outcome, as the beginning of the sentence.
fn rows_in_chinese(record: &RunRecord) -> String {
    if let Some(outcome) = outcome_without_rows(record) {
        return format!("步骤{}", what_became(outcome));
    }
    let rows = &record.rows;
    let done = match record.kind {
        RunKind::Run | RunKind::Retry => "成功",
        RunKind::Undo => "已撤销",
    };
    let at_rest = record.rows_at_rest();
    let succeeded = at_rest.of(RowOutcome::Succeeded);
    let mut text = match rows.total {
        0 => "没有任何行".to_owned(),
        total if succeeded == total => format!("全部 {} 行{done}", grouped(total)),
        total => format!("{} 行中有 {} 行{done}", grouped(total), grouped(succeeded)),
    };
    let others =
        [RowOutcome::Unchanged, RowOutcome::Skipped, RowOutcome::Failed, RowOutcome::Partial, RowOutcome::Unknown];
    let ended = others.map(|outcome| (at_rest.of(outcome), what_became(outcome)));
    let open = [
        (record.rows_under_way(), "正在进行"),
        (at_rest.of(RowOutcome::NotStarted), what_became(RowOutcome::NotStarted)),
    ];
    for (count, what) in ended.into_iter().chain(open).filter(|(count, _)| *count > 0) {
        text.push_str(&format!("；{} 行{what}", grouped(count)));
    }
    text
}

/// What became of rows, or of the steps of a playbook that has no rows.
fn what_became(outcome: RowOutcome) -> &'static str {
    match outcome {
        RowOutcome::Succeeded => "成功",
        RowOutcome::Unchanged => "无需更改",
        RowOutcome::Skipped => "被跳过",
        RowOutcome::Failed => "失败",
        RowOutcome::Partial => "部分完成",
        RowOutcome::Unknown => "结果未知",
        RowOutcome::NotStarted => "未开始",
    }
}
