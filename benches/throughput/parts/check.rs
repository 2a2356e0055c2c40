//! `check` of a long playbook and of many rows.

use std::fmt::Write;

use super::bench::Bench;
use super::start::timed;
use crate::job::{Job, UNBOUND};
use crate::table::Goal;

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let long = Job::with(&bench.folder("long"), &playbook(2_000), 1, &bench.mock.url(), UNBOUND)?;
    std::fs::write(long.csv(), "id,a,b,c,d\nR1,1,2,3,4\n")?;
    let took = timed(bench, &check(&long))?;
    bench.figures.add("`check` of 2,000 lines", took, "ms", Goal::AtMost(50.0));
    let rows = bench.arguments.size(1_000, 100_000);
    let many = Job::new(&bench.folder("many"), rows, &bench.mock.url(), UNBOUND)?;
    let took = timed(bench, &check(&many))?;
    bench.figures.add(format!("`check` of 17 row templates over {rows} rows"), took, "ms", Goal::AtMost(1_000.0));
    Ok(())
}

fn check(job: &Job) -> Vec<String> {
    ["check", &job.playbook().display().to_string(), "--env", "bench", "-q"].map(str::to_owned).into()
}

/// A playbook of about so many lines, ten to a step.
pub(super) fn playbook(lines: usize) -> String {
    let mut text = "version: 1\nname: Long\nrows:\n  from: rows.csv\n  key: id\nsteps:\n".to_owned();
    for step in 0..lines / 10 {
        let _ = write!(
            text,
            "  - id: step_{step}\n    name: Step {step}\n    uses: arctos.add_moderator\n    when: \"{{{{ row.d }}}}\"\n    \
             with:\n      # One of many.\n      task_num: \"{{{{ row.a }}}}-{step}\"\n      branch_code: \"{{{{ row.b }}}}\"\n      \
             business_code: \"{{{{ row.c }}}}\"\n      emp_id: \"{{{{ row.id }}}}\"\n"
        );
    }
    text
}
