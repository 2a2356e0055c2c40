//! The facts of a run: where, what, who, when, and the runs it belongs to.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use crate::model::{RunId, show_duration};
use crate::report::TimedSteering;
use crate::report::grouped_number::grouped;
use crate::report::page::html::Escaped;
use crate::report::page::language::PageLanguage;
use crate::report::page::shell::{PageMeta, local_time};
use crate::report::page::steering_words::tell_steering;

/// The most commands of people that are listed, the last ones.
const COMMANDS: usize = 10;

/// Writes the facts as a list of names and values.
pub(super) fn write_facts(out: &mut dyn Write, meta: &PageMeta<'_>, language: PageLanguage) -> io::Result<()> {
    let record = meta.record;
    let environment = match record.sandbox {
        true => format!(
            "{} {}",
            record.environment,
            language.choose("(built-in sandbox: nothing was sent to a vendor)", "（内置沙箱：没有向厂商发送任何内容）")
        ),
        false => record.environment.clone(),
    };
    let who = record.started_by.clone();
    let ended = record.finished_at.as_deref().map(|at| local_time(at, meta.offset));
    let calls: u64 = record.operations.values().map(|operation| operation.calls).sum();
    let names = |english, chinese| language.choose(english, chinese);
    let facts = [
        (names("What", "类型"), Some(language.kind(record.kind).to_owned())),
        (names("Environment", "环境"), Some(environment)),
        (names("Playbook", "剧本"), Some(format!("{} ({})", record.playbook, record.playbook_file))),
        (names("Rows from", "行的来源"), record.rows_file.clone()),
        (names("Started by", "启动者"), who),
        (names("Started", "开始"), Some(local_time(&record.started_at, meta.offset))),
        (names("Ended", "结束"), ended),
        (names("Took", "耗时"), Some(show_duration(Duration::from_millis(record.duration_ms)))),
        (names("Steered", "操控"), steering(meta, language)),
        (names("Calls", "调用"), Some(grouped(calls))),
        (names("Run", "运行"), Some(record.run_id.to_string())),
    ];
    let runs = [
        (names("Made from run", "来自运行"), record.earlier_run.as_slice()),
        (names("Later runs", "后续运行"), record.later_runs.as_slice()),
    ];
    let rest = [
        (names("Files", "文件"), shown_files(&record.files)),
        (names("Report made", "报告时间"), Some(local_time(&record.recorded_at, meta.offset))),
        (names("Program", "程序"), Some(format!("runsheet {}", record.runsheet))),
    ];
    writeln!(out, "<dl class=\"facts\">")?;
    write_texts(out, &facts)?;
    for (name, ids) in runs.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", run_ids(ids))?;
    }
    write_texts(out, &rest)?;
    writeln!(out, "</dl>")
}

/// Writes the facts that have a value.
fn write_texts(out: &mut dyn Write, facts: &[(&str, Option<String>)]) -> io::Result<()> {
    for (name, value) in facts {
        let Some(value) = value else { continue };
        writeln!(out, "<div><dt>{name}</dt><dd><bdi>{}</bdi></dd></div>", Escaped(value))?;
    }
    Ok(())
}

/// The ids of other runs, marked so that the live page makes links of them.
fn run_ids(runs: &[RunId]) -> String {
    let marked = runs.iter().map(|run| {
        let id = Escaped(run.as_str());
        format!("<bdi data-run=\"{id}\">{id}</bdi>")
    });
    marked.collect::<Vec<_>>().join(", ")
}

/// The names of the files and their folder; `None` without files.
fn shown_files(files: &[PathBuf]) -> Option<String> {
    let folder = files.first()?.parent()?;
    let names: Vec<String> =
        files.iter().map(|file| file.strip_prefix(folder).unwrap_or(file).display().to_string()).collect();
    Some(format!("{}: {}", folder.display(), names.join(", ")))
}

/// What people ordered while the run was under way, the last commands; `None` if nobody did.
fn steering(meta: &PageMeta<'_>, language: PageLanguage) -> Option<String> {
    let steered = &meta.record.steered;
    let last = steered.iter().skip(steered.len().saturating_sub(COMMANDS));
    let tell =
        |one: &TimedSteering| format!("{} {}", local_time(&one.at, meta.offset), tell_steering(&one.command, language));
    let told: Vec<String> = last.map(tell).collect();
    Some(told.join(language.choose("; ", "；"))).filter(|told| !told.is_empty())
}
