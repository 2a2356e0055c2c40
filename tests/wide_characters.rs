//! Columns on a terminal stay aligned where names and cells are Chinese, Japanese or Korean, each character two columns
//! wide.

use unicode_width::UnicodeWidthStr;

use crate::program::TestFolder;

const PROVIDER: &str = "title: 甲公司合同平台
base_url: http://127.0.0.1:1
auth: { scheme: none }
answer:
  any_body: true
  otherwise: rejected
  codes:
    - { code: 合同不存在, is: rejected, means: 没有这份合同 }
    - { code: E1, is: rejected, means: Too many calls }
";

const OPERATION: &str = "summary: 建立合同
vendor_name: makeThing
effect: write
method: POST
path: /v1/things
repeat: never
inputs:
  required: [合同编号]
  properties:
    合同编号: { type: string, description: The contract }
    url: { type: string, description: 回调地址 }
    契約ID: { type: string, description: 契約の番号 }
outputs:
  新编号: { path: 编号, description: The new number }
  url: { path: url, description: 地址 }
examples:
  - name: a thing
    with: { 合同编号: a1 }
    request: { path: /v1/things, body: { 合同编号: a1 } }
    answers: [{ status: 200, body: '{\"编号\": \"b1\", \"url\": \"c\"}', is: succeeded }]
";

fn desk() -> TestFolder {
    let desk = TestFolder::new();
    desk.write("own/acme/provider.yaml", PROVIDER);
    desk.write("own/acme/make.yaml", OPERATION);
    desk
}

/// The terminal columns at which a word begins, in each line that has it.
fn columns(text: &str, words: &[&str]) -> Vec<usize> {
    let column = |word: &&str| {
        let line = text.lines().find(|line| line.contains(*word)).unwrap_or_else(|| panic!("no `{word}` in:\n{text}"));
        line[..line.find(*word).unwrap()].width()
    };
    words.iter().map(column).collect()
}

#[track_caller]
fn aligned(text: &str, words: &[&str]) {
    let columns = columns(text, words);
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{words:?} begin at {columns:?} in:\n{text}");
}

#[test]
fn an_operation_with_wide_names_is_aligned() {
    let shown = desk().run("operations acme.make --providers own").exits(0).out;
    aligned(&shown, &["required  string", "optional  string. 回调地址", "optional  string. 契約の番号"]);
    aligned(&shown, &["any      The new number", "any      地址"]);
}

#[test]
fn wide_codes_of_a_vendor_are_aligned() {
    let shown = desk().run("explain acme --providers own").exits(0).out;
    aligned(&shown, &["没有这份合同", "Too many calls"]);
}

#[test]
fn runs_in_environments_with_wide_names_are_aligned() {
    let desk = desk();
    desk.write(
        "runsheet.yaml",
        "environments:\n  台灣正式環境:\n    connections: { acme: { base_url: \"http://127.0.0.1:1\" } }\n",
    );
    desk.write(
        "playbook.yaml",
        "name: 建立合同\nrows: { from: 合同.csv, key: 编号 }\nsteps:\n  - { id: make, uses: http.request, with: { method: GET, path: /a } }\n",
    );
    desk.write("合同.csv", "编号\n甲一\n");
    // The only row is skipped, so nothing is sent.
    desk.write("far.yaml", "name: 建立合同\nrows: { from: 合同.csv, key: 编号 }\nsteps:\n  - { id: make, uses: acme.make, when: \"{{ eq row.编号 'x' }}\", with: { 合同编号: \"{{ row.编号 }}\" } }\n");
    desk.run("run playbook.yaml --providers own").exits(0);
    desk.run("run far.yaml --env 台灣正式環境 --providers own").exits(0);
    let list = desk.run("runs list").exits(0).out;
    assert!(list.contains("台灣正式環境") && list.contains("sandbox"), "{list}");
    aligned(&list, &["playbook.yaml", "far.yaml"]);
}

/// miette draws the carets; this holds it to the columns of the characters.
#[test]
fn carets_stand_under_wide_characters() {
    let desk = desk();
    desk.write(
        "playbook.yaml",
        "name: 建立合同\nsteps:\n  - { id: 建立, uses: http.request, with: { method: GET, path: /a }, 備註: 甲 }\n",
    );
    let shown = desk.run("check playbook.yaml").exits(3).err;
    let lines: Vec<&str> = shown.lines().collect();
    let at = lines.iter().position(|line| line.contains("備註: 甲")).unwrap();
    let word = lines[at][..lines[at].find("備註").unwrap()].width();
    let carets = lines[at + 1..].iter().find(|line| line.contains('┬')).unwrap();
    let begin = carets[..carets.find(['─', '┬']).unwrap()].width();
    let marked = carets[carets.find(['─', '┬']).unwrap()..].trim_end().width();
    assert_eq!((begin, marked), (word, "備註".width()), "{shown}");
}
