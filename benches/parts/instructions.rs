//! Instructions for a row of each part, by callgrind: the same on a busy machine as on a quiet one.

use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::part::Part;

/// Each part is counted over so many rows and over twice as many; the difference leaves the preparation out.
const ROWS: u64 = 100;

/// Prints the table.
pub(crate) fn count() -> anyhow::Result<()> {
    println!("| part | instructions for a row |\n|---|---|");
    for part in Part::ALL {
        let (some, twice) = (counted(part, ROWS)?, counted(part, 2 * ROWS)?);
        // What is prepared grows with the rows as well: it is counted alone and taken off.
        let (bare_some, bare_twice) = (prepared(part, ROWS)?, prepared(part, 2 * ROWS)?);
        let own = twice.saturating_sub(some).saturating_sub(bare_twice.saturating_sub(bare_some));
        println!("| {} | {} |", part.name(), own / ROWS);
    }
    Ok(())
}

/// What runs under callgrind: a part over so many rows, or its preparation alone.
pub(crate) fn fixed(name: &str, rows: u64) -> anyhow::Result<()> {
    let (name, whole) = name.strip_prefix("prepare ").map_or((name, true), |name| (name, false));
    let part = Part::ALL.into_iter().find(|part| part.name() == name).context("no such part")?;
    let work = part.prepare(rows);
    if whole {
        drop(work.run());
    } else {
        drop(work);
    }
    Ok(())
}

fn counted(part: Part, rows: u64) -> anyhow::Result<u64> {
    callgrind(part.name(), rows)
}

fn prepared(part: Part, rows: u64) -> anyhow::Result<u64> {
    callgrind(&format!("prepare {}", part.name()), rows)
}

fn callgrind(name: &str, rows: u64) -> anyhow::Result<u64> {
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["fixed", name, &rows.to_string()])
        .stdout(Stdio::null())
        .output()
        .context("valgrind could not be started; install it to count instructions")?;
    let told = String::from_utf8_lossy(&out.stderr);
    if !out.status.success() {
        bail!("{name}: {told}");
    }
    let line = told.lines().find_map(|line| line.split_once("Collected :")).context("callgrind told no count")?;
    Ok(line.1.trim().parse()?)
}
