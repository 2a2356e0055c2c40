//! Why a run stopped early, in Chinese. A record holds the figures of some reasons; of the others it holds the kind, and the
//! sentence in English.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::steering_words::person_in_chinese;
use crate::model::{RunId, Share, Time, Value};
use crate::policy::SteeredBy;

/// The most codes of failed rows that are named; further ones are counted.
const CODES_NAMED: usize = 5;

/// A reason as a record shows it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
enum ShownStop {
    Threshold,
    Gate { wave: u64, waves: u64, succeeded: u64, rows: u64, gate: Share, codes: BTreeMap<String, u64> },
    NewKind { step: Option<String>, code: Option<String> },
    Budget { effect: String, most: u64, made: u64 },
    StepFailed,
    Before,
    Refused,
    Redirected,
    Unreachable,
    NoToken,
    QuotaExhausted,
    LeftToOtherRun { rows: u64, runs: BTreeSet<RunId> },
    BrokeOff,
    Settled,
    Drained { by: SteeredBy },
    Cancelled { by: SteeredBy, since: Time },
    Paused { by: SteeredBy, since: Time },
    Interrupted,
}

/// A reason in Chinese.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StopWords {
    /// The reason, without a full stop.
    pub(super) text: String,
    /// Whether the English sentence says more.
    pub(super) english_says_more: bool,
}

/// Tells in Chinese why a run stopped; `None` for a reason of a newer version.
pub(super) fn stop_in_chinese(stopped: &Value) -> Option<StopWords> {
    let stop: ShownStop = serde_json::from_value(stopped.clone()).ok()?;
    let short = |text: &str| StopWords { text: text.to_owned(), english_says_more: true };
    let whole = |text: String| StopWords { text, english_says_more: false };
    Some(match stop {
        ShownStop::Threshold => short("达到了 `stop_when` 的限制"),
        ShownStop::Gate { wave, waves, succeeded, rows, gate, codes } => whole(format!(
            "第 {wave} 批（共 {waves} 批）没有通过关口：{rows} 行中有 {succeeded} 行成功，要求达到 {gate}{}",
            named_codes(&codes)
        )),
        ShownStop::NewKind { step, code } => {
            let parts = [step.map(|step| format!("步骤 `{step}`")), code.map(|code| format!("代码 `{code}`"))];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            whole(format!("出现了第一批里没有的失败类别：{}", parts.join("，")))
        }
        ShownStop::Budget { effect, most, made } => {
            whole(format!("影响预算已用完：最多 {most} × {effect}，已经产生或可能已经产生 {made}"))
        }
        ShownStop::StepFailed => short("一个设置了 `on_failure: stop_run` 的步骤失败了"),
        ShownStop::Before => short("`before` 的一个步骤没有成功"),
        ShownStop::Refused => short("厂商拒绝了整次运行"),
        ShownStop::Redirected => short("厂商把调用重定向到另一个地址，每一行都会如此"),
        ShownStop::Unreachable => short("无法连接厂商"),
        ShownStop::NoToken => short("无法登录厂商"),
        ShownStop::QuotaExhausted => short("配额已用完"),
        ShownStop::LeftToOtherRun { rows, runs } => whole(left_to(rows, &runs)),
        ShownStop::BrokeOff => short("运行出错中断"),
        ShownStop::Settled => whole("未知的结果已经认定，这些行等待继续".to_owned()),
        ShownStop::Drained { by } => whole(format!("由 {}排空", person_in_chinese(&by))),
        ShownStop::Cancelled { by, since } => whole(format!("由 {}取消，时间 {since}", person_in_chinese(&by))),
        ShownStop::Paused { by, since } => whole(format!("由 {}暂停，从 {since} 开始", person_in_chinese(&by))),
        ShownStop::Interrupted => short("运行被中断"),
    })
}

