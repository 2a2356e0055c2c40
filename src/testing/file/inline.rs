//! Rows in a test file, written as a row file, and the way back from its places to the test file.

use std::io::Cursor;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Source, Span};
use crate::model::Masks;
use crate::playbook::{ColumnDecl, ListDecl, RowsDecl};
use crate::rows::Input;
use crate::yaml::{Node, NodeKind};

/// Rows of a test, ready to be read.
#[derive(Debug)]
pub struct InlineRows {
    name: String,
    text: String,
    lines: Vec<InlineRow>,
    /// Masks for sensitive values.
    masks: Masks,
}

/// One row: its place in the test file, and that of each cell by its end in the line.
#[derive(Debug)]
struct InlineRow {
    span: Span,
    cells: Vec<(usize, Span)>,
}

/// The rows of a test; `unmask` has messages show sensitive cells.
#[must_use]
pub fn inline_rows(rows: &[Node], decl: &RowsDecl, source: &Source, unmask: bool) -> InlineRows {
    let keys = decl.key.iter().map(|key| key.value.as_str());
    InlineRows::new(rows, &decl.columns, keys, format!("{}/rows", source.name()), unmask)
}

/// The elements of a list of a test.
#[must_use]
pub fn inline_list(elements: &[Node], decl: &ListDecl, source: &Source, unmask: bool) -> InlineRows {
    let ties = decl.matches.iter().map(|tie| tie.list.value.as_str());
    InlineRows::new(elements, &decl.columns, ties, format!("{}/{}", source.name(), decl.name), unmask)
}

impl InlineRows {
    fn new<'n>(
        rows: &[Node],
        columns: &[ColumnDecl],
        more: impl Iterator<Item = &'n str>,
        name: String,
        unmask: bool,
    ) -> Self {
        if rows.is_empty() {
            return Self::empty(columns, more, &name);
        }
        let (name, masks) = (format!("{name}.jsonl"), Masks::default());
        let mut inline = Self { name, text: String::new(), lines: Vec::new(), masks };
        for row in rows {
            inline.add(row, columns);
            let hidden = columns.iter().filter(|column| column.sensitive && !unmask);
            let cells = hidden.filter_map(|column| row.get(&column.name).or_else(|| row.get(column.head())));
            cells.for_each(|cell| inline.masks.add(&cell.to_value()));
        }
        inline
    }

    /// No rows, as a CSV header: JSON without rows would name no columns.
    fn empty<'n>(columns: &[ColumnDecl], more: impl Iterator<Item = &'n str>, name: &str) -> Self {
        let mut heads: Vec<&str> = columns.iter().map(ColumnDecl::head).collect();
        for name in more {
            let known = columns.iter().any(|column| column.name == name);
            if !known && !heads.contains(&name) {
                heads.push(name);
            }
        }
        let cells: Vec<String> = heads.iter().map(|head| format!("\"{}\"", head.replace('"', "\"\""))).collect();
        let text = cells.join(",") + "\n";
        Self { name: format!("{name}.csv"), text, lines: Vec::new(), masks: Masks::default() }
    }

    /// Writes a row as a line of JSON; a declared column that it lacks is blank.
    fn add(&mut self, row: &Node, columns: &[ColumnDecl]) {
        let entries = if let NodeKind::Map(entries) = &row.kind { entries.as_slice() } else { &[] };
        let head = |name: &str| columns.iter().find(|column| column.name == name).map(ColumnDecl::head);
        let mut members: Vec<(String, String, Span)> = entries
            .iter()
            .map(|(key, node)| {
                let head = head(&key.text).unwrap_or(&key.text).to_owned();
                (head, node.to_value().to_string(), if node.is_null() { key.span } else { node.span })
            })
            .collect();
        for column in columns.iter().map(ColumnDecl::head) {
            if !members.iter().any(|(head, ..)| head == column) {
                members.push((column.to_owned(), "null".to_owned(), row.span));
            }
        }
        let (mut line, mut cells) = (String::from("{"), Vec::new());
        for (place, (head, value, span)) in members.into_iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            line.push_str(&format!("{comma}{}:{value}", serde_json::Value::String(head)));
            cells.push((line.chars().count(), span));
        }
        self.text.push_str(&line);
        self.text.push_str("}\n");
        self.lines.push(InlineRow { span: row.span, cells });
    }

    /// The rows as a file.
    #[must_use]
    pub fn input(&self) -> Input {
        Input::new(self.name.clone(), Cursor::new(self.text.clone().into_bytes()))
    }

    /// Lets messages about that file point at the test file.
    #[must_use]
    pub fn placed(&self, source: &Arc<Source>, diagnostics: Diagnostics) -> Diagnostics {
        let mut placed = Diagnostics::new();
        placed.extend(diagnostics.into_iter().map(|one| Diagnostic {
            message: one.message.replace(&format!("`{}`", self.name), "the test"),
            places: one.places.into_iter().map(|(place, label)| (self.back(source, place), label)).collect(),
            ..one
        }));
        placed
    }

    fn back(&self, source: &Arc<Source>, place: Place) -> Place {
        let line = (place.file == self.name).then(|| self.lines.get(place.line.saturating_sub(1))).flatten();
        let Some(line) = line else { return place };
        let cell = line.cells.iter().find(|(end, _)| place.column <= *end).map_or(line.span, |(_, span)| *span);
        source.place(cell).changed(|text| self.masks.text(text).into_owned())
    }
}
