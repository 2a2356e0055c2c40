//! Budgets that all processes of a user on this machine share: a small file each below the state folder, under a lock
//! held for moments only, in the time of the system's monotonic clock, which all processes read alike.

use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Clock, make_private_dir, private_file};
use crate::model::Time;
use crate::policy::{Turn, TurnWanted, Turns};

/// What a spoilt file costs: nobody's turn begins before then, so that whatever it held has passed.
const SPOILT: Duration = Duration::from_secs(60);

/// How often a lock is tried before it is an error: a second in all.
const LOCK_TRIES: u32 = 5_000;

/// The longest line of a file.
const LONGEST_LINE: usize = 256;

/// The ledger could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the ledger of calls, `{path}`: {error}")]
pub struct LedgerError {
    path: String,
    error: io::Error,
}

/// The folder of the files.
#[derive(Debug, Clone)]
pub struct Ledger {
    folder: PathBuf,
    /// Names the time from which the monotonic clock counts: another boot, another time.
    boot: String,
}

impl Ledger {
    /// Opens or makes the ledger of a state folder.
    ///
    /// # Errors
    /// The folder could not be made.
    pub fn open(state: &Path) -> Result<Self, LedgerError> {
        let folder = state.join("ledger");
        make_private_dir(&folder).map_err(|error| LedgerError { path: folder.display().to_string(), error })?;
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let boot = boot.trim();
        Ok(Self { folder, boot: if boot.is_empty() { "-" } else { boot }.to_owned() })
    }

    /// Takes a turn of a budget; none where another process holds its file just now.
    ///
    /// # Errors
    /// The disk's trouble; the turn is not had then.
    pub fn take_turn(&self, budget: &str, wanted: TurnWanted, clock: &Clock) -> Result<Option<Turn>, LedgerError> {
        let path = self.folder.join(name(budget));
        self.turn(&path, wanted, clock).map_err(|error| LedgerError { path: path.display().to_string(), error })
    }

    /// Counts a call of a day for a quota of so many; false where they are used up. Calls are counted when they are
    /// handed over, whatever becomes of them.
    ///
    /// # Errors
    /// The disk's trouble; the call is not counted then.
    pub fn count(&self, quota: &str, day: &str, most: u64) -> Result<bool, LedgerError> {
        let path = self.folder.join(name(quota));
        count(&path, day, most).map_err(|error| LedgerError { path: path.display().to_string(), error })
    }

    fn turn(&self, path: &Path, wanted: TurnWanted, clock: &Clock) -> io::Result<Option<Turn>> {
        let file = private_file(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Read on both sides of our own clock: whatever comes between, a turn is never taken for earlier or longer.
        let before = monotonic();
        let own = clock.now();
        let after = monotonic();
        let mut turns = self.read(&file, after)?;
        let shift =
            |at: Time, from: Time, to: Time| Time::from_micros(at.as_micros() - from.as_micros() + to.as_micros());
        let given = turns.take(TurnWanted { from: shift(wanted.from, own, after), ..wanted });
        self.write(&file, turns)?;
        let (from, until) = (shift(given.from, before, own), shift(given.until, after, own));
        Ok(Some(Turn { from, until, mark: given.mark }))
    }

    fn read(&self, file: &File, now: Time) -> io::Result<Turns> {
        let given_until = match read_line(file)? {
            Line::Empty => Time::default(),
            Line::Told(boot, micros) if boot == self.boot => Time::from_micros(micros),
            Line::Told(..) => Time::default(),
            Line::Spoilt => now.plus(SPOILT),
        };
        Ok(Turns { given_until })
    }

    fn write(&self, file: &File, turns: Turns) -> io::Result<()> {
        write_line(file, &self.boot, turns.given_until.as_micros())
    }
}

fn count(path: &Path, day: &str, most: u64) -> io::Result<bool> {
    let file = private_file(path)?;
    lock_soon(&file)?;
    let counted = match read_line(&file)? {
        Line::Told(of, counted) if of == day => u64::try_from(counted).unwrap_or(0),
        // What cannot be read is not known; the vendor's own count still binds.
        Line::Empty | Line::Told(..) | Line::Spoilt => 0,
    };
    if counted >= most {
        return Ok(false);
    }
    write_line(&file, day, i64::try_from(counted + 1).unwrap_or(i64::MAX))?;
    Ok(true)
}

/// Takes a lock that others hold for moments only.
fn lock_soon(file: &File) -> io::Result<()> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_micros(200)),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "another process keeps it locked"))
}

/// A file's one line: a word that says since when it holds, and a number.
enum Line {
    Empty,
    Told(String, i64),
    Spoilt,
}

