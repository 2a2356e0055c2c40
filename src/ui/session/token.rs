//! A token of 256 random bits. Only its digest is kept, and digests are compared in constant time.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::io::random_u128;

/// The length of a token's text.
pub(in crate::ui) const TOKEN_LENGTH: usize = 43;

/// A fresh token as the text that its holder shows.
pub(super) fn fresh_token() -> String {
    let mut bits = [0_u8; 32];
    bits[..16].copy_from_slice(&random_u128().to_le_bytes());
    bits[16..].copy_from_slice(&random_u128().to_le_bytes());
    URL_SAFE_NO_PAD.encode(bits)
}

/// What is kept of a token.
#[derive(Clone, Copy)]
pub(super) struct TokenDigest([u8; 32]);

impl TokenDigest {
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Whether the text is that of the token. The time does not depend on where they differ.
    pub(super) fn is_of(&self, text: &str) -> bool {
        if text.len() != TOKEN_LENGTH {
            return false;
        }
        let other = Self::of(text);
        self.0.iter().zip(other.0).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TokenDigest")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_bits_and_fits_into_a_url() {
        let (one, other) = (fresh_token(), fresh_token());
        assert_eq!(URL_SAFE_NO_PAD.decode(&one).unwrap().len(), 32);
        assert_eq!(one.len(), TOKEN_LENGTH);
        assert_ne!(one, other);
    }

    #[test]
    fn only_the_same_text_is_the_token() {
        let token = fresh_token();
        let kept = TokenDigest::of(&token);
        assert!(kept.is_of(&token));
        for wrong in ["", &token[1..], &format!("{token}="), &fresh_token(), &token.to_lowercase().replace('-', "_")] {
            assert!(!kept.is_of(wrong) || wrong == token, "{wrong}");
        }
        assert!(!format!("{kept:?}").contains(&token));
    }
}
