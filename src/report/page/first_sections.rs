//! The sections that stand without script, by themselves: for a page that has a frame of its own.

use std::io;

use serde::Serialize;

use super::language::PageLanguage;
use super::sections::{write_failures, write_verdict};
use super::shell::{PageMeta, title};

/// What became of a run, in short, in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageTitle {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// The sections of a run, as HTML in which everything is escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSections {
    /// The title of the page, as plain text.
    pub title: PageTitle,
    /// The verdict with the balance sheet.
    pub verdict: String,
    /// The failures by kind; empty if nothing went wrong.
    pub failures: String,
}

/// Writes the sections of the run that `meta` describes, in both languages.
///
/// # Errors
/// None happens in memory.
pub fn sections_of(meta: &PageMeta<'_>) -> io::Result<FirstSections> {
    let (mut verdict, mut failures) = (Vec::new(), Vec::new());
    write_verdict(&mut verdict, meta)?;
    write_failures(&mut failures, meta.record)?;
    let text = |bytes| String::from_utf8(bytes).map_err(io::Error::other);
    let title = |language| title(meta.record, language);
    Ok(FirstSections {
        title: PageTitle { en: title(PageLanguage::English), zh: title(PageLanguage::Chinese) },
        verdict: text(verdict)?,
        failures: text(failures)?,
    })
}
