//! Formats numbers for people.

/// A number with a comma between thousands.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_from_the_right() {
        let shown = [0, 999, 1_000, 12_345, 123_456, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "123,456", "1,234,567"]);
    }
}
