//! Completions and the manual, as shells and readers of manuals take them.

use std::fs;

use crate::program::TestFolder;

/// What bash offers for a line whose end is at the cursor: the words that it would put in the place of the last one.
fn bash(desk: &TestFolder, line: &str) -> Vec<String> {
    let script = format!(
        r#"source <(runsheet completions bash)
        COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}
        # The words as readline breaks them: at blanks, and around each of `=` and `:`.
        broken=${{COMP_LINE//=/ = }}; broken=${{broken//:/ : }}
        read -ra COMP_WORDS <<< "$broken"
        [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        last=${{COMP_WORDS[COMP_CWORD]}}; [[ $last == [=:] ]] && last=
        _runsheet runsheet "$last" ""
        printf '%s\n' "${{COMPREPLY[@]}}""#
    );
    let came = desk.bash(&script).exits(0);
    came.out.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What the program answers to a script, but for the help.
fn answer(desk: &TestFolder, words: &[&str]) -> Vec<String> {
    let output = desk.command("runsheet").arg("__complete").args(words).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// Settings with environments and a credential that must not be read.
const SETTINGS: &str = "environments:
  staging: { connections: { http: { base_url: https://a.example, auth: { scheme: bearer, token: { command: [touch, ran] } } } } }
  production: { confirm: true }
  \"$(touch ran)\": {}
  two words: {}
";

#[test]
fn completions_know_operations_examples_environments_runs_codes_and_schemas() {
    let desk = TestFolder::new();
    desk.run("new jobs --example close-appointments").exits(0);
    desk.write("jobs/runsheet.yaml", SETTINGS);
    desk.run("run jobs/close-appointments.yaml --limit 1").exits(0);
    desk.run("run jobs/close-appointments.yaml --limit 2 --again --yes --confirm 2").exits(0);
    let mut ids: Vec<String> = fs::read_dir(desk.path().join("state/runs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    ids.sort();
    let (old, new) = (ids[0].as_str(), ids[1].as_str());
    let prefixed = |prefix: &str| format!("{prefix}{new}");
    for (line, wanted) in [
        ("runsheet res", vec!["resume", "resolve"]),
        ("runsheet runs ", vec!["list", "show", "diff", "export", "prune", "help"]),
        ("runsheet operations http", vec!["http.request", "http"]),
        ("runsheet new --from arctos.create", vec!["arctos.create_task"]),
        ("runsheet new trial --from http.request,arctos.create", vec!["http.request,arctos.create_task"]),
        ("runsheet new --example extend", vec!["extend-deadlines", "extend-signer-deadlines"]),
        ("runsheet run jobs/close-appointments.yaml --env ", vec!["sandbox", "staging", "production"]),
        ("runsheet run --settings jobs/runsheet.yaml --env s", vec!["sandbox", "staging"]),
        ("runsheet run jobs/close-appointments.yaml --env=st", vec!["staging"]),
        ("runsheet resume ", vec!["latest", new, old]),
        ("runsheet retry lat", vec!["latest"]),
        ("runsheet resolve lat", vec!["latest"]),
        ("runsheet undo lat", vec!["latest"]),
        ("runsheet runs show lat", vec!["latest"]),
        ("runsheet runs export lat", vec!["latest"]),
        ("runsheet run p.yaml --rows run:", vec!["latest", new, old]),
        ("runsheet run p.yaml --rows run:l", vec!["latest"]),
        ("runsheet run p.yaml --rows=run:l", vec!["latest"]),
        ("runsheet run p.yaml --rows customers=run:l", vec!["latest"]),
        ("runsheet --state-dir elsewhere resume ", vec![]),
        ("runsheet explain blank-c", vec!["blank-cell"]),
        ("runsheet explain unknown-prov", vec!["unknown-provider"]),
        ("runsheet explain stop_wh", vec!["stop_when"]),
        ("runsheet explain key:stop_wh", vec!["stop_when"]),
        ("runsheet schema p", vec!["playbook", "provider"]),
        ("runsheet completions b", vec!["bash"]),
        ("runsheet check p.yaml --format j", vec!["json"]),
        ("runsheet retry latest --only failed,p", vec!["failed,partial"]),
        ("runsheet resolve latest --as ", vec!["done", "failed"]),
        ("runsheet run p.yaml --max", vec!["--max-fail"]),
        ("runsheet run p.yaml --fau", vec!["--faults"]),
        // Files are bash's own affair at a prompt; elsewhere, and in an old bash, the script finds them.
        ("runsheet run jo", vec!["jobs"]),
        ("runsheet run p.yaml --rows jo", vec!["jobs"]),
        ("runsheet run p.yaml --rows customers=jo", vec!["jobs"]),
        ("runsheet run p.yaml --out jo", vec!["jobs"]),
        ("runsheet nothing ", vec![]),
    ] {
        let found = bash(&desk, line);
        assert_eq!(found, wanted, "{line}");
    }
    // A vendor's codes come once it is named.
    assert!(bash(&desk, "runsheet explain tencent_ess:").len() > 10);
    assert_eq!(answer(&desk, &["run", "p.yaml", "--rows", "run:l"]), ["words", "run:latest"]);
    assert_eq!(answer(&desk, &["resume", new]), ["words".to_owned(), prefixed("")]);
    for (words, wanted) in [
        (&["run", ""][..], "files"),
        (&["run", "p.yaml", "--rows", "mi"], "files"),
        (&["run", "p.yaml", "--vars-file", ""], "files"),
        (&["fmt", "a.yaml", ""], "files"),
        (&["run", "p.yaml", "--out", ""], "folders"),
        (&["man", ""], "folders"),
        (&["run", "p.yaml", "--limit", ""], "words"),
        (&["resume", "latest", ""], "words"),
    ] {
        assert_eq!(answer(&desk, words), [wanted], "{words:?}");
    }
    assert!(!desk.path().join("ran").exists(), "a command was run");
}

#[test]
fn completions_never_fail_and_offer_at_most_the_newest_runs() {
    let desk = TestFolder::new();
    for number in 0..250 {
        fs::create_dir_all(desk.path().join(format!("state/runs/20350101-000000-{number:06}"))).unwrap();
    }
    let ids = answer(&desk, &["resume", ""]);
    assert_eq!(ids.len(), 2 + 200);
    assert_eq!(ids[..3], ["words", "latest", "20350101-000000-000249"]);
    // Wrong settings, providers and state folders offer nothing, and no message.
    desk.write("runsheet.yaml", "environments: [\n");
    desk.write("own/shop/provider.yaml", "wrong: [\n");
    desk.write("file", "");
    for words in [
        &["run", "--env", ""][..],
        &["operations", "--providers", "own", ""],
        &["explain", "--providers", "own", ""],
        &["resume", "--state-dir", "file", ""],
        &["run", "--settings", "none.yaml", "--env", ""],
        &["run", "--settings", "/dev/zero", "--env", ""],
        &["run", "\u{1b}[31m", "--env", "\n"],
        &[],
    ] {
        assert_eq!(answer(&desk, words)[0], "words", "{words:?}");
    }
    let mut command = desk.command("runsheet");
    command.arg("__complete").args(["resume", ""]).env_remove("HOME").env_remove("RUNSHEET_STATE_DIR");
    assert_eq!(command.output().unwrap().stdout, b"words\n");
    // Wrong values of variables are for the verbs to report.
    let output = desk.command("runsheet").args(["__complete", "sche"]).env("RUNSHEET_FORMAT", "xml").output().unwrap();
    assert!(output.stdout.starts_with(b"words\nschema\t"), "{output:?}");
}

/// What a bash at a terminal runs after the tabulator was typed at the end of a line.
fn at_the_prompt(desk: &TestFolder, line: &str) -> String {
    // The program's arguments are shown, but for the questions of the script.
    let shown =
        r#"runsheet() { if [ "$1" = __complete ]; then command runsheet "$@"; else printf 'got<%s>' "$@"; echo; fi; }"#;
    desk.write("keys", &format!("source <(runsheet completions bash)\n{shown}\n{line}\t\nexit\n"));
    let came = desk.bash("TERM=dumb script -qec 'bash --norc --noprofile -i' /dev/null < keys").exits(0);
    let ran: Vec<&str> = came.out.lines().map(str::trim).filter(|line| line.starts_with("got<")).collect();
    assert_eq!(ran.len(), 1, "{line}: {}", came.out);
    ran[0].to_owned()
}

#[test]
fn a_bash_at_a_terminal_completes_the_line() {
    let desk = TestFolder::new();
    desk.write("runsheet.yaml", SETTINGS);
    desk.write("mine.csv", "a\n");
    fs::create_dir(desk.path().join("results")).unwrap();
    fs::create_dir_all(desk.path().join("state/runs/20350101-000000-abcdef")).unwrap();
    for (line, wanted) in [
        ("runsheet ope", "got<operations>"),
        ("runsheet run p.yaml --env=st", "got<run>got<p.yaml>got<--env=staging>"),
        ("runsheet run p.yaml --rows run:2035", "got<run>got<p.yaml>got<--rows>got<run:20350101-000000-abcdef>"),
        ("runsheet run p.yaml --rows c=run:la", "got<run>got<p.yaml>got<--rows>got<c=run:latest>"),
        ("runsheet run p.yaml --rows mi", "got<run>got<p.yaml>got<--rows>got<mine.csv>"),
        ("runsheet run p.yaml --rows c=mi", "got<run>got<p.yaml>got<--rows>got<c=mine.csv>"),
        ("runsheet run p.yaml --out re", "got<run>got<p.yaml>got<--out>got<results/>"),
        ("X=1 runsheet resume lat", "got<resume>got<latest>"),
    ] {
        assert_eq!(at_the_prompt(&desk, line), wanted, "{line}");
    }
}

#[test]
fn zsh_and_fish_complete_where_they_are_installed() {
    let desk = TestFolder::new();
    desk.write("runsheet.yaml", SETTINGS);
    for shell in ["zsh", "fish"] {
        desk.run(&format!("completions {shell}")).exits(0);
        desk.bash(&format!("runsheet completions {shell} > script.{shell}")).exits(0);
    }
    // What zsh's own functions would be called with.
    let zsh = r#"compdef() { }; source ./script.zsh
        _describe() { print -rl -- $values }; _files() { print -r -- files "$@" }; compset() { }
        words=(runsheet run p.yaml --env st); CURRENT=5; PREFIX=st; _runsheet
        words=(runsheet run p.yaml --rows mi); PREFIX=mi; _runsheet
        words=(runsheet ope); CURRENT=2; PREFIX=ope; _runsheet"#;
    desk.write("check.zsh", zsh);
    let came = desk.bash("command -v zsh > /dev/null || exit 0; zsh -f check.zsh").exits(0);
    assert_eq!(came.err, "");
    if !came.out.is_empty() {
        assert_eq!(came.out, "staging:\nfiles\noperations:List operations, or show one with an example step\n");
    }
    let fish = "source script.fish
        complete -C 'runsheet run p.yaml --env st'
        complete -C 'runsheet run p.yaml --env=st'
        complete -C 'runsheet ope'";
    desk.write("check.fish", fish);
    let came = desk.bash("command -v fish > /dev/null || exit 0; fish --no-config check.fish").exits(0);
    assert_eq!(came.err, "");
    if !came.out.is_empty() {
        assert_eq!(came.out, "staging\n--env=staging\noperations\tList operations, or show one with an example step\n");
    }
}

#[test]
fn other_shells_complete_verbs_and_options() {
    let desk = TestFolder::new();
    for shell in ["elvish", "powershell"] {
        assert!(desk.run(&format!("completions {shell}")).exits(0).out.contains("explain"), "{shell}");
    }
    desk.run("completions ksh").exits(2).says(&["bash"]);
}

/// The pages in a folder, each with its text.
fn pages(desk: &TestFolder) -> Vec<(String, String)> {
    desk.run("man pages/man1").exits(0).says(&["pages written to pages/man1"]);
    let entries = fs::read_dir(desk.path().join("pages/man1")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), desk.read(&format!("pages/man1/{name}")))).collect()
}

#[test]
fn every_verb_has_a_page() {
    let desk = TestFolder::new();
    assert!(desk.run("man").exits(0).out.contains(".TH runsheet 1"));
    let pages = pages(&desk);
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    for page in ["runsheet.1", "runsheet-run.1", "runsheet-runs-show.1", "runsheet-explain.1"] {
        assert!(names.contains(&page), "{names:?}");
    }
    assert!(desk.read("pages/man1/runsheet-run.1").contains("max\\-fail"));
    desk.write("file", "");
    desk.run("man file/below").exits(1).says(&["file/below"]);
}

#[test]
fn every_page_has_its_sections_and_names_only_pages_that_there_are() {
    let desk = TestFolder::new();
    let pages = pages(&desk);
    let (mut names, mut referred) = (Vec::new(), Vec::new());
    for (name, text) in &pages {
        names.push(name.trim_end_matches(".1").to_owned());
        let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
        let wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"];
        let wanted: Vec<String> = wanted.map(|section| section.to_owned()).into();
        let found: Vec<String> = sections
            .iter()
            .map(|section| section.trim_matches('"').to_owned())
            .filter(|section| !["COMMANDS", "ENVIRONMENT", "FILES"].contains(&section.as_str()))
            .collect();
        assert_eq!(found, wanted, "{name}");
        assert!(text.contains("[OPTIONS]"), "{name}");
        let plain = text.replace("\\-", "-").replace("\\fR", "").replace("\\fB", "");
        let words =
            plain.split([' ', ',', '\n']).filter_map(|word| word.strip_suffix("(1)").or(word.strip_suffix("(1).")));
        referred.extend(words.filter(|word| word.starts_with("runsheet")).map(|word| (name.clone(), word.to_owned())));
    }
    assert!(referred.len() > 2 * names.len(), "{referred:?}");
    for (page, other) in referred {
        assert!(names.contains(&other), "{page} names {other}");
    }
    let run = desk.read("pages/man1/runsheet-run.1");
    for part in ["RUNSHEET_MAX_FAIL", "runsheet.yaml", "\\fB143", "Which rows", "500after, 503after"] {
        assert!(run.contains(part), "{part}: {run}");
    }
}

/// `man` and `mandoc` take the pages without a warning, where they are installed.
#[test]
fn readers_of_manuals_take_every_page_without_a_warning() {
    let desk = TestFolder::new();
    for (name, _) in pages(&desk) {
        let page = format!("pages/man1/{name}");
        let script = format!("command -v man > /dev/null || exit 0; MANWIDTH=80 man --warnings -E UTF-8 -l {page}");
        let came = desk.bash(&script).exits(0);
        assert_eq!(came.err, "", "{name}");
        // A page has no date: the version says how old it is.
        let script = format!(
            "command -v mandoc > /dev/null || exit 0
            mandoc -T lint -W warning {page} | grep -v 'missing date' || true"
        );
        assert_eq!(desk.bash(&script).exits(0).out, "", "{name}");
    }
}
