//! The report as a page: what stands in it without script, what is masked, what its data says, and when it is written.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::desk;

/// A part of the page's data.
pub(crate) fn part(html: &str, name: &str) -> Value {
    let begin = format!("<script type=\"text/plain\" data-part=\"{name}\">");
    let base64: String = html.split(&begin).skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    let bytes = STANDARD.decode(base64).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// All parts of the page's data as one text.
fn all_parts(html: &str) -> String {
    let names = html.split("data-part=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    names.into_iter().map(|name| part(html, name).to_string()).collect()
}

/// What is between two texts.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let begin = text.find(from).unwrap_or_else(|| panic!("no {from}")) + from.len();
    &text[begin..begin + text[begin..].find(to).unwrap()]
}

#[test]
fn the_page_is_whole_and_allows_its_own_script_and_style_alone() {
    let desk = desk();
    desk.run("run playbook.yaml").exits(4);
    desk.run("report latest --format html --out r.html").exits(0).says(&["is in r.html"]);
    let html = desk.read("r.html");
    assert_eq!(fs::metadata(desk.path().join("r.html")).unwrap().permissions().mode() & 0o777, 0o600);
    let policy = between(&html, "Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    let script = html.rsplit_once("<script>").unwrap().1.split_once("</script>").unwrap().0;
    for text in [script, between(&html, "<style>", "</style>")] {
        let digest = STANDARD.encode(Sha256::digest(text));
        assert!(policy.contains(&format!("'sha256-{digest}'")), "{policy}");
    }
    for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let inline = html.split("<script>").next().unwrap();
    assert!(!inline.contains(" style=\"") && !inline.contains(" onclick"), "the policy would refuse it");
}

#[test]
fn the_verdict_and_the_failures_stand_in_both_languages_without_script() {
    let desk = desk();
    desk.run("run playbook.yaml").exits(4);
    let html = desk.run("report latest --format html").exits(0).out;
    for text in ["<h1>3 of 5 rows succeeded; 2 failed.</h1>", "<h1>5 行中有 3 行成功；2 行失败。</h1>"] {
        assert!(html.contains(text), "{text}");
    }
    for text in ["<b>3</b><span>succeeded</span>", "<b>2</b><span>失败</span>", "<b>5</b><span>rows</span>"] {
        assert!(html.contains(text), "{text}");
    }
    assert_eq!(html.matches("<li class=\"kind failed\">").count(), 2, "once in each language");
    let run = desk.run("report latest --format json").exits(0).json()["run_id"].as_str().unwrap().to_owned();
    assert!(html.contains(&format!("<code>runsheet retry {run}</code>")));
    assert!(html.contains("<html lang=\"en\" data-lang=\"en\" data-made=\"\""));
    let chinese = desk.run("report latest --format html --lang zh").exits(0).out;
    assert!(chinese.contains("<html lang=\"zh-CN\" data-lang=\"zh\" data-made=\"zh\""));
    assert!(chinese.contains("<title>5 行中有 3 行成功"));
    desk.run("report latest --format json --lang zh").exits(2).says(&["`--lang` chooses the language of a page"]);
}

#[test]
fn the_table_says_what_the_row_file_says() {
    let desk = desk();
    desk.run("run playbook.yaml --out out").exits(4);
    let html = desk.run("report latest --format html").exits(0).out;
    let mut reader = csv::Reader::from_reader(desk.read("out/results.csv").into_bytes().leak() as &[u8]);
    let heads = reader.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| -> Vec<String> { records.iter().map(|record| record[at(name)].to_owned()).collect() };
    let outcomes = ["unknown", "partial", "failed", "not_started", "succeeded", "unchanged", "skipped"];
    let place = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let head = part(&html, "head");
    let listed = |name: &str| part(&html, name).as_array().unwrap().clone();
    let words = |name: &str, list: &str| -> Vec<String> {
        let word = |at: &Value| {
            at.as_u64().map_or(String::new(), |at| head["table"][list][at as usize].as_str().unwrap().to_owned())
        };
        listed(name).iter().map(word).collect()
    };
    assert_eq!(listed("outcome").iter().map(|at| outcomes[place(at)]).collect::<Vec<_>>(), column("_outcome"));
    assert_eq!(words("step", "steps"), column("_step"));
    assert_eq!(words("code", "codes"), column("_code"));
    assert_eq!(words("message", "messages"), column("_message"));
    let attempts: Vec<String> = listed("attempts").iter().map(ToString::to_string).collect();
    assert_eq!(attempts, column("_attempts"));
    assert_eq!(part(&html, "cells-0"), serde_json::json!(column("flow_id")));
    assert_eq!(part(&html, "kind"), serde_json::json!([0, 0, 0, 1, 1]));
    assert_eq!((&head["table"]["columns"], &head["table"]["key_column"]), (&serde_json::json!(["flow_id"]), &0.into()));
    let pace = part(&html, "pace");
    let calls: u64 =
        pace["operations"][0]["calls"].as_array().unwrap().iter().map(|calls| calls.as_u64().unwrap()).sum();
    assert_eq!(calls, 5, "{pace}");
    assert_eq!(pace["operations"][0]["limit_per_s"], 18.0);
}

#[test]
fn hostile_cells_and_a_sensitive_column_do_no_harm() {
    let desk = desk();
    let playbook = super::PLAYBOOK
        .replace("name: Extend", "name: '</title><script>alert(1)</script>'")
        .replace("key: flow_id }", "key: flow_id, columns: { phone: { sensitive: true }, note: { optional: true } } }");
    desk.write("playbook.yaml", &playbook);
    let rows: Vec<String> = super::GOOD
        .iter()
        .chain(&super::BAD)
        .enumerate()
        .map(|(at, id)| format!("{id},091122233{at},\"</script><script>alert(1)</script>\u{202e}\"\n"))
        .collect();
    desk.write("rows.csv", &format!("flow_id,phone,note\n{}", rows.concat()));
    desk.run("run playbook.yaml --report-html r.html").exits(4);
    let html = desk.read("r.html");
    assert!(!html.contains("<script>alert") && !html.contains('\u{202e}'));
    assert_eq!(html.matches("<script>").count(), 1, "the client's own");
    let data = all_parts(&html);
    assert!(data.contains("alert(1)</script>[U+202E]") && data.contains("***"), "{data}");
    assert!(!data.contains("0911222") && !html.contains("0911222"));
    let whole = desk.run("report latest --format html --unmask").exits(0).out;
    assert!(all_parts(&whole).contains("09112223"));
    assert_eq!(part(&whole, "head")["unmasked"], true);
}

#[test]
fn a_run_that_cannot_start_leaves_a_page_with_the_reason() {
    let desk = desk();
    desk.write("playbook.yaml", &super::PLAYBOOK.replace("uses:", "use:"));
    desk.run("run playbook.yaml --report-html r.html").exits(3);
    let html = desk.read("r.html");
    assert!(html.contains("There is no report of a run") && html.contains("use"), "{html}");
    assert!(!html.contains("data-part"));
    desk.run("run playbook.yaml --report-html .").exits(2).says(&["`--report-html`: ", "nothing was sent"]);
    desk.run("run playbook.yaml --dry-run --report-html r.html").exits(2).says(&["leave it out"]);
}

#[test]
fn a_playbook_without_rows_and_a_run_that_stopped_have_pages() {
    let desk = desk();
    desk.run("run playbook.yaml --max-fail 1 --in-flight 1 --from-row 5 --report-html r.html").exits(6);
    let html = desk.read("r.html");
    assert!(html.contains("class=\"card verdict stopped\"") && html.contains("<code>runsheet resume "), "{html}");
    let chinese = between(&html, "<div data-l=\"zh\" lang=\"zh-CN\">", "<svg");
    assert!(chinese.contains("。运行已停止：达到了 <code>stop_when</code> 的限制。</h1>"), "{chinese}");
    assert!(
        chinese.contains("lang=\"en\"><bdi><code>stop_when</code> was reached: 1 row failed or is partial"),
        "{chinese}"
    );
    let once = "name: Once\nsteps:\n  - id: extend\n    uses: tencent_essbasic.extend_deadline\n    with: { FlowId: yDCNtUUckpvrezq3UudRJ1L00succeed, Deadline: '2040-01-31T00:00:00Z' }\n";
    desk.write("once.yaml", once);
    desk.run("run once.yaml").exits(0);
    let html = desk.run("report latest --format html").exits(0).out;
    assert!(html.contains("<h1>The steps succeeded.</h1>") && html.contains("<h1>步骤成功。</h1>"), "{html}");
    let head = part(&html, "head");
    assert_eq!((&head["table"]["kept"], &head["table"]["key_column"]), (&1.into(), &(-2).into()));
}

#[test]
fn the_page_tells_the_stories_that_why_tells() {
    let desk = desk();
    desk.run("run playbook.yaml").exits(4);
    let html = desk.run("report latest --format html").exits(0).out;
    assert_eq!(part(&html, "story"), serde_json::json!([0, 0, 0, 0, 0]));
    let stories = part(&html, "stories-0");
    for (place, key) in super::GOOD.iter().chain(&super::BAD).enumerate() {
        let told = desk.run(&format!("why latest {key} --format json")).exits(0).json();
        assert_eq!(stories[place.to_string()], told, "{key}");
    }
    let timeline = stories["3"]["timeline"].as_array().unwrap();
    assert!(
        timeline.iter().any(|moment| moment["what"] == "attempt" && moment["disposition"] == "rejected"),
        "{timeline:?}"
    );
    let pace = part(&html, "pace");
    assert_eq!(pace["operations"][0]["latency"]["calls"], 5, "{pace}");
}

#[test]
fn what_codes_mean_and_what_to_do_next_stand_in_both_languages() {
    let desk = desk();
    desk.run("run playbook.yaml --out out").exits(4);
    let html = desk.run("report latest --format html").exits(0).out;
    let failures = between(&html, "<section id=\"failures\"", "</section>");
    let [english, chinese] = ["en", "zh"].map(|language| {
        let begin = format!("<div data-l=\"{language}\"");
        failures.split(&begin).nth(1).unwrap().split("<div data-l").next().unwrap()
    });
    let (means, told) =
        ("The state of the contract or the account does not allow it", "合同或账号当前的状态不允许这项操作");
    assert!(english.contains(&format!("<p lang=\"en\">{means}</p>")), "{english}");
    assert!(chinese.contains(&format!("<p lang=\"zh-CN\">{told}</p>")) && !chinese.contains(means), "{chinese}");
    let next = between(&html, "<h2>下一步</h2>", "</div>\n<dl");
    assert!(next.contains("<p lang=\"zh-CN\">补做还缺的部分</p>") && !next.contains("lang=\"en\""), "{next}");
    let rows =
        "或者先在这个文件里改正行，再重做其中的行</p>\n<div class=\"command\" data-copy=\"\"><code>runsheet retry ";
    assert!(next.contains(rows) && next.contains(" --rows "), "{next}");

    let (known, story) = (&part(&html, "head")["chinese"], &part(&html, "stories-0")["3"]);
    let rule = story["timeline"].as_array().unwrap().iter().find_map(|moment| moment.get("rule")).unwrap();
    assert_eq!((&rule["kind"], &rule["means"]), (&"code".into(), &means.into()));
    assert_eq!(known[means], told);
    for step in story["next"].as_array().unwrap() {
        assert!(known[step["what"].as_str().unwrap()].is_string(), "{step}");
    }
    assert_eq!(known["The tenant has bought no calls"], Value::Null, "of another vendor");
}

#[test]
fn the_client_has_words_for_every_kind_of_rule() {
    let root = env!("CARGO_MANIFEST_DIR");
    let schema = fs::read_to_string(format!("{root}/schemas/story.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let kinds = schema["definitions"]["StoryRuleKind"]["oneOf"].as_array().unwrap();
    let texts = fs::read_to_string(format!("{root}/web/src/text/texts.ts")).unwrap();
    for kind in kinds {
        let line = format!("\n      {}: (", kind["const"].as_str().unwrap());
        assert_eq!(texts.matches(&line).count(), 2, "{kind}");
    }
}
