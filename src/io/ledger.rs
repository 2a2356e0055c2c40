//! Rate limits and daily quotas that all processes of a user on this machine share. Each has a small file below the
//! state folder, locked for moments only. Times in it are of the system's monotonic clock, which all processes read
//! alike.

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
use crate::model::{Time, hex};
use crate::policy::{LeaseRequest, RateLease, RateLeases};

/// The wait that an unreadable file costs, after which any lease that it held is over.
const UNREADABLE_WAIT: Duration = Duration::from_secs(60);

/// Tries to take a lock before that is an error; a second in all.
const LOCK_TRIES: u32 = 5_000;

/// Bytes of the longest line of a file.
const LONGEST_LINE: usize = 256;

/// Why the ledger could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A file or the folder could not be read or written.
    #[error("the ledger of calls, `{path}`: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's error.
        error: io::Error,
    },
    /// A file holds something other than a line of a ledger.
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

/// The ledger of a state folder. Its files are opened once, so that a process without free file descriptors can still
/// count.
#[derive(Debug, Clone)]
pub struct Ledger {
    folder: PathBuf,
    /// The id of this boot of the machine, as the monotonic clock starts anew with each boot.
    boot: String,
    /// The open files by path; clones share them.
    open: Arc<Mutex<BTreeMap<String, OpenFile>>>,
}

/// A file that stays open, with its device and inode.
#[derive(Debug)]
struct OpenFile {
    file: File,
    identity: (u64, u64),
}

fn identity(about: &Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

impl Ledger {
    /// Opens or creates the ledger of a state folder, with the files of these rate limits and quotas.
    ///
    /// # Errors
    /// [`LedgerError::Io`] if the folder or a file cannot be read or written; [`LedgerError::Spoilt`] if a file holds
    /// something else.
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
                Line::Empty | Line::Holds(..) => {}
            }
        }
        Ok(ledger)
    }

    /// Takes a lease of a rate limit; `None` if another process has its file locked.
    ///
    /// # Errors
    /// [`LedgerError::Io`] if the file cannot be used; no lease was taken then.
    pub fn take_lease(&self, key: &str, wanted: LeaseRequest, clock: &Clock) -> Result<Option<RateLease>, LedgerError> {
        self.with_file(key, |file| self.lease(file, wanted, clock))
    }

    /// Counts a call on a day for a quota of `max_calls`; false if the quota is used up. Calls are counted when they
    /// are sent, whatever becomes of them.
    ///
    /// # Errors
    /// [`LedgerError::Io`] if the file cannot be used; the call is not counted then.
    pub fn count(&self, quota: &str, day: &str, max_calls: u64) -> Result<bool, LedgerError> {
        self.with_file(quota, |file| count(file, day, max_calls))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(name(key))
    }

    /// Calls `used` with the file of a key and unlocks the file afterwards. A file that was replaced is opened again.
    fn with_file<T>(&self, key: &str, used: impl FnOnce(&File) -> io::Result<T>) -> Result<T, LedgerError> {
        let path = self.path(key);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let used = kept(&mut open, &path).and_then(|file| {
            let result = used(file);
            file.unlock().and(result)
        });
        used.map_err(|error| LedgerError::Io { path: path.display().to_string(), error })
    }

    fn lease(&self, file: &File, wanted: LeaseRequest, clock: &Clock) -> io::Result<Option<RateLease>> {
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Read before and after our own clock, so that a lease never seems to begin earlier or to last longer.
        let before = monotonic();
        let own = clock.now();
        let after = monotonic();
        let mut leases = self.read(file, after)?;
        let shift =
            |at: Time, from: Time, to: Time| Time::from_micros(at.as_micros() - from.as_micros() + to.as_micros());
        let given = leases.take(LeaseRequest { from: shift(wanted.from, own, after), ..wanted });
        self.write(file, leases)?;
        let (from, until) = (shift(given.from, before, own), shift(given.until, after, own));
        Ok(Some(RateLease { from, until, mark: given.mark }))
    }

    fn read(&self, file: &File, now: Time) -> io::Result<RateLeases> {
        let given_until = match read_line(file)? {
            Line::Empty => Time::default(),
            Line::Holds(boot, micros) if boot == self.boot => Time::from_micros(micros),
            Line::Holds(..) => Time::default(),
            Line::Spoilt => now.plus(UNREADABLE_WAIT),
        };
        Ok(RateLeases { given_until })
    }

    fn write(&self, file: &File, leases: RateLeases) -> io::Result<()> {
        write_line(file, &self.boot, leases.given_until.as_micros())
    }
}

