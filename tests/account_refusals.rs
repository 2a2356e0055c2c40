//! Refusals that hold for every row: every code that a vendor lists is judged, and the first such answer stops the run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use runsheet::internals::model::Disposition;
use runsheet::internals::provider::{Effect, Registry};

use crate::program::{TestFolder, root};
use crate::secrets::parrot;

/// What the vendor says of the account, the acting company, the application or the address: the same for all rows.
const REFUSED: &[&str] = &[
    "AuthFailure",
    "FailedOperation.BalanceNotEnough",
    "FailedOperation.LicenseNoQuota",
    "FailedOperation.OrganizationExperienceChange",
    "FailedOperation.OrganizationNameChanged",
    "FailedOperation.OrganizationNameNeedChange",
    "InvalidParameter.Application",
    "LimitExceeded",
    "OperationDenied.BannedApplication",
    "OperationDenied.ByFilesServerSignForbid",
    "OperationDenied.ErrNotOpenWeakAuthorization",
    "OperationDenied.LicenseHasExpired",
    "OperationDenied.NoApiAuth",
    "OperationDenied.NoQuota",
    "OperationDenied.NotFoundLicense",
    "OperationDenied.OrganizationClosing",
    "OperationDenied.OrganizationNotActivated",
    "OperationDenied.ProveNoQuota",
    "OperationDenied.SubOrgNotJoin",
    "OperationDenied.WhiteListForbid",
    "ResourceNotFound.Application",
    "ResourceNotFound.ApplicationId",
    "ResourceNotFound.AuthActiveOrganization",
    "ResourceNotFound.NotExistApplication",
    "UnauthorizedOperation",
    "UnauthorizedOperation.NoPermissionFeature",
    "UnauthorizedOperation.UnauthorizedOperationDownload",
    "UnauthorizedOperation.UnauthorizedOperationOrganization",
];

/// The same code is said of a service that the company has not opened in one product, and of one employee's rights in
/// the other.
const REFUSED_ON_THE_PLATFORM: &str = "OperationDenied.NoApproverMobileCheckPermission";

/// What the vendor's words leave open, be it of the account or of this row: of an operator, a signer, a template, a
/// request that holds too much.
const LEFT_PER_ROW: &[&str] = &[
    "FailedOperation",
    "FailedOperation.FlowNumExceed",
    "FailedOperation.OrganizationNotChange",
    "LimitExceeded.CreateFlowNum",
    "LimitExceeded.FileSize",
    "MissingParameter.CompanyActiveInfo",
    "OperationDenied",
    "OperationDenied.CcForbid",
    "OperationDenied.Forbid",
    "OperationDenied.NoFlowPermission",
    "OperationDenied.NoIdentityVerify",
    "OperationDenied.NoLogin",
    "OperationDenied.NotInAutoSignWhiteList",
    "OperationDenied.OperatorHasNoPermission",
    "OperationDenied.PayDeadline",
    "OperationDenied.UserNotInOrganization",
    "ResourceNotFound",
    "ResourceNotFound.ApplicationAuth",
    "ResourceNotFound.Organization",
    "ResourceNotFound.SuperAdmin",
    "ResourceNotFound.User",
];

/// What a code comes to for a write.
fn judged(operation: &str, code: &str) -> Disposition {
    let registry = Registry::builtin();
    let operation = registry.operation(operation).unwrap();
    operation.answers.meaning(code, "").map_or(Disposition::Unknown, |meaning| meaning.disposition_for(Effect::Write))
}

