//! Reads the facts of an entry, in full or without what was sent and answered.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::attempt::{FlatAttempted, NO_BODY, NO_OUTPUTS};
use super::fact::Fact;
use super::intent::FlatIntent;
use crate::model::Time;

/// How much of each fact is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactDetail {
    /// Everything.
    Whole,
    /// Only how calls ended, without hashes, natural keys, outputs and answers.
    Summary,
}

/// Reads an entry's facts and appends them to `into`, each with the instant `at`.
///
/// # Errors
/// [`serde_json::Error`] if the text is not a list of facts.
pub fn read_facts(text: &str, at: Time, detail: FactDetail, into: &mut Vec<(Time, Fact)>) -> serde_json::Result<()> {
    let mut reading = serde_json::Deserializer::from_str(text);
    match detail {
        FactDetail::Whole => Facts::<Fact>::at(at, into).deserialize(&mut reading)?,
        FactDetail::Summary => Facts::<SummaryFact>::at(at, into).deserialize(&mut reading)?,
    }
    reading.end()
}

/// Appends each fact to a list as it is parsed.
struct Facts<'v, F> {
    at: Time,
    into: &'v mut Vec<(Time, Fact)>,
    read_as: PhantomData<F>,
}

impl<'v, F> Facts<'v, F> {
    fn at(at: Time, into: &'v mut Vec<(Time, Fact)>) -> Self {
        Self { at, into, read_as: PhantomData }
    }
}

impl<'de, F: Deserialize<'de> + Into<Fact>> DeserializeSeed<'de> for Facts<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, F: Deserialize<'de> + Into<Fact>> Visitor<'de> for Facts<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("facts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut facts: A) -> Result<(), A::Error> {
        while let Some(fact) = facts.next_element::<F>()? {
            self.into.push((self.at, fact.into()));
        }
        Ok(())
    }
}

/// A fact without what was sent and answered.
type SummaryFact = Fact<FlatIntent<IgnoredAny>, FlatAttempted<IgnoredAny, IgnoredAny>>;

