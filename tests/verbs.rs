//! Every verb from the outside, the unhappy half first: exit codes, messages, and that nothing was sent.

use std::fs;

use crate::playbooks::copy_playbooks;
use crate::program::TestFolder;

/// A desk with the playbooks of the repository.
fn desk() -> TestFolder {
    let desk = TestFolder::new();
    copy_playbooks(&desk);
    desk
}

/// How many calls any sandbox of this desk's runs answered.
fn calls(desk: &TestFolder) -> usize {
    let runs = fs::read_dir(desk.path().join("state/runs")).into_iter().flatten().flatten();
    let logs = runs.filter_map(|run| fs::read_to_string(run.path().join("sandbox.jsonl")).ok());
    logs.map(|log| log.lines().count()).sum()
}

#[test]
fn wrong_lines_exit_2_and_say_what_is_wrong() {
    let desk = desk();
    for (line, says) in [
        ("", "Usage"),
        ("fly", "fly"),
        ("run", "PLAYBOOK"),
        ("run nowhere.yaml", "nowhere.yaml"),
        ("run extend-deadlines.yaml --waves 3,0%", "--waves"),
        ("run extend-deadlines.yaml --rows nowhere.csv", "nowhere.csv"),
        ("run extend-deadlines.yaml --rows customers=a.csv", "no list `customers`"),
        ("run extend-deadlines.yaml --rows run:latest", "there is no run yet"),
        ("run extend-deadlines.yaml --rows extend-deadlines.csv --rows extend-deadlines.csv", "two files"),
        ("run extend-deadlines.yaml --vars-file nowhere.yaml", "nowhere.yaml"),
        ("run extend-deadlines.yaml --env staging", "`sandbox`"),
        ("run extend-deadlines.yaml --faults loose=2%", "loose"),
        ("run extend-deadlines.yaml --only nobody", "`nobody`"),
        ("run extend-deadlines.yaml --rate 0/s", "0/s"),
        ("resume latest", "no run"),
        ("resume 2035", "no run"),
        ("runs show latest", "no run"),
        ("operations fxiaoke.get_tusk", "get_task"),
        ("operations nothing", "nothing"),
        ("sandbox --faults x", "x"),
        ("check extend-deadlines.yaml --providers nowhere", "nowhere"),
    ] {
        desk.run(line).exits(2).says(&[says]);
    }
    assert_eq!(calls(&desk), 0);
}

#[test]
fn a_bad_cell_in_the_last_row_sends_nothing_and_is_pointed_at() {
    let desk = desk();
    let rows = desk.read("extend-deadlines.csv");
    let (head, last) = rows.trim_end().rsplit_once('\n').unwrap();
    let bad = last.rsplit_once(',').unwrap().0;
    desk.write("rows.csv", &format!("{head}\n{bad},2035-02-30\n"));
    let came = desk.run("run extend-deadlines.yaml --rows rows.csv").exits(3);
    let column = bad.chars().count() + 2;
    came.says(&[&format!("rows.csv:41:{column}"), "`2035-02-30`", "new_deadline", "nothing was sent"]);
    assert_eq!(calls(&desk), 0);
    assert_eq!(fs::read_dir(desk.path().join("state/runs")).map_or(0, Iterator::count), 0, "a run was left behind");
    let came = desk.run("run extend-deadlines.yaml --rows rows.csv --format json").exits(3).json();
    assert_eq!(came["outcome"], "invalid");
    assert_eq!(came["diagnostics"][0]["places"][0]["line"], 41);
    assert_eq!(came["diagnostics"][0]["places"][0]["column"], column);
}