/// The most frequent codes first.
fn named_codes(codes: &BTreeMap<String, u64>) -> String {
    let mut sorted: Vec<(&String, &u64)> = codes.iter().collect();
    sorted.sort_by_key(|(_, count)| Reverse(**count));
    let named: Vec<String> = sorted.iter().take(CODES_NAMED).map(|(code, count)| format!("{count} × {code}")).collect();
    match (named.is_empty(), sorted.len().saturating_sub(CODES_NAMED)) {
        (true, _) => String::new(),
        (false, 0) => format!("；{}", named.join("，")),
        (false, more) => format!("；{}，以及另外 {more} 个代码", named.join("，")),
    }
}

fn left_to(rows: u64, runs: &BTreeSet<RunId>) -> String {
    let what = match rows {
        0 => "一个只运行一次的步骤".to_owned(),
        rows => format!("{rows} 行"),
    };
    let they = if runs.len() == 1 { "它" } else { "它们" };
    let names: Vec<&str> = runs.iter().map(RunId::as_str).collect();
    format!(
        "{what}留给了运行 {}，{they}正在进行同样的调用；{they}结束之后，`resume` 会发送{they}没有做成的调用",
        names.join("、")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::{SteerOrigin, StopKind, StopReason};
    use crate::report::Summary;

    fn mei() -> SteeredBy {
        SteeredBy { name: "mei".to_owned(), uid: 7, from: SteerOrigin::Page }
    }

    fn told(reason: &StopReason) -> StopWords {
        stop_in_chinese(&Summary::stop_of(reason, &reason.to_string())).unwrap()
    }

    #[test]
    fn every_kind_of_reason_has_chinese_words_and_those_with_figures_are_whole() {
        for kind in StopKind::ALL.into_iter().filter(|kind| !kind.has_own_figures()) {
            let words = stop_in_chinese(&json!({ "kind": kind.as_str(), "message": "x" })).unwrap();
            assert_eq!(words.english_says_more, kind != StopKind::Settled, "{words:?}");
        }
        let codes = [("a", 1), ("b", 9), ("c", 3), ("d", 4), ("e", 5), ("f", 2)];
        let codes = codes.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
        let gate = StopReason::Gate { wave: 1, waves: 2, succeeded: 3, rows: 4, gate: Share::ALL, codes, upto: 5 };
        let runs = ["first", "second"].map(RunId::from_text).into();
        for (reason, text) in [
            (
                gate,
                "第 1 批（共 2 批）没有通过关口：4 行中有 3 行成功，要求达到 100%；9 × b，5 × e，4 × d，3 × c，2 × f，以及另外 1 个代码",
            ),
            (
                StopReason::NewKind { step: Some("a".to_owned()), code: Some("7".to_owned()) },
                "出现了第一批里没有的失败类别：步骤 `a`，代码 `7`",
            ),
            (
                StopReason::Budget { effect: "contracts".to_owned(), most: 10, made: 9 },
                "影响预算已用完：最多 10 × contracts，已经产生或可能已经产生 9",
            ),
            (
                StopReason::LeftToOtherRun { rows: 2, runs },
                "2 行留给了运行 first、second，它们正在进行同样的调用；它们结束之后，`resume` 会发送它们没有做成的调用",
            ),
            (StopReason::Drained { by: mei() }, "由 mei（页面）排空"),
            (
                StopReason::Cancelled { by: mei(), since: Time::from_secs(0) },
                "由 mei（页面）取消，时间 1970-01-01T00:00:00Z",
            ),
            (
                StopReason::Paused { by: mei(), since: Time::from_secs(0) },
                "由 mei（页面）暂停，从 1970-01-01T00:00:00Z 开始",
            ),
        ] {
            assert!(reason.kind().has_own_figures(), "{reason:?}");
            assert_eq!(told(&reason), StopWords { text: text.to_owned(), english_says_more: false });
        }
    }

    #[test]
    fn a_reason_of_a_newer_version_is_not_told_in_chinese() {
        assert_eq!(stop_in_chinese(&json!({ "kind": "bored", "message": "x" })), None);
    }
}
