//! A run's progress through its waves, and whether a wave passed its gate.

use std::collections::{BTreeMap, BTreeSet};

use super::stop_reason::StopReason;
use super::wave_sizes::wave_sizes;
use crate::model::{RowOutcome, Share, Time};
use crate::playbook::Waves;

/// What makes two failures the same kind: the step that decided the outcome, and the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FailureSignature {
    /// The step's id.
    pub step: Option<String>,
    /// The vendor's code, or runsheet's.
    pub code: Option<String>,
}

/// The end of a row, as waves need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveRowEnd {
    /// Its outcome.
    pub outcome: RowOutcome,
    /// Whether it was not run because it is invalid.
    pub refused: bool,
    /// The kind of failure; meaningless for a row that succeeded.
    pub kind: FailureSignature,
}

impl WaveRowEnd {
    fn is_good(&self) -> bool {
        self.outcome.is_good()
    }

    fn failure(&self) -> Option<&FailureSignature> {
        (!self.is_good() && !self.refused).then_some(&self.kind)
    }
}

/// What follows a wave.
#[derive(Debug, Clone, PartialEq)]
pub enum AfterWave {
    /// The next wave begins.
    Next,
    /// It was the last.
    Over,
    /// The gate was missed: the run stops.
    Missed(StopReason),
}

/// One wave.
#[derive(Debug, Clone, Default)]
struct Wave {
    rows: u64,
    /// Rows that have not begun yet.
    left: u64,
    good: u64,
    /// Rows that are invalid and were not run.
    refused: u64,
    codes: BTreeMap<String, u64>,
    /// The position of its last row in the input, from 0.
    last: u64,
}

impl Wave {
    fn count(&mut self, end: &WaveRowEnd) {
        self.good += u64::from(end.is_good());
        self.refused += u64::from(end.refused);
        if end.failure().is_some() {
            let code = end.kind.code.clone().unwrap_or_else(|| end.outcome.as_str().to_owned());
            *self.codes.entry(code).or_default() += 1;
        }
    }

    /// Rows of the wave, except those that are refused as invalid.
    fn run(&self) -> u64 {
        self.rows - self.refused
    }
}

/// A run's progress through its waves.
#[derive(Debug, Clone)]
pub struct WaveProgress {
    waves: Vec<Wave>,
    gate: Share,
    current: usize,
    /// Whether a kind of failure that the first wave did not show stops the run.
    new_kind: bool,
    known: BTreeSet<FailureSignature>,
    /// Kinds that occurred after the first wave and for which no stop was recorded.
    fresh: Vec<FailureSignature>,
    /// The last row of the last wave whose gate was missed. The person who resumed the run has seen that and gone on.
    waived_to: Option<u64>,
    last_stop: Option<Time>,
    /// The number of rows passed to [`WaveProgress::row`] so far.
    told: u64,
}

impl WaveProgress {
    /// Divides `rows` rows into waves. Call [`WaveProgress::row`] for each of them, in order.
    #[must_use]
    pub fn cut(waves: &Waves, rows: u64, new_kind: bool) -> Self {
        let sizes = wave_sizes(&waves.sizes, rows);
        let mut end = 0;
        let waves_of = |size: u64| {
            end += size;
            Wave { rows: size, left: size, last: end - 1, ..Wave::default() }
        };
        Self {
            waves: sizes.into_iter().map(waves_of).collect(),
            gate: waves.gate,
            current: 0,
            new_kind,
            known: BTreeSet::new(),
            fresh: Vec::new(),
            waived_to: None,
            last_stop: None,
            told: 0,
        }
    }

    /// Records an earlier stop: failures up to it are known, and a gate that was missed no longer applies.
    pub fn stopped(&mut self, at: Time, reason: &StopReason) {
        self.last_stop = self.last_stop.max(Some(at));
        if let StopReason::Gate { upto, .. } = reason {
            self.waived_to = self.waived_to.max(Some(*upto));
        }
    }