#[test]
fn invalid_rows_can_be_skipped_and_are_reported_as_failed() {
    let desk = desk();
    let rows = desk.read("extend-deadlines.csv");
    let three: Vec<&str> = rows.lines().take(4).collect();
    desk.write("rows.csv", &format!("{}\n{},2035-99-01\n", three.join("\n"), "yDCshort,HT,x,y"));
    let came = desk.run("run extend-deadlines.yaml --rows rows.csv --skip-invalid --out out --format json").exits(4);
    let summary = came.json();
    assert_eq!((&summary["rows"]["succeeded"], &summary["rows"]["failed"]), (&3.into(), &1.into()));
    assert!(desk.read("out/failed.csv").contains("yDCshort,HT,x,y,2035-99-01,"), "{}", desk.read("out/failed.csv"));
    assert!(desk.read("out/failed.csv").contains(",failed,,invalid,"));
    assert_eq!(desk.read("out/results.csv").lines().count(), 5);
}

#[test]
fn a_misspelt_input_is_an_error_and_never_dropped() {
    let desk = desk();
    let playbook = desk.read("extend-signer-deadlines.yaml").replace("      RecipientId:", "      RecipientID:");
    desk.write("misspelt.yaml", &playbook);
    desk.run("run misspelt.yaml").exits(3).says(&["`RecipientID`", "`RecipientId`", "misspelt.yaml:"]);
    let rows = desk.read("extend-signer-deadlines.csv").replacen("yDwAFjYgY7emDUhReme6KNnvtjRkbSUT", "", 1);
    desk.write("blank.csv", &rows);
    desk.run("run extend-signer-deadlines.yaml --rows blank.csv")
        .exits(3)
        .says(&["blank.csv:2:34", "key of row 2 is blank"]);
    assert_eq!(calls(&desk), 0);
}

#[test]
fn all_mistakes_of_all_files_come_in_one_go() {
    let desk = desk();
    desk.write("runsheet.yaml", "environments:\n  near:\n    conections: {}\n");
    let playbook =
        desk.read("return-documents.yaml").replace("esignon.return", "esignon.retrun").replace("stop_when", "stopwhen");
    desk.write("wrong.yaml", &playbook);
    desk.run("check wrong.yaml").exits(3).says(&[
        "`conections`",
        "`retrun`",
        "`esignon.return`",
        "`stopwhen`",
        "3 errors",
    ]);
}

#[test]
fn check_reads_every_row_and_never_begins_a_run() {
    let desk = desk();
    let came = desk.run("check extend-deadlines.yaml onboard-appointments.yaml").exits(0);
    assert_eq!(came.out, "extend-deadlines.yaml: 40 rows, 40 calls\nonboard-appointments.yaml: 24 rows, 79 calls\n");
    let came = desk.run("check extend-deadlines.yaml --format json").exits(0).json();
    assert_eq!((&came["outcome"], &came["playbooks"][0]["rows"]), (&"valid".into(), &40.into()));
    assert!(!desk.path().join("state").exists());
}

#[test]
fn a_plan_shows_exact_requests_masks_people_and_sends_nothing() {
    let desk = desk();
    let came = desk.run("plan onboard-appointments.yaml").exits(0);
    for text in ["arctos.create_task", "24", "\"out_task_num\": \"TPE-2035-0001\"", "\"branch_code\": \"012\"", "***"] {
        assert!(came.out.contains(text), "{text}: {}", came.out);
    }
    let person = desk.read("customers.csv").lines().nth(1).unwrap().split(',').nth(3).unwrap().to_owned();
    came.never_says(&[&person]);
    let open = desk.run("plan onboard-appointments.yaml --unmask").exits(0);
    assert!(open.out.contains(&person));
    let came = desk.run("run release-contracts.yaml --dry-run --format json").exits(0).json();
    assert_eq!(came["calls"]["tencent_ess.create_release_flow"], 24);
    assert_eq!(came["samples"][0]["calls"][0]["request"]["body"]["Operator"]["UserId"], "sandbox");
    assert!(!desk.path().join("state").exists());
}

