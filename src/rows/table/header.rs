//! A file's header matched with the columns that the playbook declares.

use std::collections::HashMap;

use super::columns::{BoundColumn, Table};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, Span, hidden_difference, near_miss, visual_form};
use crate::playbook::ColumnDecl;
use crate::rows::record::{RecordReader, RowFormat};
use crate::yaml::did_you_mean_key;

impl Table {
    /// Matches a file's header with the declared columns. Errors are added to `diagnostics`, and give `None`. Heads in
    /// `redacted` become sensitive.
    pub(in crate::rows) fn bind(
        file: &str,
        reader: &dyn RecordReader,
        decls: &[ColumnDecl],
        redacted: &[String],
        unmask: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let heads = &reader.heads()[..reader.dialect().columns];
        let header = Header::of(file, reader);
        let mut sound = header.check_unique(diagnostics);
        let mut by_head: HashMap<&str, &ColumnDecl> = decls.iter().map(|decl| (decl.head(), decl)).collect();
        let columns: Vec<Option<BoundColumn>> = heads
            .iter()
            .map(|head| match by_head.remove(head.as_str()) {
                Some(decl) => Some(BoundColumn::new(decl.clone(), true, unmask)),
                None if head.is_empty() => None,
                None => {
                    let text = ColumnDecl::text(head.as_str(), Span::default());
                    Some(BoundColumn::new(ColumnDecl { sensitive: redacted.contains(head), ..text }, false, unmask))
                }
            })
            .collect();
        let missing: Vec<&ColumnDecl> = decls.iter().filter(|decl| by_head.contains_key(decl.head())).collect();
        diagnostics.extend(header.all_missing(&missing));
        sound &= missing.is_empty();
        sound &= header.check_names(&columns, diagnostics);
        let width = reader.heads().len();
        sound.then(|| Self { file: file.to_owned(), columns, width })
    }

    /// The indexes of the columns `names`. A name without a column is reported; `None` if there is one.
    pub(in crate::rows) fn find<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        what: &str,
        reader: &dyn RecordReader,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<usize>> {
        let header = Header::of(&self.file, reader);
        let find = |name: &str| {
            self.columns.iter().position(|column| column.as_ref().is_some_and(|column| column.decl.name == name))
        };
        let places: Vec<Option<usize>> = names
            .into_iter()
            .map(|name| {
                let found = find(name);
                if found.is_none() {
                    let known = self.columns.iter().flatten().map(|column| column.decl.name.as_str());
                    diagnostics.push(header.unnamed(name, what, near_miss(name, known)));
                }
                found
            })
            .collect();
        places.into_iter().collect()
    }
}

/// A header, for messages about it.
struct Header<'h> {
    file: &'h str,
    text: &'h str,
    line: usize,
    heads: &'h [String],
    /// What messages call it: `header`, or `first row` in JSON.
    what: &'static str,
}

impl<'h> Header<'h> {
    fn of(file: &'h str, reader: &'h dyn RecordReader) -> Self {
        let dialect = reader.dialect();
        let what = match dialect.format {
            RowFormat::Csv => "header",
            RowFormat::JsonLines => "first row",
        };
        let heads = &reader.heads()[..dialect.columns];
        Self { file, text: &dialect.header, line: reader.header_line(), heads, what }
    }

    /// The place of a head, or of the whole header.
    fn place(&self, head: Option<&str>) -> Place {
        let line = self.text.lines().next().unwrap_or_default();
        let span = head.and_then(|head| line.rfind(head).map(|at| Span::new(at, at + head.len())));
        Place::in_line(self.file, self.line, line, span.unwrap_or(Span::new(0, line.len())))
    }

    fn check_unique(&self, diagnostics: &mut Diagnostics) -> bool {
        let mut seen = HashMap::new();
        let mut unique = true;
        self.check_looks(diagnostics);
        for (index, head) in self.heads.iter().enumerate().filter(|(_, head)| !head.is_empty()) {
            if let Some(first) = seen.insert(head, index) {
                let message = format!("The header names `{head}` twice, in columns {} and {}", first + 1, index + 1);
                let help = "Give each column a name of its own, or delete one";
                diagnostics
                    .push(Diagnostic::error("bad-header", message).at(self.place(Some(head)), "again").help(help));
                unique = false;
            }
        }
        unique
    }

