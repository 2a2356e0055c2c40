//! Rate limits, daily quotas and hosts of a plan.

use std::time::Duration;

use super::setup::{Setup, http, plan, registry, shop};
use crate::model::Secret;
use crate::plan::{Plan, RateBucketPlan};
use crate::provider::{Connection, CredentialSource};

fn bucket(operation: &str, connection: &Connection) -> RateBucketPlan {
    RateBucketPlan::new(&registry().operation(operation).unwrap(), connection, 0)
}

fn key(operation: &str, connection: &Connection) -> String {
    bucket(operation, connection).key
}

fn with_credential(source: CredentialSource) -> Connection {
    let mut connection = http();
    connection.credentials.insert("token".to_owned(), source);
    connection
}

#[test]
fn calls_of_one_operation_over_one_connection_share_a_bucket() {
    let plan = plan(
        "steps:\n  - { id: a, uses: shop.create, with: { num: x } }\n  - { id: b, uses: shop.create, with: { num: y } }\n  \
         - { id: c, uses: shop.send, with: { to: x } }\n",
    );
    let buckets: Vec<_> = plan.steps.iter().map(|step| step.call.rate_bucket).collect();
    assert!(buckets[0] == buckets[1] && buckets[1] != buckets[2]);
    let operations: Vec<_> = plan.rate_buckets.iter().map(|bucket| bucket.operation.as_str()).collect();
    assert_eq!(operations, ["shop.create", "shop.list", "shop.send"]);
}

#[test]
fn the_same_account_under_another_connection_name_shares_the_bucket() {
    assert_eq!(key("shop.send", &shop("north")), key("shop.send", &shop("south")));
}

#[test]
fn another_endpoint_is_another_bucket() {
    let other = Connection { base_url: Some("https://other.example".to_owned()), ..shop("shop") };
    assert_ne!(key("shop.send", &shop("shop")), key("shop.send", &other));
    // The provider's own base URL, given again, is the same endpoint.
    let same = Connection { base_url: Some("https://shop.example/v1".to_owned()), ..shop("shop") };
    assert_eq!(key("shop.send", &shop("shop")), key("shop.send", &same));
}

#[test]
fn an_account_is_known_by_where_its_credentials_come_from_and_never_by_their_value() {
    let sources = [
        CredentialSource::Env("A".to_owned()),
        CredentialSource::Env("B".to_owned()),
        CredentialSource::File("A".into()),
        CredentialSource::Command(vec!["A".to_owned()]),
    ];
    let mut keys: Vec<String> =
        sources.into_iter().map(|source| key("http.request", &with_credential(source))).collect();
    assert_eq!(keys[0], "token=env:A https://http.example http.request");
    assert_eq!(keys[2], "token=file:A https://http.example http.request");
    assert_eq!(keys[3], "token=command:A https://http.example http.request");
    keys.dedup();
    assert_eq!(keys.len(), 4);
    let literal = key("http.request", &with_credential(CredentialSource::Literal(Secret::new("s3cret"))));
    assert_eq!(literal, "token=literal https://http.example http.request");
}

#[test]
fn a_bucket_has_the_limits_of_its_operation_over_the_providers() {
    let create = bucket("shop.create", &shop("shop")).limits;
    let send = bucket("shop.send", &shop("shop")).limits;
    let per_second = |limits: crate::model::Limits| limits.rate.unwrap().per_second();
    assert!((per_second(create) - 1.0).abs() < 1e-9 && (per_second(send) - 2.0).abs() < 1e-9);
    assert_eq!((create.in_flight, send.in_flight), (Some(3), Some(3)));
}

#[test]
fn n_calls_need_the_time_of_n_minus_one_intervals() {
    let send = bucket("shop.send", &shop("shop"));
    let times = [0, 1, 2, 11].map(|calls| send.least_time(calls));
    assert_eq!(times, [0, 0, 500, 5000].map(Duration::from_millis));
    let unlimited = RateBucketPlan { limits: crate::model::Limits::default(), ..send };
    assert_eq!(unlimited.least_time(1_000_000), Duration::ZERO);
}

#[test]
fn a_call_counts_for_the_quota_of_its_operation_and_for_the_accounts() {
    let quotas = bucket("shop.create", &shop("shop")).quotas;
    let counted: Vec<_> = quotas.iter().map(|quota| (quota.what.as_str(), quota.calls)).collect();
    assert_eq!(counted, [("calls of `shop.create`", 50), ("calls over `shop`", 1000)]);
    assert_ne!(quotas[0].key, quotas[1].key);
}

#[test]
fn all_operations_of_an_account_count_for_the_same_quota() {
    let create = bucket("shop.create", &shop("shop")).quotas;
    let send = bucket("shop.send", &shop("shop")).quotas;
    assert_eq!(send.len(), 1);
    assert_eq!(send[0].key, create[1].key);
    let other = Connection { base_url: Some("https://other.example".to_owned()), ..shop("shop") };
    assert_ne!(bucket("shop.send", &other).quotas[0].key, send[0].key);
}

#[test]
fn the_accounts_quota_may_be_given_by_the_connection() {
    let connection = Connection { daily_quota: Some(7), ..shop("shop") };
    let calls: Vec<_> = bucket("shop.create", &connection).quotas.iter().map(|quota| quota.calls).collect();
    assert_eq!(calls, [50, 7]);
    assert_eq!(bucket("http.request", &Connection { daily_quota: Some(7), ..http() }).quotas, []);
}

#[test]
fn the_hosts_are_those_of_the_connections_that_a_step_uses() {
    let text = "steps: [{ id: a, uses: shop.create, with: { num: x } }]\n";
    let pairs = |plan: &Plan| plan.hosts().into_iter().map(|(name, host)| format!("{name} {host}")).collect::<Vec<_>>();
    assert_eq!(pairs(&plan(text)), ["shop shop.example"]);
    let rolled_back = "steps: [{ id: a, uses: shop.create, with: { num: x }, rollback: { uses: http.request, with: { method: POST, path: /x } } }]\n";
    assert_eq!(pairs(&plan(rolled_back)), ["shop shop.example", "http http.example"]);
    let anywhere = Setup { connections: vec![Connection { base_url: None, ..http() }], ..Setup::default() };
    let anywhere = anywhere
        .plan("after: [{ id: a, uses: http.request, with: { method: GET, url: 'https://x.example' } }]\nsteps: []\n");
    assert_eq!(pairs(&anywhere), ["http any host that a step names"]);
    let sandbox = Setup { environment: "sandbox", ..Setup::default() }.plan(text);
    assert_eq!(pairs(&sandbox), [""; 0]);
}

#[test]
fn the_shortest_time_out_is_that_of_the_connections_own_calls() {
    let plan = plan(
        "before: [{ id: z, uses: http.request, with: { method: GET, path: /x }, timeout: 1s }]\n\
         steps: [{ id: a, uses: shop.create, with: { num: x }, timeout: 9s }, { id: b, uses: shop.send, with: { to: x }, timeout: 5s }]\n",
    );
    let shortest = |name: &str| {
        let place = plan.connections.iter().position(|connection| connection.name == name).unwrap();
        plan.shortest_timeout(place)
    };
    assert_eq!((shortest("shop"), shortest("http")), (Some(Duration::from_secs(5)), Some(Duration::from_secs(1))));
    assert_eq!(plan.shortest_timeout(99), None);
}
