//! Budgets that all processes of a user on this machine share: a small file each below the state folder, under a lock
//! held for moments only, in the time of the system's monotonic clock, which all processes read alike.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{File, Metadata, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Clock, make_private_dir, private_file};
use crate::model::Time;
use crate::policy::{LeaseRequest, RateLease, RateLeases};

/// What a spoilt file costs: nobody's turn begins before then, so that whatever it held has passed.
const SPOILT: Duration = Duration::from_secs(60);

/// How often a lock is tried before it is an error: a second in all.
const LOCK_TRIES: u32 = 5_000;

/// The longest line of a file.
const LONGEST_LINE: usize = 256;

/// The ledger could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A file or the folder could not be read or written.
    #[error("the ledger of calls, `{path}`: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's words.
        error: io::Error,
    },
    /// A file holds something else than a line of a ledger.
    #[error("the ledger of calls, `{path}`, holds something else than runsheet writes there")]
    Spoilt {
        /// The file.
        path: String,
    },
}

impl LedgerError {
    /// What a person should do now, as sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Io { error, .. } if error.kind() == io::ErrorKind::StorageFull => {
                "Make room on that disk.".to_owned()
            }
            Self::Io { path, .. } | Self::Spoilt { path } => format!(
                "Make sure that it can be read and written, or delete it: rm -r '{path}'. It only holds how far the calls of \
                 this machine's processes are counted. Delete it while no run is under way, as two runs would otherwise not \
                 stay within one rate limit together; a `daily_quota` is counted from 0 again."
            ),
        }
    }
}

/// The folder of the files. They are opened once: a process that may open no more files goes on counting.
#[derive(Debug, Clone)]
pub struct Ledger {
    folder: PathBuf,
    /// Names the time from which the monotonic clock counts: another boot, another time.
    boot: String,
    /// Clones count in the same files.
    open: Arc<Mutex<BTreeMap<String, Kept>>>,
}

/// A file that is kept open.
#[derive(Debug)]
struct Kept {
    file: File,
    identity: (u64, u64),
}

fn identity(about: &Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

impl Ledger {
    /// Opens or makes the ledger of a state folder, with the files of these budgets and quotas.
    ///
    /// # Errors
    /// The folder or a file cannot be read or written, or a file holds something else.
    pub fn open<'k>(state: &Path, keys: impl IntoIterator<Item = &'k str>) -> Result<Self, LedgerError> {
        let folder = state.join("ledger");
        make_private_dir(&folder).map_err(|error| LedgerError::Io { path: folder.display().to_string(), error })?;
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let boot = boot.trim();
        let boot = if boot.is_empty() { "-" } else { boot }.to_owned();
        let ledger = Self { folder, boot, open: Arc::default() };
        for key in keys {
            match ledger.with_file(key, check)? {
                Line::Spoilt => return Err(LedgerError::Spoilt { path: ledger.path(key).display().to_string() }),
                Line::Empty | Line::Told(..) => {}
            }
        }
        Ok(ledger)
    }

    /// Takes a turn of a budget; none where another process holds its file just now.
    ///
    /// # Errors
    /// The disk's trouble; the turn is not had then.
    pub fn take_turn(
        &self,
        budget: &str,
        wanted: LeaseRequest,
        clock: &Clock,
    ) -> Result<Option<RateLease>, LedgerError> {
        self.with_file(budget, |file| self.turn(file, wanted, clock))
    }

    /// Counts a call of a day for a quota of so many; false where they are used up. Calls are counted when they are
    /// handed over, whatever becomes of them.
    ///
    /// # Errors
    /// The disk's trouble; the call is not counted then.
    pub fn count(&self, quota: &str, day: &str, most: u64) -> Result<bool, LedgerError> {
        self.with_file(quota, |file| count(file, day, most))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(name(key))
    }

    /// Uses the file of a key: the one that is open, unless another one stands in its place by now. What was locked is
    /// free again afterwards.
    fn with_file<T>(&self, key: &str, used: impl FnOnce(&File) -> io::Result<T>) -> Result<T, LedgerError> {
        let path = self.path(key);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept(&mut open, &path).and_then(|file| {
            let came = used(file);
            file.unlock().and(came)
        });
        used.map_err(|error| LedgerError::Io { path: path.display().to_string(), error })
    }

    fn turn(&self, file: &File, wanted: LeaseRequest, clock: &Clock) -> io::Result<Option<RateLease>> {
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Read on both sides of our own clock: whatever comes between, a turn is never taken for earlier or longer.
        let before = monotonic();
        let own = clock.now();
        let after = monotonic();
        let mut turns = self.read(file, after)?;
        let shift =
            |at: Time, from: Time, to: Time| Time::from_micros(at.as_micros() - from.as_micros() + to.as_micros());
        let given = turns.take(LeaseRequest { from: shift(wanted.from, own, after), ..wanted });
        self.write(file, turns)?;
        let (from, until) = (shift(given.from, before, own), shift(given.until, after, own));
        Ok(Some(RateLease { from, until, mark: given.mark }))
    }

    fn read(&self, file: &File, now: Time) -> io::Result<RateLeases> {
        let given_until = match read_line(file)? {
            Line::Empty => Time::default(),
            Line::Told(boot, micros) if boot == self.boot => Time::from_micros(micros),
            Line::Told(..) => Time::default(),
            Line::Spoilt => now.plus(SPOILT),
        };
        Ok(RateLeases { given_until })
    }

    fn write(&self, file: &File, turns: RateLeases) -> io::Result<()> {
        write_line(file, &self.boot, turns.given_until.as_micros())
    }
}

