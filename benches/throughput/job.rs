//! The job that both clients do, as files: rows, playbook, settings.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Calls that each row makes.
pub(crate) const CALLS: u64 = 3;

/// Calls under way at once.
pub(crate) const IN_FLIGHT: u64 = 64;

/// A limiter that is on and does not bind: it keeps its thousand last calls and spaces by a microsecond.
pub(crate) const UNBOUND: &str = "1000/1ms";

const HEAD: &str =
    "out_task_num,business_id,kind,task_type,notify,remark,branch,unit,emp_id,title,name,id_num,country,phone,email";

/// Seventeen templates over the row, three over an answer.
const PLAYBOOK: &str = include_str!("playbook.yaml");

/// A folder with a job in it.
pub(crate) struct Job {
    pub(crate) folder: PathBuf,
    pub(crate) rows: u64,
}

impl Job {
    /// Writes the standard job.
    pub(crate) fn new(folder: &Path, rows: u64, url: &str, rate: &str) -> anyhow::Result<Self> {
        let job = Self::with(folder, PLAYBOOK, rows, url, rate)?;
        let mut file = BufWriter::new(File::create(job.csv())?);
        writeln!(file, "{HEAD}")?;
        for row in 0..rows {
            writeln!(file, "{}", line(row))?;
        }
        file.flush()?;
        Ok(job)
    }

    /// Writes a job with a playbook of its own; its rows are the caller's to write.
    pub(crate) fn with(folder: &Path, playbook: &str, rows: u64, url: &str, rate: &str) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("playbook.yaml"), playbook)?;
        fs::write(
            folder.join("runsheet.yaml"),
            format!(
                "environments:\n  bench:\n    connections:\n      arctos:\n        base_url: {url}\n        \
                 credentials: {{ token: bench }}\n        limits: {{ rate: {rate}, in_flight: {IN_FLIGHT} }}\n"
            ),
        )?;
        Ok(Self { folder: folder.to_owned(), rows })
    }

    pub(crate) fn csv(&self) -> PathBuf {
        self.folder.join("rows.csv")
    }

    pub(crate) fn playbook(&self) -> PathBuf {
        self.folder.join("playbook.yaml")
    }
}

/// One row, of about 150 bytes.
fn line(row: u64) -> String {
    format!(
        "R-{row:08},15,visit,normal,false,window seat please,012,{unit:02},emp-{emp:04},Ms.,Customer {row},A{row:09},+886,09{phone:08},customer{row}@example.com",
        unit = row % 7,
        emp = row % 1_000,
        phone = row % 100_000_000,
    )
}
