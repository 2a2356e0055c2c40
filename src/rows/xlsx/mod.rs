//! XLSX workbooks: one sheet's rows as they are shown, in bounded memory whatever the workbook declares.

mod book;
mod cells;
mod flaws;
mod number;
mod package;
mod reader;
mod shape;
mod strings;
mod styles;
mod xml;

pub(super) use reader::XlsxReader;
