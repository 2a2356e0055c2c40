//! The forms of a report.

use crate::model::words;

words! {
    /// The form of a report.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ReportFormat {
        /// A page for a browser, in one file.
        Html = "html",
        /// JUnit XML with a test case for each row, for CI servers.
        Junit = "junit",
        /// The record of the run as JSON.
        Json = "json",
        /// The record of the run as Markdown, as GitHub renders it.
        Markdown = "markdown",
        /// All rows with their results, as in the file of all rows.
        Csv = "csv",
    }
}
