//! `explain`: words of ours and of vendors, ambiguous ones, and words that mean nothing.

use crate::program::TestFolder;

#[test]
fn an_unknown_word_gets_the_nearest_known_one() {
    let desk = TestFolder::new();
    desk.run("explain blnk-cell").exits(2).says(&["Did you mean `blank-cell`?"]);
    desk.run("explain esignon:RequestLimitExceeded").exits(2).says(&["nothing is known"]);
    desk.run("explain tencent_ess:RequestLimitExceded").exits(2).says(&["Did you mean `RequestLimitExceeded`?"]);
    desk.run("explain banana-of-the-third-kind").exits(2).says(&["`runsheet explain` lists what is known"]);
    desk.run("explain 99").exits(0).never_says(&["http 5"]);
}

#[test]
fn an_ambiguous_word_shows_everything_it_means() {
    let desk = TestFolder::new();
    let unknown = desk.run("explain unknown").exits(0).out;
    assert!(unknown.contains("the meaning of an answer") && unknown.contains("the outcome of a row"), "{unknown}");
    let found = desk.run("explain 10 --format json").exits(0).json();
    let homes: Vec<String> = found["found"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["provider"].as_str().unwrap(), one["operation"], one["disposition"]))
        .collect();
    for home in ["esignon null \"rejected\"", "esignon \"login\" \"refused\""] {
        assert!(homes.contains(&home.to_owned()), "{homes:?}");
    }
}

#[test]
fn codes_are_found_as_they_are_copied() {
    let desk = TestFolder::new();
    for (asked, says) in [
        ("error[blank-cell]", "Fill it."),
        ("warning[when-text]", "type: boolean"),
        ("RequestLimitExceeded", "It counts as `throttled`"),
        ("tencent_ess:AuthFailure.SecretIdNotFound", "AuthFailure*: an answer of tencent_ess"),
        ("http 429", "http 429: an answer of"),
        ("esignon:429", "http 429: an answer of esignon"),
        ("arctos:0", "no document says whether the call took effect"),
        ("3", "nothing was sent"),
        ("done_before", "--again"),
    ] {
        let out = desk.run(&format!("explain {asked}")).exits(0).out;
        assert!(out.contains(says), "{asked}: {out}");
    }
    let one = desk.run("explain esignon.login:10 --format json").exits(0).json();
    assert!(one["found"].as_array().unwrap().iter().any(|one| one["operation"] == "login"));
}

#[test]
fn without_an_argument_everything_is_listed() {
    let desk = TestFolder::new();
    let list = desk.run("explain").exits(0).out;
    for entry in runsheet::internals::diagnostic::codes() {
        assert!(list.contains(&format!("  {} ", entry.name)), "{}", entry.name);
    }
    assert!(list.contains("runsheet explain tencent_ess\n"), "{list}");
    assert!(desk.run("explain esignon").exits(0).out.contains("\n  94 "));
    assert!(desk.run("explain --format json").exits(0).json()["found"].as_array().unwrap().len() > 100);
}

#[test]
fn every_code_that_a_run_writes_of_its_own_is_explained() {
    let engine = crate::program::root().join("src/engine");
    let mut folders = vec![engine];
    let own = regex::Regex::new(
        r#"(?:AttemptResult::silent\(AttemptEnd::\w+, |give_up\([\w. ]+, [\w.]+, |StepOutcome::Failed, Some\(|Some\()"([a-z_]+)""#,
    )
    .unwrap();
    let explained = TestFolder::new().run("explain").exits(0).out;
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // Tests invent codes of a vendor.
                folders.extend(Some(path).filter(|path| !path.ends_with("tests")));
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for found in own.captures_iter(code) {
                seen += 1;
                assert!(explained.contains(&format!("\n  {} ", &found[1])), "`{}` is not explained", &found[1]);
            }
        }
    }
    assert!(seen > 8, "only {seen} codes were found: does the pattern still fit?");
}
