//! The text of the starter's tests: the sample rows on the simulators, and a refusal of the first step.

use super::draft::Draft;
use super::playbook::ROWS;
use crate::model::Disposition;

/// The text of the test file.
pub(super) fn text(draft: &Draft) -> String {
    let mut text = format!(
        "# yaml-language-server: $schema=schemas/test.schema.json\n\
         # What the playbook does, shown offline: runsheet test playbook.yaml\n\
         version: 1\n\
         tests:\n  \
           - name: The sample rows succeed\n    \
             sandbox: true                      # the simulators answer what no answer is given to\n    \
             expect:\n      \
               counts: {{ total: {ROWS}, succeeded: {ROWS} }}\n"
    );
    let answers = |step: &super::draft::Step| {
        let mut answers = step.operation.examples.iter().flat_map(|example| &example.answers);
        answers.any(|answer| answer.disposition == Disposition::Rejected)
    };
    if let Some(step) = draft.steps.first().filter(|step| answers(step)) {
        text.push_str(&format!(
            "\n  \
               - name: What the vendor refuses fails its row\n    \
                 answers:                           # `like` is an answer of the operation's own examples; `body:` is any\n      \
                   - {{ to: {id}, like: rejected, times: any }}\n    \
                 expect:\n      \
                   counts: {{ failed: {ROWS} }}\n",
            id = step.id
        ));
    }
    text
}
