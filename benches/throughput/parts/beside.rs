//! Programs measured side by side: the processor time of a call, round by round, each beside the bare client.

use super::bench::Bench;
use super::sample::{Sample, middle};
use crate::job::CALLS;
use crate::median::median;

/// The median over the rounds of what one took above another, in seconds.
fn difference(over: &[Sample], under: &[Sample]) -> f64 {
    median(&over.iter().zip(under).map(|(over, under)| over.processor - under.processor).collect::<Vec<_>>())
}

/// Tells what a call costs the bare client and each program; nothing where only one program runs.
///
/// `beside` holds the samples of each program in [`Bench::beside`]; all were taken in the same rounds.
pub(super) fn tell(bench: &mut Bench<'_>, size: u64, bare: &[Sample], tool: &[Sample], beside: &[Vec<Sample>]) {
    if beside.is_empty() {
        return;
    }
    #[allow(clippy::cast_precision_loss)]
    let calls = (size * CALLS) as f64;
    let cost = |processor: f64| processor * 1e6 / calls;
    let programs = std::iter::once(&bench.tool).chain(&bench.beside);
    let names: Vec<String> = programs.map(|tool| tool.program.display().to_string()).collect();
    let taken: Vec<&[Sample]> = std::iter::once(tool).chain(beside.iter().map(Vec::as_slice)).collect();
    let figures = &mut bench.figures;
    for (round, bare) in bare.iter().enumerate() {
        let name = |who: &str| format!("{size} rows, round {}: {who}, processor", round + 1);
        figures.note(name("bare client"), cost(bare.processor), "µs/call");
        for (who, samples) in names.iter().zip(&taken) {
            figures.note(name(who), cost(samples[round].processor), "µs/call");
        }
    }
    let middles = std::iter::once(("bare client", bare)).chain(names.iter().map(String::as_str).zip(taken.clone()));
    for (who, samples) in middles {
        let middle = middle(samples, |sample| sample.processor);
        figures.note(format!("{size} rows: {who}, processor"), cost(middle), "µs/call");
    }
    for (who, samples) in names.iter().zip(&taken) {
        let above = cost(difference(samples, bare));
        figures.note(format!("{size} rows: {who}, above the bare client"), above, "µs/call");
    }
    for (who, samples) in names.iter().zip(&taken).skip(1) {
        let above = cost(difference(tool, samples));
        figures.note(format!("{size} rows: {}, above {who}", names[0]), above, "µs/call");
    }
}