#[test]
fn every_code_of_the_catalogue_is_judged_and_only_what_holds_for_all_rows_is_refused() {
    let text = fs::read_to_string(root().join("tests/fixtures/tencent_codes.txt")).unwrap();
    let mut codes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut product = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => product = name,
            None => drop(codes.entry(product).or_default().insert(line)),
        }
    }
    assert_eq!(codes.values().map(BTreeSet::len).collect::<Vec<_>>(), [242, 191]);
    for (product, listed) in &codes {
        let operation = format!("{product}.extend_deadline");
        let found: BTreeSet<&str> =
            listed.iter().copied().filter(|code| judged(&operation, code) == Disposition::Refused).collect();
        let platform = (*product == "tencent_essbasic").then_some(REFUSED_ON_THE_PLATFORM);
        let wanted = REFUSED.iter().copied().chain(platform).filter(|code| listed.contains(code)).collect();
        assert_eq!(found, wanted, "{product}");
        // What one product lists, the other may answer too.
        REFUSED.iter().for_each(|code| assert_eq!(judged(&operation, code), Disposition::Refused, "{product}: {code}"));
        for code in LEFT_PER_ROW {
            assert_eq!(judged(&operation, code), Disposition::Rejected, "{product}: {code}");
        }
    }
    let all: BTreeSet<&str> = codes.values().flatten().copied().collect();
    let strangers = REFUSED.iter().chain(LEFT_PER_ROW).filter(|code| !all.contains(*code)).collect::<Vec<_>>();
    assert!(strangers.is_empty(), "the vendor does not list {strangers:?}");
}

#[test]
fn the_other_vendors_refuse_the_whole_run_where_app_tenant_or_company_are_refused() {
    let (refused, rejected) = (Disposition::Refused, Disposition::Rejected);
    for (operation, codes, wanted) in [
        // Credentials, scope, calls bought, the app's rights, the tenant's word on the app, the tenant's account.
        ("fxiaoke.cancel_approval", "20006 20015 11001 11002 11013 10001 10002 10012", refused),
        ("fxiaoke.cancel_approval", "10006 30003 15003 20020 20021 20022 10014 11015", refused),
        // An employee, a department, a parameter of this row.
        (
            "fxiaoke.cancel_approval",
            "20012 20014 20017 20023 30007 30027 12004 15002 32000 10008 11008 301001",
            rejected,
        ),
        ("fxiaoke.cancel_approval", "30002", Disposition::QuotaExhausted),
        ("esignon.approve", "95", refused),
        // What these numbers mean depends on the call and the edition of the documents.
        ("esignon.approve", "-1 10 11 12 13 14 15", rejected),
        ("arctos.create_task", "0", rejected),
        ("arctos.create_task", "http|403 http|404", rejected),
        ("http.request", "http|401 http|407", refused),
        ("http.request", "http|402 http|403 http|404", rejected),
        ("tencent_ess.cancel_flow", "http|401", refused),
        ("tencent_essbasic.cancel_flow", "http|401", refused),
        ("fxiaoke.cancel_approval", "http|401", Disposition::ExpiredToken),
        ("esignon.approve", "http|401", Disposition::ExpiredToken),
        ("arctos.create_task", "http|401", Disposition::ExpiredToken),
    ] {
        for code in codes.split(' ').map(|code| code.replace('|', " ")) {
            let registry = Registry::builtin();
            let table = &registry.operation(operation).unwrap().answers;
            let listed = table.meaning(&code, "").map(|meaning| meaning.disposition_for(Effect::Write));
            assert_eq!(listed.or(table.otherwise), Some(wanted), "{operation}: {code}");
        }
    }
}

/// Playbook, rows and settings of one vendor whose every call but a login is answered so, and how often it was called.
struct Account {
    desk: TestFolder,
    calls: Arc<AtomicUsize>,
    answer: Arc<Mutex<String>>,
}

const ROWS: usize = 40;

