//! The mark that a run gets before its first call.

use super::acme::{MAKE_EACH, START, plan};
use crate::io::journal::{LostRun, Reader};
use crate::io::marks::{Mark, MarkedList, row_hash};
use crate::model::RunId;
use crate::runner::{FrozenRun, RunFolder, rebuild_mark, write_mark};

fn run() -> RunId {
    RunId::from_text("20270115-000000-abcdef")
}

#[test]
fn a_run_that_begins_has_a_mark_with_its_rows_and_is_whole() {
    let state = tempfile::tempdir().unwrap();
    let (plan, folder) = (plan(MAKE_EACH), RunFolder::of(state.path(), &run()));
    let mut store = folder.create().unwrap();
    let frozen = FrozenRun::of_plan(&plan, run(), START, 1);
    let mut list = folder.begin_list(&plan).unwrap().unwrap();
    list.add(row_hash("a"), &[]);
    write_mark(&mut store, &folder, &frozen, &plan, 1, Some(list)).unwrap();
    frozen.write(&mut store).unwrap();
    store.close().unwrap();
    let files = folder.mark().unwrap();
    let mark = Mark::read(&files).unwrap().unwrap();
    assert_eq!((mark.run, mark.environment.as_deref(), mark.rows), (run(), Some("near"), 1));
    assert_eq!(mark.operations, ["acme.make"]);
    let listed = MarkedList::read(&files.list(), &mark.list.unwrap(), &|_| true).unwrap();
    assert!(listed.has_row(row_hash("a")) && !listed.has_row(row_hash("b")));
    assert!(LostRun::find(&run(), &folder.journal()).is_none());
    assert_eq!(FrozenRun::find(&Reader::open(&folder.journal()).unwrap()).unwrap().unwrap().run_id, run());
}

#[test]
fn a_discarded_run_leaves_neither_folder_nor_mark() {
    let state = tempfile::tempdir().unwrap();
    let (plan, folder) = (plan(MAKE_EACH), RunFolder::of(state.path(), &run()));
    let mut store = folder.create().unwrap();
    let frozen = FrozenRun::of_plan(&plan, run(), START, 1);
    let list = folder.begin_list(&plan).unwrap();
    write_mark(&mut store, &folder, &frozen, &plan, 0, list).unwrap();
    folder.discard();
    assert!(!folder.path().exists());
    assert_eq!(std::fs::read_dir(state.path().join("marks")).unwrap().count(), 0);
}

#[test]
fn a_rebuilt_mark_knows_the_rows_by_their_keys() {
    let state = tempfile::tempdir().unwrap();
    let (plan, folder) = (plan(MAKE_EACH), RunFolder::of(state.path(), &run()));
    folder.create().unwrap().close().unwrap();
    let frozen = FrozenRun::of_plan(&plan, run(), START, 1);
    let mark = rebuild_mark(&folder, &frozen, &plan, ["a", "b"].map(str::to_owned)).unwrap();
    assert_eq!(mark.rows, 2);
    let listed = MarkedList::read(&folder.mark().unwrap().list(), &mark.list.unwrap(), &|_| true).unwrap();
    assert!(listed.has_row(row_hash("b")) && !listed.has_row(row_hash("c")));
}
