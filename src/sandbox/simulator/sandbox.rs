//! From a call to its log entry: finds the vendor, applies faults, builds the reply.

use std::time::Duration;

use super::route::{Route, route};
use crate::model::{Request, Response, SendError, Time};
use crate::sandbox::exchange::{Call, RateWindows, Reply, SandboxView, broken_answers};
use crate::sandbox::log::{LogEntry, logged_body};
use crate::sandbox::setup::{Fault, Faults, SimulatorSettings};
use crate::sandbox::world::{Vendor, World, seed};
use crate::sandbox::{arctos, esignon, fxiaoke, http, tencent};

/// All five vendors and the echo, with their state. It does no I/O, and time is an argument.
#[derive(Debug, Default)]
pub struct Sandbox {
    world: World,
    windows: RateWindows,
    settings: SimulatorSettings,
    faults: Option<Faults>,
    calls: u64,
}

/// What reaches the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The whole answer.
    Whole(Response),
    /// The answer, but the connection closes after the first half of its body.
    Cut(Response),
    /// The connection closes without an answer.
    Closed {
        /// Whether it is reset instead of closed in order.
        reset: bool,
    },
}

/// The result of one call. It takes effect when its entry is applied.
#[derive(Debug, Clone)]
pub struct Served {
    /// What reaches the client.
    pub delivery: Delivery,
    /// The delay of the answer.
    pub delay: Duration,
    /// The log entry, with all changes of the state.
    pub entry: LogEntry,
}

impl Served {
    /// The answer as a client in the same process sees it: of a cut answer, half the body.
    ///
    /// # Errors
    /// [`SendError::NoAnswer`] if the connection closes.
    pub fn into_result(self) -> Result<Response, SendError> {
        match self.delivery {
            Delivery::Whole(response) => Ok(response),
            Delivery::Cut(response) => Ok(broken_answers::half(response)),
            Delivery::Closed { reset: true } => Err(SendError::NoAnswer("connection reset by peer".to_owned())),
            Delivery::Closed { reset: false } => {
                Err(SendError::NoAnswer("connection closed before the answer".to_owned()))
            }
        }
    }
}

impl Sandbox {
    /// An empty world.
    #[must_use]
    pub fn new(settings: SimulatorSettings, faults: Option<Faults>) -> Self {
        Self { settings, faults, ..Self::default() }
    }

    /// The number of calls so far.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// Answers a call at `now`.
    #[cfg(any(test, feature = "internals"))]
    pub fn answer(&mut self, now: Time, request: &Request) -> Served {
        let served = self.decide(now, request);
        self.apply(&served.entry);
        served
    }

    /// The result of a call at `now`, without applying it.
    #[must_use]
    pub fn decide(&self, now: Time, request: &Request) -> Served {
        let call = Call::new(request);
        let number = self.calls.to_string();
        let view = SandboxView { world: &self.world, settings: &self.settings, windows: &self.windows, now, number };
        let route = route(&view, &call);
        let fault = self.faults.as_ref().and_then(|faults| faults.draw(self.calls));
        let (reply, fault) = before_effect(&view, &call, &route, fault);
        let delivery = delivered(&reply, fault, now, &view.number);
        let entry = LogEntry {
            call: self.calls,
            time: now.timestamp(),
            vendor: route.vendor,
            operation: route.operation,
            method: request.method.as_str().to_owned(),
            path: call.target.to_owned(),
            request: logged_body(&call),
            status: status(&delivery),
            code: reply.code,
            effect: reply.effect.is_some(),
            effect_id: reply.effect,
            request_id: reply.request_id,
            fault: fault.map(|fault| fault.as_str().to_owned()),
            counted: reply.counted,
            puts: reply.puts,
        };
        let delay = self.faults.as_ref().map_or(Duration::ZERO, |faults| faults.delay(self.calls));
        Served { delivery, delay, entry }
    }

    /// Applies the entry of a call, now or again after a restart.
    pub fn apply(&mut self, entry: &LogEntry) {
        if let Some(key) = &entry.counted {
            self.windows.count(key, Time::from_timestamp(entry.time));
        }
        for put in &entry.puts {
            self.world.put(put.clone());
        }
        self.calls = entry.call + 1;
    }
}

fn vendor_reply(view: &SandboxView<'_>, call: &Call<'_>, route: &Route) -> Reply {
    match route.vendor {
        Vendor::Arctos => arctos::answer(view, call, &route.operation),
        Vendor::Fxiaoke => fxiaoke::answer(view, call, &route.operation),
        Vendor::Esignon => esignon::answer(view, call, &route.operation),
        Vendor::TencentEss | Vendor::TencentEssbasic => tencent::answer(view, call, route.vendor, &route.operation),
        Vendor::Http => http::answer(call),
    }
}