fn read_line(file: &File) -> io::Result<Line> {
    let mut bytes = [0; LONGEST_LINE];
    let length = file.read_at(&mut bytes, 0)?;
    if length == 0 {
        return Ok(Line::Empty);
    }
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let mut words = text.lines().next().unwrap_or_default().split(' ');
    Ok(match (words.next(), words.next().map(str::parse), words.next()) {
        (Some(since), Some(Ok(number)), Some("end")) => Line::Told(since.to_owned(), number),
        _ => Line::Spoilt,
    })
}

/// Writes the line in one go; what an older, longer one leaves behind comes after its end.
fn write_line(file: &File, since: &str, number: i64) -> io::Result<()> {
    file.write_all_at(format!("{since} {number} end\n").as_bytes(), 0)
}

/// A file's name, which tells nothing of credentials.
fn name(budget: &str) -> String {
    let digest = Sha256::digest(budget.as_bytes());
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The system's monotonic clock.
fn monotonic() -> Time {
    let at = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Time::from_micros(at.tv_sec.saturating_mul(1_000_000).saturating_add(at.tv_nsec / 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: TurnWanted =
        TurnWanted { from: Time::from_micros(0), length: Duration::from_millis(250), after: None };

    fn take(ledger: &Ledger, clock: &Clock) -> Turn {
        let wanted = TurnWanted { from: clock.now(), ..WANTED };
        ledger.take_turn("a budget", wanted, clock).unwrap().unwrap()
    }

    #[test]
    fn turns_of_two_processes_follow_each_other() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = (Ledger::open(state.path()).unwrap(), Ledger::open(state.path()).unwrap());
        let clock = Clock::start();
        let began = clock.now();
        let (first, second) = (take(&one, &clock), take(&other, &clock));
        // Both are told by clocks that are read one after the other, and limiters allow for that.
        assert!(second.from.plus(Duration::from_micros(50)) >= first.until, "{first:?} {second:?}");
        // Between the readings of two clocks a busy machine may let any time pass, but no more than went by here.
        assert!(second.from <= first.until.max(clock.now()).plus(clock.now().since(began)));
        let after = Some(second.mark);
        let wanted = TurnWanted { from: clock.now(), after, ..WANTED };
        let again = other.take_turn("a budget", wanted, &clock).unwrap().unwrap();
        assert!(again.from < second.until || again.from <= clock.now(), "his own last one");
        assert!(take(&one, &clock).from >= second.from);
        let wanted = TurnWanted { from: clock.now(), ..WANTED };
        let free = one.take_turn("another", wanted, &clock).unwrap().unwrap();
        assert!(free.from <= clock.now());
    }

    #[test]
    fn a_held_file_is_nobodys_turn_and_never_waited_for() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path()).unwrap();
        let held = private_file(&ledger.folder.join(name("a budget"))).unwrap();
        held.lock().unwrap();
        assert_eq!(ledger.take_turn("a budget", WANTED, &Clock::start()).unwrap(), None);
    }

    #[test]
    fn another_boot_is_forgotten_and_a_spoilt_file_is_waited_out() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path()).unwrap();
        let (clock, path) = (Clock::start(), ledger.folder.join(name("a budget")));
        std::fs::write(&path, "another-boot 999999999999999999 end\n").unwrap();
        assert!(take(&ledger, &clock).from.since(clock.now()) < Duration::from_secs(1));
        for spoilt in ["x", "\u{0}\u{0}", "another-boot 12", "a b end"] {
            std::fs::write(&path, spoilt).unwrap();
            let wait = take(&ledger, &clock).from.since(clock.now());
            assert!(wait > SPOILT - Duration::from_secs(5) && wait <= SPOILT, "{spoilt:?}: {wait:?}");
        }
    }

    #[test]
    fn calls_are_counted_by_days_over_all_processes() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = (Ledger::open(state.path()).unwrap(), Ledger::open(state.path()).unwrap());
        let told: Vec<bool> =
            (0..5).map(|n| if n % 2 == 0 { &one } else { &other }.count("a quota", "2026-11-22", 3).unwrap()).collect();
        assert_eq!(told, [true, true, true, false, false]);
        assert!(one.count("another", "2026-11-22", 3).unwrap());
        assert!(one.count("a quota", "2026-11-23", 3).unwrap());
        assert!(one.count("a quota", "2026-11-22", 1).unwrap(), "a clock set back begins anew");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error() {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join("ledger"), "a file").unwrap();
        assert!(Ledger::open(state.path()).unwrap_err().to_string().contains("ledger"));
    }
}
