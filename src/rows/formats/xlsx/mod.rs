//! XLSX workbooks: one sheet's rows as they are shown, in bounded memory whatever the workbook declares.

mod array_formulas;
mod number_format;
mod package;
mod problems;
mod reader;
mod relations;
mod sheet_cell;
mod sheet_kind;
mod sheet_rows;
mod stored_number;
mod strings;
mod styles;
mod workbook;
mod xml;

pub(super) use reader::XlsxReader;
