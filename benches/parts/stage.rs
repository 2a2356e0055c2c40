//! The engine driven to its end with a disk that syncs at once and a vendor that answers at once.

use std::sync::Arc;

use bytes::Bytes;
use runsheet::internals::engine::{Action, CallResult, CallTotals, Engine, EngineSetup, FailureTally, SendOrder};
use runsheet::internals::journal::{FrozenRow, JournalEntry, RunSteering};
use runsheet::internals::model::{Limits, Response, Time};
use runsheet::internals::plan::Plan;
use runsheet::internals::playbook::StopWhen;
use runsheet::internals::policy::{Counts, EffectBudget};

use crate::workshop::now;

/// Drives all rows to their end; gives the entries that were written.
pub(crate) fn drive(plan: &Arc<Plan>, rows: Vec<FrozenRow>) -> Vec<JournalEntry> {
    let total = rows.len() as u64;
    let setup = EngineSetup {
        plan: Arc::clone(plan),
        seed: 7,
        limits: Limits { in_flight: Some(64), rate: None },
        ceiling: Limits::default(),
        steering: RunSteering::default(),
        stop_when: StopWhen::default(),
        waves: None,
        effect_budget: EffectBudget::default(),
        window: None,
        shared: false,
        needs_token: vec![false],
        next_seq: 1,
        counts: Counts { total, ..Counts::default() },
        calls: CallTotals::new(plan, &[].into()),
        failures: FailureTally::default(),
        before: Vec::new(),
        after: Vec::new(),
        process: 1,
        user: None,
        lookups_only: false,
    };
    let mut at = now();
    let mut engine = Engine::new(setup, at);
    let (mut rows, mut written) = (rows.into_iter(), Vec::new());
    loop {
        let actions = engine.take_actions(at);
        let mut orders = Vec::new();
        let durable = written.len();
        for action in actions {
            match action {
                Action::Append(entry) => written.push(entry),
                Action::Send(order) => orders.push(order),
                Action::NeedRows(count) => {
                    let some: Vec<_> = rows.by_ref().take(count).map(|row| (row, Vec::new())).collect();
                    let over = some.len() < count;
                    engine.on_rows(some, over, at);
                }
                Action::WakeAt(when) => at = at.max(when),
                Action::FetchToken(_) | Action::TakeLease { .. } => {}
                Action::Done => return written,
            }
        }
        let idle = orders.is_empty() && written.len() == durable;
        at = at.plus(std::time::Duration::from_micros(50));
        if written.len() > durable {
            engine.on_durable(written.len() as u64, at);
        }
        answer(&mut engine, &orders, at);
        if idle {
            engine.on_time();
        }
    }
}

fn answer(engine: &mut Engine, orders: &[SendOrder], at: Time) {
    for order in orders {
        let body = Bytes::from_static(b"{\"status\":1,\"message\":\"success\",\"info\":{\"task_num\":\"T1\"}}");
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        engine.on_result(order.ticket, CallResult::Answered(Response { status: 200, headers, body }), at);
    }
}