    /// Records the next row, by its position in the input, with its end and the instant of it if it has ended.
    pub fn row(&mut self, position: u64, ended: Option<(&WaveRowEnd, Time)>) {
        let place = self.wave_of(self.told);
        self.told += 1;
        let Some(wave) = self.waves.get_mut(place) else { return };
        wave.last = position;
        let Some((end, at)) = ended else { return };
        wave.left = wave.left.saturating_sub(1);
        wave.count(end);
        let Some(kind) = end.failure() else { return };
        if place == 0 || self.last_stop.is_some_and(|stop| at <= stop) {
            self.known.insert(kind.clone());
        } else {
            self.fresh.push(kind.clone());
        }
    }

    /// Records a row that had ended before the rows were divided again.
    pub fn row_before(&mut self, end: &WaveRowEnd) {
        self.known.extend(end.failure().cloned());
    }

    fn wave_of(&self, ordinal: u64) -> usize {
        let mut end = 0;
        let upto = |wave: &Wave| {
            end += wave.rows;
            ordinal < end
        };
        self.waves.iter().position(upto).unwrap_or(self.waves.len())
    }

    /// The stop that an earlier process owed: a new kind of failure occurred, and the process died before it stopped.
    #[must_use]
    pub fn due(&self) -> Option<StopReason> {
        let kind = self.fresh.iter().find(|kind| !self.known.contains(*kind)).filter(|_| self.new_kind)?;
        Some(new_kind(kind))
    }

    /// The number of rows of the current wave that may begin.
    #[must_use]
    pub fn to_bring(&self) -> u64 {
        self.waves.get(self.current).map_or(0, |wave| wave.left)
    }

    /// Whether all rows of all waves have begun.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.current + 1 >= self.waves.len() && self.to_bring() == 0
    }

    /// Records that `rows` more rows began; `over` if there are no further rows at all.
    pub fn brought(&mut self, rows: u64, over: bool) {
        let Some(wave) = self.waves.get_mut(self.current) else { return };
        wave.left = if over { 0 } else { wave.left.saturating_sub(rows) };
    }

    /// Records a row's end; gives the stop reason if it is a new kind of failure.
    pub fn on_row(&mut self, end: &WaveRowEnd) -> Option<StopReason> {
        self.waves.get_mut(self.current)?.count(end);
        let kind = end.failure()?;
        if self.current == 0 {
            self.known.insert(kind.clone());
        }
        (self.new_kind && !self.known.contains(kind)).then(|| new_kind(kind))
    }

    /// Ends the current wave, all rows of which have ended.
    pub fn end_wave(&mut self) -> AfterWave {
        if self.current + 1 >= self.waves.len() {
            return AfterWave::Over;
        }
        let wave = &self.waves[self.current];
        let waived = self.waived_to.is_some_and(|upto| wave.last <= upto);
        if waived || wave.good >= self.gate.of(wave.run()) {
            self.current += 1;
            return AfterWave::Next;
        }
        AfterWave::Missed(StopReason::Gate {
            wave: self.current as u64 + 1,
            waves: self.waves.len() as u64,
            succeeded: wave.good,
            rows: wave.run(),
            gate: self.gate,
            codes: wave.codes.clone(),
            upto: wave.last,
        })
    }

    /// The current wave's number, from 1, and the number of waves.
    #[must_use]
    pub fn place(&self) -> (u64, u64) {
        (self.current as u64 + 1, self.waves.len() as u64)
    }
}

