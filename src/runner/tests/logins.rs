//! How often tokens are asked for, and what a failed login says.

use std::sync::Arc;
use std::time::Duration;

use super::acme::{Acme, START, answer, connection, in_virtual_time, registry};
use crate::engine::TokenResult;
use crate::io::Clock;
use crate::model::{Disposition, Rate, Request, Response, SendError, Time};
use crate::provider::Connection;
use crate::runner::{Vendor, resolve_credentials};

/// Logs in `count` times with a connection and returns the results and the times of the requests.
fn log_in(
    connection: Connection,
    count: usize,
    script: impl FnMut(usize, &Request) -> Result<Response, SendError> + Send + 'static,
) -> (Vec<TokenResult>, Vec<Time>) {
    in_virtual_time(async {
        let clock = Clock::of_runtime(START);
        let acme = Acme::new(clock, script);
        let provider = registry().provider("acme").unwrap();
        let credentials = resolve_credentials(provider, &connection, &mut |_, _| {}).unwrap();
        let vendor = Vendor::new(Arc::new(connection), provider, credentials, acme.clone());
        let mut results = Vec::new();
        for _ in 0..count {
            results.push(vendor.fetch_token(None, clock).await.unwrap());
        }
        (results, acme.sent().into_iter().map(|(at, _)| at).collect())
    })
}

/// The seconds between three logins.
fn seconds_between(times: &[Time]) -> Vec<f64> {
    assert_eq!(times.len(), 3);
    times.windows(2).map(|pair| pair[1].since(pair[0]).as_secs_f64()).collect()
}

#[test]
fn logins_without_a_limit_of_their_own_go_out_once_a_second() {
    let (results, times) = log_in(connection(), 3, |_, _| answer(0));
    assert!(results.iter().all(|result| matches!(result, TokenResult::Ready { .. })));
    assert!(seconds_between(&times).iter().all(|gap| *gap >= 1.0), "{times:?}");
}

#[test]
fn a_login_without_a_limit_of_its_own_keeps_within_that_of_its_connection() {
    let mut fast = connection();
    fast.limits.rate = Some(Rate { calls: 1000, per: Duration::from_secs(1) });
    let (_, times) = log_in(fast, 3, |_, _| answer(0));
    assert!(seconds_between(&times).iter().all(|gap| *gap < 0.1), "{times:?}");
}

#[test]
fn the_rate_that_the_settings_give_the_login_counts() {
    let mut slow = connection();
    let mut given = crate::provider::OperationOverride::default();
    given.limits.rate = Some(Rate { calls: 1, per: Duration::from_secs(30) });
    slow.operations.insert("login".to_owned(), given);
    let (_, times) = log_in(slow, 3, |_, _| answer(0));
    assert!(seconds_between(&times).iter().all(|gap| *gap >= 30.0), "{times:?}");
}

#[test]
fn a_rejected_login_is_refused_for_every_row_and_an_unreachable_one_is_not() {
    let (results, _) = log_in(connection(), 3, |n, _| match n {
        1 => answer(1),
        2 => Err(SendError::NotSent("connection refused".to_owned())),
        _ => Ok(Response { status: 401, headers: Vec::new(), body: "no".into() }),
    });
    let dispositions: Vec<Option<Disposition>> = results
        .iter()
        .map(|result| match result {
            TokenResult::Failed { disposition, .. } => Some(*disposition),
            _ => None,
        })
        .collect();
    assert_eq!(dispositions, [Some(Disposition::Refused), Some(Disposition::Unavailable), Some(Disposition::Refused)]);
}

#[test]
fn credentials_that_a_vendor_echoes_are_masked() {
    let (results, _) = log_in(connection(), 1, |_, _| {
        let body = r#"{"code":1,"text":"the key parrot-key is wrong"}"#;
        Ok(Response { status: 200, headers: Vec::new(), body: body.into() })
    });
    let TokenResult::Failed { message, .. } = &results[0] else { panic!("{results:?}") };
    assert!(message.starts_with("the key ") && !message.contains("parrot-key"), "{message}");
}
