//! Numbers of text columns: rounded, without their leading zeros, or in forms that programs write.

mod lost_zeros;
mod number_forms;
mod rounded;

pub(in crate::rows) use lost_zeros::LostZeros;
pub(in crate::rows) use number_forms::{NumberForms, whole};
pub(super) use rounded::RoundedNumbers;
