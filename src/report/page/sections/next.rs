//! What to do after a run, with the commands to copy.

use std::io::{self, Write};

use crate::report::RunRecord;
use crate::report::page::html::{Coded, Escaped};
use crate::report::page::language::PageLanguage;
use crate::report::page::told::tell;

/// Writes the steps; nothing if there is nothing to do.
pub(super) fn write_next(out: &mut dyn Write, record: &RunRecord, language: PageLanguage) -> io::Result<()> {
    if record.next.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div class=\"next\">\n<h2>{}</h2>", language.choose("What to do next", "下一步"))?;
    for step in &record.next {
        let what = tell(&step.what, language);
        writeln!(out, "<p lang=\"{}\">{}</p>", what.code, Coded(&what.text))?;
        write_command(out, &step.command)?;
    }
    writeln!(out, "</div>")
}

/// Writes a command; the script adds the button that copies it.
pub(super) fn write_command(out: &mut dyn Write, command: &str) -> io::Result<()> {
    writeln!(out, "<div class=\"command\" data-copy=\"\"><code>{}</code></div>", Escaped(command))
}
