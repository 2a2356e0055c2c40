//! Kills with damage to another run's journal between them: nothing is made twice whatever the damage, and an honest
//! person can complete the list.

use std::fs;

use super::damages::Damage;
use super::shop::{Shop, copy};
use crate::crashes::{RELEASE, SeededRng};

/// Rows of a list.
const ROWS: u64 = 12;

/// Kills in an ordinary run of the tests: four for each kind of damage.
const KILLS: u64 = 36;

/// Kills where `RUNSHEET_LONG` is set.
const LONG: u64 = 200;

/// Shops at once.
const THREADS: u64 = 4;

/// What followed the kills, counted.
#[derive(Debug, Default)]
struct KillCounts {
    kills: u64,
    refused: u64,
    by_word: u64,
    from_copy: u64,
    resumed: u64,
    unknown: u64,
}

/// Kills a run, resumes it, kills it again and damages it. Then a fresh run is refused, and the list is completed
/// honestly. The counts go to `came`.
fn kill_and_spoil(damage: Damage, rng: &mut SeededRng, came: &mut KillCounts) {
    let shop = Shop::new(&RELEASE, ROWS);
    let run = shop.died_at(6 + rng.below(12));
    let (folder, older) = (shop.folder(&run), shop.desk.path().join("older"));
    copy(&folder, &older);
    // The second death may come after its end, which is no death.
    let place = (1 + rng.below(8)).to_string();
    shop.desk.run_with(&format!("resume {run}"), &[("RUNSHEET_CRASH_AT", &place)]);
    let other = shop.desk.path().join("other");
    if damage == Damage::Replaced {
        shop.desk.write("other.csv", "flow\nyDCNtUUckpvrcvf4UELZnZDvMS999999\n");
        shop.desk.run("run playbook.yaml --env near --rows other.csv").exits(0);
        let name = shop.runs().into_iter().find(|name| *name != run).unwrap();
        copy(&shop.folder(&name), &other);
    }
    // A run that came to its end has no log any more.
    let log = folder.join("journal.sqlite-wal");
    if fs::metadata(&log).map_or(0, |about| about.len()) == 0 {
        fs::write(log, [7]).unwrap();
    }
    damage.spoil(&folder, rng.below(1 << 40), &older, &other);
    came.kills += 1;
    let told = shop.sends_nothing("run playbook.yaml --env near").exits(8).says(&[&run]);
    came.refused += u64::from(told.err.contains("is no longer known"));
    came_to_the_end(&shop, &run, rng.below(3) == 0, came);
    shop.nothing_doubled();
}

/// Continues honestly: from what is there, or by a statement; then runs what the vendor has not done.
fn came_to_the_end(shop: &Shop, run: &str, by_word_first: bool, came: &mut KillCounts) {
    let done = shop.done();
    shop.list("done.csv", |key| done.contains(key));
    let word = format!("resolve {run} --lost --as done --rows done.csv --note asked");
    let mut said = by_word_first && shop.sends_nothing(&word).code == 0;
    if !said {
        let copied = shop.sends_nothing(&format!("resume {run} --from-copy"));
        let went_on = matches!(copied.code, 0 | 5);
        came.from_copy += u64::from(went_on);
        if !went_on {
            // No copy: nothing is lost, or the journal is damaged for good.
            let resumed = shop.desk.run(&format!("resume {run}"));
            came.resumed += u64::from(matches!(resumed.code, 0 | 5));
            if !matches!(resumed.code, 0 | 5) {
                let word = shop.sends_nothing(&word);
                assert_eq!(word.code, 0, "{} and it was resumed with {}: {}", word.err, resumed.code, resumed.err);
                said = true;
            }
        }
    }
    came.by_word += u64::from(said);
    let done = shop.done();
    let rest = shop.list("rest.csv", |key| !done.contains(key));
    if said && rest > 0 {
        shop.desk.run("run playbook.yaml --env near --rows rest.csv").exits(0);
        shop.everything_once();
    } else if rest > 0 {
        // What is unknown there counts as done for others.
        came.unknown += rest;
        shop.sends_nothing("run playbook.yaml --env near --rows rest.csv").exits(8).says(&[run]);
    }
    shop.sends_nothing("run playbook.yaml --env near").exits(8);
}

#[test]
fn kills_with_damage_of_another_runs_journal_between_them_double_nothing() {
    let kills = if std::env::var_os("RUNSHEET_LONG").is_some() { LONG } else { KILLS };
    let all: Vec<KillCounts> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let mut came = KillCounts::default();
                    for kill in (thread..kills).step_by(4) {
                        let damage =
                            Damage::ALL[usize::try_from(kill / THREADS + thread * 2).unwrap() % Damage::ALL.len()];
                        // A seed of its own for each, so that one can be walked alone.
                        let mut rng = SeededRng(0x9e37_79b9_7f4a_7c15 ^ (kill + 1).wrapping_mul(0xbf58_476d_1ce4_e5b9));
                        println!("kill {kill}: {damage:?}");
                        kill_and_spoil(damage, &mut rng, &mut came);
                    }
                    came
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |count: fn(&KillCounts) -> u64| all.iter().map(count).sum::<u64>();
    let (refused, by_word, from_copy) = (sum(|one| one.refused), sum(|one| one.by_word), sum(|one| one.from_copy));
    println!(
        "{} kills, {refused} refused as lost, {by_word} ended by a word, {from_copy} from a copy, {} resumed, {} rows unknown",
        sum(|one| one.kills),
        sum(|one| one.resumed),
        sum(|one| one.unknown),
    );
    assert!(sum(|one| one.kills) == kills && refused > kills / 2 && by_word > kills / 4 && from_copy >= kills / 9);
}
