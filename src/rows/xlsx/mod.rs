//! XLSX workbooks: one sheet's rows as they are shown, in bounded memory whatever the workbook declares.

mod book;
mod cells;
mod flaws;
mod number;
mod package;
mod reader;
mod relations;
mod shape;
mod sheet_kind;
mod spills;
mod strings;
mod styles;
mod xml;

pub(super) use reader::XlsxReader;