/// The open file of a path, opened again if another file stands there now.
fn kept<'f>(open: &'f mut BTreeMap<String, OpenFile>, path: &Path) -> io::Result<&'f File> {
    let key = path.to_string_lossy().into_owned();
    // If there is no file, another process may create it at any moment.
    let still_there = |kept: &OpenFile| match std::fs::metadata(path) {
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

fn open_anew(path: &Path) -> io::Result<OpenFile> {
    let file = private_file(path)?;
    let identity = identity(&file.metadata()?);
    Ok(OpenFile { file, identity })
}

/// Reads a file as a run begins. An empty one gets a line without a count, so that its disk block is allocated.
fn check(file: &File) -> io::Result<Line> {
    lock_soon(file)?;
    let line = read_line(file)?;
    if matches!(line, Line::Empty) {
        write_line(file, "-", 0)?;
    }
    Ok(line)
}

fn count(file: &File, day: &str, max_calls: u64) -> io::Result<bool> {
    lock_soon(file)?;
    let counted = match read_line(file)? {
        Line::Holds(of, counted) if of == day => u64::try_from(counted).unwrap_or(0),
        // An unreadable count starts again from 0; the vendor's own count still holds.
        Line::Empty | Line::Holds(..) | Line::Spoilt => 0,
    };
    if counted >= max_calls {
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

/// A file's one line: the boot or day since which it counts, and a number.
enum Line {
    Empty,
    Holds(String, i64),
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
        (Some(since), Some(Ok(number)), Some("end")) => Line::Holds(since.to_owned(), number),
        _ => Line::Spoilt,
    })
}

/// Writes the line with one write. The rest of an older, longer line stands after the word `end`.
fn write_line(file: &File, since: &str, number: i64) -> io::Result<()> {
    file.write_all_at(format!("{since} {number} end\n").as_bytes(), 0)
}

/// A file's name: a hash, so that it shows nothing of a credential.
fn name(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    hex(&digest[..16])
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
        ledger.take_lease("a rate", wanted, clock).unwrap().unwrap()
    }

    #[test]
    fn leases_of_two_processes_follow_each_other() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = (Ledger::open(state.path(), []).unwrap(), Ledger::open(state.path(), []).unwrap());
        let clock = Clock::start();
        let began = clock.now();
        let (first, second) = (take(&one, &clock), take(&other, &clock));
        // Their clocks are read one after the other; limiters allow for that.
        assert!(second.from.plus(Duration::from_micros(50)) >= first.until, "{first:?} {second:?}");
        // Between the readings of two clocks a busy machine may let any time pass, but no more than went by here.
        assert!(second.from <= first.until.max(clock.now()).plus(clock.now().since(began)));
        let after = Some(second.mark);
        let wanted = LeaseRequest { from: clock.now(), after, ..WANTED };
        let again = other.take_lease("a rate", wanted, &clock).unwrap().unwrap();
        assert!(again.from < second.until || again.from <= clock.now(), "his own last one");
        assert!(take(&one, &clock).from >= second.from);
        let wanted = LeaseRequest { from: clock.now(), ..WANTED };
        let free = one.take_lease("another", wanted, &clock).unwrap().unwrap();
        assert!(free.from <= clock.now());
    }

    #[test]
    fn a_locked_file_gives_no_lease_and_is_not_waited_for() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path(), []).unwrap();
        let held = private_file(&ledger.folder.join(name("a rate"))).unwrap();
        held.lock().unwrap();
        assert_eq!(ledger.take_lease("a rate", WANTED, &Clock::start()).unwrap(), None);
    }

    #[test]
    fn counts_of_another_boot_are_dropped_and_an_unreadable_file_is_waited_out() {
        let state = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(state.path(), []).unwrap();
        let (clock, path) = (Clock::start(), ledger.folder.join(name("a rate")));
        std::fs::write(&path, "another-boot 999999999999999999 end\n").unwrap();
        assert!(take(&ledger, &clock).from.since(clock.now()) < Duration::from_secs(1));
        for spoilt in ["x", "\u{0}\u{0}", "another-boot 12", "a b end"] {
            std::fs::write(&path, spoilt).unwrap();
            let wait = take(&ledger, &clock).from.since(clock.now());
            assert!(wait > UNREADABLE_WAIT - Duration::from_secs(5) && wait <= UNREADABLE_WAIT, "{spoilt:?}: {wait:?}");
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
    fn a_file_with_other_content_is_refused_when_the_ledger_is_opened() {
        let state = tempfile::tempdir().unwrap();
        let open = || Ledger::open(state.path(), ["a rate", "a quota"]);
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
    fn files_stay_open_and_a_replaced_one_is_opened_again() {
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
