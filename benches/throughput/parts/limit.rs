//! A limit of 20 calls a second: never more in any sliding second, and hardly less on average.

use super::bench::Bench;
use crate::job::Job;
use crate::server::Manner;
use crate::table::Goal;

/// One call for each row, so that one budget is all there is.
const PLAYBOOK: &str = r#"version: 1
name: Limit
rows:
  from: rows.csv
  key: id
steps:
  - id: moderator
    uses: arctos.add_moderator
    with: { task_num: "T0", emp_id: "{{ row.id }}" }
"#;

#[allow(clippy::cast_precision_loss)]
pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let calls = bench.arguments.size(41, 1_200);
    let job = Job::with(&bench.folder("limit"), PLAYBOOK, calls, &bench.mock.url(), "20/s")?;
    let mut rows = "id\n".to_owned();
    (0..calls).for_each(|row| rows.push_str(&format!("R{row}\n")));
    std::fs::write(job.csv(), rows)?;
    bench.mock.set(&Manner { keep_instants: true, ..Manner::default() })?;
    let run = bench.tool.run(&job)?;
    crate::tool::all_succeeded(&run, calls)?;
    let seen = bench.mock.seen()?;
    let most = seen.most_in_a_second as f64;
    bench.figures.add("20 calls a second: most in any sliding second", most, "calls", Goal::AtMost(20.0));
    bench.figures.add("20 calls a second: mean", seen.mean_rate, "calls/s", Goal::AtLeast(19.8));
    Ok(())
}
