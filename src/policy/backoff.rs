//! How often a call is sent again, and how long to wait before.

use std::time::Duration;

use crate::playbook::Retry;

/// The most sends of one call that the vendor only throttles. Throttling is allowed more sends than other trouble.
pub const THROTTLED_ATTEMPTS: u32 = 40;

/// The longest `Retry-After` that is honoured. A longer one is shortened to this.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(86_400);

/// The wait after the `sent`-th send (counted from 1): full jitter, and never less than the vendor asked for.
///
/// `fraction` is from 0 up to 1.
#[must_use]
pub fn wait_to_resend(retry: &Retry, sent: u32, fraction: f64, retry_after: Option<Duration>) -> Duration {
    let doublings = sent.saturating_sub(1).min(31);
    let ceiling = retry.delay.saturating_mul(1_u32 << doublings).min(retry.max_delay);
    let jittered = ceiling.mul_f64(fraction.clamp(0.0, 1.0));
    match retry_after {
        // The jitter is added, so that rows with the same `Retry-After` are not all sent again at once.
        Some(asked) => asked.min(LONGEST_RETRY_AFTER).saturating_add(jittered.min(Duration::from_secs(1))),
        None => jittered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        let retry = Retry::default();
        let most: Vec<_> = (1..=9).map(|sent| wait_to_resend(&retry, sent, 1.0, None).as_millis()).collect();
        assert_eq!(most, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(wait_to_resend(&retry, u32::MAX, 1.0, None), Duration::from_secs(30));
        assert_eq!(wait_to_resend(&retry, 3, 0.0, None), Duration::ZERO);
    }

    #[test]
    fn the_vendors_own_wait_is_the_least() {
        let retry = Retry::default();
        assert_eq!(wait_to_resend(&retry, 1, 0.0, Some(Duration::from_secs(90))), Duration::from_secs(90));
        assert!(wait_to_resend(&retry, 1, 1.0, Some(Duration::from_secs(90))) > Duration::from_secs(90));
        assert!(wait_to_resend(&retry, 1, 0.0, Some(Duration::from_secs(u64::MAX))) <= Duration::from_secs(86_400));
    }

    #[test]
    fn the_jitter_on_top_of_the_vendors_wait_is_at_most_a_second() {
        let (retry, asked) = (Retry::default(), Some(Duration::from_secs(90)));
        assert_eq!(wait_to_resend(&retry, 1, 1.0, asked), Duration::from_millis(90_500));
        assert_eq!(wait_to_resend(&retry, 5, 1.0, asked), Duration::from_secs(91));
    }

    #[test]
    fn a_vendors_wait_is_capped_at_a_day_and_a_fraction_at_one() {
        let retry = Retry::default();
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(wait_to_resend(&retry, 1, 0.0, Some(Duration::MAX)), day);
        assert_eq!(wait_to_resend(&retry, 1, 0.0, Some(day - Duration::from_secs(1))), day - Duration::from_secs(1));
        assert_eq!(wait_to_resend(&retry, 1, 7.0, None), retry.delay);
        assert_eq!(wait_to_resend(&retry, 1, -1.0, None), Duration::ZERO);
        assert_eq!(wait_to_resend(&retry, 2, 0.5, None), retry.delay);
    }
}
