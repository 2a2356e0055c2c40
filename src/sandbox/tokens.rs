//! Access tokens of the simulators: issued, expiring, taken back. Their text is computed, never stored.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::model::{Time, Value};

use super::entry::Vendor;
use super::seed;
use super::world::{Put, World};

/// One token that was issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) vendor: Vendor,
    /// Its number among the vendor's tokens, from 1.
    pub(super) number: u64,
    /// Whom it stands for: a company, a user.
    pub(super) holder: String,
    /// What the holder may do, where the vendor knows roles.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) role: String,
    pub(super) issued: Time,
    pub(super) expires: Time,
    /// Taken back before its time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) revoked: bool,
}

/// How a presented token stands.
#[derive(Debug, PartialEq)]
pub(super) enum Standing<'w> {
    Valid(&'w Token),
    Expired(&'w Token),
    /// Never issued.
    Unknown,
}

impl Token {
    /// The text that the client sends.
    pub(super) fn text(&self) -> String {
        let number = self.number.to_string();
        let parts = [self.vendor.as_str(), &number, &self.holder, &self.issued.as_micros().to_string()];
        if self.vendor != Vendor::Arctos {
            return format!("{number}.{}", seed::hex(&[parts.as_slice(), &["token"]].concat(), 40));
        }
        // Looks like the vendor's own: a JSON Web Token whose `exp` clients may read.
        let head = URL_SAFE_NO_PAD.encode(json!({"typ": "JWT", "alg": "HS256"}).to_string());
        let claims = json!({
            "sub": self.holder, "iat": self.issued.as_secs(), "exp": self.expires.as_secs(), "jti": self.number,
        });
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        let mac = URL_SAFE_NO_PAD.encode(seed::hex(&[&head, &claims, "token"], 32));
        format!("{head}.{claims}.{mac}")
    }
}

/// The number inside a token's text.
fn number_in(text: &str, vendor: Vendor) -> Option<u64> {
    if vendor != Vendor::Arctos {
        return text.split_once('.')?.0.parse().ok();
    }
    let claims = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Value>(&claims).ok()?.get("jti")?.as_u64()
}

/// Looks a presented token up.
pub(super) fn standing<'w>(world: &'w World, vendor: Vendor, text: &str, now: Time) -> Standing<'w> {
    let found = number_in(text, vendor).and_then(|number| world.tokens.get(&(vendor, number)));
    match found {
        Some(token) if token.text() != text => Standing::Unknown,
        Some(token) if token.revoked || token.expires <= now => Standing::Expired(token),
        Some(token) => Standing::Valid(token),
        None => Standing::Unknown,
    }
}

/// Issues the vendor's next token.
pub(super) fn issue(world: &World, vendor: Vendor, holder: &str, role: &str, issued: Time, life: Duration) -> Token {
    let last = world.tokens.range((vendor, 0)..=(vendor, u64::MAX)).next_back();
    Token {
        vendor,
        number: last.map_or(1, |((_, number), _)| number + 1),
        holder: holder.to_owned(),
        role: role.to_owned(),
        issued,
        expires: issued.plus(life),
        revoked: false,
    }
}

/// Takes a token back.
pub(super) fn revoke(token: &Token) -> Put {
    Put::Token(Token { revoked: true, ..token.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn tokens_expire_are_taken_back_and_cannot_be_made_up() {
        for vendor in [Vendor::Arctos, Vendor::Fxiaoke, Vendor::Esignon] {
            let mut world = World::default();
            let token = issue(&world, vendor, "holder", "", NOW, Duration::from_secs(10));
            let text = token.text();
            assert_eq!(standing(&world, vendor, &text, NOW), Standing::Unknown);
            world.put(Put::Token(token.clone()));
            assert_eq!(standing(&world, vendor, &text, NOW), Standing::Valid(&token));
            assert_eq!(standing(&world, vendor, &format!("{text}x"), NOW), Standing::Unknown);
            assert_eq!(standing(&world, vendor, "", NOW), Standing::Unknown);
            let end = Time::from_secs(1_800_000_010);
            assert_eq!(standing(&world, vendor, &text, end), Standing::Expired(&token));
            let revoked = revoke(&token);
            world.put(revoked);
            assert!(matches!(standing(&world, vendor, &text, NOW), Standing::Expired(_)));
            let next = issue(&world, vendor, "holder", "", NOW, Duration::from_secs(10));
            assert_eq!(next.number, 2);
            assert_ne!(next.text(), text);
        }
    }
}
