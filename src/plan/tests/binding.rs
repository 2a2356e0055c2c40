//! Operations, connections and calls that steps are bound to.

use std::time::Duration;

use super::setup::{Setup, help, http, plan, shop};
use crate::model::Repeat;
use crate::plan::{BoundList, Plan};

const CREATE: &str = "steps: [{ id: a, uses: shop.create, with: { num: x } }]\n";

fn connection_of(setup: Setup, step: &str) -> String {
    let plan = setup.plan(&format!("steps: [{{ id: a, {step} }}]\n"));
    plan.connections[plan.steps[0].call.connection].name.clone()
}

fn two_shops() -> Setup {
    Setup { connections: vec![http(), shop("north"), shop("south")], ..Setup::default() }
}

#[test]
fn an_unknown_operation_is_reported_with_every_other_mistake() {
    let text = "before: [{ id: z, uses: shop.creat }]\nsteps: [{ id: a, uses: nobody.x }, { id: b, uses: shop.create, with: { nix: 1 } }]\n";
    let (plan, diagnostics) = Setup::default().bind(text);
    assert!(plan.is_none());
    let codes: Vec<_> = diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["unknown-operation", "unknown-operation", "unknown-input"]);
}

#[test]
fn names_are_checked_beside_an_unknown_operation_too() {
    let text = "steps: [{ id: a, uses: nobody.x, with: { n: '{{ vars.nix }}' } }]\n\
                results: { known: '{{ steps.a.outputs.any }}', unknown: '{{ steps.b.outputs.any }}' }\n";
    let (_, diagnostics) = Setup::default().bind(text);
    let told: Vec<_> = diagnostics.iter().map(|one| (one.code, one.message.as_str())).collect();
    let names = ["There is no variable `nix`", "There is no step `b`"].map(|message| ("unknown-name", message));
    assert_eq!(told[0].0, "unknown-operation");
    assert_eq!(told[1..], names);
}

#[test]
fn the_only_connection_of_a_provider_is_taken_whatever_its_name() {
    let setup = Setup { connections: vec![http(), shop("north")], ..Setup::default() };
    assert_eq!(connection_of(setup, "uses: shop.create, with: { num: x }"), "north");
}

#[test]
fn a_step_names_one_of_several_connections() {
    assert_eq!(connection_of(two_shops(), "uses: shop.create, connection: south, with: { num: x }"), "south");
}

#[test]
fn of_several_connections_the_one_named_like_the_provider_is_taken() {
    let setup = Setup { connections: vec![shop("north"), shop("shop"), http()], ..Setup::default() };
    assert_eq!(connection_of(setup, "uses: shop.create, with: { num: x }"), "shop");
}

#[test]
fn several_connections_without_a_choice_are_ambiguous() {
    let (plan, diagnostics) = two_shops().bind(CREATE);
    let one = diagnostics.iter().next().unwrap();
    assert!(plan.is_none());
    assert_eq!((one.code, diagnostics.len()), ("ambiguous-connection", 1));
    assert_eq!(help(one), "Say which: `connection: NAME` with one of `north`, `south`.");
}

#[test]
fn a_named_connection_must_be_of_the_provider() {
    let (_, diagnostics) =
        two_shops().bind("steps: [{ id: a, uses: shop.create, connection: http, with: { num: x } }]\n");
    let one = diagnostics.iter().next().unwrap();
    assert_eq!(one.message, "Environment `test` has no connection `http` of provider `shop`");
    assert_eq!(help(one), "It has `north`, `south`.");
}

#[test]
fn a_named_connection_of_a_provider_without_any_gets_no_list() {
    let setup = Setup { connections: vec![http()], ..Setup::default() };
    let (_, diagnostics) = setup.bind("steps: [{ id: a, uses: shop.create, connection: north, with: { num: x } }]\n");
    let one = diagnostics.iter().next().unwrap();
    assert_eq!((one.code, one.help.as_ref()), ("unknown-connection", None));
}

#[test]
fn a_provider_without_a_connection_is_reported() {
    let setup = Setup { connections: vec![http()], ..Setup::default() };
    assert_eq!(setup.reports(CREATE), ["no-connection: Environment `test` has no connection for provider `shop`"]);
}

#[test]
fn an_operation_without_a_path_needs_one_of_the_connection() {
    let text = "steps: [{ id: a, uses: shop.reopen }]\n";
    let reports = Setup::default().reports(text);
    assert_eq!(reports.len(), 1);
    assert!(reports[0].starts_with("no-path: `shop.reopen` has no path"), "{reports:?}");
    let mut connection = shop("shop");
    connection.operations.entry("reopen".to_owned()).or_default().path = Some("/reopen".to_owned());
    Setup { connections: vec![connection], ..Setup::default() }.plan(text);
}

