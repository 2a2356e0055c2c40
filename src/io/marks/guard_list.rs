//! The effects of a pruned run, as a small file beside its mark. By it other runs still find what that run made, although
//! its journal is gone.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::row_list::ListError;
use crate::journal::EffectState;
use crate::model::{EFFECT_KEY_LEN, EffectKey, hex};

/// Bytes of one record: the effect's key, and one of its state.
const RECORD: usize = EFFECT_KEY_LEN + 1;

/// The byte of an effect that was made.
const MADE: u8 = 1;

/// The byte of an effect that may have been made.
const UNKNOWN: u8 = 2;

/// The effects that a pruned run made or may have made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct GuardList {
    /// Sorted by key, so that an effect is found without reading all.
    effects: Vec<(EffectKey, EffectState)>,
}

impl GuardList {
    /// A list of effects in any order. An effect whose end nobody recorded counts as unknown, because its run cannot go on.
    #[must_use]
    pub fn new(effects: impl IntoIterator<Item = (EffectKey, EffectState)>) -> Self {
        let kept = |state| match state {
            EffectState::Made | EffectState::Told => EffectState::Made,
            EffectState::Unknown | EffectState::UnderWay => EffectState::Unknown,
        };
        let mut effects: Vec<_> = effects.into_iter().map(|(key, state)| (key, kept(state))).collect();
        effects.sort_unstable();
        effects.dedup();
        Self { effects }
    }

    /// The number of effects.
    #[must_use]
    pub fn count(&self) -> usize {
        self.effects.len()
    }

    /// The keys of the effects.
    pub fn keys(&self) -> impl Iterator<Item = &EffectKey> {
        self.effects.iter().map(|(key, _)| key)
    }

    /// The state of an effect; `None` if the run did not make it. Of two calls with one effect the one that was made counts.
    #[must_use]
    pub fn state(&self, key: &EffectKey) -> Option<EffectState> {
        let first = self.effects.partition_point(|(other, _)| other < key);
        self.effects.get(first).filter(|(other, _)| other == key).map(|(_, state)| *state)
    }

    /// Writes the list and returns its digest. The file replaces an older one and is on the disk when this returns.
    ///
    /// # Errors
    /// The system's error if it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<String> {
        let mut bytes = Vec::with_capacity(self.effects.len() * RECORD);
        for (key, state) in &self.effects {
            bytes.extend_from_slice(key.as_bytes());
            bytes.push(if *state == EffectState::Made { MADE } else { UNKNOWN });
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        // A named temporary file is readable by its owner alone.
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        beside.write_all(&bytes)?;
        beside.as_file().sync_all()?;
        beside.persist(path).map_err(|error| error.error)?;
        Ok(hex(&Sha256::digest(&bytes)))
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`ListError::Io`] if the file cannot be read; [`ListError::Spoilt`] if it was cut or changed.
    pub fn read(path: &Path, digest: &str) -> Result<Self, ListError> {
        let bytes = fs::read(path)?;
        if hex(&Sha256::digest(&bytes)) != digest {
            return Err(ListError::Spoilt);
        }
        let effect = |record: &[u8]| {
            let key = EffectKey::from_bytes(record.get(..EFFECT_KEY_LEN)?)?;
            match *record.get(EFFECT_KEY_LEN)? {
                MADE => Some((key, EffectState::Made)),
                UNKNOWN => Some((key, EffectState::Unknown)),
                _ => None,
            }
        };
        let effects: Option<Vec<_>> = bytes.chunks(RECORD).map(effect).collect();
        effects.map(|effects| Self { effects }).ok_or(ListError::Spoilt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(name: &str) -> EffectKey {
        EffectKey::of_natural_key("a.make", name)
    }

    #[test]
    fn a_guard_is_read_back_and_any_change_of_it_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.guard");
        let list = GuardList::new([
            (effect("2"), EffectState::Unknown),
            (effect("1"), EffectState::Made),
            (effect("3"), EffectState::UnderWay),
        ]);
        let digest = list.write(&path).unwrap();
        assert_eq!(GuardList::read(&path, &digest).unwrap(), list);
        assert_eq!(list.state(&effect("1")), Some(EffectState::Made));
        assert_eq!(list.state(&effect("2")), Some(EffectState::Unknown));
        assert_eq!(list.state(&effect("3")), Some(EffectState::Unknown), "its run cannot record an end any more");
        assert_eq!(list.state(&effect("4")), None);
        let bytes = fs::read(&path).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            for spoilt in [&bytes[..place], &changed[..]] {
                fs::write(&path, spoilt).unwrap();
                assert!(matches!(GuardList::read(&path, &digest), Err(ListError::Spoilt)), "byte {place}");
            }
        }
    }

    #[test]
    fn an_effect_that_was_made_and_is_in_doubt_too_counts_as_made() {
        let list = GuardList::new([(effect("1"), EffectState::Unknown), (effect("1"), EffectState::Made)]);
        assert_eq!(list.state(&effect("1")), Some(EffectState::Made));
    }
}
