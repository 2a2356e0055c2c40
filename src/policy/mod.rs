//! Decisions as pure arithmetic over given instants: retries, rate limits, effect budgets, stop rules, waves and send
//! windows, without a clock or randomness of their own.
//!
//! | files | what they decide |
//! |---|---|
//! | `decision`, `backoff`, `seeded_rng` | what follows an attempt, and after how long |
//! | `rate_limiter`, `rate_lease` | when a call may be sent under a rate limit, and how processes share one |
//! | `steering`, `rate_ladder` | commands that steer a run, who gave them, and the rates that keys set |
//! | `effect_budget` | how many effects of a kind a run may still make |
//! | `stop_rules`, `stop_reason`, `stop_kind`, `refusal_advice` | when a run stops, why, and what to do about it |
//! | `wave_sizes`, `wave_progress` | rows in waves, and the gates between them |
//! | `send_window` | when a window opens and closes |
//! | `wait_reason` | why a call or a row waits |

mod backoff;
mod decision;
mod effect_budget;
mod rate_ladder;
mod rate_lease;
mod rate_limiter;
mod refusal_advice;
mod seeded_rng;
mod send_window;
#[cfg(test)]
mod shared_rate_tests;
mod steering;
mod stop_kind;
mod stop_reason;
mod stop_rules;
mod wait_reason;
mod wave_progress;
mod wave_sizes;

pub use backoff::{THROTTLED_ATTEMPTS, wait_to_resend};
pub use decision::{Attempt, LookupVerdict, SendOutcome, Verdict, decide, decide_after_lookup};
pub use effect_budget::{EffectBudget, EffectCounts};
pub use rate_ladder::{LOWEST_STEP, RateStep, next_rate};
pub use rate_lease::{LeaseRequest, RateLease, RateLeases};
pub use rate_limiter::RateLimiter;
pub use refusal_advice::refusal_advice;
pub use seeded_rng::SeededRng;
pub use steering::{SteerCommand, SteerDone, SteerOrigin, SteerRefusal, SteerWish, SteerWord, SteeredBy};
pub use stop_kind::StopKind;
pub use stop_reason::StopReason;
pub use stop_rules::{Counts, stop_reached};
pub use wait_reason::WaitReason;
pub use wave_progress::{AfterWave, FailureSignature, WaveProgress, WaveRowEnd};
pub use wave_sizes::wave_sizes;