impl Account {
    fn new(uses: &str, with: &str, connection: &str, in_flight: u32) -> Self {
        let (calls, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let (counted, told) = (Arc::clone(&calls), Arc::clone(&answer));
        let url = parrot(move |heard| {
            if heard.path.starts_with("/oauth2.0/token") {
                return (200, r#"{"errorCode":0,"accessToken":"t","expiresIn":7200,"ea":"acme"}"#.to_owned());
            }
            counted.fetch_add(1, Ordering::SeqCst);
            (200, told.lock().unwrap().clone())
        });
        let desk = TestFolder::new();
        let provider = uses.split('.').next().unwrap();
        desk.write(
            "runsheet.yaml",
            &format!(
                "environments:\n  near:\n    connections:\n      {provider}:\n        base_url: {url}\n        \
                 limits: {{ rate: 20000/s, in_flight: {in_flight} }}\n{connection}"
            ),
        );
        desk.write(
            "playbook.yaml",
            &format!(
                "name: n\nrows: {{ from: rows.csv, key: id }}\nlimits: {{ in_flight: {in_flight} }}\nsteps:\n  - {{ id: a, uses: {uses}, with: {with} }}\n"
            ),
        );
        let rows: String = (0..ROWS).map(|row| format!("yDCNtUUckpvrcvf4UELZnZDvMS{row:06}\n")).collect();
        desk.write("rows.csv", &format!("id\n{rows}"));
        Self { desk, calls, answer }
    }

    /// Runs it with this answer; how many calls were made.
    fn run(&self, answer: &str, confirm: &str) -> usize {
        answer.clone_into(&mut self.answer.lock().unwrap());
        self.calls.store(0, Ordering::SeqCst);
        let line = format!("run playbook.yaml --env near --again --yes {confirm} --format json");
        let came = self.desk.run(&line).exits(7);
        let summary = came.json();
        assert_eq!(summary["outcome"], "refused", "{answer}: {summary}");
        assert_eq!(summary["rows"]["not_started"], ROWS, "{answer}: {summary}");
        assert!(came.err.contains("runsheet resume"), "{answer}: {}", came.err);
        self.calls.load(Ordering::SeqCst)
    }
}

fn tencent(code: &str) -> String {
    format!(r#"{{"Response":{{"Error":{{"Code":"{code}","Message":"no"}},"RequestId":"s1"}}}}"#)
}

const OWN: &str = "        credentials: { secret_id: id, secret_key: key }
        defaults: { Operator: { UserId: u } }
";
const PLATFORM: &str = "        credentials: { secret_id: id, secret_key: key }
        defaults: { Agent: { AppId: a, ProxyOrganizationOpenId: o, ProxyOperator: { OpenId: p } } }
";
const FXIAOKE: &str = "        credentials: { app_id: a, app_secret: b, permanent_code: c }
        settings: { user_id: '1000' }
";

#[test]
fn the_first_refusal_of_the_account_stops_the_run_after_one_call() {
    let extend = "{ FlowId: '{{ row.id }}', Deadline: '2040-01-31T00:00:00Z' }";
    let release = "{ NeedRelievedFlowId: '{{ row.id }}', ReliveInfo: { Reason: r } }";
    let cancel = "{ entityId: AccountObj, objectId: '{{ row.id }}', cancelReason: r }";
    let confirm = format!("--confirm {ROWS}");
    let account = Account::new("tencent_ess.create_release_flow", release, OWN, 1);
    for code in [
        "OperationDenied.OrganizationNotActivated",
        "OperationDenied.WhiteListForbid",
        "ResourceNotFound.Application",
        "FailedOperation.OrganizationNameChanged",
        "OperationDenied.NoQuota",
    ] {
        assert_eq!(account.run(&tencent(code), &confirm), 1, "{code}");
    }
    let account = Account::new("tencent_essbasic.extend_deadline", extend, PLATFORM, 1);
    for code in
        ["OperationDenied.BannedApplication", "OperationDenied.OrganizationClosing", "InvalidParameter.Application"]
    {
        assert_eq!(account.run(&tencent(code), ""), 1, "{code}");
    }
    let account = Account::new("fxiaoke.cancel_approval", cancel, FXIAOKE, 1);
    for code in [15003, 20021, 20022, 30003] {
        assert_eq!(account.run(&format!(r#"{{"errorCode":{code},"errorMessage":"no"}}"#), &confirm), 1, "{code}");
    }
}

#[test]
fn calls_under_way_at_the_first_refusal_are_the_last() {
    let release = "{ NeedRelievedFlowId: '{{ row.id }}', ReliveInfo: { Reason: r } }";
    let account = Account::new("tencent_ess.create_release_flow", release, OWN, 6);
    let calls = account.run(&tencent("OperationDenied.OrganizationNotActivated"), &format!("--confirm {ROWS}"));
    assert!((1..=6).contains(&calls), "{calls} calls");
}
