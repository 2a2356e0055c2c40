//! Faults: which call gets which fault, decided by a seed and the call's number.

use std::fmt;
use std::time::Duration;

use crate::model::{parse_duration, words};
use crate::sandbox::world::seed;

words! {
    /// What goes wrong with a call. A seed selects by position, so a new fault goes to the end.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::sandbox) enum Fault {
        /// The effect is made, but the connection closes without an answer.
        Lose = "lose",
        /// The connection closes before the effect.
        Close = "close",
        /// HTTP 500 before the effect.
        Fail500Before = "500",
        /// HTTP 503 before the effect.
        Fail503Before = "503",
        /// HTTP 500 after the effect.
        Fail500After = "500after",
        /// HTTP 503 after the effect.
        Fail503After = "503after",
        /// The vendor's own "too many requests", before the effect.
        Throttle = "throttle",
        /// The token in use is revoked first.
        Expire = "expire",
        /// The effect is made, but only half of the answer arrives.
        Cut = "cut",
        /// The effect is made, but the answer arrives unreadable.
        Garble = "garble",
        /// The vendor refuses in its own form, before the effect.
        Refuse = "refuse",
    }
}

impl Fault {
    /// Whether `all` includes it. A refusal is final, so a rehearsal that should succeed must ask for it by name.
    fn is_in_all(self) -> bool {
        match self {
            Self::Refuse => false,
            Self::Lose
            | Self::Close
            | Self::Fail500Before
            | Self::Fail503Before
            | Self::Fail500After
            | Self::Fail503After
            | Self::Throttle
            | Self::Expire
            | Self::Cut
            | Self::Garble => true,
        }
    }
}

/// The default delay of `slow`.
const SLOW: Duration = Duration::from_millis(300);
/// The longest delay of `slow`.
const SLOWEST: Duration = Duration::from_secs(600);

/// The rates of faults, parsed from a spec such as `lose=2%,slow=5%:300ms,seed=7`.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults {
    rates: [f64; Fault::ALL.len()],
    slow: (f64, Duration),
    seed: u64,
}

impl Faults {
    /// Parses a spec: `kind=rate` separated by commas.
    ///
    /// Kinds are `lose` (the effect is made, no answer), `close` (no effect, no answer), `500`, `503` (before the
    /// effect), `500after`, `503after` (after it), `throttle`, `expire` (the token in use), `cut` and `garble` (the
    /// answer), `refuse` (the vendor's own refusal, no effect), `slow=5%:300ms`; `all=2%` is each kind that has no
    /// rate of its own, except `refuse`. A rate is `2%` or `0.02`. `seed=N` selects the sequence of faults: equal
    /// specs give equal faults.
    ///
    /// # Errors
    /// A message that names the wrong part of the spec and says what is accepted.
    pub fn parse(spec: &str) -> Result<Self, String> {
        let mut faults = Self { rates: [0.0; Fault::ALL.len()], slow: (0.0, SLOW), seed: 0 };
        let mut all = None;
        let mut seen: Vec<&str> = Vec::new();
        for part in spec.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (kind, value) = part
                .split_once('=')
                .map(|(kind, value)| (kind.trim(), value.trim()))
                .ok_or_else(|| format!("`{part}` is not a fault: write `kind=rate`, such as `lose=2%`"))?;
            if seen.contains(&kind) {
                return Err(format!("`{kind}` stands twice in the faults: write it once"));
            }
            seen.push(kind);
            match kind {
                "seed" => faults.seed = value.parse().map_err(|_| format!("`seed={value}`: write a whole number"))?,
                "slow" => faults.slow = slow(value)?,
                "all" => all = Some(rate(kind, value)?),
                _ => faults.rates[position(kind)?] = rate(kind, value)?,
            }
        }
        if seen.iter().all(|&kind| kind == "seed") {
            return Err(format!("no fault is named: write for example `lose=2%,slow=5%:300ms`; kinds are {}", kinds()));
        }
        faults.fill(all, &seen);
        let sum: f64 = faults.rates.iter().sum();
        if sum > 1.0 {
            return Err(format!(
                "the faults add up to {:.0}% of the calls: together (without `slow`) they may reach 100%",
                sum * 100.0
            ));
        }
        Ok(faults)
    }

    fn fill(&mut self, all: Option<f64>, seen: &[&str]) {
        let Some(all) = all else { return };
        for (at, fault) in Fault::ALL.into_iter().enumerate() {
            if fault.is_in_all() && !seen.contains(&fault.as_str()) {
                self.rates[at] = all;
            }
        }
        if !seen.contains(&"slow") {
            self.slow.0 = all;
        }
    }

    fn random_share(&self, what: &str, call: u64) -> f64 {
        seed::share(&[what, &self.seed.to_string(), &call.to_string()])
    }

    /// The fault of a call; `None` for none.
    pub(in crate::sandbox) fn draw(&self, call: u64) -> Option<Fault> {
        let share = self.random_share("fault", call);
        let mut below = 0.0;
        for (at, fault) in Fault::ALL.into_iter().enumerate() {
            below += self.rates[at];
            if share < below {
                return Some(fault);
            }
        }
        None
    }

    /// The delay of a call's answer.
    pub(in crate::sandbox) fn delay(&self, call: u64) -> Duration {
        if self.random_share("slow", call) < self.slow.0 { self.slow.1 } else { Duration::ZERO }
    }
}

fn kinds() -> String {
    format!("`{}`, `slow`, `all` and `seed`", Fault::WORDS.join("`, `"))
}