fn throttled(view: &SandboxView<'_>, route: &Route) -> Reply {
    match route.vendor {
        Vendor::Arctos | Vendor::Esignon | Vendor::Http => broken_answers::too_many_requests(),
        Vendor::Fxiaoke => fxiaoke::throttled(view),
        Vendor::TencentEss | Vendor::TencentEssbasic => tencent::throttled(view),
    }
}

/// The answer for an expired token; `None` if the call carries no token of the sandbox.
fn expired(view: &SandboxView<'_>, call: &Call<'_>, route: &Route) -> Option<Reply> {
    match route.vendor {
        Vendor::Arctos => arctos::expired(view, call),
        Vendor::Fxiaoke => fxiaoke::expired(view, call),
        Vendor::Esignon => esignon::expired(view, call),
        Vendor::TencentEss | Vendor::TencentEssbasic => tencent::expired(view, call),
        Vendor::Http => None,
    }
}

/// The vendor's refusal of a call that would have succeeded. `None` if it would have failed, and for logins, because
/// a refused login would stop the whole run instead of failing a row.
fn refused(view: &SandboxView<'_>, call: &Call<'_>, route: &Route) -> Option<Reply> {
    let done = vendor_reply(view, call, route);
    let refusal = match route.vendor {
        Vendor::Arctos => arctos::refused(&done, &route.operation),
        Vendor::Fxiaoke => fxiaoke::refused(view, &done, &route.operation),
        Vendor::Esignon => esignon::refused(&done, &route.operation),
        Vendor::TencentEss | Vendor::TencentEssbasic => tencent::refused(view, &done),
        Vendor::Http => http::refused(&done),
    }?;
    Some(Reply { counted: done.counted, ..refusal }.puts(done.intake))
}

/// The reply after faults that come before the effect. A fault that does not fit the call is dropped.
fn before_effect(
    view: &SandboxView<'_>,
    call: &Call<'_>,
    route: &Route,
    fault: Option<Fault>,
) -> (Reply, Option<Fault>) {
    let reply = match fault {
        Some(Fault::Close) => Some(without_effect(view, call, route, Reply::new(0, "closed", serde_json::Value::Null))),
        Some(Fault::Fail500Before) => Some(without_effect(view, call, route, broken_answers::gateway_error(500))),
        Some(Fault::Fail503Before) => Some(without_effect(view, call, route, broken_answers::gateway_error(503))),
        Some(Fault::Throttle) => Some(throttled(view, route)),
        Some(Fault::Expire) => match expired(view, call, route) {
            Some(reply) => Some(reply),
            None => return (vendor_reply(view, call, route), None),
        },
        Some(Fault::Refuse) => match refused(view, call, route) {
            Some(reply) => Some(reply),
            None => return (vendor_reply(view, call, route), None),
        },
        Some(Fault::Lose | Fault::Fail500After | Fault::Fail503After | Fault::Cut | Fault::Garble) | None => None,
    };
    (reply.unwrap_or_else(|| vendor_reply(view, call, route)), fault)
}

/// Stores the object that a call without effect named, so that a lookup finds it unchanged.
fn without_effect(view: &SandboxView<'_>, call: &Call<'_>, route: &Route, reply: Reply) -> Reply {
    reply.puts(vendor_reply(view, call, route).intake)
}

/// What reaches the client after faults that come after the effect.
fn delivered(reply: &Reply, fault: Option<Fault>, now: Time, number: &str) -> Delivery {
    let even = seed::number(&["manner", number]).is_multiple_of(2);
    match fault {
        Some(Fault::Lose | Fault::Close) => Delivery::Closed { reset: even },
        Some(Fault::Fail500After) => Delivery::Whole(broken_answers::gateway_error(500).response(now)),
        Some(Fault::Fail503After) => Delivery::Whole(broken_answers::gateway_error(503).response(now)),
        Some(Fault::Cut) => Delivery::Cut(reply.response(now)),
        Some(Fault::Garble) => Delivery::Whole(broken_answers::garbled(reply.response(now), even)),
        Some(Fault::Fail500Before | Fault::Fail503Before | Fault::Throttle | Fault::Expire | Fault::Refuse) | None => {
            Delivery::Whole(reply.response(now))
        }
    }
}

fn status(delivery: &Delivery) -> u16 {
    match delivery {
        Delivery::Whole(response) | Delivery::Cut(response) => response.status,
        Delivery::Closed { .. } => 0,
    }
}
