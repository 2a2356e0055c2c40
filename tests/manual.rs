//! Completions and the manual, as shells and readers of manuals take them.

use std::fs;

use crate::program::TestFolder;

#[test]
fn bash_takes_the_completions_and_completes_verbs() {
    let desk = TestFolder::new();
    let script = "set -eu
        source <(runsheet completions bash)
        COMP_WORDS=(runsheet res); COMP_CWORD=1
        _runsheet runsheet res runsheet
        printf '%s\n' \"${COMPREPLY[@]}\"";
    let words = desk.bash(script).exits(0).out;
    assert_eq!(words.split_whitespace().collect::<Vec<_>>(), ["resume", "resolve"]);
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(desk.run(&format!("completions {shell}")).exits(0).out.contains("explain"), "{shell}");
    }
    desk.run("completions ksh").exits(2).says(&["bash"]);
}

#[test]
fn every_verb_has_a_page() {
    let desk = TestFolder::new();
    assert!(desk.run("man").exits(0).out.contains(".TH runsheet 1"));
    desk.run("man pages/man1").exits(0).says(&["pages written to pages/man1"]);
    let mut pages: Vec<String> = fs::read_dir(desk.path().join("pages/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    for page in ["runsheet.1", "runsheet-run.1", "runsheet-runs-show.1", "runsheet-explain.1"] {
        assert!(pages.contains(&page.to_owned()), "{pages:?}");
    }
    assert!(desk.read("pages/man1/runsheet-run.1").contains("max\\-fail"));
    desk.write("file", "");
    desk.run("man file/below").exits(1).says(&["file/below"]);
}
