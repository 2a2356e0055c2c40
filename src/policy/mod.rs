//! Retry, back-off, limits, stop rules, waves, budgets and windows as arithmetic over given instants: no clock, no
//! randomness of its own.

mod backoff;
mod clock_apart;
mod decision;
mod dice;
mod limiter;
mod spending;
mod stop;
mod stop_kind;
mod turns;
mod wave_sizes;
mod waves;
mod window;

pub use backoff::{THROTTLED_ATTEMPTS, wait_to_resend};
pub use clock_apart::refusal_advice;
pub use decision::{Attempt, LookupVerdict, SendOutcome, Verdict, decide, decide_after_lookup};
pub use dice::SeededRng;
pub use limiter::RateLimiter;
pub use spending::{EffectBudget, EffectCounts};
pub use stop::{Counts, StopReason, stop_reached};
pub use stop_kind::StopKind;
pub use turns::{LeaseRequest, RateLease, RateLeases};
pub use wave_sizes::wave_sizes;
pub use waves::{AfterWave, FailureSignature, WaveProgress, WaveRowEnd};
