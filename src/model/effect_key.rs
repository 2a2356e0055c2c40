//! The identity of an effect that must not be made twice, in sixteen bytes: an operation with its natural key, or
//! with its whole request.

use std::fmt;

use sha2::{Digest, Sha256};

/// Bytes of the key that identify the operation.
const OF_OPERATION: usize = 4;

/// The length of a key in bytes.
pub const EFFECT_KEY_LEN: usize = 16;

/// The identity of an effect across runs. Its first bytes identify the operation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectKey([u8; EFFECT_KEY_LEN]);

impl EffectKey {
    /// The effect of an operation with a natural key.
    #[must_use]
    pub fn of_natural_key(operation: &str, natural_key: &str) -> Self {
        Self::new(operation, &["key", natural_key])
    }

    /// The effect of an operation without a natural key: by its base URL and the hash of its request.
    #[must_use]
    pub fn of_request(operation: &str, base_url: &str, hash: &str) -> Self {
        Self::new(operation, &["request", base_url, hash])
    }

    fn new(operation: &str, identity: &[&str]) -> Self {
        let mut digest = Sha256::new();
        digest.update(operation);
        for part in identity {
            digest.update([0]);
            digest.update(part);
        }
        let mut bytes = [0; EFFECT_KEY_LEN];
        bytes[..OF_OPERATION].copy_from_slice(&mark(operation));
        bytes[OF_OPERATION..].copy_from_slice(&digest.finalize()[..EFFECT_KEY_LEN - OF_OPERATION]);
        Self(bytes)
    }

    /// Reads a key from its bytes; `None` if the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it may be an effect of this operation.
    #[must_use]
    pub fn is_of(&self, operation: &str) -> bool {
        self.0[..OF_OPERATION] == mark(operation)
    }

    /// Eight bytes that differ between effects of one operation, except with a chance of 1 in 2⁶⁴.
    #[must_use]
    pub fn short(&self) -> u64 {
        self.0.iter().skip(EFFECT_KEY_LEN - 8).fold(0, |short, byte| short << 8 | u64::from(*byte))
    }
}

impl fmt::Debug for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn mark(operation: &str) -> [u8; OF_OPERATION] {
    let digest = Sha256::digest(operation.as_bytes());
    let mut mark = [0; OF_OPERATION];
    mark.copy_from_slice(&digest[..OF_OPERATION]);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_makes_a_difference_and_parts_do_not_run_together() {
        let base = EffectKey::of_natural_key("a.make", "1");
        for other in [
            EffectKey::of_natural_key("a.make", "2"),
            EffectKey::of_natural_key("a.unmake", "1"),
            EffectKey::of_request("a.make", "", "1"),
            EffectKey::of_request("a.make", "1", ""),
        ] {
            assert_ne!(base, other);
            assert_ne!(base.short(), other.short());
        }
        assert!(base.is_of("a.make") && !base.is_of("a.unmake"));
        assert_eq!(EffectKey::from_bytes(base.as_bytes()), Some(base));
        assert_eq!(EffectKey::from_bytes(&[0; 15]), None);
    }

    #[test]
    fn keys_have_the_same_bytes_as_in_earlier_versions() {
        assert_eq!(format!("{:?}", EffectKey::of_natural_key("a.make", "1")), "dc6e0e92525786a862184b1d9ba299e9");
    }
}
