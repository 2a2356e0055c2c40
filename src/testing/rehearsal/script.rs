//! Finds the answer for each request, and counts how often each was used.

use super::sent::SentRequest;
use crate::testing::file::TestAnswer;

/// The answers of a test, and how often each was used.
#[derive(Debug)]
pub(in crate::testing) struct Script {
    answers: Vec<(TestAnswer, u64)>,
}

impl Script {
    pub(in crate::testing) fn new(answers: &[TestAnswer]) -> Self {
        Self { answers: answers.iter().map(|answer| (answer.clone(), 0)).collect() }
    }

    /// Takes the first answer for a request that is not used up yet; `None` if there is none.
    pub(in crate::testing) fn take(&mut self, sent: &SentRequest) -> Option<TestAnswer> {
        let fits = |answer: &TestAnswer| answer.to.as_ref().is_none_or(|to| to.fits(sent));
        let left = |answer: &TestAnswer, used: u64| answer.times.is_none_or(|times| used < times);
        let (answer, used) = self.answers.iter_mut().find(|(answer, used)| left(answer, *used) && fits(answer))?;
        *used += 1;
        Some(answer.clone())
    }

    /// The answers that were used less often than `times` says.
    pub(in crate::testing) fn unused(&self) -> Vec<usize> {
        let unused = |(answer, used): &(TestAnswer, u64)| answer.times.is_some_and(|times| *used < times);
        self.answers.iter().enumerate().filter(|(_, entry)| unused(entry)).map(|(place, _)| place).collect()
    }
}