impl From<SummaryFact> for Fact {
    fn from(read: SummaryFact) -> Self {
        match read {
            SummaryFact::Intent(flat) => Self::Intent(flat.with(|_| None)),
            SummaryFact::Attempted(flat) => Self::Attempted(flat.with(|_| NO_OUTPUTS.clone(), |_| NO_BODY.clone())),
            SummaryFact::StepEnded(ended) => Self::StepEnded(ended),
            SummaryFact::RollbackStarted => Self::RollbackStarted,
            SummaryFact::RowEnded(ended) => Self::RowEnded(ended),
            SummaryFact::Settled(settled) => Self::Settled(settled),
            SummaryFact::Reopened(call) => Self::Reopened(call),
            SummaryFact::ImportedCall(carried) => Self::ImportedCall(carried),
            SummaryFact::ContinuedIn(handed) => Self::ContinuedIn(handed),
            SummaryFact::Began { process, by } => Self::Began { process, by },
            SummaryFact::Steered(steered) => Self::Steered(steered),
            SummaryFact::Stopped(why) => Self::Stopped(why),
            SummaryFact::Finished => Self::Finished,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::json;

    use super::super::sample::{answer, intent};
    use super::super::{
        AttemptEnd, Attempted, CallRef, ContinuedIn, ImportedCall, Intent, RowEnded, Settled, Steered, StepEnded, Waits,
    };
    use super::*;
    use crate::model::{Disposition, Map, Phase, RowOutcome, RunId, StepOutcome, Value};
    use crate::policy::{SteerCommand, SteerOrigin, SteeredBy, StopReason, WaitReason};

    const UNDO: CallRef = CallRef { step: 3, item: 70_000, phase: Phase::Rollback };

    fn attempted(call: CallRef) -> Attempted {
        let fact = answer(call, AttemptEnd::Answered(Disposition::Warning), Some(StepOutcome::Warning));
        let Fact::Attempted(attempted) = fact else { panic!() };
        attempted
    }

    /// One of each, with all its parts.
    fn facts() -> Vec<Fact> {
        let said = |text: &str| Some(text.to_owned());
        let outputs = Map::from_iter([("id".to_owned(), json!("T\u{1F600}\"1"))]);
        let body = json!({"n": serde_json::from_str::<Value>("1.50").unwrap(), "l": [null, {"a": []}]});
        let Fact::Intent(plain) = intent(UNDO) else { panic!() };
        let mut waited = Waits::default();
        waited.add(WaitReason::Login, Duration::from_secs(3));
        vec![
            Fact::Began { process: 7, by: None },
            Fact::Began { process: 7, by: Some("mei".to_owned()) },
            intent(CallRef::default()),
            Fact::Intent(Intent { natural_key: said("k"), counts: vec!["sms".into(), "sms".into()], ..plain }),
            Fact::Attempted(attempted(CallRef::default())),
            Fact::Attempted(Attempted {
                end: AttemptEnd::LookupFailed,
                look_up: true,
                read: true,
                joined: true,
                token_known_expired: true,
                code: said("7"),
                message: said("a\nb"),
                request_id: said("r"),
                outputs: Arc::new(outputs.clone()),
                body: Arc::new(body.clone()),
                http_status: Some(503),
                took_ms: Some(u64::MAX),
                waited,
                ..attempted(UNDO)
            }),
            Fact::StepEnded(StepEnded { step: 2, outcome: StepOutcome::Failed, code: said("c"), message: None }),
            Fact::RollbackStarted,
            Fact::Reopened(UNDO),
            Fact::Settled(Settled {
                call: UNDO,
                outcome: StepOutcome::Failed,
                outputs: outputs.clone(),
                body: body.clone(),
                note: said("n"),
                who: "mei".into(),
            }),
            Fact::ImportedCall(ImportedCall {
                call: UNDO,
                from: RunId::from_text("one"),
                made_at: Time::from_secs(1),
                outcome: StepOutcome::Succeeded,
                hash: said("h"),
                element: said("e"),
                code: None,
                message: None,
                request_id: None,
                outputs: outputs.clone(),
                body,
            }),
            Fact::ContinuedIn(ContinuedIn { to: RunId::from_text("two"), outcome: RowOutcome::Failed }),
            Fact::RowEnded(RowEnded {
                outcome: RowOutcome::Partial,
                step: said("s"),
                code: None,
                message: said("m"),
                request_id: None,
                results: outputs,
            }),
            Fact::Steered(Steered {
                what: SteerCommand::InFlight(4),
                by: SteeredBy { name: "mei".into(), uid: 7, from: SteerOrigin::Ctl },
            }),
            Fact::Stopped(StopReason::Interrupted { signal: 2 }),
            Fact::Finished,
        ]
    }

    fn read(text: &str, detail: FactDetail) -> serde_json::Result<Vec<(Time, Fact)>> {
        let mut facts = vec![(Time::from_secs(1), Fact::Finished)];
        read_facts(text, Time::from_secs(2), detail, &mut facts)?;
        assert_eq!(facts.remove(0), (Time::from_secs(1), Fact::Finished), "what was there stays");
        Ok(facts)
    }

    #[test]
    fn every_fact_is_read_as_it_was_written() {
        let facts = facts();
        let text = serde_json::to_string(&facts).unwrap();
        let timed = |facts: &[Fact]| facts.iter().map(|fact| (Time::from_secs(2), fact.clone())).collect::<Vec<_>>();
        assert_eq!(read(&text, FactDetail::Whole).unwrap(), timed(&facts));
        let course = facts.into_iter().map(|fact| match fact {
            Fact::Intent(intent) => Fact::Intent(Intent { hash: String::new(), natural_key: None, ..intent }),
            Fact::Attempted(attempted) => {
                Fact::Attempted(Attempted { outputs: Arc::default(), body: Arc::default(), ..attempted })
            }
            other => other,
        });
        assert_eq!(read(&text, FactDetail::Summary).unwrap(), timed(&course.collect::<Vec<_>>()));
    }

    #[test]
    fn members_of_later_versions_are_ignored() {
        let text = r#"[{"a":{"z":{"s":9},"w":"lost","s":1,"b":null}},{"i":{"h":"x","y":[1],"n":2,"s":0}}]"#;
        for detail in [FactDetail::Whole, FactDetail::Summary] {
            let facts = read(text, detail).unwrap();
            let (Fact::Attempted(attempted), Fact::Intent(intent)) = (&facts[0].1, &facts[1].1) else { panic!() };
            assert_eq!((attempted.call.step, attempted.end, intent.attempt), (1, AttemptEnd::Lost, 2));
        }
    }

    #[test]
    fn texts_that_are_not_entries_are_refused() {
        for text in [
            "",
            "{}",
            "[",
            "[]]",
            r#"["no"]"#,
            r#"[{"a":{"w":"lost"}}]"#,
            r#"[{"a":{"s":-1,"w":"lost"}}]"#,
            r#"[{"a":{"s":1,"w":"lost","b":{"a":1,}}}]"#,
            r#"[{"i":{"s":1,"n":1}}]"#,
        ] {
            for detail in [FactDetail::Whole, FactDetail::Summary] {
                assert!(read(text, detail).is_err(), "{text}");
            }
        }
    }
}