fn position(kind: &str) -> Result<usize, String> {
    Fault::WORDS.iter().position(|word| *word == kind).ok_or_else(|| {
        let words = Fault::WORDS.into_iter().chain(["slow", "all", "seed"]);
        let near = words.max_by(|a, b| strsim::jaro(a, kind).total_cmp(&strsim::jaro(b, kind)));
        match near {
            Some(near) if strsim::jaro(near, kind) > 0.75 => format!("`{kind}` is not a fault: did you mean `{near}`?"),
            _ => format!("`{kind}` is not a fault: write {}", kinds()),
        }
    })
}

fn rate(kind: &str, value: &str) -> Result<f64, String> {
    let number = match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => value.parse(),
    };
    match number {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("`{kind}={value}`: write a share of the calls between 0% and 100%, such as `{kind}=2%`")),
    }
}

fn slow(value: &str) -> Result<(f64, Duration), String> {
    let (share, wait) = value.split_once(':').unwrap_or((value, "300ms"));
    let wait = parse_duration(wait).map_err(|reason| format!("`slow={value}`: {reason}"))?;
    if wait > SLOWEST {
        return Err(format!("`slow={value}`: at most {} s is waited", SLOWEST.as_secs()));
    }
    Ok((rate("slow", share.trim())?, wait))
}

impl fmt::Display for Faults {
    /// Writes a spec that parses to the same faults.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, rate) in Fault::WORDS.iter().zip(self.rates).filter(|(_, rate)| *rate > 0.0) {
            write!(f, "{word}={rate},")?;
        }
        write!(f, "slow={}:{}ms,seed={}", self.slow.0, self.slow.1.as_millis(), self.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_specs_say_what_is_wrong() {
        for (spec, said) in [
            ("", "no fault is named"),
            ("seed=7", "no fault is named"),
            ("lose", "`lose` is not a fault: write `kind=rate`"),
            ("lsoe=2%", "did you mean `lose`"),
            ("banana=2%", "`banana` is not a fault: write `lose`"),
            ("lose=2", "between 0% and 100%"),
            ("lose=-1%", "between 0% and 100%"),
            ("lose=NaN", "between 0% and 100%"),
            ("lose=x%", "such as `lose=2%`"),
            ("lose=1%,lose=2%", "twice"),
            ("seed=x,lose=1%", "whole number"),
            ("slow=5%:fast", "not a duration"),
            ("slow=5%:3d", "at most 600 s"),
            ("lose=60%,close=60%", "add up to 120%"),
            ("all=20%", "add up to 200%"),
        ] {
            let message = Faults::parse(spec).unwrap_err();
            assert!(message.contains(said), "{spec}: {message}");
        }
    }

    #[test]
    fn a_spec_shows_and_reads_the_same() {
        let spec =
            "lose=2%,close=1%,500=1%,503=1%,throttle=2%,expire=1%,cut=1%,garble=1%,refuse=1%,slow=5%:300ms,seed=7";
        let faults = Faults::parse(spec).unwrap();
        assert_eq!(Faults::parse(&faults.to_string()), Ok(faults));
    }

    #[test]
    fn all_sets_every_kind_that_is_not_named() {
        let faults = Faults::parse("all=1%,lose=0%").unwrap();
        let drawn: Vec<Fault> = (0..20_000).filter_map(|call| faults.draw(call)).collect();
        assert!(!drawn.contains(&Fault::Lose));
        assert!(!drawn.contains(&Fault::Refuse), "only where it is named");
        for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::Lose && *fault != Fault::Refuse) {
            let share = drawn.iter().filter(|drawn| **drawn == fault).count();
            assert!((120..280).contains(&share), "{fault:?}: {share} of 20000");
        }
        assert!((0..1_000).any(|call| faults.delay(call) == SLOW));
    }

    #[test]
    fn equal_seeds_give_equal_faults() {
        let row = |spec: &str| (0..500).map(|call| Faults::parse(spec).unwrap().draw(call)).collect::<Vec<_>>();
        assert_eq!(row("lose=30%,seed=7"), row("lose=30%,seed=7"));
        assert_ne!(row("lose=30%,seed=7"), row("lose=30%,seed=8"));
    }

    #[test]
    fn refusals_leave_the_other_faults_where_they_were() {
        let row = |spec: &str| {
            let faults = Faults::parse(spec).unwrap();
            (0..2_000).map(|call| faults.draw(call)).collect::<Vec<_>>()
        };
        let (without, with) = (row("all=3%,seed=7"), row("all=3%,refuse=20%,seed=7"));
        assert!(with.contains(&Some(Fault::Refuse)));
        for (before, after) in without.iter().zip(&with) {
            assert!(before == after || (before.is_none() && *after == Some(Fault::Refuse)), "{before:?}, {after:?}");
        }
    }

    #[test]
    fn specs_select_the_same_faults_as_in_earlier_versions() {
        let faults = Faults::parse("all=2%,seed=7").unwrap();
        let drawn: Vec<String> =
            (0..60).filter_map(|call| faults.draw(call).map(|fault| format!("{call} {}", fault.as_str()))).collect();
        assert_eq!(drawn.join(", "), "4 expire, 7 lose, 12 expire, 13 garble, 14 close, 28 expire, 57 close");
    }

    #[test]
    fn every_fault_is_read_by_its_word() {
        crate::model::assert_read(Fault::named);
        for fault in Fault::ALL {
            let faults = Faults::parse(&format!("{}=100%", fault.as_str())).unwrap();
            assert_eq!(faults.draw(1), Some(fault));
        }
    }
}
