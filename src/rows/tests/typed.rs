//! Typed cells, blanks, defaults and renamed columns.

use serde_json::json;

use super::setup::{read, sound};
use crate::rows::Column;

#[test]
fn every_wrong_cell_is_reported_with_its_place_and_its_cure() {
    let columns = "{ key: id, columns: {
        count: { type: integer, min: 1, max: 10 }, price: { type: number }, notify: { type: boolean },
        day: { type: date }, at: { type: datetime }, body: { type: json }, who: { type: list, min: 2 },
        code: { pattern: '^[A-Z]+$', length: { max: 3 } }, kind: { one_of: [a, b] } } }";
    let head = "id,count,price,notify,day,at,body,who,code,kind\n";
    let row = |cells: &str| format!("{head}1,{cells}\n");
    let reported = |cells: &str| {
        let read = read(columns, row(cells));
        read.diagnostics
            .iter()
            .map(|d| format!("{} {} | {}", d.places[0].0.column, d.message, d.help.as_deref().unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reported("00123,\"1,5\",maybe,2026-02-30,2026-01-05 09:00,{,a,abc,c"),
        [
            "3 Column `count`, row 2: `00123` is not an integer | Take the leading zeros away, or declare the column as `string` to keep them",
            "9 Column `price`, row 2: `1,5` is not a number | Write it without separators of thousands, and with a point before decimals",
            "15 Column `notify`, row 2: `maybe` is not a boolean | Write `true`, `yes`, `y` or `1`, or `false`, `no`, `n` or `0`",
            "21 Column `day`, row 2: `2026-02-30` is not a date | Write a day that exists as `YYYY-MM-DD`, or declare the column's `format`, such as `format: \"YYYY/M/D\"`",
            "32 Column `at`, row 2: `2026-01-05 09:00` names no offset from UTC | Declare the column's zone, such as `timezone: Asia/Taipei`, or write the offset, such as `+08:00`",
            "49 Column `body`, row 2: `{` is not JSON | The JSON ends being readable here: EOF while parsing an object at line 1 column 1",
            "51 Column `who`, row 2: `a` is less than 2 elements | That is the column's `min`",
            "53 Column `code`, row 2: `abc` does not match the column's pattern | Write what matches `^[A-Z]+$`, or correct the column's `pattern`",
            "57 Column `kind`, row 2: `c` is not one of the values allowed | Write one of `a`, `b`",
        ]
    );
    for (cells, wanted) in [
        ("11,1,1,2026-01-05,2026-01-05T00:00Z,1,a;b,A,a", "3 Column `count`, row 2: `11` is more than `10`"),
        ("0,1,1,2026-01-05,2026-01-05T00:00Z,1,a;b,A,a", "3 Column `count`, row 2: `0` is less than `1`"),
        ("1,1,1,46027,2026-01-05T00:00Z,1,a;b,A,a", "9 Column `day`, row 2: `46027` is not a date | It looks like"),
        ("1,1,1,2026-01-05,2026-01-05,1,a;b,A,a", "20 Column `at`, row 2: `2026-01-05` is not a date-time"),
        ("1,1,1,2026-01-05,2026-01-05T00:00Z,1,a;;b,A,a", "40 Column `who`, row 2: Element 2 of `a;;b` is blank"),
        (
            "1,1,1,2026-01-05,2026-01-05T00:00Z,1,a;b,ABCD,a",
            "44 Column `code`, row 2: `ABCD` has 4 characters | The column takes at most 3",
        ),
        (
            "1.2E+12,1,1,2026-01-05,2026-01-05T00:00Z,1,a;b,A,a",
            "3 Column `count`, row 2: `1.2E+12` is not an integer | A spreadsheet may",
        ),
    ] {
        let reported = reported(cells);
        assert_eq!(reported.len(), 1, "{reported:?}");
        assert!(reported[0].starts_with(wanted), "{reported:?}");
    }
}

#[test]
fn a_single_character_is_counted_in_the_singular() {
    let read = read("{ key: id, columns: { code: { length: { min: 2 } } } }", "id,code\n1,A\n");
    assert_eq!(read.reported(), ["bad-value 2:3 Column `code`, row 2: `A` has 1 character"]);
}

#[test]
fn typed_cells_keep_every_digit_and_member() {
    let rows = sound(
        "{ key: id, columns: { n: { type: number }, i: { type: integer }, b: { type: boolean }, d: { type: date, format: YYYY/M/D },
           t: { type: datetime, timezone: Asia/Taipei, format: 'YYYY/M/D H:mm' }, j: { type: json }, l: { type: list, separator: '、' } } }",
        "id,n,i,b,d,t,j,l\n00123, 1.50 ,123456789012345678901234567890,YES,2026/1/5,2026/1/5 9:05,\"{\"\"b\"\":1.10,\"\"a\"\":null}\",王、 李\n",
    );
    let row = &rows[0];
    assert_eq!(row.key, "00123");
    assert_eq!(
        serde_json::to_string(&row.cells).unwrap(),
        r#"{"id":"00123","n":1.50,"i":123456789012345678901234567890,"b":true,"d":"2026-01-05","t":"2026-01-05T09:05:00+08:00","j":{"b":1.10,"a":null},"l":["王","李"]}"#
    );
}

