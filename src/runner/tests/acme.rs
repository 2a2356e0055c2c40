//! A made-up vendor whose answers a test scripts, and a run against it in virtual time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::diagnostic::{Diagnostics, Source};
use crate::engine::{AskedBy, Progress, SendOrder};
use crate::io::journal::{Reader, Store};
use crate::io::{CallBounds, Clock, Transport};
use crate::journal::{Fact, FrozenRow};
use crate::model::{Map, Request, Response, Secret, SendError, StepScope, Time, Value};
use crate::plan::{Binding, Plan, bind};
use crate::playbook;
use crate::policy::StopReason;
use crate::provider::{Connection, CredentialSource, ProviderFile, Registry};
use crate::rows::{Input, RowFile};
use crate::runner::{
    Control, Drive, DriveError, FakeVendors, Intake, IntakeTally, RowSource, Selection, Vendor, rehearse,
    resolve_credentials, take_rows,
};
use crate::settings::Environment;

const PROVIDER: &str = r#"
title: Acme
base_url: https://api.acme.example
auth:
  scheme: login
  headers: { Authorization: "Bearer {{ token.access_token }}" }
  login:
    - credentials: [key]
      steps:
        - { operation: login, inputs: { key: "{{ credentials.key }}" } }
credentials:
  key: { description: The account's key }
credential_sets:
  - { credentials: [key] }
answer:
  success: { path: code, is: [0] }
  code: code
  message: text
  otherwise: unknown
  codes:
    - { code: 1, is: rejected }
    - { code: 2, is: throttled, gate: true }
"#;

const LOGIN: &str = r#"
summary: RateLeases the key into a token
vendor_name: login
internal: true
effect: read
auth: none
path: /login
inputs: { required: [key], properties: { key: { type: string, sensitive: true } } }
outputs: { access_token: { path: token, type: string, required: true } }
examples:
  - name: A token
    with: { key: k }
    request: { path: /login, body: { key: k } }
    answers: [{ body: { code: 0, token: t }, is: succeeded }]
"#;

const MAKE: &str = r#"
summary: Makes a thing
vendor_name: make
effect: write
path: /make
inputs:
  required: [num]
  properties:
    num: { type: string, minLength: 1 }
    note: { type: string, widens_when_absent: tells everybody }
natural_key: [num]
danger:
  - { kind: bills, counts_as: thing, description: Costs money }
repeat: never
examples:
  - name: One
    with: { num: a }
    request: { path: /make, body: { num: a } }
    answers: [{ body: { code: 0 }, is: succeeded }]
"#;

const SIGN: &str = r#"
summary: Signs a thing
vendor_name: sign
effect: write
repeat: lookup
path: /sign
inputs: { required: [num], properties: { num: { type: string } } }
lookup:
  operation: states
  inputs: { ids: ["{{ inputs.num }}"] }
  find: { in: list, where: { id: "{{ inputs.num }}" } }
  took_effect: '{{ eq match.state "signed" }}'
  conclusive: true
  settle: 5s
danger: [{ kind: signs, counts_as: signature, description: Signs }]
examples:
  - name: One
    with: { num: a }
    request: { path: /sign, body: { num: a } }
    answers: [{ body: { code: 0 }, is: succeeded }]
"#;

const STATES: &str = r#"
summary: Reads things
vendor_name: states
effect: read
path: /states
inputs: { required: [ids], properties: { ids: { type: array, items: { type: string } } } }
examples:
  - name: One
    with: { ids: [a] }
    request: { path: /states, body: { ids: [a] } }
    answers: [{ body: { code: 0 }, is: succeeded }]
"#;

/// One thing for each row.
pub(crate) const MAKE_EACH: &str = r#"
version: 1
name: Make things
rows: { from: rows.csv, key: num, columns: { note: { optional: true } } }
limits: { in_flight: 1 }
steps:
  - id: make
    uses: acme.make
    with: { num: "{{ row.num }}", note: "{{ row.note }}" }
"#;

/// The instant at which every test run begins.
pub(crate) const START: Time = Time::from_secs(1_800_000_000);

pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        let files = [("provider", PROVIDER), ("login", LOGIN), ("make", MAKE), ("sign", SIGN), ("states", STATES)]
            .map(|(name, text)| ProviderFile { path: format!("acme/{name}.yaml"), text: text.to_owned() });
        let mut diagnostics = Diagnostics::new();
        let registry = Registry::from_files(files.to_vec(), &mut diagnostics);
        registry.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))
    });
    &REGISTRY
}

pub(crate) fn connection() -> Connection {
    Connection {
        name: "acme".to_owned(),
        provider: "acme".to_owned(),
        credentials: [("key".to_owned(), CredentialSource::Literal(Secret::new("parrot-key")))].into(),
        ..Connection::default()
    }
}

