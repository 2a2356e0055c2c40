//! Tencent e-sign, both products (`ess`, `essbasic`): contracts under TC3-HMAC-SHA256 signatures.

mod body;
mod cancel;
mod deadline;
mod envelope;
mod reads;
mod release;
mod service;
mod shapes;
mod signature;
#[cfg(test)]
mod tests;

pub(super) use service::{answer, claims, expired, refused, throttled};
