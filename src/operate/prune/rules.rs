//! Why a run is kept. A decision over what is known of it, without a disk or a clock.

use std::fmt;
use std::time::Duration;

use super::request::PruneRequest;
use crate::diagnostic::plural_of;
use crate::model::{RunId, Time, show_duration};

/// How long a run is kept because of the effects that it made.
pub(super) const GUARD_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// An option that lets a prune remove a run which it would keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PruneOption {
    /// `--unknown`
    Unknown,
    /// `--unfinished`
    Unfinished,
    /// `--guarding`
    Guarding,
}

impl PruneOption {
    /// The option as it is typed.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "--unknown",
            Self::Unfinished => "--unfinished",
            Self::Guarding => "--guarding",
        }
    }
}

/// Why a run is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptBecause {
    /// It is one of this many newest runs.
    Newest(u64),
    /// It recorded something at this time, and that is younger than the request's age.
    Young(Time),
    /// A process drives it.
    UnderWay,
    /// Its journal or its mark cannot be read, or something of it is lost; the text says what.
    Unreadable(String),
    /// It was lost once, and it went on from a copy or a person stated its outcome.
    WasLost,
    /// It has this many unknown rows.
    Unknown(u64),
    /// A step that runs once is unknown.
    UnknownStep,
    /// It can be resumed; this many of its rows have not ended.
    Unfinished(u64),
    /// It made effects in the last year, the last of them by this time.
    Guarding(Time),
    /// It belongs together with this run, which is kept.
    BelongsTo(RunId),
    /// Since the list was made, it was resumed, retried or undone.
    Changed,
}

impl KeptBecause {
    /// The word for the reason in JSON.
    #[must_use]
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Newest(_) => "newest",
            Self::Young(_) => "young",
            Self::UnderWay => "under_way",
            Self::Unreadable(_) => "unreadable",
            Self::WasLost => "was_lost",
            Self::Unknown(_) | Self::UnknownStep => "unknown",
            Self::Unfinished(_) => "unfinished",
            Self::Guarding(_) => "guarding",
            Self::BelongsTo(_) => "belongs_to",
            Self::Changed => "changed",
        }
    }

    /// The option with which the run would be removed all the same; `None` where there is none.
    #[must_use]
    pub(crate) fn lifted_by(&self) -> Option<PruneOption> {
        match self {
            Self::Unknown(_) | Self::UnknownStep => Some(PruneOption::Unknown),
            Self::Unfinished(_) => Some(PruneOption::Unfinished),
            Self::Guarding(_) => Some(PruneOption::Guarding),
            Self::Newest(_)
            | Self::Young(_)
            | Self::UnderWay
            | Self::Unreadable(_)
            | Self::WasLost
            | Self::BelongsTo(_)
            | Self::Changed => None,
        }
    }
}

impl fmt::Display for KeptBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest(1) => f.write_str("it is the newest run"),
            Self::Newest(count) => write!(f, "it is one of the {count} newest runs"),
            Self::Young(at) => write!(f, "it is not old enough: its last entry is of {at}"),
            Self::UnderWay => f.write_str("it is under way"),
            Self::Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Self::WasLost => {
                f.write_str("a part of it was lost once, so that its journal does not show all that it sent")
            }
            Self::Unknown(rows) => write!(f, "{} unknown", plural_of_are(*rows)),
            Self::UnknownStep => f.write_str("a step that runs once is unknown"),
            Self::Unfinished(0) => f.write_str("it can be resumed"),
            Self::Unfinished(rows) => {
                let (rows, have) = (plural_of(*rows, "row"), if *rows == 1 { "has" } else { "have" });
                write!(f, "it can be resumed: {rows} {have} not ended")
            }
            Self::Guarding(at) => write!(f, "it made effects in the last year, until {at}"),
            Self::BelongsTo(run) => write!(f, "it belongs together with {run}, which is kept"),
            Self::Changed => f.write_str("it has changed since the list was made"),
        }
    }
}

fn plural_of_are(rows: u64) -> String {
    format!("{} {}", plural_of(rows, "row"), if rows == 1 { "is" } else { "are" })
}

/// What is known of a run before its journal is opened.
#[derive(Debug, Clone)]
pub(super) struct OutsideFacts {
    /// How many runs are newer.
    pub(super) newer: u64,
    /// When it last recorded anything.
    pub(super) last_at: Time,
    /// Whether a process drives it.
    pub(super) under_way: bool,
}

/// What is known of a run by its journal.
#[derive(Debug, Clone, Default)]
pub(super) struct JournalFacts {
    /// Whether its mark says that it was lost once.
    pub(super) was_lost: bool,
    /// The number of unknown rows that no later run took over.
    pub(super) unknown: u64,
    /// Whether a step that runs once is unknown.
    pub(super) unknown_step: bool,
    /// The number of rows that have not ended, where it can be resumed; `None` where nothing is left to do in it.
    pub(super) unfinished: Option<u64>,
    /// Whether other runs may send to the environment that it sent to: not the sandbox.
    pub(super) sends: bool,
}

/// Why a run is kept, by what is known without its journal; `None` where that does not keep it.
pub(super) fn kept_by_age(facts: &OutsideFacts, request: &PruneRequest, now: Time) -> Option<KeptBecause> {
    if facts.newer < request.keep {
        return Some(KeptBecause::Newest(request.keep));
    }
    if facts.under_way {
        return Some(KeptBecause::UnderWay);
    }
    // A clock that was set back makes runs of the future, which are young.
    (now.since(facts.last_at) < request.older_than).then_some(KeptBecause::Young(facts.last_at))
}

