//! Numbers of text columns: rounded, without their leading zeros, or in forms that programs write.

mod lost_zeros;
mod rounded;
mod written_forms;

pub(in crate::rows) use lost_zeros::Zeros;
pub(super) use rounded::Rounded;
pub(in crate::rows) use written_forms::{Numbers, whole};
