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
