//! The page of a run, read back from its HTML, against the record, the journal and the stories.

use std::collections::BTreeMap;

use runsheet::internals::diagnostic::{printable, shortened};
use runsheet::internals::journal::{AttemptEnd, Fact};
use runsheet::internals::model::{RowOutcome, Value, Word};
use runsheet::operate::{Context, ReportFormat, RunRecord, Story};

use super::differences::Differences;
use super::expected::{self, ExpectedRow, count};
use super::family::ToldRun;
use super::reports::report_text;
use crate::reports::page::part;

/// The most characters of a message in the table.
const LONGEST: usize = 300;
/// The names of the outcomes on a Chinese page, in the order of [`RowOutcome::TABLE`].
const CHINESE: [(&str, &str); 2] = [("failed", "失败"), ("succeeded", "成功")];

pub(super) fn check(
    run: &ToldRun,
    rows: &[ExpectedRow],
    record: &RunRecord,
    stories: &[Story],
    context: &Context,
    found: &mut Differences,
) {
    let (told, html) = report_text(run, ReportFormat::Html, context);
    found.same("record of the page", &told.rows, &record.rows);
    check_sections(&html, record, found);
    let head = part(&html, "head");
    found.same("page, run", head["run_id"].as_str(), Some(run.id().as_str()));
    let counts: Vec<u64> = RowOutcome::TABLE.iter().map(|(_, outcome)| count(rows, *outcome)).collect();
    found.same("page, counts", numbers(&head["table"]["counts"]), counts);
    found.same("page, rows held", head["table"]["kept"].as_u64(), Some(rows.len() as u64));
    check_table(run, rows, &html, &head, found);
    check_kinds(rows, record, &html, &head, found);
    check_commands(rows, record, stories, &html, found);
    check_stories(rows, stories, &html, found);
    check_pace(run, &html, found);
}

/// The sections that stand without script, in both languages.
fn check_sections(html: &str, record: &RunRecord, found: &mut Differences) {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    // Parts between backticks are shown as code.
    let verdict = format!("<h1>{}</h1>", escaped(&record.verdict).replace('`', ""));
    let heads = html.replace("<code>", "").replace("</code>", "");
    found.holds(&format!("page has no {verdict}"), heads.contains(&verdict));
    for &(_, outcome) in RowOutcome::TABLE {
        let count = record.rows.of(outcome);
        let sum = format!("<b>{count}</b><span>{}</span></a>", outcome.in_words());
        found.same(&format!("page has `{sum}`"), html.contains(&sum), count > 0);
    }
    for (word, chinese) in CHINESE {
        let count = RowOutcome::TABLE.iter().find(|(own, _)| *own == word).map(|(_, outcome)| record.rows.of(*outcome));
        let sum = format!("<b>{}</b><span>{chinese}</span></a>", count.unwrap());
        found.same(&format!("page has `{sum}`"), html.contains(&sum), count > Some(0));
    }
    let total = format!("<b>{}</b><span>rows</span>", record.rows.total);
    found.holds(&format!("page has no `{total}`"), record.rows.total == 0 || html.contains(&total));
    let told: Vec<(String, u64)> = html
        .split("<li class=\"kind ")
        .skip(1)
        .map(|kind| {
            let count = kind.split_once("<b>").unwrap().1.split('<').next().unwrap();
            (kind.split('"').next().unwrap().to_owned(), count.replace(',', "").parse().unwrap())
        })
        .collect();
    let kinds = record.failures.iter().map(|kind| (kind.outcome.to_string(), kind.rows));
    let kinds: Vec<_> = kinds.clone().chain(kinds).collect();
    found.same("page, kinds in both languages", told, kinds);
    for command in record.next.iter().map(|step| &step.command) {
        let code = format!("<code>{}</code>", escaped(command));
        found.holds(&format!("page has no {code}"), html.contains(&code));
    }
}

fn numbers(list: &Value) -> Vec<u64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

fn list(html: &str, name: &str) -> Vec<Value> {
    part(html, name).as_array().unwrap().clone()
}

/// A column of words, by the list of all words.
fn words(html: &str, head: &Value, name: &str, list_name: &str) -> Vec<String> {
    let word = |place: Value| {
        let place = place.as_u64().and_then(|place| usize::try_from(place).ok());
        place.map_or(String::new(), |place| head["table"][list_name][place].as_str().unwrap().to_owned())
    };
    list(html, name).into_iter().map(word).collect()
}

/// A column of differences from one number to the next.
fn sums(html: &str, name: &str) -> Vec<Option<i64>> {
    let mut last = 0;
    let mut sum = |difference: Value| {
        let sum = difference.as_i64().map(|difference| last + difference);
        last = sum.unwrap_or(last);
        sum
    };
    list(html, name).into_iter().map(&mut sum).collect()
}

