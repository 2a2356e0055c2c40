//! The page of a run: an HTML file that needs nothing beside it. The first two sections are written here and stand
//! without script; the data of the others is embedded, and the client from `web/` shows it.

mod chinese;
mod client;
mod data;
mod first_sections;
mod html;
mod key_columns;
mod language;
mod latency;
mod pace;
mod packed;
mod sections;
mod shell;
mod shown_row;
mod steering_words;
mod stop_words;
mod table;
mod table_outline;
mod told;

pub use data::{PageHead, PageKind};
pub use first_sections::{FirstSections, PageTitle, sections_of};
pub use language::PageLanguage;
pub use pace::{OperationPace, PaceBuilder, RunPace, SentCall};
pub use packed::{JsonColumn, pack, write_part};
pub use shell::{PageMeta, notice_page, write_end, write_start};
pub use shown_row::{ShownRow, ShownTexts};
pub use table::{RowTable, TableHead};
pub use table_outline::TableOutline;