/// Binds a playbook to the vendor, in a real environment with the name `near`.
pub(crate) fn plan(playbook: &str) -> Arc<Plan> {
    let mut diagnostics = Diagnostics::new();
    let read = playbook::read(&Source::new("playbook.yaml", playbook), &mut diagnostics);
    let read = read.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)));
    let environment =
        Environment { name: "near".to_owned(), connections: vec![connection()], ..Environment::default() };
    let columns = ["num".to_owned(), "note".to_owned()];
    let binding = Binding {
        playbook: &read,
        registry: registry(),
        environment,
        vars: Map::new(),
        columns: Some(&columns),
        run: Map::from_iter([("id".to_owned(), "r-1".into())]),
    };
    let plan = bind(binding, &mut diagnostics);
    Arc::new(plan.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120))))
}

/// What came of taking rows in.
pub(crate) struct Taken {
    pub(crate) rows: Vec<FrozenRow>,
    pub(crate) tally: IntakeTally,
    pub(crate) diagnostics: Diagnostics,
}

/// Takes the rows of a CSV text in.
pub(crate) fn take(playbook: &str, csv: &str, selection: Selection, skip_invalid: bool) -> Taken {
    let plan = plan(playbook);
    let mut diagnostics = Diagnostics::new();
    let read = playbook::read(&Source::new("playbook.yaml", playbook), &mut diagnostics).unwrap();
    let input = Input::new("rows.csv", std::io::Cursor::new(csv.to_owned()));
    let file = RowFile::open(read.rows.as_ref().unwrap(), input, [].into(), false, &mut diagnostics);
    let mut source = RowSource::File(Box::new(file.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))));
    let intake = Intake {
        plan: &plan,
        source: &mut source,
        selection: &selection,
        skip_invalid,
        now: START,
        samples: 1,
        history: None,
        list: None,
    };
    let mut rows = Vec::new();
    let taken = take_rows(intake, &mut diagnostics, &mut |batch: Vec<FrozenRow>| {
        rows.extend(batch);
        Ok::<(), std::convert::Infallible>(())
    });
    let Ok(tally) = taken;
    Taken { rows, tally, diagnostics }
}

/// What the vendor answers to the `n`-th request, counted from 1, at this path.
type Script = Box<dyn FnMut(usize, &Request) -> Result<Response, SendError> + Send>;

/// How long the vendor takes to answer a request.
type Latency = fn(&Request) -> Duration;

/// The time of every answer, so that the virtual clock moves.
const LATENCY: Duration = Duration::from_millis(10);

/// The vendor: answers by its script and remembers when each request came.
pub(crate) struct Acme {
    clock: Clock,
    script: Mutex<Script>,
    latency: Latency,
    sent: Mutex<Vec<(Time, String)>>,
}

impl Acme {
    pub(crate) fn new(
        clock: Clock,
        script: impl FnMut(usize, &Request) -> Result<Response, SendError> + Send + 'static,
    ) -> Arc<Self> {
        Self::answering_after(|_| LATENCY, clock, script)
    }

    fn answering_after(
        latency: Latency,
        clock: Clock,
        script: impl FnMut(usize, &Request) -> Result<Response, SendError> + Send + 'static,
    ) -> Arc<Self> {
        Arc::new(Self { clock, script: Mutex::new(Box::new(script)), latency, sent: Mutex::default() })
    }

    /// The times and bodies of the requests so far.
    pub(crate) fn sent(&self) -> Vec<(Time, String)> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Acme {
    fn send<'a>(&'a self, request: Request, _: CallBounds) -> BoxFuture<'a, Result<Response, SendError>> {
        let mut sent = self.sent.lock().unwrap();
        sent.push((self.clock.now(), String::from_utf8_lossy(&request.body).into_owned()));
        let answer = (self.script.lock().unwrap())(sent.len(), &request);
        let latency = (self.latency)(&request);
        Box::pin(async move {
            tokio::time::sleep(latency).await;
            answer
        })
    }
}

/// Lets the vendor answer every order of a run.
struct Answering(Arc<Acme>);

impl FakeVendors for Answering {
    fn transport_for(&self, _: &SendOrder, _: Vec<AskedBy>, _: Time) -> Arc<dyn Transport> {
        self.0.clone()
    }
}

/// An answer with this code of the vendor.
pub(crate) fn answer(code: u32) -> Result<Response, SendError> {
    let body = json!({"code": code, "text": "said so", "token": "t"}).to_string();
    Ok(Response { status: 200, headers: Vec::new(), body: body.into() })
}

