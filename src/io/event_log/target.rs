//! Opens what events are written to: a file that is appended to, a pipe, or standard output.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The first bytes of every line that this program writes.
const HEAD: &[u8] = b"{\"v\":";

/// Bytes of the longest last line that is looked at.
const MAX_LAST_LINE: u64 = 1 << 20;

/// Opens what events are written to; `-` is standard output. An existing file is appended to. An unfinished last line of
/// this program, left by a killed process, is removed.
///
/// # Errors
/// The system's error if it cannot be opened or read.
pub fn open_target(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(File::from(io::stdout().as_fd().try_clone_to_owned()?)));
    }
    let mut options = OpenOptions::new();
    let mut file = options.read(true).append(true).create(true).mode(0o600).open(path)?;
    if file.metadata()?.is_file() {
        finish_last_line(&mut file)?;
    }
    Ok(Box::new(file))
}

fn finish_last_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(MAX_LAST_LINE);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let begins = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    let last = &tail[begins..];
    if last.is_empty() {
        return Ok(());
    }
    let ours = last.starts_with(HEAD) || HEAD.starts_with(last);
    match ours && (begins > 0 || from == 0) {
        true => file.set_len(from + begins as u64),
        false => file.write_all(b"\n"),
    }
}