fn new_kind(kind: &FailureSignature) -> StopReason {
    StopReason::NewKind { step: kind.step.clone(), code: kind.code.clone() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::playbook::WaveSize;

    fn waves(sizes: &[&str], gate: &str) -> Waves {
        let sizes = sizes.iter().map(|size| WaveSize::parse(size).unwrap()).collect();
        Waves { sizes, gate: Share::parse(gate).unwrap() }
    }

    fn end(outcome: RowOutcome, code: &str) -> WaveRowEnd {
        let kind = FailureSignature { step: Some("extend".into()), code: Some(code.into()) };
        WaveRowEnd { outcome, refused: false, kind }
    }

    /// Runs a wave of which some rows fail, and asks what follows.
    fn wave(course: &mut WaveProgress, failing: u64) -> AfterWave {
        let rows = course.to_bring();
        course.brought(rows, false);
        for row in 0..rows {
            let outcome = if row < failing { RowOutcome::Failed } else { RowOutcome::Succeeded };
            assert_eq!(course.on_row(&end(outcome, "x")), None);
        }
        course.end_wave()
    }

    #[test]
    fn a_missed_gate_stops_and_names_its_counts() {
        let mut course = WaveProgress::cut(&waves(&["4", "50%"], "75%"), 20, false);
        assert_eq!(wave(&mut course, 1), AfterWave::Next);
        let AfterWave::Missed(reason) = wave(&mut course, 3) else { panic!("it passed") };
        assert_eq!(reason.to_string(), "wave 2 of 3 missed its gate: 7 of its 10 rows succeeded, 75% must; 3 × x");
        assert!(!course.is_over());
    }

    #[test]
    fn unknown_rows_have_not_succeeded_and_invalid_ones_were_not_run() {
        for (outcome, refused, passes) in [
            (RowOutcome::Unknown, false, false),
            (RowOutcome::Partial, false, false),
            (RowOutcome::NotStarted, false, false),
            (RowOutcome::Failed, true, true),
            (RowOutcome::Skipped, false, true),
            (RowOutcome::Unchanged, false, true),
        ] {
            let mut course = WaveProgress::cut(&waves(&["1"], "100%"), 2, false);
            course.brought(1, false);
            course.on_row(&WaveRowEnd { refused, ..end(outcome, "x") });
            assert_eq!(course.end_wave() == AfterWave::Next, passes, "{outcome:?}");
        }
    }

    #[test]
    fn the_last_wave_has_no_gate() {
        let mut course = WaveProgress::cut(&waves(&["2"], "100%"), 2, false);
        assert_eq!(wave(&mut course, 2), AfterWave::Over);
        assert!(course.is_over());
        assert!(WaveProgress::cut(&waves(&["2"], "100%"), 0, false).is_over());
    }

    #[test]
    fn a_kind_that_the_first_wave_did_not_show_stops() {
        let mut course = WaveProgress::cut(&waves(&["2"], "0%"), 9, true);
        course.brought(2, false);
        assert_eq!(course.on_row(&end(RowOutcome::Failed, "known")), None);
        assert_eq!(course.on_row(&end(RowOutcome::Succeeded, "")), None);
        assert_eq!(course.end_wave(), AfterWave::Next);
        assert_eq!(course.on_row(&end(RowOutcome::Failed, "known")), None);
        assert_eq!(course.on_row(&WaveRowEnd { refused: true, ..end(RowOutcome::Failed, "invalid") }), None);
        let stop = course.on_row(&end(RowOutcome::Unknown, "other")).unwrap();
        assert!(stop.to_string().contains("step `extend`, code `other`"), "{stop}");
    }

    /// A course over rows of which the first ended so, as a later process has it.
    fn resumed(of: &Waves, total: u64, ends: &[WaveRowEnd], stops: &[(Time, StopReason)]) -> WaveProgress {
        let mut course = WaveProgress::cut(of, total, true);
        stops.iter().for_each(|(at, reason)| course.stopped(*at, reason));
        for row in 0..total {
            let at = Time::from_secs(i64::try_from(row).unwrap());
            course.row(row * 10, ends.get(usize::try_from(row).unwrap()).map(|end| (end, at)));
        }
        course
    }

    #[test]
    fn a_missed_gate_no_longer_applies_after_a_resume_and_later_gates_do() {
        let of = waves(&["2", "2"], "100%");
        let bad = [end(RowOutcome::Failed, "x"), end(RowOutcome::Succeeded, "")];
        let mut course = resumed(&of, 6, &bad, &[]);
        let AfterWave::Missed(reason) = course.end_wave() else { panic!("a crash before the stop waives nothing") };
        let mut course = resumed(&of, 6, &bad, &[(Time::from_secs(9), reason)]);
        assert_eq!((course.to_bring(), course.end_wave()), (0, AfterWave::Next));
        assert_eq!(course.to_bring(), 2);
        assert!(matches!(wave(&mut course, 1), AfterWave::Missed(StopReason::Gate { wave: 2, .. })));
    }

    #[test]
    fn a_wave_goes_on_as_it_was() {
        let of = waves(&["4"], "75%");
        let ends = [end(RowOutcome::Failed, "x"), end(RowOutcome::Succeeded, "")];
        let mut course = resumed(&of, 6, &ends, &[(Time::from_secs(9), StopReason::Settled)]);
        assert_eq!(course.to_bring(), 2);
        assert_eq!(wave(&mut course, 0), AfterWave::Next);
        let mut course = resumed(&of, 6, &ends, &[]);
        assert!(matches!(wave(&mut course, 1), AfterWave::Missed(_)));
    }

    #[test]
    fn kinds_shown_at_a_stop_are_known_and_kinds_hidden_by_a_crash_are_not() {
        let of = waves(&["1"], "0%");
        let ends = [end(RowOutcome::Succeeded, ""), end(RowOutcome::Failed, "late")];
        assert!(resumed(&of, 6, &ends, &[]).due().is_some());
        let course = resumed(&of, 6, &ends, &[(Time::from_secs(5), StopReason::Interrupted { signal: 2 })]);
        assert_eq!(course.due(), None);
    }

    #[test]
    fn a_failure_without_a_code_is_counted_under_its_outcome() {
        let mut course = WaveProgress::cut(&waves(&["3"], "100%"), 4, false);
        course.brought(3, false);
        course.on_row(&end(RowOutcome::Succeeded, ""));
        let kind = FailureSignature::default();
        course.on_row(&WaveRowEnd { kind: kind.clone(), ..end(RowOutcome::Unknown, "") });
        course.on_row(&WaveRowEnd { kind, refused: true, ..end(RowOutcome::Failed, "") });
        let AfterWave::Missed(StopReason::Gate { succeeded, rows, codes, .. }) = course.end_wave() else { panic!() };
        assert_eq!((succeeded, rows), (1, 2), "a refused row was not run");
        assert_eq!(codes, BTreeMap::from([("unknown".to_owned(), 1)]));
    }

    #[test]
    fn a_gate_names_the_place_of_the_waves_last_row() {
        let upto = |course: &mut WaveProgress| match course.end_wave() {
            AfterWave::Missed(StopReason::Gate { upto, wave, waves, .. }) => (upto, wave, waves),
            other => panic!("{other:?}"),
        };
        let of = waves(&["4", "3"], "100%");
        assert_eq!(upto(&mut WaveProgress::cut(&of, 20, false)), (3, 1, 3), "rows without gaps");
        assert_eq!(upto(&mut resumed(&of, 20, &[], &[])), (30, 1, 3), "rows as they stand in the input");
        let all_good: Vec<_> = (0..4).map(|_| end(RowOutcome::Succeeded, "")).collect();
        let mut second = resumed(&of, 20, &all_good, &[]);
        assert_eq!((second.place(), second.end_wave(), second.place()), ((1, 3), AfterWave::Next, (2, 3)));
        assert_eq!(upto(&mut second), (60, 2, 3));
    }

    #[test]
    fn rows_are_brought_one_wave_at_a_time() {
        let mut course = WaveProgress::cut(&waves(&["3", "2"], "0%"), 9, false);
        assert_eq!((course.to_bring(), course.is_over()), (3, false));
        course.brought(2, false);
        assert_eq!(course.to_bring(), 1);
        course.brought(5, false);
        assert_eq!((course.to_bring(), course.is_over()), (0, false), "two waves are left");
        assert_eq!(course.end_wave(), AfterWave::Next);
        course.brought(1, true);
        assert_eq!(course.to_bring(), 0, "there were no more");
        assert_eq!(course.end_wave(), AfterWave::Next);
        assert_eq!((course.to_bring(), course.is_over()), (4, false), "the last wave is not begun");
        course.brought(4, false);
        assert!(course.is_over());
        assert_eq!(course.end_wave(), AfterWave::Over);
    }

    #[test]
    fn only_where_the_playbook_says_so_does_a_new_kind_stop() {
        let ends = [end(RowOutcome::Succeeded, ""), end(RowOutcome::Failed, "late")];
        for new_kind in [false, true] {
            let mut course = WaveProgress::cut(&waves(&["1"], "0%"), 3, new_kind);
            for (row, end) in (0..).zip(&ends) {
                course.row(row, Some((end, Time::from_secs(1))));
            }
            assert_eq!(course.due().is_some(), new_kind);
            course.end_wave();
            assert_eq!(course.on_row(&end(RowOutcome::Failed, "other")).is_some(), new_kind);
            assert_eq!(course.on_row(&end(RowOutcome::Succeeded, "other")), None);
        }
    }

    #[test]
    fn kinds_that_ended_by_the_last_stop_or_before_the_waves_are_known() {
        let of = waves(&["1"], "0%");
        let ends = [end(RowOutcome::Succeeded, ""), end(RowOutcome::Failed, "late")];
        let stop = |secs| (Time::from_secs(secs), StopReason::Settled);
        assert_eq!(resumed(&of, 6, &ends, &[stop(1)]).due(), None, "it ended at the very instant of the stop");
        assert!(resumed(&of, 6, &ends, &[stop(0)]).due().is_some());
        assert_eq!(resumed(&of, 6, &ends, &[stop(1), stop(0)]).due(), None, "the last stop counts, in any order");
        let mut course = resumed(&of, 6, &ends, &[]);
        course.row_before(&end(RowOutcome::Succeeded, "late"));
        assert!(course.due().is_some(), "a row that succeeded shows no failure");
        course.row_before(&end(RowOutcome::Failed, "late"));
        assert_eq!(course.due(), None);
        course.end_wave();
        assert_eq!(course.on_row(&end(RowOutcome::Failed, "late")), None);
    }

    #[test]
    fn the_furthest_gate_that_was_missed_waives_those_before_it() {
        let of = waves(&["2", "2"], "100%");
        let gate = |upto| {
            let (wave, waves, succeeded, rows, codes) = (1, 3, 0, 2, BTreeMap::new());
            (Time::from_secs(9), StopReason::Gate { wave, waves, succeeded, rows, gate: Share::ALL, codes, upto })
        };
        let bad: Vec<_> = (0..4).map(|_| end(RowOutcome::Failed, "x")).collect();
        for stops in [[gate(10), gate(30)], [gate(30), gate(10)]] {
            let mut course = resumed(&of, 6, &bad, &stops);
            assert_eq!([course.end_wave(), course.end_wave()], [AfterWave::Next, AfterWave::Next]);
        }
        let mut course = resumed(&of, 6, &bad, &[gate(9)]);
        assert!(matches!(course.end_wave(), AfterWave::Missed(_)), "the wave reaches beyond that row");
    }

    proptest! {
        #[test]
        fn a_run_killed_anywhere_stops_at_the_same_waves(
            failing in proptest::collection::vec(any::<bool>(), 1..60),
            first in 1u64..20,
            gate in 0u64..=100,
            killed in 0usize..60,
        ) {
            let of = waves(&[&first.to_string(), "30%"], &format!("{gate}%"));
            let ends: Vec<WaveRowEnd> = failing
                .iter()
                .map(|failing| end(if *failing { RowOutcome::Failed } else { RowOutcome::Succeeded }, "x"))
                .collect();
            let run = |course: &mut WaveProgress, mut next: usize| loop {
                let rows = usize::try_from(course.to_bring()).unwrap();
                course.brought(rows as u64, false);
                for end in &ends[next..next + rows] {
                    course.on_row(end);
                }
                next += rows;
                match course.end_wave() {
                    AfterWave::Next => {}
                    other => break (next, other),
                }
            };
            let total = ends.len() as u64;
            let mut whole = WaveProgress::cut(&of, total, false);
            for row in 0..total {
                whole.row(row * 10, None);
            }
            let (reached, how) = run(&mut whole, 0);
            let killed = killed.min(reached);
            let mut again = resumed(&of, total, &ends[..killed], &[]);
            // A kind that the first wave did not show is another matter.
            again.new_kind = false;
            prop_assert_eq!(run(&mut again, killed), (reached, how));
        }
    }
}