    /// Warns of two heads that look the same and differ in characters that are hard to see.
    fn check_looks(&self, diagnostics: &mut Diagnostics) {
        let mut looks: HashMap<_, &String> = HashMap::new();
        for head in self.heads.iter().filter(|head| !head.is_empty()) {
            let Some(other) = looks.insert(visual_form(head), head) else { continue };
            let Some(difference) = hidden_difference(head, other) else { continue };
            let message = format!("The header names `{head}` twice, as it looks; {difference}");
            let help = "A template sees but one of the two: give each column a name of its own";
            diagnostics.push(Diagnostic::warning("alike-key", message).at(self.place(Some(head)), "again").help(help));
        }
    }

    /// A column renamed with `from` must not take the name of another head.
    fn check_names(&self, columns: &[Option<BoundColumn>], diagnostics: &mut Diagnostics) -> bool {
        let mut sound = true;
        for renamed in columns.iter().flatten().filter(|column| column.decl.from.is_some()) {
            let name = &renamed.decl.name;
            if columns.iter().flatten().any(|other| !other.declared && other.decl.name == *name) {
                let message = format!(
                    "The column `{name}` reads the head `{}`, and another head is named `{name}`",
                    renamed.decl.head()
                );
                let help = "Rename the column in the playbook, or declare the other one under another name with `from`";
                diagnostics.push(Diagnostic::error("bad-header", message).at(self.place(Some(name)), "").help(help));
                sound = false;
            }
        }
        sound
    }

    /// The error for declared columns that the file lacks: one message for all of them.
    fn all_missing(&self, decls: &[&ColumnDecl]) -> Option<Diagnostic> {
        let known = || self.heads.iter().map(String::as_str).filter(|head| !head.is_empty());
        let meant =
            |decl: &ColumnDecl| near_miss(decl.head(), known()).map(|near| format!("`{}` is `{near}`", decl.head()));
        match decls {
            [] => None,
            [decl] => Some(self.missing(decl.head(), &format!("The column `{}`", decl.name))),
            several => {
                let names: Vec<String> = several.iter().map(|decl| format!("`{}`", decl.head())).collect();
                let message =
                    format!("{} declared columns are not in the {}: {}", names.len(), self.what, names.join(", "));
                let near: Vec<String> = several.iter().filter_map(|decl| meant(decl)).collect();
                let help = match near.as_slice() {
                    [] => self.help_of_names(),
                    near => format!("{}; perhaps {}", self.help_of_names(), near.join(", ")),
                };
                let place = self.place(None);
                let label = format!("the {}", self.what);
                Some(Diagnostic::error("missing-column", message).at(place, label).help(help))
            }
        }
    }

    fn missing(&self, head: &str, what: &str) -> Diagnostic {
        let known = self.heads.iter().map(String::as_str).filter(|head| !head.is_empty());
        self.unnamed(head, what, near_miss(head, known))
    }

    fn unnamed(&self, name: &str, what: &str, near: Option<&str>) -> Diagnostic {
        let help = match near {
            Some(near) => did_you_mean_key(name, near),
            None => self.help_of_names(),
        };
        let message = format!("{what} is not in the {}: no column is named `{name}`", self.what);
        Diagnostic::error("missing-column", message).at(self.place(None), format!("the {}", self.what)).help(help)
    }

    /// A help that lists the names in the header, and what may be wrong if there is only one.
    fn help_of_names(&self) -> String {
        if self.heads.len() == 1 && self.what == "header" {
            return format!(
                "The header names {} alone: lines above the header, such as a title, have to be taken out; cells that \
                 run together need their `delimiter:`",
                self.listed()
            );
        }
        format!("The {} names {}", self.what, self.listed())
    }

    fn listed(&self) -> String {
        const SHOWN: usize = 20;
        let mut names: Vec<String> =
            self.heads.iter().filter(|head| !head.is_empty()).take(SHOWN).map(|head| format!("`{head}`")).collect();
        if self.heads.len() > SHOWN {
            names.push("…".to_owned());
        }
        names.join(", ")
    }
}
