//! Values that look random but are computed: equal texts give equal values.

use sha2::{Digest, Sha256};

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// A number for the parts.
pub(in crate::sandbox) fn number(parts: &[&str]) -> u64 {
    digest(parts).iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

/// A number in `low..=high` for the parts.
pub(in crate::sandbox) fn between(parts: &[&str], low: u64, high: u64) -> u64 {
    low + number(parts) % (high - low + 1)
}

/// A share in `0.0..1.0` for the parts.
pub(in crate::sandbox) fn share(parts: &[&str]) -> f64 {
    (number(parts) >> 11) as f64 / (1u64 << 53) as f64
}

/// The first `length` lower-case hex digits, at most 64.
pub(in crate::sandbox) fn hex(parts: &[&str], length: usize) -> String {
    let all: String = crate::model::hex(&digest(parts));
    all[..length.min(64)].to_owned()
}

/// An id of 32 letters and digits that starts with `prefix`.
pub(in crate::sandbox) fn id32(prefix: &str, parts: &[&str]) -> String {
    let tail = digest(parts).into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    prefix.chars().chain(tail).take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(number(&["ab", "c"]), number(&["a", "bc"]));
        assert_eq!(number(&["ab", "c"]), number(&["ab", "c"]));
    }

    #[test]
    fn computed_values_have_their_form_and_range() {
        assert_eq!(id32("yD", &["x"]).len(), 32);
        assert!(id32("yD", &["x"]).starts_with("yD"));
        assert_eq!(hex(&["x"], 24).len(), 24);
        for n in 0..100 {
            let text = n.to_string();
            assert!((3..=5).contains(&between(&[&text], 3, 5)));
            assert!((0.0..1.0).contains(&share(&[&text])));
        }
    }
}
