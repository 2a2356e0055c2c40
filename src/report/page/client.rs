//! The client of the page: the script and the style sheet that `web/` builds, and the content policy that lets a page run
//! these two alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The script.
pub(super) const SCRIPT: &str = include_str!("../../../web/dist/page.js");
/// The style sheet.
pub(super) const STYLE: &str = include_str!("../../../web/dist/page.css");

/// The policy of a page that is a file: its own script and style, by their digests, and no request.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        digest(SCRIPT),
        digest(STYLE)
    )
}

/// The digest of an inline text as content policies name it.
fn digest(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_can_be_written_into_a_page() {
        for (text, end) in [(SCRIPT, "</script"), (STYLE, "</style")] {
            assert!(!text.is_empty());
            let lower = text.to_ascii_lowercase();
            assert!(!lower.contains(end) && !lower.contains("<!--") && !lower.contains("<script"), "{end}");
        }
    }

    #[test]
    fn the_client_fetches_nothing() {
        for part in ["@import", "url(http", "//# sourceMappingURL"] {
            assert!(!SCRIPT.contains(part) && !STYLE.contains(part), "{part}");
        }
    }

    #[test]
    fn digests_are_those_of_content_policies() {
        // The digest of the empty text, as RFC 6234 has it, in base64.
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert!(policy().starts_with("default-src 'none'; script-src 'sha256-"));
    }
}
