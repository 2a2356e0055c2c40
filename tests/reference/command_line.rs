//! The page of the command line: the help of every verb.

use super::is_current;
use super::markdown::block;
use crate::program::TestFolder;

#[test]
fn the_page_of_the_command_line_is_current() {
    let desk = TestFolder::new();
    let whole = desk.run("--help").exits(0).out;
    let mut text = "# The command line\n\nStandard output is data, standard error is for people. `runsheet VERB -h` is a short help, \
        `runsheet VERB --help` the text below. The exit codes are listed under [Codes](codes.md#exit-codes).\n\n"
        .to_owned();
    text.push_str(&format!("## runsheet\n\n{}", block("text", &whole)));
    for verb in verbs(&whole) {
        let help = desk.run(&format!("{verb} --help")).exits(0).out;
        text.push_str(&format!("## {verb}\n\n{}", block("text", &help)));
        if verb == "runs" {
            for view in verbs(&help) {
                let help = desk.run(&format!("runs {view} --help")).exits(0).out;
                text.push_str(&format!("## runs {view}\n\n{}", block("text", &help)));
            }
        }
    }
    is_current("command-line.md", &format!("{}\n", text.trim_end()));
}

/// The verbs that a help lists under "Commands".
fn verbs(help: &str) -> Vec<String> {
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let mut verbs: Vec<String> = Vec::new();
    for line in listed.lines().take_while(|line| !line.is_empty()) {
        let Some(rest) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) else { continue };
        verbs.extend(rest.split_whitespace().next().filter(|verb| *verb != "help").map(str::to_owned));
    }
    verbs
}

#[test]
fn every_verb_stands_on_the_page() {
    let help = TestFolder::new().run("--help").exits(0).out;
    let verbs = verbs(&help);
    for verb in ["new", "check", "plan", "run", "resume", "retry", "resolve", "undo", "runs", "explain", "test", "fmt"]
    {
        assert!(verbs.contains(&verb.to_owned()), "{verbs:?}");
    }
}
