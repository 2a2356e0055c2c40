//! Randomness from the operating system.

/// Reads 128 random bits from the operating system.
///
/// # Panics
/// If the system has no source of randomness; every supported platform has one.
#[must_use]
pub fn random_u128() -> u128 {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system gives no randomness: {error}"));
    u128::from_le_bytes(bytes)
}
