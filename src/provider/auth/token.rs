//! What a token exchange brings.

use std::collections::BTreeMap;

use crate::model::{Secret, Time};

/// What a token exchange brings; never journalled.
#[derive(Debug, Clone, Default)]
pub struct Token {
    /// `access_token` and whatever else the answers name.
    pub values: BTreeMap<String, Secret>,
    /// When it runs out; until refused where no answer tells.
    pub expires_at: Option<Time>,
    /// When to fetch the next one.
    pub refresh_at: Option<Time>,
}
