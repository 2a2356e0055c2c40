//! Opens a row file: matches its header with the playbook, reads its lists and matches them with its columns.

use std::collections::HashMap;

use super::list::List;
use super::row_file::RowFile;
use crate::diagnostic::{Diagnostic, Diagnostics, shell_word};
use crate::playbook::RowsDecl;
use crate::rows::formats::{ExpectedColumns, Input, open_reader};
use crate::rows::record::RecordReader;
use crate::rows::table::Table;

impl RowFile {
    /// Opens a row file and reads its lists whole. `lists` maps the name of each declared list to its file.
    ///
    /// Errors in headers and in the form of a list's rows are added to `diagnostics`; `None` if no row can be read.
    /// `unmask` shows sensitive cells in messages.
    pub fn open(
        decl: &RowsDecl,
        input: Input,
        mut lists: HashMap<String, Input>,
        unmask: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let read: Option<Vec<List>> = decl
            .lists
            .iter()
            .map(|list| match lists.remove(&list.name) {
                Some(input) => List::open(list, input, unmask, diagnostics),
                None => {
                    let message = format!("The list `{}` has no file", list.name);
                    let help = format!("Write its `from`, or give one with `--rows {}=FILE`", shell_word(&list.name));
                    diagnostics.push(Diagnostic::error("missing-rows", message).help(help));
                    None
                }
            })
            .collect::<Vec<_>>()
            .into_iter()
            .collect();
        let rows = open_rows(decl, input, unmask, diagnostics);
        let (reader, table, key) = rows?;
        let lists = tie(read?, &table, reader.as_ref(), diagnostics)?;
        Some(Self::new(reader, table, key, lists))
    }
}

/// A file's reader, its columns, and the indexes of its key columns.
type Opened = (Box<dyn RecordReader>, Table, Vec<usize>);

fn open_rows(decl: &RowsDecl, input: Input, unmask: bool, diagnostics: &mut Diagnostics) -> Option<Opened> {
    let keys = decl.key.iter().map(|key| key.value.as_str());
    let expected = ExpectedColumns::of(&decl.columns, keys.clone()).unmasked(unmask);
    let name = input.name.clone();
    let reader = open_reader(input, &expected, &decl.form, diagnostics)?;
    let table = Table::bind(&name, reader.as_ref(), &decl.columns, &decl.redacted, unmask, diagnostics)?;
    let key = table.find(keys, "The key", reader.as_ref(), diagnostics)?;
    Some((reader, table, key))
}

/// Finds the row columns that each list is matched by.
fn tie(lists: Vec<List>, table: &Table, reader: &dyn RecordReader, diagnostics: &mut Diagnostics) -> Option<Vec<List>> {
    let tied: Vec<Option<List>> = lists
        .into_iter()
        .map(|mut list| {
            let names = list.decl().matches.iter().map(|tie| tie.row.value.as_str());
            let what = format!("The `match` of the list `{}`", list.name());
            let ties = table.find(names, &what, reader, diagnostics);
            if table.columns.iter().flatten().any(|column| column.decl.name == list.name()) {
                let message = format!("`{}` is a list of the playbook and a column of `{}`", list.name(), table.file);
                let help = "Give the list another name, or read the column under another one with `from`";
                diagnostics.push(Diagnostic::error("bad-header", message).help(help));
                return None;
            }
            list.row_ties = ties?;
            Some(list)
        })
        .collect();
    tied.into_iter().collect()
}
