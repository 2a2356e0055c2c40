//! Jobs of unusual shape: many steps, a long list, wide rows, large rows. Cost must grow with what there is to do.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use super::bench::Bench;
use super::check::playbook;
use crate::job::{Job, UNBOUND};
use crate::server::Manner;
use crate::table::Goal;

const HEAD: &str = "version: 1\nname: Shape\nrows:\n  from: rows.csv\n  key: id\n";

pub(super) fn run(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let (some, many) = (bench.arguments.size(10, 250), bench.arguments.size(20, 1_000));
    linear(bench, "steps", (some, many), steps)?;
    linear(bench, "elements of `for_each`", (some * 10, many * 10), elements)?;
    linear(bench, "columns", (50, 500), columns)?;
    let peak = one(bench, bench.arguments.size(2, 64), large_rows)?.1;
    bench.figures.add("rows of 1 MB: peak memory", peak, "MB", Goal::None);
    Ok(())
}

type Shape = fn(&Job, u64) -> anyhow::Result<u64>;

/// Runs a shape in a small and a large size and tells how the cost of one thing grew.
#[allow(clippy::cast_precision_loss)]
fn linear(bench: &mut Bench<'_>, what: &str, (small, large): (u64, u64), shape: Shape) -> anyhow::Result<()> {
    let (few, _) = one(bench, small, shape)?;
    let (many, peak) = one(bench, large, shape)?;
    bench.figures.note(format!("{large} {what}: whole run"), many, "s");
    bench.figures.note(format!("{large} {what}: peak memory"), peak, "MB");
    let growth = (many / large as f64) / (few / small as f64);
    bench.figures.add(format!("{what}: cost of one, {large} to {small}"), growth, "×", Goal::AtMost(1.1));
    Ok(())
}

/// Processor seconds and peak memory of one run.
fn one(bench: &Bench<'_>, size: u64, shape: Shape) -> anyhow::Result<(f64, f64)> {
    let mut job = Job::with(&bench.folder("shape"), HEAD, 1, &bench.mock.url(), UNBOUND)?;
    job.rows = shape(&job, size)?;
    bench.mock.set(&Manner::default())?;
    let run = bench.tool.run(&job)?;
    crate::tool::all_succeeded(&run, job.rows)?;
    std::fs::remove_dir_all(&job.folder)?;
    Ok((run.usage.processor, run.usage.peak))
}

/// Twenty rows of so many steps.
fn steps(job: &Job, size: u64) -> anyhow::Result<u64> {
    std::fs::write(job.playbook(), playbook(usize::try_from(size)? * 10))?;
    let mut rows = "id,a,b,c,d\n".to_owned();
    for row in 0..20 {
        writeln!(rows, "R{row},{row},2,3,4")?;
    }
    std::fs::write(job.csv(), rows)?;
    Ok(20)
}

/// One row whose list has so many elements.
fn elements(job: &Job, size: u64) -> anyhow::Result<u64> {
    let text = "  columns:\n    staff: { type: list, separator: ';' }\nsteps:\n  - id: staff\n    uses: arctos.add_moderator\n    \
                for_each: \"{{ row.staff }}\"\n    with: { task_num: T0, emp_id: \"{{ item }}\" }\n";
    std::fs::write(job.playbook(), format!("{HEAD}{text}"))?;
    let staff: Vec<String> = (0..size).map(|number| format!("emp-{number}")).collect();
    std::fs::write(job.csv(), format!("id,staff\nR1,{}\n", staff.join(";")))?;
    Ok(1)
}

const ONE_STEP: &str = "steps:\n  - id: one\n    uses: arctos.add_moderator\n    with: { task_num: \"{{ row.id }}\", emp_id: \"{{ row.c1 }}\" }\n";

/// Five hundred rows of so many columns.
fn columns(job: &Job, size: u64) -> anyhow::Result<u64> {
    std::fs::write(job.playbook(), format!("{HEAD}{ONE_STEP}"))?;
    let mut file = BufWriter::new(File::create(job.csv())?);
    let heads: Vec<String> = (1..=size).map(|column| format!("c{column}")).collect();
    writeln!(file, "id,{}", heads.join(","))?;
    for row in 0..500 {
        let cells: Vec<String> = (1..=size).map(|column| format!("v{row}-{column}")).collect();
        writeln!(file, "R{row},{}", cells.join(","))?;
    }
    file.flush()?;
    Ok(500)
}

/// So many rows of 1 MB.
fn large_rows(job: &Job, size: u64) -> anyhow::Result<u64> {
    std::fs::write(job.playbook(), format!("{HEAD}{ONE_STEP}"))?;
    let mut file = BufWriter::new(File::create(job.csv())?);
    writeln!(file, "id,c1,text")?;
    let text = "x".repeat(1_000_000);
    for row in 0..size {
        writeln!(file, "R{row},e{row},{text}")?;
    }
    file.flush()?;
    Ok(size)
}
