//! Access tokens and login codes of the simulators. Their text is computed, not stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::seed;
use super::vendor::Vendor;
use crate::model::{Time, Value};

/// An issued token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct Token {
    pub(in crate::sandbox) vendor: Vendor,
    /// Its number among the vendor's tokens, counted from 1.
    pub(in crate::sandbox) number: u64,
    /// The company or user of the token.
    pub(in crate::sandbox) holder: String,
    /// The holder's role; empty if the vendor has no roles.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(in crate::sandbox) role: String,
    pub(in crate::sandbox) issued: Time,
    pub(in crate::sandbox) expires: Time,
    /// Whether it was revoked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::sandbox) revoked: bool,
}

impl Token {
    /// The text that the client sends.
    pub(in crate::sandbox) fn text(&self) -> String {
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

/// The number in a token's text; `None` if it is not the text of this vendor's token.
pub(in crate::sandbox) fn number_in(text: &str, vendor: Vendor) -> Option<u64> {
    if vendor != Vendor::Arctos {
        return text.split_once('.')?.0.parse().ok();
    }
    let claims = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Value>(&claims).ok()?.get("jti")?.as_u64()
}

/// A code that can be exchanged for a token once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::sandbox) struct LoginCode {
    pub(in crate::sandbox) number: u64,
    pub(in crate::sandbox) user_id: String,
    pub(in crate::sandbox) role: String,
    pub(in crate::sandbox) expires: Time,
    pub(in crate::sandbox) used: bool,
}

impl LoginCode {
    pub(in crate::sandbox) fn text(&self) -> String {
        let number = self.number.to_string();
        let expires = self.expires.as_micros().to_string();
        format!("{number}.{}", seed::hex(&["code", &number, &self.user_id, &expires], 24))
    }
}