#[test]
fn rows_are_cut_by_limit_key_and_number() {
    let desk = desk();
    let total = |line: &str| desk.run(&format!("run extend-deadlines.yaml --format json {line}")).exits(0).json();
    assert_eq!(total("--limit 2")["rows"]["total"], 2);
    assert_eq!(total("--from-row 40")["rows"]["total"], 2);
    let key = desk.read("extend-deadlines.csv").lines().nth(7).unwrap().split(',').next().unwrap().to_owned();
    assert_eq!(total(&format!("--only {key}"))["rows"]["total"], 1);
}

#[test]
fn rows_come_from_standard_input_too() {
    let desk = desk();
    let script = "head -n 4 extend-deadlines.csv | runsheet run extend-deadlines.yaml --rows - --format json";
    assert_eq!(desk.bash(script).exits(0).json()["rows"]["succeeded"], 3);
}

#[test]
fn environment_variables_stand_in_for_options_and_flags_win() {
    let desk = desk();
    let twin = [("RUNSHEET_LIMIT", "2"), ("RUNSHEET_FORMAT", "json")];
    assert_eq!(desk.run_with("run extend-deadlines.yaml", &twin).exits(0).json()["rows"]["total"], 2);
    assert_eq!(desk.run_with("run extend-deadlines.yaml --limit 3", &twin).exits(0).json()["rows"]["total"], 3);
    desk.run_with("run extend-deadlines.yaml", &[("RUNSHEET_RATE", "fast")]).exits(2).says(&["fast"]);
}

#[test]
fn rows_that_are_done_are_not_run_again_from_a_result_file() {
    let desk = desk();
    desk.run("run extend-deadlines.yaml --limit 3 --out out").exits(0);
    desk.run("run extend-deadlines.yaml --rows out/succeeded.csv").exits(8).says(&["succeeded"]);
    desk.run("run extend-deadlines.yaml --rows out/results.csv").exits(8);
}

#[test]
fn a_path_that_no_document_names_is_refused_outside_the_sandbox() {
    let desk = desk();
    desk.write(
        "runsheet.yaml",
        "environments:\n  far:\n    connections:\n      arctos:\n        base_url: https://arctos.invalid\n        \
         credentials: { token: { env: TOKEN } }\n",
    );
    desk.run("check close-appointments.yaml --env far").exits(3).says(&["update_status", "path"]);
    desk.run("check close-appointments.yaml").exits(0);
}

#[test]
fn questions_need_an_option_where_there_is_no_terminal() {
    let desk = desk();
    desk.write(
        "runsheet.yaml",
        "environments:\n  far:\n    confirm: true\n    connections:\n      tencent_ess:\n        \
         credentials: { secret_id: { env: ID }, secret_key: { env: KEY } }\n        \
         base_url: https://ess.invalid\n        defaults: { Operator: { UserId: u } }\n",
    );
    let run = |flags: &str| desk.run(&format!("run release-contracts.yaml --env far {flags}"));
    run("").exits(8).says(&["--yes"]);
    run("--yes").exits(8).says(&["--confirm 24"]);
    run("--yes --confirm 23").exits(8).says(&["24"]);
    // Both answers given, it goes on to the credentials, and the environment has none.
    run("--yes --confirm 24").exits(3).says(&["`ID`"]);
    assert_eq!(fs::read_dir(desk.path().join("state/runs")).map_or(0, Iterator::count), 0);
}

#[test]
fn history_lists_and_shows_runs() {
    let desk = desk();
    desk.run("runs list").exits(0).says(&["No runs yet"]);
    desk.run("run extend-deadlines.yaml --limit 1").exits(0);
    desk.run("run extend-deadlines.yaml --limit 2").exits(0);
    let listed = desk.run("runs list --format json").exits(0).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    assert_eq!(listed[0]["rows"]["total"], 2);
    assert_eq!(listed[0]["state"], "succeeded");
    let id = listed[1]["run_id"].as_str().unwrap();
    let shown = desk.run(&format!("runs show {id}")).exits(0);
    assert!(shown.out.contains(id) && shown.out.contains("1 row"), "{}", shown.out);
    desk.run("runs show 2").exits(2).says(&["names 2 runs"]);
    assert_eq!(desk.run("runs show latest --format json").exits(0).json()["rows"]["total"], 2);
}