/// The open file of a path.
fn kept<'f>(open: &'f mut BTreeMap<String, Kept>, path: &Path) -> io::Result<&'f File> {
    let key = path.to_string_lossy().into_owned();
    // Where the path leads to nothing, another process may make the file anew at any moment.
    let still_there = |kept: &Kept| match std::fs::metadata(path) {
        Ok(about) => identity(&about) == kept.identity,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    match open.entry(key) {
        Entry::Occupied(kept) if still_there(kept.get()) => Ok(&kept.into_mut().file),
        Entry::Occupied(mut kept) => {
            kept.insert(open_anew(path)?);
            Ok(&kept.into_mut().file)
        }
        Entry::Vacant(place) => Ok(&place.insert(open_anew(path)?).file),
    }
}

fn open_anew(path: &Path) -> io::Result<Kept> {
    let file = private_file(path)?;
    let identity = identity(&file.metadata()?);
    Ok(Kept { file, identity })
}

/// Reads a file as a run begins; an empty one gets a line that says nothing, so that it has its room on the disk.
fn check(file: &File) -> io::Result<Line> {
    lock_soon(file)?;
    let line = read_line(file)?;
    if matches!(line, Line::Empty) {
        write_line(file, "-", 0)?;
    }
    Ok(line)
}

fn count(file: &File, day: &str, most: u64) -> io::Result<bool> {
    lock_soon(file)?;
    let counted = match read_line(file)? {
        Line::Told(of, counted) if of == day => u64::try_from(counted).unwrap_or(0),
        // What cannot be read is not known; the vendor's own count still binds.
        Line::Empty | Line::Told(..) | Line::Spoilt => 0,
    };
    if counted >= most {
        return Ok(false);
    }
    write_line(file, day, i64::try_from(counted + 1).unwrap_or(i64::MAX))?;
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

    const WANTED: LeaseRequest =
        LeaseRequest { from: Time::from_micros(0), length: Duration::from_millis(250), after: None };

    fn take(ledger: &Ledger, clock: &Clock) -> RateLease {
        let wanted = LeaseRequest { from: clock.now(), ..WANTED };
        ledger.take_turn("a budget", wanted, clock).unwrap().unwrap()
    }

    #[test]
    fn turns_of_two_processes_follow_each_other() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = (Ledger::open(state.path(), []).unwrap(), Ledger::open(state.path(), []).unwrap());
        let clock = Clock::start();
        let began = clock.now();
        let (first, second) = (take(&one, &clock), take(&other, &clock));
        // Both are told by clocks that are read one after the other, and limiters allow for that.
        assert!(second.from.plus(Duration::from_micros(50)) >= first.until, "{first:?} {second:?}");
        // Between the readings of two clocks a busy machine may let any time pass, but no more than went by here.
        assert!(second.from <= first.until.max(clock.now()).plus(clock.now().since(began)));
        let after = Some(second.mark);
        let wanted = LeaseRequest { from: clock.now(), after, ..WANTED };
        let again = other.take_turn("a budget", wanted, &clock).unwrap().unwrap();
        assert!(again.from < second.until || again.from <= clock.now(), "his own last one");
        assert!(take(&one, &clock).from >= second.from);
        let wanted = LeaseRequest { from: clock.now(), ..WANTED };
        let free = one.take_turn("another", wanted, &clock).unwrap().unwrap();
        assert!(free.from <= clock.now());
    }

    #[test]
    fn a_held_file_is_nobodys_turn_and_never_waited_for() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path(), []).unwrap();
        let held = private_file(&ledger.folder.join(name("a budget"))).unwrap();
        held.lock().unwrap();
        assert_eq!(ledger.take_turn("a budget", WANTED, &Clock::start()).unwrap(), None);
    }

    #[test]
    fn another_boot_is_forgotten_and_a_spoilt_file_is_waited_out() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path(), []).unwrap();
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
        let (one, other) = (Ledger::open(state.path(), []).unwrap(), Ledger::open(state.path(), []).unwrap());
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
        assert!(Ledger::open(state.path(), []).unwrap_err().to_string().contains("ledger"));
    }

    #[test]
    fn a_file_that_is_none_of_a_ledger_is_told_as_it_is_opened() {
        let state = tempfile::tempdir().unwrap();
        let open = || Ledger::open(state.path(), ["a budget", "a quota"]);
        let path = open().unwrap().path("a quota");
        for spoilt in ["garbage", "{\"calls\": 3}", "a b end", "2026-11-22 12"] {
            std::fs::write(&path, spoilt).unwrap();
            let told = open().unwrap_err();
            assert!(matches!(told, LedgerError::Spoilt { .. }), "{spoilt}: {told}");
            for text in [told.to_string(), told.advice()] {
                assert!(text.contains(path.to_str().unwrap()), "{text}");
            }
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(open().unwrap_err().to_string().contains(path.to_str().unwrap()), "a folder in its place");
        std::fs::remove_dir(&path).unwrap();
        open().unwrap();
        open().unwrap();
    }

    #[test]
    fn files_stay_open_and_one_that_was_replaced_is_opened_anew() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = (Ledger::open(state.path(), ["a quota"]).unwrap(), Ledger::open(state.path(), []).unwrap());
        assert!(one.count("a quota", "2026-11-22", 2).unwrap());
        assert_eq!(one.open.lock().unwrap().len(), 1, "it was open");
        std::fs::remove_file(one.path("a quota")).unwrap();
        let told: Vec<bool> =
            (0..4).map(|n| if n % 2 == 0 { &other } else { &one }.count("a quota", "2026-11-22", 3).unwrap()).collect();
        assert_eq!(told, [true, true, true, false], "both count in the file that is there now");
    }
}
