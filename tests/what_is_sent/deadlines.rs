//! Deadlines long past: none of them goes out, in whatever form they were written.

use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

#[test]
fn a_deadline_before_1973_is_too_late_like_any_other() {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    for day in [
        "0001-01-01",
        "1899-12-31",
        "1900-01-01",
        "1969-12-31",
        "1970-01-01",
        "1973-03-03",
        "1973-03-04",
        "2001-09-09",
        "2025-01-01",
    ] {
        desk.write("rows.csv", &format!("flow_id,new_deadline\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K,{day}\n"));
        desk.run("check extend-deadlines.yaml --rows rows.csv").exits(3).says(&["too-late", "rows.csv:2:"]);
        desk.run("plan extend-deadlines.yaml --rows rows.csv").exits(3);
        desk.run("run extend-deadlines.yaml --rows rows.csv").exits(3).says(&["nothing was sent"]);
    }
    // The same as numbers: what is no time to come is refused, however it is spelled.
    let book = desk.read("extend-deadlines.yaml");
    let text = book.replace("new_deadline: { type: date,", "new_deadline: { type: string,");
    desk.write(
        "text.yaml",
        &text.replace("\"{{ end_of_day row.new_deadline vars.zone }}\"", "\"{{ row.new_deadline }}\""),
    );
    for value in [
        "-2209017944",
        "-1",
        "0",
        "1",
        "99999999",
        "100000000",
        "1700000000",
        "19700101",
        "1700000000000",
        "-1700000000000",
    ] {
        desk.write("rows.csv", &format!("flow_id,new_deadline\nyDCNtUUckpvrcvf4UELZnZDvMStFgT7K,{value}\n"));
        desk.run("run text.yaml --rows rows.csv").exits(3).says(&["nothing was sent"]);
    }
}