fn check_table(run: &ToldRun, rows: &[ExpectedRow], html: &str, head: &Value, found: &mut Differences) {
    let outcomes: Vec<usize> = rows.iter().map(|row| row.outcome as usize).collect();
    let told = numbers(&part(html, "outcome")).into_iter().map(|place| usize::try_from(place).unwrap());
    found.same("page, outcomes", told.collect(), outcomes);
    found.same("page, steps", words(html, head, "step", "steps"), rows.iter().map(|row| row.step.clone()).collect());
    let shown = |text: &str| printable(&shortened(text, LONGEST)).into_owned();
    found.same("page, codes", words(html, head, "code", "codes"), rows.iter().map(|row| shown(&row.code)).collect());
    let messages = rows.iter().map(|row| shown(&row.message)).collect();
    found.same("page, messages", words(html, head, "message", "messages"), messages);
    found.same("page, attempts", numbers(&part(html, "attempts")), rows.iter().map(|row| row.attempts).collect());
    let row_numbers = rows.iter().map(|row| i64::try_from(row.number).ok()).collect();
    found.same("page, numbers", sums(html, "number"), row_numbers);
    let key_column = head["table"]["key_column"].as_i64().unwrap();
    let keys: Vec<Value> = list(html, &if key_column < 0 { "keys".to_owned() } else { format!("cells-{key_column}") });
    found.same("page, keys", keys, rows.iter().map(|row| Value::from(row.key.clone())).collect());
    let started = run.frozen.started_at;
    let last = |row: &ExpectedRow| {
        let (at, _) = row.facts.last()?;
        Some((at.as_micros() - started.as_micros()).div_euclid(1_000))
    };
    found.same("page, times", sums(html, "ended"), rows.iter().map(last).collect());
}

/// Each row in trouble belongs to the kind that its number names.
fn check_kinds(rows: &[ExpectedRow], record: &RunRecord, html: &str, head: &Value, found: &mut Differences) {
    let told = numbers(&part(html, "kind"));
    found.same("page, kinds of rows", told.len(), rows.len());
    let mut of_kind: BTreeMap<u64, u64> = BTreeMap::new();
    for (row, number) in rows.iter().zip(told) {
        let kind = record.failures.iter().find(|kind| kind.number == number);
        found.same(&format!("page, row {} has a kind", row.number), kind.is_some(), row.is_trouble());
        if let Some(kind) = kind {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            let told = (kind.outcome, text(&kind.step), text(&kind.code));
            let own = (row.outcome, row.step.clone(), row.code.clone());
            found.same(&format!("page, kind of row {}", row.number), told, own);
            *of_kind.entry(number).or_default() += 1;
        }
    }
    let counted = record.failures.iter().map(|kind| (kind.number, kind.rows)).collect();
    found.same("page, rows of each kind", of_kind, counted);
    let listed: Vec<u64> =
        head["kinds"].as_array().unwrap().iter().map(|kind| kind["number"].as_u64().unwrap()).collect();
    found.same("page, listed kinds", listed, record.failures.iter().map(|kind| kind.number).collect());
}

/// The command of a kind is the one that the stories of its rows name, but for the key.
fn check_commands(rows: &[ExpectedRow], record: &RunRecord, stories: &[Story], html: &str, found: &mut Differences) {
    for ((row, story), number) in rows.iter().zip(stories).zip(numbers(&part(html, "kind"))) {
        let Some(kind) = record.failures.iter().find(|kind| kind.number == number) else { continue };
        if expected::went_on(row) || story.elsewhere().iter().any(|other| other.later) {
            continue;
        }
        let next = story.next.first().map(|step| step.command.split(" --key").next().unwrap().to_owned());
        found.same(&format!("command of the kind of row {}", row.number), &kind.command, &next);
    }
}

/// The page holds the stories that `why` tells, but for what other runs did.
fn check_stories(rows: &[ExpectedRow], stories: &[Story], html: &str, found: &mut Differences) {
    let groups = list(html, "story");
    let mut parts: BTreeMap<i64, Value> = BTreeMap::new();
    for (place, (row, story)) in rows.iter().zip(stories).enumerate() {
        let group = groups[place].as_i64().unwrap();
        found.holds(&format!("page has no story of row {}", row.number), group >= 0);
        let group = parts.entry(group).or_insert_with(|| part(html, &format!("stories-{group}")));
        let alone = story.without_elsewhere();
        found.same(
            &format!("page, story of row {}", row.number),
            &group[place.to_string()],
            &serde_json::to_value(alone).unwrap(),
        );
    }
}

/// The calls of the pace are those that were handed to the network.
fn check_pace(run: &ToldRun, html: &str, found: &mut Differences) {
    let unsent = run
        .disk
        .iter()
        .flat_map(|entry| &entry.facts)
        .filter(|fact| matches!(fact, Fact::Attempted(attempted) if attempted.end == AttemptEnd::Unsent));
    let sent = expected::requests(run).values().sum::<u64>() - unsent.count() as u64;
    let told = match html.contains("data-part=\"pace\"") {
        true => part(html, "pace")["operations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|own| numbers(&own["calls"]).iter().sum::<u64>())
            .sum(),
        false => 0,
    };
    found.same("page, calls of the pace", told, sent);
}