/// Why a run is kept, by its journal; `None` where it may be removed. `guards` says whether any effect of it stands, and is
/// asked only where that matters.
///
/// # Errors
/// The error of `guards`.
pub(super) fn kept_by_journal<E>(
    facts: &JournalFacts,
    last_at: Time,
    request: &PruneRequest,
    now: Time,
    guards: impl FnOnce() -> Result<bool, E>,
) -> Result<Option<KeptBecause>, E> {
    if facts.was_lost {
        return Ok(Some(KeptBecause::WasLost));
    }
    if facts.unknown > 0 && !request.unknown {
        return Ok(Some(KeptBecause::Unknown(facts.unknown)));
    }
    if facts.unknown_step && !request.unknown {
        return Ok(Some(KeptBecause::UnknownStep));
    }
    if let Some(rows) = facts.unfinished.filter(|_| !request.unfinished) {
        return Ok(Some(KeptBecause::Unfinished(rows)));
    }
    let recent = now.since(last_at) < GUARD_TIME;
    if facts.sends && recent && !request.guarding && guards()? {
        return Ok(Some(KeptBecause::Guarding(last_at)));
    }
    Ok(None)
}

/// The rule of the request's age and number, for the report's first line.
pub(super) fn rule_in_words(request: &PruneRequest) -> String {
    let age = show_duration(request.older_than);
    match request.keep {
        0 => format!("older than {age}"),
        keep => format!("older than {age}, other than the {keep} newest"),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const NOW: Time = Time::from_secs(2_000_000_000);

    fn outside(days: u32) -> OutsideFacts {
        OutsideFacts { newer: 5, last_at: NOW.minus(DAY * days), under_way: false }
    }

    fn by_journal(facts: &JournalFacts, days: u32, request: &PruneRequest, guards: bool) -> Option<KeptBecause> {
        let asked = kept_by_journal(facts, NOW.minus(DAY * days), request, NOW, || Ok::<_, Infallible>(guards));
        asked.unwrap_or_else(|never| match never {})
    }

    #[test]
    fn a_run_under_way_a_young_one_and_the_newest_are_kept() {
        let request = PruneRequest { keep: 3, ..PruneRequest::default() };
        assert_eq!(kept_by_age(&outside(91), &request, NOW), None);
        assert_eq!(kept_by_age(&outside(89), &request, NOW), Some(KeptBecause::Young(NOW.minus(DAY * 89))));
        let newest = OutsideFacts { newer: 2, ..outside(400) };
        assert_eq!(kept_by_age(&newest, &request, NOW), Some(KeptBecause::Newest(3)));
        assert_eq!(kept_by_age(&OutsideFacts { newer: 3, ..outside(400) }, &request, NOW), None);
        let under_way = OutsideFacts { under_way: true, ..outside(400) };
        assert_eq!(kept_by_age(&under_way, &request, NOW), Some(KeptBecause::UnderWay));
        let future = OutsideFacts { last_at: NOW.plus(DAY), ..outside(0) };
        assert!(matches!(kept_by_age(&future, &request, NOW), Some(KeptBecause::Young(_))));
    }

    #[test]
    fn each_protection_is_lifted_by_its_own_option_and_by_no_other() {
        let sends = JournalFacts { sends: true, ..JournalFacts::default() };
        let cases = [
            (JournalFacts { unknown: 2, ..sends.clone() }, KeptBecause::Unknown(2)),
            (JournalFacts { unknown_step: true, ..sends.clone() }, KeptBecause::UnknownStep),
            (JournalFacts { unfinished: Some(4), ..sends.clone() }, KeptBecause::Unfinished(4)),
            (sends, KeptBecause::Guarding(NOW.minus(DAY * 100))),
        ];
        for (facts, why) in cases {
            assert_eq!(by_journal(&facts, 100, &PruneRequest::default(), true), Some(why.clone()));
            let all = PruneRequest { unknown: true, unfinished: true, guarding: true, ..PruneRequest::default() };
            assert_eq!(by_journal(&facts, 100, &all, true), None);
            let others = match why.lifted_by() {
                Some(PruneOption::Unknown) => PruneRequest { unknown: false, ..all },
                Some(PruneOption::Unfinished) => PruneRequest { unfinished: false, ..all },
                Some(PruneOption::Guarding) => PruneRequest { guarding: false, ..all },
                None => unreachable!(),
            };
            assert_eq!(by_journal(&facts, 100, &others, true), Some(why));
        }
    }

    #[test]
    fn effects_keep_a_run_for_a_year_and_only_where_they_stand_and_went_out() {
        let sends = JournalFacts { sends: true, ..JournalFacts::default() };
        let default = PruneRequest::default();
        assert!(matches!(by_journal(&sends, 364, &default, true), Some(KeptBecause::Guarding(_))));
        assert_eq!(by_journal(&sends, 366, &default, true), None);
        assert_eq!(by_journal(&sends, 100, &default, false), None);
        assert_eq!(by_journal(&JournalFacts::default(), 100, &default, true), None, "the sandbox");
    }

    #[test]
    fn nothing_lifts_the_protection_of_a_run_that_was_lost_once() {
        let facts = JournalFacts { was_lost: true, ..JournalFacts::default() };
        let all = PruneRequest { unknown: true, unfinished: true, guarding: true, ..PruneRequest::default() };
        assert_eq!(by_journal(&facts, 4_000, &all, false), Some(KeptBecause::WasLost));
    }
}