/// The time between two looks at the counts of a run that is recorded.
const LOOK_EVERY: Duration = Duration::from_millis(120);

/// How a drive ended: the reason for a stop, if it stopped, or what broke.
pub(crate) type DriveEnd = Result<Option<StopReason>, DriveError>;

/// A run whose rows are in its journal.
pub(crate) struct TestRun {
    pub(crate) plan: Arc<Plan>,
    /// The calls that its rows make, by operation.
    calls: BTreeMap<String, u64>,
    _folder: TempDir,
    journal: PathBuf,
}

impl TestRun {
    pub(crate) fn new(playbook: &str, csv: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal.sqlite");
        let Taken { rows, tally, .. } = take(playbook, csv, Selection::default(), false);
        let mut store = Store::create_scratch(&journal).unwrap();
        store.keep_rows([rows]).unwrap();
        store.close().unwrap();
        Self { plan: plan(playbook), calls: tally.calls, _folder: folder, journal }
    }

    pub(crate) fn journal(&self) -> &Path {
        &self.journal
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.journal).unwrap()
    }

    /// The job of driving the run with the vendor, as a process does.
    pub(crate) fn drive(&self, acme: &Arc<Acme>) -> Drive {
        let (provider, connection) = (registry().provider("acme").unwrap(), &self.plan.connections[0]);
        let credentials = resolve_credentials(provider, connection, &mut |_, _| {}).unwrap();
        Drive {
            plan: self.plan.clone(),
            seed: 1,
            limits: self.plan.limits,
            ceiling: self.plan.limits,
            commands: None,
            bounds: self.plan.bounds.clone(),
            recut_waves: false,
            vendors: vec![Arc::new(Vendor::new(connection.clone(), provider, credentials, acme.clone()))],
            expected_calls: self.calls.clone(),
            progress: Arc::new(Mutex::new(Progress::default())),
            clock: acme.clock,
            lookups_only: false,
            history: None,
            ledger: None,
            events: None,
        }
    }

    /// Drives the run to its end with a vendor that answers by `script`, which can also give orders.
    pub(crate) fn go(
        &self,
        mut script: impl FnMut(usize, &Request, &mpsc::UnboundedSender<Control>) -> Result<Response, SendError>
        + Send
        + 'static,
    ) -> (DriveEnd, Vec<(Time, String)>) {
        in_virtual_time(async {
            let (orders, control) = mpsc::unbounded_channel();
            let clock = Clock::of_runtime(START);
            let acme = Acme::new(clock, move |n, request| script(n, request, &orders));
            let ended = rehearse(self.drive(&acme), &self.journal, control, Arc::new(Answering(acme.clone()))).await;
            (ended, acme.sent())
        })
    }

    /// Drives the run as [`TestRun::go`] does, and returns what a display would have seen of it: the counts at
    /// intervals, the last ones at the end.
    pub(crate) fn record(
        &self,
        latency: Latency,
        mut script: impl FnMut(usize, &Request, &mpsc::UnboundedSender<Control>) -> Result<Response, SendError>
        + Send
        + 'static,
    ) -> (DriveEnd, Vec<(Time, Progress)>) {
        in_virtual_time(async {
            let (orders, control) = mpsc::unbounded_channel();
            let clock = Clock::of_runtime(START);
            let acme = Acme::answering_after(latency, clock, move |n, request| script(n, request, &orders));
            let drive = self.drive(&acme);
            let (progress, seen) = (drive.progress.clone(), Mutex::new(Vec::new()));
            let look = || seen.lock().unwrap().push((clock.now(), progress.lock().unwrap().clone()));
            let watch = async {
                loop {
                    tokio::time::sleep(LOOK_EVERY).await;
                    look();
                }
            };
            let ended = tokio::select! {
                biased;
                ended = rehearse(drive, &self.journal, control, Arc::new(Answering(acme.clone()))) => ended,
                () = watch => unreachable!(),
            };
            look();
            (ended, seen.into_inner().unwrap())
        })
    }

    /// The number of rows for each outcome, by the outcome's word.
    pub(crate) fn ended(&self) -> Vec<(String, u64)> {
        self.reader().ended_counts().unwrap()
    }

    /// The facts of a scope, without their times.
    pub(crate) fn facts(&self, scope: StepScope) -> Vec<Fact> {
        self.reader().facts(scope).unwrap().into_iter().map(|(_, fact)| fact).collect()
    }
}

/// Runs a future in a runtime whose time jumps over every wait.
pub(crate) fn in_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(future)
}

/// The value of one field in a request's JSON body.
pub(crate) fn field(body: &str, name: &str) -> Value {
    serde_json::from_str::<Value>(body).unwrap()[name].clone()
}
