//! The sandbox's own log: what really happened, whatever the program says.

use std::collections::BTreeMap;

use serde_json::Value;

/// Operations that must never be sent twice, by the vendors' names.
const NEVER: [&str; 4] = ["CreateReleaseFlow", "createBlankTask", "createTaskModerator", "createTaskPublisher"];

/// A log that was read.
pub(crate) struct Log {
    entries: Vec<Value>,
}

impl Log {
    /// Reads a log's text; a last line cut short by a kill is none.
    pub(crate) fn read(text: &str) -> Self {
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let entry = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { entries: whole.lines().map(entry).collect() }
    }

    /// How many calls came in.
    pub(crate) fn calls(&self) -> usize {
        self.entries.len()
    }

    /// How many calls of an operation came in, by the vendor's name for it.
    pub(crate) fn calls_of(&self, operation: &str) -> u64 {
        self.entries.iter().filter(|entry| entry["operation"] == operation).count() as u64
    }

    /// How many effects were made.
    pub(crate) fn effects_made(&self) -> usize {
        self.effects().count()
    }

    /// How many calls met a fault.
    pub(crate) fn faults(&self) -> usize {
        self.entries.iter().filter(|entry| entry["fault"].is_string()).count()
    }

    /// Every effect, in order.
    fn effects(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| entry["effect_id"].as_str())
    }

    /// Effects made more than once, and calls sent twice that must not be.
    pub(crate) fn doubled(&self) -> Vec<String> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for effect in self.effects() {
            *times.entry(format!("the effect {effect}")).or_default() += 1;
        }
        for entry in &self.entries {
            let operation = entry["operation"].as_str().unwrap_or_default();
            if NEVER.contains(&operation) && !refused_at_the_gate(entry) {
                *times.entry(format!("the call {operation} {}", entry["request"])).or_default() += 1;
            }
        }
        let often = times.into_iter().filter(|(_, times)| *times > 1);
        often.map(|(what, times)| format!("{what} was made {times} times")).collect()
    }

    /// The effects of every row, by its key: the first words of their ids, in order.
    pub(crate) fn by_row(&self) -> BTreeMap<String, Vec<String>> {
        let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
        for put in self.entries.iter().filter_map(|entry| entry["puts"].as_array()).flatten() {
            let about = &put["appointment"];
            if let (Some(number), Some(key)) = (about["task_num"].as_str(), about["out_task_num"].as_str()) {
                keys.insert(number, key);
            }
        }
        let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for effect in self.effects() {
            let mut words = effect.split(':');
            let (Some(word), Some(about)) = (words.next(), words.next()) else { continue };
            let key = keys.get(about).copied().unwrap_or(about);
            rows.entry(key.to_owned()).or_default().push(word.to_owned());
        }
        rows
    }
}

/// Whether a call was turned away before anything was done, by what the vendor says and the log knows.
fn refused_at_the_gate(entry: &Value) -> bool {
    let code = entry["code"].as_str().unwrap_or_default();
    let fault = entry["fault"].as_str();
    code.starts_with("RequestLimitExceeded")
        || matches!(fault, Some("throttle" | "expire"))
        // The vendor says with one code that the token has run out and that a call has failed.
        || (code == "0" && fault.is_none() && entry["effect"] == false)
}

#[test]
fn a_second_effect_and_a_second_send_are_found() {
    let line = |fault: &str, effect: &str| {
        format!(
            "{{\"operation\":\"CreateReleaseFlow\",\"request\":{{\"a\":1}},\"code\":\"ok\",{fault}{effect}\"puts\":[]}}\n"
        )
    };
    let (made, lost) = (line("", "\"effect_id\":\"x:1\","), line("\"fault\":\"close\",", ""));
    let throttled = line("\"fault\":\"throttle\",", "");
    assert_eq!(Log::read(&format!("{made}{made}")).doubled().len(), 2);
    assert_eq!(Log::read(&format!("{lost}{made}")).doubled().len(), 1);
    assert!(Log::read(&format!("{throttled}{made}")).doubled().is_empty());
    assert_eq!(Log::read(&format!("{made}{}", &made[..40])).calls(), 1, "a torn line is none");
}