#[test]
fn text_cells_are_kept_unchanged() {
    for cell in
        ["0911211211", "6183e12", "00123", "TRUE", " padded ", "{{ row.id }}", "=1+1", "\t", "é\u{301}", "null", "-"]
    {
        let rows = read("{ key: id }", format!("id;a\n1;\"{}\"\n", cell.replace('"', "\"\""))).rows;
        let wanted = if cell.trim().is_empty() { "" } else { cell };
        assert_eq!(rows[0].cells["a"], wanted, "{cell:?}");
    }
}

#[test]
fn blanks_are_null_default_or_marked() {
    let rows = sound(
        "{ key: id, columns: { o: { optional: true }, d: { type: boolean, default: no }, l: { type: list, optional: true },
           x: { type: list, default: [p, q] }, i: { type: integer } } }",
        "id,o,d,l,x,i,u\n1,,,,,,\n2, ,\u{3000},\"\",,7, \n",
    );
    for row in &rows {
        let cells = (&row.cells["o"], &row.cells["d"], &row.cells["l"], &row.cells["x"], &row.cells["u"]);
        assert_eq!(cells, (&json!(null), &json!(false), &json!(null), &json!(["p", "q"]), &json!("")));
    }
    assert_eq!(rows[0].blanks, ["i", "u"]);
    assert_eq!(rows[1].blanks, ["u"]);
    assert!(rows[0].is_blank("i") && !rows[0].is_blank("o") && !rows[1].is_blank("i"));
}

#[test]
fn columns_are_named_as_declared_or_as_their_head() {
    let read = read(
        "{ key: id, columns: { starts_at: { from: 預約時間, type: date, optional: true, sensitive: true } } }",
        "\u{feff}id, 預約時間 ,Agent/Id,,_run,_outcome,extra\n1,2026-01-05,x,,r1,failed,z\n",
    );
    assert_eq!(read.reported(), [""; 0]);
    let columns = read.file.unwrap().columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "starts_at", "Agent/Id"]);
    let Column { optional, sensitive, declared, .. } = columns[1];
    assert!(optional && sensitive && declared && !columns[2].declared);
    assert_eq!(read.rows[0].cells["starts_at"], "2026-01-05");
}

#[test]
fn identity_numbers_are_checked_where_a_column_says_so() {
    let decl =
        "{ key: id, columns: { cn: { format: cn_id, optional: true }, tw: { format: tw_id, sensitive: true } } }";
    let read =
        read(decl, "id,cn,tw\nA,11010519491231002X,A123456789\nB,,A123456780\nC,110105194912310021,A800000014\n");
    assert_eq!(
        read.reported(),
        [
            "bad-identity 3:4 Column `tw`, row 3: `***` is no identity number: its last character does not fit the others",
            "bad-identity 4:3 Column `cn`, row 4: `110105194912310021` is no identity number: its last character does not \
             fit the others",
        ]
    );
    assert_eq!(read.rows.len(), 1);
}