#[test]
fn a_finished_run_resumes_to_the_same_end() {
    let desk = desk();
    desk.run("run extend-deadlines.yaml --limit 3").exits(0);
    let before = calls(&desk);
    let again = desk.run("resume latest --format json").exits(0);
    assert_eq!(again.json()["rows"]["succeeded"], 3);
    again.says(&["goes on", "nothing was sent to a vendor"]);
    assert_eq!(calls(&desk), before);
}

#[test]
fn the_catalogue_lists_and_explains() {
    let desk = desk();
    let came = desk.run("operations").exits(0);
    for name in ["arctos.create_task", "tencent_ess.create_release_flow", "http.request"] {
        assert!(came.out.contains(name), "{name}");
    }
    let one = desk.run("operations tencent_ess.CreateReleaseFlow").exits(0);
    for text in
        ["NeedRelievedFlowId", "required", "repeat", "bills", "example step", "uses: tencent_ess.create_release_flow"]
    {
        assert!(one.out.contains(text), "{text}: {}", one.out);
    }
    let json = desk.run("operations --format json").exits(0).json();
    assert!(json.as_array().is_some_and(|all| all.len() > 15 && all.iter().all(|one| one["inputs"].is_array())));
    desk.run("operations arctos").exits(0);
}

#[test]
fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
    let desk = desk();
    let came = desk.bash("set -o pipefail; runsheet operations --format json | head -c 10 > /dev/null").exits(0);
    assert_eq!(came.err, "");
    let came = desk.bash("runsheet run extend-deadlines.yaml --limit 1 | true").exits(0);
    assert!(!came.err.contains("panicked"), "{}", came.err);
    if fs::metadata("/dev/full").is_ok() {
        desk.bash("runsheet operations > /dev/full").exits(1).says(&["error"]);
    }
}

