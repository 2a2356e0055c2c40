//! The harness's job in memory: its playbook bound, its rows as text.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::journal::FrozenRow;
use runsheet::internals::model::{Limits, Map, Rate, Secret, Time};
use runsheet::internals::plan::{Binding, Plan, bind};
use runsheet::internals::playbook::{self, Playbook};
use runsheet::internals::provider::{Connection, CredentialSource, Registry};
use runsheet::internals::rows::{Input, RowFile};
use runsheet::internals::runner::{Intake, RowSource, Selection, take_rows};
use runsheet::internals::settings::Environment;

const PLAYBOOK: &str = include_str!("../throughput/playbook.yaml");

const HEAD: &str =
    "out_task_num,business_id,kind,task_type,notify,remark,branch,unit,emp_id,title,name,id_num,country,phone,email";

/// The instant of all measurements.
pub(crate) fn now() -> Time {
    Time::from_secs(1_800_000_000)
}

/// The job's playbook.
pub(crate) fn playbook() -> Playbook {
    let mut diagnostics = Diagnostics::default();
    let read = playbook::read(&Source::new("playbook.yaml", PLAYBOOK), &mut diagnostics);
    read.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 100)))
}

/// The playbook, bound.
pub(crate) fn plan(playbook: &Playbook) -> Plan {
    let mut diagnostics = Diagnostics::default();
    let limits = Limits { in_flight: Some(64), rate: Rate::parse("1000/1ms").ok() };
    let connection = Connection {
        base_url: Some("http://127.0.0.1:1".to_owned()),
        credentials: BTreeMap::from([("token".to_owned(), CredentialSource::Literal(Secret::new("bench")))]),
        limits,
        name: "arctos".to_owned(),
        provider: "arctos".to_owned(),
        ..Connection::default()
    };
    let environment = Environment { name: "bench".to_owned(), connections: vec![connection], ..Environment::default() };
    let columns: Vec<String> = HEAD.split(',').map(str::to_owned).collect();
    let registry = Registry::builtin();
    let bound = bind(
        Binding {
            playbook,
            registry,
            environment,
            vars: Map::new(),
            columns: Some(&columns),
            run: Map::from_iter([("id".to_owned(), "bench".into())]),
        },
        &mut diagnostics,
    );
    bound.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 100)))
}

/// The rows as a file's text.
pub(crate) fn csv(rows: u64) -> String {
    let mut text = format!("{HEAD}\n");
    for row in 0..rows {
        let _ = writeln!(
            text,
            "R-{row:08},15,visit,normal,false,window seat please,012,03,emp-{row:04},Ms.,Customer {row},A{row:09},+886,09{row:08},customer{row}@example.com"
        );
    }
    text
}

/// Reads and checks rows, and hands them to `sink`.
pub(crate) fn take(playbook: &Playbook, plan: &Plan, text: String, sink: &mut dyn FnMut(Vec<FrozenRow>)) {
    let mut diagnostics = Diagnostics::default();
    let input = Input::new("rows.csv", std::io::Cursor::new(text));
    let decl = playbook.rows.as_ref().unwrap_or_else(|| panic!("the playbook has rows"));
    let file = RowFile::open(decl, input, HashMap::new(), false, &mut diagnostics);
    let mut source = RowSource::File(Box::new(file.unwrap_or_else(|| panic!("the rows open"))));
    let selection = Selection::default();
    let intake = Intake {
        plan,
        source: &mut source,
        selection: &selection,
        skip_invalid: false,
        now: now(),
        samples: 0,
        history: None,
        list: None,
    };
    let taken = take_rows(intake, &mut diagnostics, &mut |rows| {
        sink(rows);
        Ok::<(), std::convert::Infallible>(())
    });
    assert!(taken.is_ok() && !diagnostics.has_errors(), "{}", diagnostics.render(false, 100));
}

/// The rows as they are frozen.
pub(crate) fn frozen(playbook: &Playbook, plan: &Plan, rows: u64) -> Vec<FrozenRow> {
    let mut all = Vec::new();
    take(playbook, plan, csv(rows), &mut |some| all.extend(some));
    all
}

/// The bound playbook behind a handle.
pub(crate) fn shared_plan(playbook: &Playbook) -> Arc<Plan> {
    Arc::new(plan(playbook))
}
