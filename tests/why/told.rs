//! What a story tells: each fact in order with its time, and everything masked.

use serde_json::Value;

use super::shop::{PHONE, RUN, is_as_kept, shop};
use crate::program::TestFolder;

fn json(desk: &TestFolder, line: &str) -> Value {
    desk.run(&format!("{line} --format json")).exits(0).json()
}

/// The moments of a story, each as `WHAT` or `WHAT STEP`, in order.
fn course(story: &Value) -> Vec<String> {
    let told = story["timeline"].as_array().unwrap().iter().map(|moment| {
        let step = moment["step"].as_str().filter(|_| moment["what"] != "row_ended").unwrap_or_default();
        let end = moment["end"].as_str().unwrap_or_default();
        format!("{} {step} {end}", moment["what"].as_str().unwrap()).trim().replace("  ", " ")
    });
    told.collect()
}

fn times(story: &Value) -> Vec<&str> {
    story["timeline"].as_array().unwrap().iter().map(|moment| moment["at"].as_str().unwrap()).collect()
}

#[track_caller]
fn in_order(story: &Value) {
    let times = times(story);
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn a_lost_answer_and_the_lookup_that_settled_it() {
    let desk = shop("lost,0911222333,\n");
    desk.run(RUN).exits(0);
    let story = json(&desk, "why latest lost");
    assert_eq!(
        course(&story),
        [
            "attempt order lost",
            "attempt order looked_up",
            "step_ended order",
            "step_ended gift",
            "attempt pay answered",
            "step_ended pay",
            "row_ended",
        ]
    );
    in_order(&story);
    let lookup = &story["timeline"][1];
    assert_eq!(lookup["lookup"], "shop.orders");
    assert_eq!(lookup["waited"][0]["reason"], "settling");
    assert_eq!((&lookup["verdict"], &lookup["outcome"]), (&"took_effect".into(), &"succeeded".into()));
    assert_eq!(lookup["rule"]["file"], "shop/order.yaml");
    assert_eq!(lookup["request"]["check"], "no_hash");
    assert_eq!(story["timeline"][0]["request"]["check"], "same");
    assert_eq!(story["timeline"][0]["then"], "looked_up");
    is_as_kept("lost", &desk.run("why latest lost").exits(0).out);
}

#[test]
fn a_throttled_call_with_the_wait_that_the_vendor_asked_for() {
    let desk = shop("busy,0911222333,\n");
    desk.run(RUN).exits(0);
    let story = json(&desk, "why latest busy");
    let [first, second] = [0, 1].map(|place| &story["timeline"][place]);
    assert_eq!((&first["disposition"], &first["http_status"]), (&"throttled".into(), &429.into()));
    assert_eq!(first["then"], "sent_again");
    assert!(second["waited"][0]["ms"].as_u64().unwrap() >= 1_000, "{second}");
    assert_eq!(second["waited"][0]["reason"], "retry_after");
    assert!(second["request"].is_null(), "the same request is not told twice: {second}");
    let rule = &first["rule"];
    assert_eq!((&rule["file"], &rule["means"]), (&"shop/provider.yaml".into(), &"Too many calls at once".into()));
    let line = desk.read("own/shop/provider.yaml").lines().position(|line| line.contains("busy")).unwrap() + 1;
    assert_eq!(rule["line"], line);
    is_as_kept("busy", &desk.run("why latest busy").exits(0).out);
}

#[test]
fn a_token_that_ran_out_and_was_renewed() {
    let desk = shop("token,0911222333,yes\n");
    desk.run(RUN).exits(0);
    let story = json(&desk, "why latest token");
    assert_eq!(story["timeline"][0]["then"], "token_renewed");
    assert_eq!(story["timeline"][1]["attempt"], 2);
    let told = desk.run("why latest token").exits(0);
    assert!(told.out.contains("so the token is renewed, and the call is sent again"), "{}", told.out);
    told.never_says(&["a-token-of-the-shop", "a-secret-of-the-shop"]);
}

#[test]
fn a_rollback_comes_after_what_made_it_necessary() {
    let desk = shop("fine,0911222333,\nbroke,0911222333,\n");
    desk.run(RUN).exits(4);
    let story = json(&desk, "why latest broke");
    let course = course(&story);
    let place = |what: &str| course.iter().position(|one| one == what).unwrap_or_else(|| panic!("{what}: {course:?}"));
    assert!(place("attempt pay answered") < place("rollback_started"));
    assert!(place("rollback_started") < course.iter().rposition(|one| one == "attempt order answered").unwrap());
    in_order(&story);
    assert_eq!((&story["state"]["outcome"], &story["state"]["step"]), (&"failed".into(), &"pay".into()));
    let rule = &story["timeline"][place("attempt pay answered")]["rule"];
    assert_eq!(rule["advice"], "Order something else.");
    is_as_kept("broke", &desk.run("why latest broke").exits(0).out);
    let same = desk.run("why latest --kind 1").exits(0).out;
    assert_eq!(same, desk.run("why latest broke").exits(0).out);
    assert_eq!(same, desk.run("why latest --row 3").exits(0).out);
    let fine = json(&desk, "why latest fine --step pay");
    assert_eq!(self::course(&fine), ["attempt pay answered", "step_ended pay", "row_ended"]);
    assert_eq!(fine["steps"].as_array().unwrap().len(), 1);
}

#[test]
fn a_persons_word_and_what_a_later_run_did() {
    let desk = shop("mute,0911222333,\nfine,0911222333,\n");
    desk.run(RUN).exits(5);
    let first = desk.run("runs list --format json").exits(0).json()[0]["run_id"].as_str().unwrap().to_owned();
    let unknown = json(&desk, &format!("why {first} mute"));
    assert_eq!(unknown["next"][0]["command"], format!("runsheet resolve {first} --key=mute"));
    desk.run_with(&format!("resolve {first} --key mute --as failed"), &[("RUNSHEET_NOTE", "asked Mei by phone")])
        .exits(0);
    desk.run(&format!("retry {first} --only unknown --yes --confirm 1")).exits(0);
    let story = json(&desk, &format!("why {first} mute"));
    let settled = story["timeline"].as_array().unwrap().iter().find(|moment| moment["what"] == "settled").unwrap();
    assert_eq!((&settled["note"], &settled["outcome"]), (&"asked Mei by phone".into(), &"failed".into()));
    assert_eq!(story["state"]["standing"], "went_on");
    let later = &story["elsewhere"][0];
    assert_eq!(
        (&later["later"], &later["kind"], &later["outcome"]),
        (&true.into(), &"retry".into(), &"succeeded".into())
    );
    let second = later["run_id"].as_str().unwrap();
    assert_eq!(story["next"][0]["command"], format!("runsheet why {second} mute"));
    is_as_kept("mute", &desk.run(&format!("why {first} mute")).exits(0).out);
    let retried = json(&desk, &format!("why {second} mute"));
    assert_eq!(course(&retried)[0], "imported order");
    assert_eq!(retried["timeline"][0]["from"], first.as_str());
    assert_eq!(retried["elsewhere"][0]["later"], false);
    assert_eq!(retried["run"]["of"], first.as_str());
    is_as_kept("retried", &desk.run(&format!("why {second} mute")).exits(0).out);
}

#[test]
fn a_row_that_a_stop_left_out_says_why_nothing_of_it_was_sent() {
    let desk = shop("broke,0911222333,\nfine,0911222333,\n");
    desk.run(&format!("{RUN} --max-fail 1 --waves 1")).exits(6);
    let story = json(&desk, "why latest fine");
    assert_eq!(
        (&story["state"]["standing"], &story["state"]["outcome"]),
        (&"not_started".into(), &"not_started".into())
    );
    let course = course(&story);
    assert_eq!(course, ["process_began", "run_stopped"]);
    assert!(story["timeline"][1]["message"].as_str().unwrap().contains("failed"), "{story}");
    assert!(story["next"][0]["command"].as_str().unwrap().starts_with("runsheet resume "), "{story}");
    let told = desk.run("why latest fine").exits(0);
    assert!(told.out.starts_with("Row 3 of orders.csv, `fine`: not started"), "{}", told.out);
}

#[test]
fn people_are_masked_in_cells_requests_and_answers_until_unmask_asks() {
    let desk = shop("broke,0911222333,\n");
    desk.run(RUN).exits(4);
    for line in ["why latest broke", "why latest broke --format json", "why latest --kind 1"] {
        let told = desk.run(line).exits(0);
        assert!(told.out.contains("***"), "{}", told.out);
        told.never_says(&[PHONE, "a-token-of-the-shop", "a-secret-of-the-shop"]);
    }
    let shown = desk.run("why latest broke --unmask").exits(0);
    assert!(shown.out.contains(&format!("nothing is left for {PHONE}")), "{}", shown.out);
    shown.never_says(&["a-token-of-the-shop", "a-secret-of-the-shop"]);
}

#[test]
fn a_run_that_was_stopped_and_resumed_says_so_between_the_calls() {
    let desk = shop("busy,0911222333,\nfine,0911222333,\n");
    let mut child = desk.command("runsheet").args(RUN.split_whitespace()).spawn().unwrap();
    // The first answer asks to wait for a second; the run is stopped in that time.
    let answered = || {
        let told = desk.run("why latest busy --format json");
        told.code == 0 && !told.json()["timeline"].as_array().unwrap().is_empty()
    };
    let limit = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !answered() {
        assert!(std::time::Instant::now() < limit && child.try_wait().unwrap().is_none(), "it never came so far");
    }
    let running = json(&desk, "why latest busy");
    assert_eq!((&running["state"]["standing"], &running["run"]["state"]), (&"under_way".into(), &"running".into()));
    desk.bash(&format!("kill -INT {}", child.id())).exits(0);
    child.wait().unwrap();
    let stopped = json(&desk, "why latest busy");
    assert_eq!(stopped["timeline"][0]["then"], "run_stopped");
    assert_eq!(stopped["state"]["standing"], "open");
    assert!(stopped["next"][0]["command"].as_str().unwrap().starts_with("runsheet resume "), "{stopped}");
    desk.run("resume latest --yes --confirm 999").exits(0);
    let story = json(&desk, "why latest busy");
    let course = course(&story);
    assert_eq!(course[..4], ["attempt order answered", "run_stopped", "process_began", "attempt order answered"]);
    in_order(&story);
}