#[test]
fn state_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.run("run extend-deadlines.yaml --limit 1 --out out").exits(0);
    let mut open = vec![desk.path().join("state/runs")];
    while let Some(path) = open.pop() {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
        open.extend(fs::read_dir(&path).into_iter().flatten().map(|entry| entry.unwrap().path()));
    }
    let mode = fs::metadata(desk.path().join("out/results.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn colour_and_control_characters_stay_out_of_plain_output() {
    let desk = desk();
    desk.write("evil.csv", "flow_id,new_deadline\n\"a\u{1b}[31mb\",2035-01-01\n");
    let came = desk.run("run extend-deadlines.yaml --rows evil.csv").exits(3);
    assert!(!came.err.contains('\u{1b}'), "{:?}", came.err);
    let colored = desk.run("run extend-deadlines.yaml --rows evil.csv --color always").exits(3);
    assert!(colored.err.contains("\u{1b}["), "no colour where it was asked for");
    assert!(!colored.err.contains("a\u{1b}[31mb"));
}

/// Settings with an environment `near` of two connections.
fn two_connections(ess: &str, essbasic: &str) -> String {
    let connection = |name: &str, url: &str| {
        format!(
            "      {name}:\n        base_url: {url}\n        \
             credentials: {{ secret_id: {{ env: ID }}, secret_key: {{ env: KEY }} }}\n"
        )
    };
    format!(
        "environments:\n  near:\n    connections:\n{}{}",
        connection("tencent_ess", ess),
        connection("tencent_essbasic", essbasic)
    )
}

#[test]
fn faults_are_refused_outside_the_sandbox_with_the_command_for_a_rehearsal() {
    let desk = desk();
    let run = |ess: &str, essbasic: &str, spec: &str| {
        desk.write("runsheet.yaml", &two_connections(ess, essbasic));
        desk.run(&format!("run extend-deadlines.yaml --env near --faults {spec}")).exits(2)
    };
    let refused = "`--faults` is for the sandbox, and `near` is another environment";
    let (here, there) = ("http://127.0.0.1:8470", "https://ess.invalid");
    run(here, there, "lose=2%").says(&[refused]).never_says(&["runsheet sandbox"]);
    run(there, there, "lose=2%").says(&[refused]).never_says(&["runsheet sandbox"]);
    run(here, "http://essbasic.localhost:8470", "lose=2%,refuse=5%,seed=7")
        .says(&[refused, "`runsheet sandbox --port 8470 --faults lose=2%,refuse=5%,seed=7`"]);
    run(here, "http://127.0.0.1:8471", "lose=2%").says(&[refused, "`runsheet sandbox --faults lose=2%`"]);
    run(here, here, "loose=2%").says(&["did you mean `lose`"]).never_says(&["runsheet sandbox"]);
    assert_eq!(fs::read_dir(desk.path().join("state/runs")).map_or(0, Iterator::count), 0);
}

#[test]
fn the_proposed_command_serves_the_rehearsal() {
    let desk = desk();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}");
    let credentials = "credentials: { secret_id: SANDBOX-SECRET-ID, secret_key: sandbox-secret-key }";
    desk.write(
        "runsheet.yaml",
        &format!(
            "environments:\n  near:\n    connections:\n      tencent_essbasic:\n        base_url: {url}\n        {credentials}\n        \
             defaults: {{ Agent: {{ AppId: a, ProxyOrganizationOpenId: o, ProxyOperator: {{ OpenId: p }} }} }}\n"
        ),
    );
    let run = "run extend-deadlines.yaml --env near --limit 3";
    let told = desk.run(&format!("{run} --faults refuse=100%")).exits(2).err;
    let command = told.split('`').find(|part| part.starts_with("runsheet sandbox")).unwrap();
    let script = format!(
        "{command} > banner &
        until curl -sf {url}/_sandbox/health; do :; done
        runsheet {run} --format json; code=$?
        kill %1 && wait %1; exit $code"
    );
    // Three refused rows of three are more than the playbook's own rule allows.
    let came = desk.bash(&script).exits(6);
    assert!(came.out.contains("\"failed\":3"), "{}", came.out);
}

#[test]
fn the_banner_of_a_sandbox_with_tls_can_be_pasted_into_settings() {
    let desk = desk();
    let script = "runsheet sandbox --tls > banner &
        until grep -q ca_file banner && curl -s --cacert state/sandbox-ca-*.pem -f \"$(grep -o -m1 'https://127[^ /]*[0-9]' banner)/_sandbox/health\" > health; do :; done
        sed -n '/^environments:/,$p' banner > runsheet.yaml
        runsheet run close-appointments.yaml --env rehearsal --limit 3 || exit
        kill %1 && wait %1 && ls state/sandbox-ca-* || true";
    let came = desk.bash(script).exits(0).says(&["environment `rehearsal`"]);
    assert!(came.out.contains("3 rows: 3 succeeded") && !came.out.contains("sandbox-ca"), "{}", came.out);
}

#[test]
fn the_banner_of_the_sandbox_can_be_pasted_into_settings() {
    let desk = desk();
    let script = "runsheet sandbox > banner &
        until grep -q http: banner && curl -sf \"$(grep -o -m1 'http://127[^ /]*[0-9]' banner)/_sandbox/health\" > health; do :; done
        sed -n '/^environments:/,$p' banner > runsheet.yaml
        for playbook in close-appointments release-contracts; do
            runsheet run $playbook.yaml --env rehearsal --limit 3 || exit
        done
        kill %1 && wait %1";
    let came = desk.bash(script).exits(0).says(&["environment `rehearsal`"]);
    assert_eq!(came.out.matches("3 rows: 3 succeeded").count(), 2, "{}", came.out);
}
