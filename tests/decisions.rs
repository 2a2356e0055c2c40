//! The decision table, checked against a second reading of guarantees 4, 5 and 9 written as data: every
//! combination of circumstances, both ways, and what must hold whatever either of them says.

use std::collections::BTreeMap;

use bytes::Bytes;
use runsheet::internals::model::{Disposition, Repeat, Response, StepOutcome};
use runsheet::internals::policy::{Attempt, LookupVerdict, SendOutcome, Verdict, decide, decide_after_lookup};
use runsheet::internals::provider::{Connection, Effect, Registry};

/// Read from the top, the first line that fits decides. `*` fits everything, `a|b` either.
///
/// `came` what became of the send; `kind` read or write; `repeat` what the operation allows; `doubt` whether an
/// earlier send may have taken effect; `look` whether there is a lookup; `left` whether another send after
/// trouble is allowed, `gate` one after a refusal for pace, `token` one more renewal; `dead` whether fresh
/// tokens are refused time and again.
const TABLE: &str = "
came                   kind   repeat      doubt look left gate token dead  verdict
succeeded              *      *           *     *    *    *    *     *     succeeded
warning                *      *           *     *    *    *    *     *     warning
unchanged              write  *           yes   yes  *    *    *     *     look-up
unchanged              *      *           *     *    *    *    *     *     unchanged
refused                *      *           *     *    *    *    *     *     stop-run
quota                  *      *           *     *    *    *    *     *     hold
expired                *      *           *     *    *    *    *     yes   stop-run
expired                *      *           *     *    *    *    yes   no    renew
unsent|throttled|unavailable * *          *     *    *    yes  *     *     again
unsent|throttled|unavailable|expired|rejected read * * * * * * *           failed
unsent|throttled|unavailable|expired|rejected write * no * * * * *         failed
unsent|throttled|unavailable|expired|rejected write * yes yes * * * *      look-up
unsent|throttled|unavailable|expired|rejected write * yes no * * * *       unknown
lost|unreadable        read   *           *     *    yes  *    *     *     again
lost|unreadable        read   *           *     *    no   *    *     *     failed
lost|unreadable        write  never       *     *    *    *    *     *     unknown
lost|unreadable        write  safe|keyed  *     *    yes  *    *     *     again
lost|unreadable        write  safe|keyed  *     yes  no   *    *     *     look-up
lost|unreadable        write  lookup      *     yes  *    *    *     *     look-up
lost|unreadable        write  *           *     no   *    *    *     *     unknown
";

/// The same for a lookup of a call in doubt: what it told, what the operation allows, sends left.
const AFTER_LOOKUP: &str = "
told                   repeat              left  verdict
took-effect            *                   *     succeeded
undecided              *                   *     unknown
did-not                safe|keyed|lookup   yes   again
did-not                *                   *     failed
";

const CAME: [(&str, SendOutcome); 12] = [
    ("succeeded", SendOutcome::Answered(Disposition::Succeeded)),
    ("warning", SendOutcome::Answered(Disposition::Warning)),
    ("unchanged", SendOutcome::Answered(Disposition::Unchanged)),
    ("throttled", SendOutcome::Answered(Disposition::Throttled)),
    ("unavailable", SendOutcome::Answered(Disposition::Unavailable)),
    ("expired", SendOutcome::Answered(Disposition::ExpiredToken)),
    ("rejected", SendOutcome::Answered(Disposition::Rejected)),
    ("refused", SendOutcome::Answered(Disposition::Refused)),
    ("quota", SendOutcome::Answered(Disposition::QuotaExhausted)),
    ("unreadable", SendOutcome::Answered(Disposition::Unknown)),
    ("lost", SendOutcome::Lost),
    ("unsent", SendOutcome::Unsent),
];

const REPEAT: [(&str, Repeat); 4] =
    [("safe", Repeat::Safe), ("keyed", Repeat::Keyed), ("lookup", Repeat::Lookup), ("never", Repeat::Never)];

const TOLD: [(&str, LookupVerdict); 3] = [
    ("took-effect", LookupVerdict::TookEffect),
    ("did-not", LookupVerdict::DidNot),
    ("undecided", LookupVerdict::Undecided),
];

fn verdict(word: &str) -> Verdict {
    match word {
        "succeeded" => Verdict::Done(StepOutcome::Succeeded),
        "warning" => Verdict::Done(StepOutcome::Warning),
        "unchanged" => Verdict::Done(StepOutcome::Unchanged),
        "failed" => Verdict::Failed,
        "unknown" => Verdict::Unknown,
        "again" => Verdict::Again,
        "renew" => Verdict::Renew,
        "look-up" => Verdict::LookUp,
        "stop-run" => Verdict::StopRun,
        "hold" => Verdict::Hold,
        other => panic!("no verdict `{other}`"),
    }
}

/// One line: what each column takes, and the verdict.
struct Rule {
    takes: Vec<Vec<&'static str>>,
    verdict: Verdict,
    line: &'static str,
}

fn rules(table: &'static str) -> Vec<Rule> {
    let mut lines = table.lines().filter(|line| !line.is_empty());
    let columns = lines.next().unwrap().split_whitespace().count();
    let rule = |line: &'static str| {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words.len(), columns, "{line}");
        let verdict = verdict(words.pop().unwrap());
        Rule { takes: words.into_iter().map(|word| word.split('|').collect()).collect(), verdict, line }
    };
    lines.map(rule).collect()
}

/// The first rule that fits, by its place.
fn first_fit(rules: &[Rule], case: &[&str]) -> usize {
    let fits = |rule: &Rule| rule.takes.iter().zip(case).all(|(takes, is)| takes[0] == "*" || takes.contains(is));
    rules.iter().position(fits).unwrap_or_else(|| panic!("no line of the table fits {case:?}"))
}

fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Every combination of circumstances, with its words.
fn every_attempt() -> Vec<(Attempt, &'static str)> {
    let mut all = Vec::new();
    for (word, repeat) in REPEAT {
        for bits in 0..128_u32 {
            let bit = |place: u32| bits & (1 << place) != 0;
            let attempt = Attempt {
                write: bit(0),
                repeat,
                doubt: bit(1),
                lookup: bit(2),
                sends_left: bit(3),
                gate_sends_left: bit(4),
                renewals_left: bit(5),
                token_hopeless: bit(6),
            };
            all.push((attempt, word));
        }
    }
    all
}

#[test]
fn the_table_decides_every_combination_as_the_rules_do() {
    let rules = rules(TABLE);
    let mut used = vec![false; rules.len()];
    let mut cases = 0;
    for (word, came) in CAME {
        for (attempt, repeat) in every_attempt() {
            let case = [
                word,
                if attempt.write { "write" } else { "read" },
                repeat,
                yes(attempt.doubt),
                yes(attempt.lookup),
                yes(attempt.sends_left),
                yes(attempt.gate_sends_left),
                yes(attempt.renewals_left),
                yes(attempt.token_hopeless),
            ];
            let place = first_fit(&rules, &case);
            used[place] = true;
            cases += 1;
            assert_eq!(decide(came, &attempt), rules[place].verdict, "{case:?} by\n{}", rules[place].line);
        }
    }
    assert_eq!(cases, 12 * 4 * 128);
    let idle: Vec<&str> = rules.iter().zip(&used).filter(|(_, used)| !**used).map(|(rule, _)| rule.line).collect();
    assert!(idle.is_empty(), "lines that never decide: {idle:#?}");
}

#[test]
fn the_table_decides_every_lookup_as_the_rules_do() {
    let rules = rules(AFTER_LOOKUP);
    for (word, told) in TOLD {
        for (attempt, repeat) in every_attempt() {
            let rule = &rules[first_fit(&rules, &[word, repeat, yes(attempt.sends_left)])];
            assert_eq!(decide_after_lookup(told, &attempt), rule.verdict, "{word} {attempt:?} by\n{}", rule.line);
        }
    }
}

#[test]
fn whatever_the_table_says_these_hold() {
    for (word, came) in CAME {
        for (attempt, _) in every_attempt() {
            let decided = decide(came, &attempt);
            let case = format!("{word} {attempt:?} came to {decided:?}");
            let silent = matches!(word, "lost" | "unreadable");
            if silent && attempt.write {
                let repeatable = matches!(attempt.repeat, Repeat::Safe | Repeat::Keyed);
                assert!(decided != Verdict::Again || repeatable, "sent again without leave: {case}");
                assert!(decided != Verdict::Failed, "called failed with its effect in doubt: {case}");
            }
            if attempt.write && attempt.doubt {
                assert!(decided != Verdict::Failed, "a doubt was dropped: {case}");
            }
            if !attempt.write {
                assert!(!matches!(decided, Verdict::Unknown | Verdict::LookUp), "a read in doubt: {case}");
            }
            if decided == Verdict::LookUp {
                assert!(attempt.lookup, "a lookup that does not exist: {case}");
            }
            if decided == Verdict::Again {
                assert!(attempt.sends_left || attempt.gate_sends_left, "without bound: {case}");
            }
            if decided == Verdict::Renew {
                assert!(attempt.renewals_left, "without bound: {case}");
            }
        }
    }
}

/// What the examples of the built-in operations show as success, under every status that is none: the provider's file
/// reads it, and what follows is what follows a lost answer.
#[test]
fn a_success_under_an_error_status_is_treated_like_a_lost_answer() {
    let rules = rules(TABLE);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for operation in Registry::builtin().operations() {
        for example in &operation.examples {
            let provider = operation.provider.name.clone();
            let connection = Connection { name: provider.clone(), provider, ..example.connection.clone() };
            let inputs = operation.prepare(&connection, example.inputs.clone(), example.now).unwrap();
            // Of any service an answer is a success by its status alone, unless the step gives a rule.
            let by_body = !operation.open || inputs.contains_key("success");
            if operation.effect_for(&inputs) != Effect::Write || !by_body {
                continue;
            }
            let look = operation.lookup_for(&inputs).is_some();
            let (word, repeat) = REPEAT.into_iter().find(|(_, one)| *one == operation.repeat(&inputs)).unwrap();
            let mut attempts: Vec<Attempt> = every_attempt().into_iter().map(|(attempt, _)| attempt).collect();
            attempts.retain(|attempt| attempt.write && attempt.repeat == repeat && attempt.lookup == look);
            for answer in example.answers.iter().filter(|answer| answer.disposition == Disposition::Succeeded) {
                for status in 300..600 {
                    let body = Bytes::from(answer.body.clone());
                    let reading = operation.read_for(&inputs, &Response { status, headers: Vec::new(), body });
                    for attempt in &attempts {
                        let (doubt, left) = (yes(attempt.doubt), yes(attempt.sends_left));
                        let case = ["lost", "write", word, doubt, yes(look), left, "*", "*", "*"];
                        let expected = rules[first_fit(&rules, &case)].verdict;
                        let told = format!("{} {status} {} {attempt:?}", operation.full_name(), answer.body);
                        assert_eq!(decide(SendOutcome::Answered(reading.disposition), attempt), expected, "{told}");
                    }
                    *seen.entry(word).or_default() += 1;
                }
            }
        }
    }
    for word in ["never", "safe", "lookup"] {
        assert!(seen.get(word) > Some(&1_000), "{word}: {seen:?}");
    }
}
