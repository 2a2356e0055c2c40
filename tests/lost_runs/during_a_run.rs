//! A journal of another run that goes bad while a run is under way: what that other run may have made is not sent.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::shop::Shop;
use crate::crashes::RELEASE;

fn start(shop: &Shop, line: &str) -> Child {
    let mut command = shop.desk.command("runsheet");
    command.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until the vendor has seen so many calls.
fn wait_for(shop: &Shop, calls: usize) {
    let limit = Instant::now() + Duration::from_secs(60);
    while shop.log().calls() < calls {
        assert!(Instant::now() < limit, "only {} calls came in", shop.log().calls());
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

#[test]
fn what_a_run_may_have_made_that_is_lost_meanwhile_is_not_sent_and_the_rest_is() {
    let shop = Shop::new(&RELEASE, 12);
    // The other run is under way, and slow: it comes to its last rows after everything here is over.
    let mut slow = start(&shop, "run playbook.yaml --env near --rate 1/5s --in-flight 1");
    wait_for(&shop, 1);
    let other = shop.runs().into_iter().next().unwrap();
    let key = |row: u64| (RELEASE.key)(row);
    // Eight rows that nobody else has, then four of the other run's that it had not come to.
    let list: Vec<String> = (100..108).chain(8..12).map(key).collect();
    shop.desk.write("list.csv", &format!("flow\n{}\n", list.join("\n")));
    let child = start(&shop, "run playbook.yaml --env near --rows list.csv --rate 4/s --in-flight 1 --format json");
    wait_for(&shop, 3);
    fs::remove_dir_all(shop.folder(&other)).unwrap();
    slow.kill().unwrap();
    slow.wait().unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(4), "{said}");
    let told: serde_json::Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&told["rows"]["succeeded"], &told["rows"]["failed"]), (&8.into(), &4.into()), "{told}");
    let run = shop.runs().into_iter().next().unwrap();
    let failed = fs::read_to_string(shop.folder(&run).join("failed.csv")).unwrap();
    let because = format!(",done_before,the run {other} sent the same before: unknown,");
    assert_eq!(failed.matches(&because).count(), 4, "{failed}");
    shop.nothing_doubled();
    // And from then on nothing at all is sent there.
    shop.sends_nothing("run playbook.yaml --env near --rows list.csv").exits(8).says(&[&other, "its journal is gone"]);
}
