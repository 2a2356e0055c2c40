//! The report as a page: the record around it, then the pace, the rows and the stories as data that the page shows.

use std::io::{self, Write};

use jiff::tz::{Offset, TimeZone};

use super::page_pace::PaceReader;
use super::page_rows::PageRows;
use super::page_stories::write_stories;
use super::run_source::RunSource;
use crate::model::Time;
use crate::operate::interface::{OrRefuse, Refusal};
use crate::report::RunRecord;
use crate::report::page::{PageHead, PageLanguage, PageMeta, pack, write_end, write_part, write_start};

/// Writes the page. `language` is the one to begin with; `None` leaves it to the reader's browser.
pub(super) fn write_html(
    source: &RunSource,
    out: &mut dyn Write,
    language: Option<PageLanguage>,
) -> Result<RunRecord, Refusal> {
    let mut rows = PageRows::new(source).or_refuse("the report")?;
    let mut pace = PaceReader::new(source)?;
    let record = source.read(&mut |row| {
        pace.add(&row);
        rows.add(&row)
    })?;
    let pace = pace.finish();
    let started = source.known.frozen.started_at;
    let meta = PageMeta { record: &record, offset: local_offset(started), language };
    let written = (|| -> io::Result<()> {
        write_start(out, &meta)?;
        if let Some(pace) = &pace {
            write_part(out, "pace", &pack(pace)?)?;
        }
        let rows = rows.finish(&record)?;
        let started_ms = started.as_micros().div_euclid(1_000);
        write_part(out, "head", &pack(&PageHead::new(&meta, started_ms, &source.plan, rows.head))?)?;
        rows.parts.iter().try_for_each(|(name, packed)| write_part(out, name, packed))?;
        write_stories(source, &rows.stories, out)?;
        write_end(out)
    })();
    written.or_refuse("the report")?;
    Ok(record)
}

/// The distance of this machine's zone from UTC when the run began.
pub(super) fn local_offset(at: Time) -> Offset {
    TimeZone::system().to_offset(at.timestamp())
}