#[test]
fn a_rollback_takes_the_connection_of_its_step_unless_it_names_its_own() {
    let rollback_over = |connection: &str| {
        let text = format!(
            "steps: [{{ id: a, uses: shop.create, connection: south, with: {{ num: x }}, \
             rollback: {{ uses: shop.remove, with: {{ id: y }}{connection} }} }}]\n"
        );
        let plan = two_shops().plan(&text);
        let call = plan.steps[0].rollback.as_ref().unwrap();
        plan.connections[call.connection].name.clone()
    };
    assert_eq!(rollback_over(""), "south");
    assert_eq!(rollback_over(", connection: north"), "north");
}

#[test]
fn a_step_whose_rollback_cannot_be_bound_gives_no_plan() {
    let text = "steps: [{ id: a, uses: shop.create, with: { num: x }, rollback: { uses: shop.nix } }]\n";
    let (plan, diagnostics) = Setup::default().bind(text);
    assert!(plan.is_none() && diagnostics.error_count() == 1);
}

#[test]
fn a_warning_leaves_the_plan() {
    let (plan, diagnostics) =
        Setup::default().bind("steps: [{ id: a, uses: shop.create, with: { num: x, remark: y } }]\n");
    assert!(plan.is_some());
    assert_eq!((diagnostics.warning_count(), diagnostics.error_count()), (1, 0));
}

#[test]
fn a_time_out_of_the_step_goes_before_the_operations() {
    let timeout = |of: &str| {
        plan(&format!("steps: [{{ id: a, uses: shop.create, with: {{ num: x }}{of} }}]\n")).steps[0].call.timeout
    };
    assert_eq!(timeout(", timeout: 7s"), Duration::from_secs(7));
    assert_ne!(timeout(""), Duration::from_secs(7));
}

#[test]
fn repeat_is_for_open_operations_only() {
    let closed = Setup::default().reports("steps: [{ id: a, uses: shop.create, with: { num: x }, repeat: safe }]\n");
    assert_eq!(closed, ["repeat-not-open: `shop.create` says itself what may be repeated"]);
    let open = plan("steps: [{ id: a, uses: http.request, with: { method: POST, path: /x }, repeat: safe }]\n");
    assert_eq!(open.steps[0].call.repeat, Some(Repeat::Safe));
}

#[test]
fn a_call_knows_the_read_that_looks_it_up_and_its_bucket() {
    let plan = plan(CREATE);
    let (read, bucket) = plan.steps[0].call.lookup.as_ref().unwrap();
    assert_eq!(read.full_name(), "shop.list");
    assert_eq!(plan.rate_buckets[*bucket].operation, "shop.list");
}

fn whole_answers_kept(plan: &Plan) -> Vec<&str> {
    let steps = plan.before.iter().chain(&plan.steps).chain(&plan.after);
    steps.filter(|step| step.body_used).map(|step| step.id.as_str()).collect()
}

#[test]
fn the_whole_answer_is_kept_of_steps_whose_body_or_elements_are_used() {
    let using = |template: &str| {
        let text = format!(
            "before: [{{ id: z, uses: shop.list }}]\nsteps:\n  - {{ id: a, uses: shop.list }}\n  \
             - {{ id: b, uses: shop.create, with: {{ num: x, any: '{template}' }} }}\n"
        );
        whole_answers_kept(&plan(&text)).join(" ")
    };
    assert_eq!(using("{{ steps.a.body }}"), "a");
    assert_eq!(using("{{ steps.z.items }}"), "z");
    assert_eq!(using("{{ steps.a.outputs.things }}"), "");
    assert_eq!(using("{{ steps.a.outcome }}"), "");
    assert_eq!(using("{{ json steps.a }}"), "a");
    assert_eq!(using("{{ json steps }}"), "z a b");
}

#[test]
fn a_result_column_keeps_the_answer_that_it_shows() {
    let text = "rows: { from: rows.csv, key: id }\nsteps: [{ id: a, uses: shop.list }, { id: b, uses: shop.list }]\nresults: { r: '{{ steps.b.body }}' }\n";
    assert_eq!(whole_answers_kept(&plan(text)), ["b"]);
}

#[test]
fn the_plan_holds_what_the_playbook_says() {
    let plan = plan(
        "rows: { from: rows.csv, key: id }\nlimits: { in_flight: 7 }\nbudget: { notice: 5 }\n\
         before: [{ id: z, uses: shop.list }]\nsteps: [{ id: a, uses: shop.create, with: { num: x } }]\nafter: [{ id: y, uses: shop.list }]\n",
    );
    let ids = |list| plan.list(list).iter().map(|step| step.id.clone()).collect::<Vec<_>>();
    let lists = [BoundList::Before, BoundList::Steps, BoundList::After].map(ids);
    assert_eq!(lists, [["z"], ["a"], ["y"]]);
    assert_eq!((plan.limits.in_flight, plan.bounds.budget["notice"]), (Some(7), 5));
    assert_eq!(plan.effect_budget_places.keys().collect::<Vec<_>>(), ["notice"]);
    assert!(plan.has_rows && plan.undoing.is_none());
    assert_eq!((plan.name.as_str(), plan.identity.as_str()), ("t", "r-1"));
}
