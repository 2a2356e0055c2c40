//! Whether other programs keep the processors of the machine busy.

use std::fs;
use std::time::{Duration, Instant};

/// The shortest time over which it is measured.
const SHORTEST: Duration = Duration::from_millis(100);

/// The longest such time: what was before says nothing of now.
const LONGEST: Duration = Duration::from_secs(3);

/// The share of the processors' time, in percent, from which on other programs keep them busy.
const BUSY: u64 = 50;

/// Measures from time to time how busy other programs keep the processors.
#[derive(Debug)]
pub struct BusyProcessors {
    counted: Option<(Instant, Ticks)>,
    busy: bool,
}

/// Processor time of the machine since it started, in the system's ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ticks {
    /// The time of all processors.
    total: u64,
    /// Of that, the time in which they worked.
    worked: u64,
    /// Of that, the time of this process.
    own: u64,
}

impl Default for BusyProcessors {
    /// Begins to measure.
    fn default() -> Self {
        Self { counted: Ticks::now().map(|now| (Instant::now(), now)), busy: false }
    }
}

impl BusyProcessors {
    /// Whether other programs keep them busy. `false` where the system does not tell. Takes a tenth of a second if nobody has
    /// asked for some seconds.
    pub fn are_busy(&mut self) -> bool {
        if self.counted.is_some_and(|(at, _)| at.elapsed() > LONGEST) {
            *self = Self::default();
            std::thread::sleep(SHORTEST);
        }
        if let Some((at, before)) = self.counted
            && at.elapsed() >= SHORTEST
            && let Some(now) = Ticks::now()
        {
            self.busy = now.others_since(before) >= BUSY;
            self.counted = Some((Instant::now(), now));
        }
        self.busy
    }
}

impl Ticks {
    /// What the system counts; `None` where it does not tell.
    fn now() -> Option<Self> {
        let machine = fs::read_to_string("/proc/stat").ok()?;
        let own = fs::read_to_string("/proc/self/stat").ok()?;
        Self::read(&machine, &own)
    }

    /// Reads the system's texts about the machine and about this process.
    fn read(machine: &str, own: &str) -> Option<Self> {
        let line = machine.lines().next()?.strip_prefix("cpu ")?;
        // User, nice, system, idle, waiting for the disk, two kinds of interrupts, and what another machine took. Guests
        // are counted in the first two.
        let times: Vec<u64> = line.split_whitespace().take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
        let [.., idle, waiting, _, _, _] = times.get(..8)? else { return None };
        let total: u64 = times.iter().sum();
        // The name stands in parentheses and may hold anything.
        let (_, fields) = own.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<u64>().ok();
        Some(Self { total, worked: total.saturating_sub(idle + waiting), own: next()? + next()? })
    }

    /// The share of the time since `before` that other programs took, in percent.
    fn others_since(self, before: Self) -> u64 {
        let since = |of: fn(&Self) -> u64| of(&self).saturating_sub(of(&before));
        let others = since(|ticks| ticks.worked).saturating_sub(since(|ticks| ticks.own));
        (others * 100).checked_div(since(|ticks| ticks.total)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "4711 (a ) b) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0 39 19 6 0 100";

    fn ticks(machine: &str) -> Option<Ticks> {
        Ticks::read(machine, OWN)
    }

    #[test]
    fn the_texts_of_the_system_are_read() {
        let expected = Ticks { total: 1_000, worked: 350, own: 42 };
        assert_eq!(ticks("cpu  200 50 60 600 50 10 20 10 7 7\ncpu0 1 1\n"), Some(expected));
        for wrong in ["", "cpu 1 2 3\n", "cpu  a b c d e f g h\n", "intr 1 2 3 4 5 6 7 8\n"] {
            assert_eq!(ticks(wrong), None, "{wrong}");
        }
        assert_eq!(Ticks::read("cpu  1 1 1 1 1 1 1 1\n", "4711 (a) S 1"), None);
    }

    #[test]
    fn the_time_of_other_programs_counts_and_our_own_does_not() {
        let before = Ticks { total: 1_000, worked: 100, own: 50 };
        let after = |worked, own| Ticks { total: 2_000, worked, own };
        assert_eq!(after(600, 50).others_since(before), 50);
        assert_eq!(after(600, 550).others_since(before), 0);
        assert_eq!(after(900, 250).others_since(before), 60);
        assert_eq!(before.others_since(before), 0, "no time went by");
    }

    #[test]
    fn it_is_measured_again_only_after_a_while() {
        let mut never = BusyProcessors { counted: Some((Instant::now(), Ticks::default())), busy: true };
        assert!(never.are_busy());
        assert!(!BusyProcessors { counted: None, busy: false }.are_busy());
    }
}
