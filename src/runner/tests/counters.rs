//! What a resumed run has counted so far, as its journal says.

use super::acme::{MAKE_EACH, TestRun, answer};
use crate::model::RowOutcome;
use crate::policy::StopReason;
use crate::runner::{Control, recorded_stops, restore_counts};

const BOUNDED: &str = r#"
version: 1
name: Make things
rows: { from: rows.csv, key: num }
limits: { in_flight: 1 }
waves: { sizes: [1, 1], gate: 100% }
budget: { thing: 2 }
steps:
  - id: make
    uses: acme.make
    with: { num: "{{ row.num }}" }
"#;

const ROWS: &str = "num,note\na,x\nb,x\nc,x\nd,x\n";

#[test]
fn counts_are_those_of_the_journal() {
    let run = TestRun::new(MAKE_EACH, ROWS);
    let _ = run.go(|n, _, orders| {
        if n == 3 {
            orders.send(Control::Drain { signal: 2 }).unwrap();
        }
        answer(u32::from(n == 2))
    });
    let counts = restore_counts(&run.reader()).unwrap();
    let of = |outcome: RowOutcome| counts.by_outcome[outcome as usize];
    assert_eq!((counts.total, counts.ended()), (4, 2));
    assert_eq!((of(RowOutcome::Failed), of(RowOutcome::Succeeded), of(RowOutcome::Unknown)), (1, 1, 0));
    let stops: Vec<StopReason> = recorded_stops(&run.reader()).unwrap().into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(stops, [StopReason::Interrupted { signal: 2 }]);
}

#[test]
fn effects_made_before_a_resume_count_against_the_budget() {
    let run = TestRun::new(BOUNDED, ROWS);
    let (ended, sent) = run.go(|n, _, orders| {
        if n == 2 {
            orders.send(Control::Drain { signal: 2 }).unwrap();
        }
        answer(0)
    });
    assert!(ended.unwrap().is_some());
    assert_eq!(sent.len(), 2, "the login and one effect");
    let (ended, sent) = run.go(|_, _, _| answer(0));
    let stop = ended.unwrap().map(|stop| stop.kind().as_str().to_owned());
    assert_eq!((sent.len(), stop.as_deref()), (2, Some("budget")), "one more effect, then the budget is spent");
}

#[test]
fn a_resumed_run_goes_on_behind_a_gate_that_it_missed_before() {
    let waves = BOUNDED.replace("budget: { thing: 2 }\n", "");
    let run = TestRun::new(&waves, ROWS);
    let (ended, sent) = run.go(|n, _, _| answer(u32::from(n == 2)));
    assert!(matches!(ended.unwrap(), Some(StopReason::Gate { .. })));
    assert_eq!(sent.len(), 2, "the login and the first wave");
    let (ended, sent) = run.go(|_, _, _| answer(0));
    assert_eq!(ended.unwrap(), None);
    assert_eq!(sent.len(), 4, "the login and the other three rows");
}
