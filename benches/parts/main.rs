//! The pure parts by themselves: `cargo bench --features internals --bench parts`, or counted in instructions, which a busy machine does
//! not change: `cargo bench --features internals --bench parts -- instructions` (wants valgrind).

#![allow(clippy::print_stdout, clippy::wildcard_enum_match_arm, missing_docs)]

mod instructions;
mod part;
mod stage;
mod workshop;

use criterion::{BatchSize, Criterion, Throughput};

use part::Part;

/// Rows that one measurement goes over.
const ROWS: u64 = 200;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["instructions", ..] => instructions::count(),
        ["fixed", name, rows] => instructions::fixed(name, rows.parse()?),
        _ => {
            let mut criterion = Criterion::default().configure_from_args();
            Part::ALL.into_iter().for_each(|part| time(&mut criterion, part));
            criterion.final_summary();
            Ok(())
        }
    }
}

fn time(criterion: &mut Criterion, part: Part) {
    let mut group = criterion.benchmark_group("row");
    group.throughput(Throughput::Elements(ROWS)).sample_size(20);
    group.bench_function(part.name(), |bencher| {
        bencher.iter_batched(|| part.prepare(ROWS), |work| work.run(), BatchSize::PerIteration);
    });
    group.finish();
}
