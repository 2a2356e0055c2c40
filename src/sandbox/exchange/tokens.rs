//! Access tokens: issued, looked up, revoked.

use std::time::Duration;

use crate::model::Time;
use crate::sandbox::world::number_in;
use crate::sandbox::world::{Put, Token, Vendor, World};

/// The status of a presented token.
#[derive(Debug, PartialEq)]
pub(in crate::sandbox) enum TokenStatus<'w> {
    Valid(&'w Token),
    Expired(&'w Token),
    /// It was never issued.
    Unknown,
}

/// The status of a presented token.
pub(in crate::sandbox) fn status<'w>(world: &'w World, vendor: Vendor, text: &str, now: Time) -> TokenStatus<'w> {
    let found = number_in(text, vendor).and_then(|number| world.tokens.get(&(vendor, number)));
    match found {
        Some(token) if token.text() != text => TokenStatus::Unknown,
        Some(token) if token.revoked || token.expires <= now => TokenStatus::Expired(token),
        Some(token) => TokenStatus::Valid(token),
        None => TokenStatus::Unknown,
    }
}

/// Issues the vendor's next token.
pub(in crate::sandbox) fn issue(
    world: &World,
    vendor: Vendor,
    holder: &str,
    role: &str,
    issued: Time,
    life: Duration,
) -> Token {
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

/// Revokes a token.
pub(in crate::sandbox) fn revoke(token: &Token) -> Put {
    Put::Token(Token { revoked: true, ..token.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn tokens_expire_are_revoked_and_cannot_be_invented() {
        for vendor in [Vendor::Arctos, Vendor::Fxiaoke, Vendor::Esignon] {
            let mut world = World::default();
            let token = issue(&world, vendor, "holder", "", NOW, Duration::from_secs(10));
            let text = token.text();
            assert_eq!(status(&world, vendor, &text, NOW), TokenStatus::Unknown);
            world.put(Put::Token(token.clone()));
            assert_eq!(status(&world, vendor, &text, NOW), TokenStatus::Valid(&token));
            assert_eq!(status(&world, vendor, &format!("{text}x"), NOW), TokenStatus::Unknown);
            assert_eq!(status(&world, vendor, "", NOW), TokenStatus::Unknown);
            let end = Time::from_secs(1_800_000_010);
            assert_eq!(status(&world, vendor, &text, end), TokenStatus::Expired(&token));
            let revoked = revoke(&token);
            world.put(revoked);
            assert!(matches!(status(&world, vendor, &text, NOW), TokenStatus::Expired(_)));
            let next = issue(&world, vendor, "holder", "", NOW, Duration::from_secs(10));
            assert_eq!(next.number, 2);
            assert_ne!(next.text(), text);
        }
    }
}
