//! The name of one call within its scope: step, element and phase.

use serde::{Deserialize, Serialize};

use crate::model::Phase;

/// Identifies a call within its scope: step, element, and whether it makes the effect or takes it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CallRef {
    /// The step's index in its list, from 0.
    #[serde(rename = "s")]
    pub step: u32,
    /// The element's index in `for_each`, from 0; 0 without `for_each`.
    #[serde(rename = "i", default, skip_serializing_if = "is_zero")]
    pub item: u32,
    /// Whether it makes the effect or takes it back.
    #[serde(rename = "u", default, skip_serializing_if = "is_do", with = "undo_flag")]
    pub phase: Phase,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_do(phase: &Phase) -> bool {
    *phase == Phase::Do
}

pub(super) mod undo_flag {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::Phase;

    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(in crate::journal::facts) fn serialize<S: Serializer>(phase: &Phase, to: S) -> Result<S::Ok, S::Error> {
        (*phase == Phase::Rollback).serialize(to)
    }

    pub(in crate::journal::facts) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Phase, D::Error> {
        Ok(if bool::deserialize(from)? { Phase::Rollback } else { Phase::Do })
    }
}
