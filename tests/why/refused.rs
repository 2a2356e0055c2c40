//! Rows, runs and steps that are not there; journals that were changed.

use runsheet::internals::io::journal::{Reader, Store};
use runsheet::internals::runner::FrozenRun;
use rusqlite::Connection;

use super::shop::{RUN, shop};
use crate::program::TestFolder;

fn journal(desk: &TestFolder) -> std::path::PathBuf {
    let runs = std::fs::read_dir(desk.path().join("state/runs")).unwrap();
    runs.map(|run| run.unwrap().path().join("journal.sqlite")).find(|path| path.exists()).unwrap()
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let desk = shop("A-1001,0911222333,\nA-1002,0911222333,\n");
    desk.run("why latest A-1001").exits(2).says(&["there is no run yet"]);
    desk.run(RUN).exits(0);
    for (line, says) in [
        ("why 2035 A-1001", "no run `2035`"),
        ("why latest A-1003", "Did you mean `A-1001` or `A-1002`?"),
        ("why latest nothing-like-it", "no row of the run"),
        ("why latest", "has 2 rows: name one by its key"),
        ("why latest --row 99", "has no row 99"),
        ("why latest A-1001 --step pya", "there is no step `pya` here: write one of `order`, `gift`, `pay`"),
        ("why latest --kind 1", "no row of the run"),
        ("why latest --before", "has no steps `before`"),
        ("why latest A-1001 --row 2", "cannot be used with"),
    ] {
        desk.run(line).exits(2).says_wrapped(&[says]);
    }
}

#[test]
fn a_kind_that_is_not_there_is_refused_with_the_number_of_kinds() {
    let desk = shop("broke,0911222333,\n");
    desk.run(RUN).exits(4);
    desk.run("why latest --kind 2").exits(2).says_wrapped(&["has 1 kind of failure"]);
    desk.run("why latest --kind 0").exits(2).says_wrapped(&["has 1 kind of failure"]);
}

#[test]
fn a_playbook_without_rows_needs_no_key() {
    let desk = shop("");
    desk.write(
        "orders.yaml",
        "name: One\nbefore: [{ id: look, uses: shop.orders, with: { num: a } }]\nsteps: [{ id: order, uses: shop.order, \
         with: { num: a } }]\n",
    );
    desk.run(RUN).exits(0);
    let told = desk.run("why latest").exits(0);
    assert!(told.out.starts_with("The run without rows: succeeded"), "{}", told.out);
    let before = desk.run("why latest --before").exits(0);
    assert!(before.out.contains("Step `look` (shop.orders)"), "{}", before.out);
    desk.run("why latest A-1").exits(2).says_wrapped(&["has no rows"]);
}

#[test]
fn a_request_that_differs_from_its_hash_is_named() {
    let desk = shop("fine,0911222333,\n");
    desk.run(RUN).exits(0);
    let before = desk.run("why latest fine --format json").exits(0).json();
    assert_eq!(before["timeline"][0]["request"]["check"], "same");
    // The frozen provider is changed in the journal.
    let journal = journal(&desk);
    let mut frozen = FrozenRun::find(&Reader::open(&journal).unwrap()).unwrap().unwrap();
    let file = frozen.providers.iter_mut().find(|file| file.path == "shop/order.yaml").unwrap();
    file.text = file.text.replacen("path: /order\n", "path: /older\n", 1);
    let mut store = Store::open(&journal).unwrap();
    store.set_meta("run", &serde_json::to_value(&frozen).unwrap()).unwrap();
    store.close().unwrap();
    let told = desk.run("why latest fine").exits(0);
    let warning = "WARNING: the request that is rebuilt from the frozen files is not the one that was sent";
    assert!(told.out.contains(warning), "{}", told.out);
    let json = desk.run("why latest fine --format json").exits(0).json();
    assert_eq!(json["timeline"][0]["request"]["check"], "differs");
    assert_eq!(json["steps"].as_array().unwrap().len(), 3, "the story shows the other steps");
}

#[test]
fn a_damaged_journal_tells_what_it_proves() {
    let desk = shop("fine,0911222333,\nbroke,0911222333,\n");
    desk.run(RUN).exits(4);
    let connection = Connection::open(journal(&desk)).unwrap();
    let changed = connection.execute(
        "UPDATE entries SET facts = replace(facts, 'o-fine', 'o-mine') WHERE scope = 0 AND facts LIKE '%o-fine%'",
        [],
    );
    assert!(changed.unwrap() > 0);
    drop(connection);
    let told = desk.run("why latest fine").exits(0);
    assert!(told.out.contains("Note: the journal is damaged"), "{}", told.out);
    assert!(told.out.starts_with("Row 2 of orders.csv, `fine`: succeeded"), "{}", told.out);
    // The other row's entries are whole.
    assert!(desk.run("why latest broke").exits(0).out.contains("sold_out"));
}
