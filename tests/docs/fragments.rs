//! Parts of files that a page shows, read: each is put into the smallest file of its kind.
//!
//! | kind | what the block holds |
//! |---|---|
//! | `playbook` | keys of a playbook, such as `waves:` and `stop_when:` |
//! | `step`, `steps` | one or more steps (`- id: …`), or keys of one step |
//! | `rows` | keys below `rows:` |
//! | `column`, `columns` | entries below `columns:` |
//! | `list`, `lists` | entries below `lists:` |
//! | `vars`, `results` | entries below these keys |
//! | `settings` | keys of `runsheet.yaml` |
//! | `environment` | entries below `environments:` |
//! | `connection` | entries below `connections:` |
//! | `test`, `tests` | keys of a test file, or tests (`- name: …`) |
//! | `provider` | keys of a `provider.yaml` |
//! | `operation` | keys of an operation's file |
//! | `map:NAME` | a map of the language, such as `map:column`; `runsheet explain NAME` explains it |
//! | `other` | a file of another program: it has to be YAML, and that is all that is checked |
//!
//! Names that a part uses and does not define (`row.phone`, `vars.zone`, `steps.task.outputs.task_num`) are defined around
//! it, so that a page need not. Names that exist nowhere are still found: inputs, outputs, helpers, keys, operations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::playbook::{self, RowsDecl};
use runsheet::internals::provider::{Operation, ProviderFile, Registry};
use runsheet::internals::settings::Settings;
use runsheet::internals::{testing, yaml};

use crate::program::TestFolder;

/// Reads a part of a file.
///
/// # Errors
/// What the program says about it.
pub(super) fn mistakes_in(kind: &str, text: &str) -> Result<(), String> {
    let below = |parents: &[&str], root: fn(&str) -> Result<(), String>| root(&nested(parents, text));
    match kind {
        "playbook" => read_playbook(text),
        "step" | "steps" => read_playbook(&steps(text)),
        "rows" => below(&["rows"], read_playbook),
        "column" | "columns" => below(&["rows", "columns"], read_playbook),
        "list" | "lists" => below(&["rows", "lists"], read_playbook),
        "vars" => below(&["vars"], read_playbook),
        "results" => below(&["results"], read_playbook),
        "settings" => read_settings(text),
        "environment" => below(&["environments"], read_settings),
        "connection" => below(&["environments", "fragment", "connections"], read_settings),
        "test" | "tests" => read_test(text),
        "provider" => read_provider(text),
        "operation" => read_operation(text),
        "other" => read_yaml(text),
        _ if kind.starts_with("map:") => read_map(&kind["map:".len()..], text),
        _ => Err(format!("`{kind}` is no kind of fragment; tests/docs/fragments.rs lists them")),
    }
}

/// Reads a map of the language at the first place where it may stand.
fn read_map(name: &str, text: &str) -> Result<(), String> {
    use crate::language::documents;
    let place = runsheet::internals::language::every_place().iter().find(|place| place.map.name == name);
    let place = place.ok_or_else(|| format!("the language has no map `{name}`"))?;
    let errors = documents::read(place.file, &documents::document(place, documents::yaml(text))).errors;
    if errors.is_empty() { Ok(()) } else { Err(format!("{errors:?}")) }
}

/// The keys that stand at the left edge.
fn keys(text: &str) -> BTreeSet<&str> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^([A-Za-z_]+):").unwrap());
    KEY.captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect()
}

/// The text below its parents' keys, as far as it does not begin with them itself.
fn nested(parents: &[&str], text: &str) -> String {
    let own = keys(text);
    let missing = parents.iter().position(|parent| own.contains(parent)).unwrap_or(parents.len());
    let mut whole = String::new();
    for (depth, parent) in parents[..missing].iter().enumerate() {
        writeln!(whole, "{}{parent}:", "  ".repeat(depth)).unwrap();
    }
    for line in text.lines() {
        writeln!(whole, "{}{line}", "  ".repeat(missing)).unwrap();
    }
    whole
}

/// A playbook's key `steps` with these steps, or with one that has these keys.
fn steps(text: &str) -> String {
    if keys(text).contains("steps") {
        return text.to_owned();
    }
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    if first.is_some_and(|line| line.starts_with("- ")) {
        return nested(&["steps"], text);
    }
    let own = keys(text);
    let mut step = String::from("- id: fragment\n");
    if own.contains("id") {
        step = "- \n".to_owned();
    }
    if !own.contains("uses") {
        step.push_str("  uses: http.request\n");
        if !own.contains("with") {
            step.push_str("  with: { method: GET, path: /fragment }\n");
        }
    }
    for line in text.lines() {
        writeln!(step, "  {line}").unwrap();
    }
    nested(&["steps"], &step)
}

/// The names behind a word such as `row.` in the templates of a text.
fn names(word: &str, text: &str) -> BTreeSet<String> {
    let plain = Regex::new(&format!(r"\b{word}\.(?:\[([^\]]+)\]|([\p{{L}}_][\p{{L}}\p{{N}}_]*))")).unwrap();
    let found = plain.captures_iter(text).filter_map(|found| found.get(1).or_else(|| found.get(2)));
    found.map(|name| name.as_str().to_owned()).collect()
}

/// Columns that hold a list, because a step goes through them.
fn listed(text: &str) -> BTreeSet<String> {
    static LIST: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"(?:for_each|\$each): *"?\{\{ *(row\.[^ }]+)"#).unwrap());
    LIST.captures_iter(text).flat_map(|found| names("row", &found[1])).collect()
}

/// Steps for the names `steps.ID` that a text uses and does not define.
fn earlier_steps(text: &str) -> String {
    static OUTPUT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\bsteps\.([a-z0-9_]+)(?:\.outputs\.(\w+))?").unwrap());
    let mut made = String::new();
    let mut known = BTreeSet::new();
    for found in OUTPUT.captures_iter(text) {
        let id = &found[1];
        let defined = Regex::new(&format!(r"\bid: *{id}\b")).unwrap();
        if defined.is_match(text) || !known.insert(id.to_owned()) {
            continue;
        }
        let outputs: BTreeSet<&str> = OUTPUT
            .captures_iter(text)
            .filter(|other| &other[1] == id)
            .filter_map(|it| Some(it.get(2)?.as_str()))
            .collect();
        let fits =
            |operation: &Operation| outputs.iter().all(|output| operation.outputs.iter().any(|it| it.name == *output));
        made.extend(example_step(id, fits));
    }
    made
}

/// The example of the first built-in operation that fits, as a step of its own.
fn example_step(id: &str, fits: impl Fn(&Operation) -> bool) -> Option<String> {
    let operation = Registry::builtin().operations().find(|operation| fits(operation))?;
    let with = serde_json::to_string(&operation.examples[0].inputs).unwrap();
    Some(format!("  - {{ id: {id}, uses: {}, with: {with} }}\n", operation.full_name()))
}

/// Steps that count the effects of a playbook's `budget`.
fn counted_steps(text: &str) -> String {
    static BUDGET: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^budget:(?: *\{([^}]*)\}|((?:\n +\w+:.*)+))").unwrap());
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\w+):").unwrap());
    let Some(budget) = BUDGET.captures(text) else { return String::new() };
    let words = WORD.captures_iter(budget.get(1).or_else(|| budget.get(2)).unwrap().as_str());
    let step = |found: regex::Captures<'_>| {
        let counts =
            |operation: &Operation| operation.dangers.iter().any(|it| it.counts_as.as_deref() == Some(&found[1]));
        example_step(&format!("counts_{}", &found[1]), counts)
    };
    words.filter_map(step).collect()
}

fn read_playbook(text: &str) -> Result<(), String> {
    let own = keys(text);
    let mut whole = text.to_owned();
    if !own.contains("name") {
        whole.insert_str(0, "name: Fragment\n");
    }
    let earlier = earlier_steps(text);
    if own.contains("steps") {
        whole = whole.replacen("steps:\n", &format!("steps:\n{earlier}"), 1);
    } else {
        let step = "  - { id: fragment, uses: http.request, with: { method: GET, path: /fragment } }";
        write!(whole, "\nsteps:\n{earlier}{}{step}\n", counted_steps(text)).unwrap();
    }
    if !own.contains("vars") {
        let vars = names("vars", text);
        if !vars.is_empty() {
            whole.push_str("\nvars:\n");
            vars.iter().for_each(|name| writeln!(whole, "  {name}: \"1\"").unwrap());
        }
    }
    let used = names("row", text);
    let lists = listed(text);
    if !own.contains("rows") {
        let key = used.iter().find(|name| !lists.contains(*name)).map_or("key", String::as_str);
        writeln!(whole, "\nrows:\n  from: rows.csv\n  key: {}", serde_json::to_string(key).unwrap()).unwrap();
        if !lists.is_empty() {
            whole.push_str("  columns:\n");
            for name in &lists {
                writeln!(whole, "    {}: {{ type: json }}", serde_json::to_string(name).unwrap()).unwrap();
            }
        }
    } else if !Regex::new(r"(?m)^ +key:|[{,] *key:").unwrap().is_match(text) {
        whole = Regex::new(r"(?m)^rows:\n( *)").unwrap().replace(&whole, "rows:\n${1}key: key\n$1").into_owned();
    }
    let folder = TestFolder::new();
    folder.write("playbook.yaml", &whole);
    let mut line = "check playbook.yaml".to_owned();
    let decl = playbook::read(&Source::new("playbook.yaml", whole.clone()), &mut Diagnostics::default())
        .and_then(|playbook| playbook.rows);
    if let Some(decl) = decl {
        line += &empty_files(&decl, &used, text, folder.path());
    }
    let came = folder.run(&line);
    match came.code {
        0 => Ok(()),
        _ => Err(format!("{}\nin:\n{whole}", came.err)),
    }
}

/// Writes files with heads alone for the rows and the lists, and gives the options that name them.
fn empty_files(decl: &RowsDecl, used: &BTreeSet<String>, text: &str, folder: &Path) -> String {
    let head = |names: BTreeSet<String>| {
        let cells: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        format!("{}\n", cells.join(","))
    };
    let declared = |column: &str| decl.columns.iter().find(|it| it.name == column).map(|it| it.head().to_owned());
    let mut rows: BTreeSet<String> = decl.columns.iter().map(|column| column.head().to_owned()).collect();
    let lists: BTreeSet<&str> = decl.lists.iter().map(|list| list.name.as_str()).collect();
    let ties = decl.lists.iter().flat_map(|list| &list.matches).map(|tie| &tie.row.value);
    let further = used.iter().chain(decl.key.iter().map(|key| &key.value)).chain(ties);
    for name in further.filter(|name| !lists.contains(name.as_str())) {
        rows.insert(declared(name).unwrap_or_else(|| name.clone()));
    }
    std::fs::write(folder.join("empty-rows.csv"), head(rows)).unwrap();
    let mut options = " --rows empty-rows.csv".to_owned();
    for list in &decl.lists {
        let mut columns: BTreeSet<String> = list.columns.iter().map(|column| column.head().to_owned()).collect();
        let known = |name: &str| list.columns.iter().any(|column| column.name == name);
        columns.extend(names("item", text).into_iter().filter(|name| !known(name)));
        columns.extend(list.matches.iter().map(|tie| tie.list.value.clone()).filter(|name| !known(name)));
        std::fs::write(folder.join(format!("empty-{}.csv", list.name)), head(columns)).unwrap();
        write!(options, " --rows {0}=empty-{0}.csv", list.name).unwrap();
    }
    options
}

/// What is wrong, as a person sees it; nothing if only warnings were found.
fn verdict(found: &Diagnostics, whole: &str) -> Result<(), String> {
    match found.has_errors() {
        true => Err(format!("{}\nin:\n{whole}", found.render(false, 100))),
        false => Ok(()),
    }
}

fn read_settings(text: &str) -> Result<(), String> {
    let mut found = Diagnostics::default();
    let settings = Settings::read(Path::new("runsheet.yaml"), text, &mut found);
    let registry = Registry::builtin();
    settings.environments(registry, Vec::new(), &mut found);
    verdict(&found, text)
}

fn read_test(text: &str) -> Result<(), String> {
    let mut whole = if text.trim_start().starts_with("- ") { nested(&["tests"], text) } else { text.to_owned() };
    if !keys(&whole).contains("tests") {
        whole.push_str("\ntests: [{ name: Fragment, rows: [], expect: { requests: [] } }]\n");
    }
    let mut found = Diagnostics::default();
    testing::read(&Source::new("fragment.test.yaml", whole.clone()), &mut found);
    verdict(&found, &whole)
}

const PROVIDER: &[(&str, &str)] = &[
    ("title", "title: Fragment"),
    ("base_url", "base_url: https://api.fragment.example"),
    ("auth", "auth: { scheme: connection }"),
    ("answer", "answer: { any_body: true, otherwise: rejected }"),
];

const OPERATION: &[(&str, &str)] = &[
    ("summary", "summary: A fragment"),
    ("vendor_name", "vendor_name: fragmentCall"),
    ("effect", "effect: write"),
    ("method", "method: POST"),
    ("path", "path: /fragment"),
    ("repeat", "repeat: never"),
    ("inputs", "inputs: { properties: {} }"),
    (
        "examples",
        "examples: [{ name: a fragment, with: {}, request: { path: /fragment }, answers: [{ status: 200, body: \"{}\", is: succeeded }] }]",
    ),
];

fn completed(text: &str, lines: &[(&str, &str)]) -> String {
    let own = keys(text);
    let missing = lines.iter().filter(|(key, _)| !own.contains(key)).map(|(_, line)| *line);
    std::iter::once(text).chain(missing).collect::<Vec<_>>().join("\n")
}

fn read_provider(text: &str) -> Result<(), String> {
    read_files(completed(text, PROVIDER), completed("", OPERATION))
}

fn read_operation(text: &str) -> Result<(), String> {
    read_files(completed("", PROVIDER), completed(text, OPERATION))
}

fn read_files(provider: String, operation: String) -> Result<(), String> {
    let mut found = Diagnostics::default();
    let whole = format!("{provider}\n---\n{operation}");
    let file = |name: &str, text: String| ProviderFile { path: format!("fragment/{name}.yaml"), text };
    let files = vec![file("provider", provider), file("call", operation)];
    Registry::builtin().with(files, &mut found);
    verdict(&found, &whole)
}

/// The examples of providers' files on a page that do not hold: `PROVIDER/provider.yaml` and the operations beside it, or
/// an operation that is added to a built-in provider. The last file of a name counts.
pub(super) fn failing_examples<'p>(files: impl Iterator<Item = (&'p str, &'p str)>) -> Vec<String> {
    let mut found: BTreeMap<String, ProviderFile> = BTreeMap::new();
    for (name, text) in files {
        let parts: Vec<&str> = name.rsplit('/').collect();
        let own = keys(text);
        let of_provider = own.contains("auth") && own.contains("answer") || own.contains("examples");
        if let [file, provider, ..] = parts[..]
            && of_provider
        {
            let path = format!("{provider}/{file}");
            found.insert(path.clone(), ProviderFile { path, text: text.to_owned() });
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let providers: BTreeSet<String> =
        found.keys().filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect();
    let mut told = Diagnostics::default();
    match Registry::builtin().with(found.into_values().collect(), &mut told) {
        Some(registry) => {
            let shown = registry.operations().filter(|operation| providers.contains(&operation.provider.name));
            shown.flat_map(|operation| operation.example_failures()).collect()
        }
        None => vec![told.render(false, 100)],
    }
}

fn read_yaml(text: &str) -> Result<(), String> {
    let mut found = Diagnostics::default();
    yaml::parse(&Source::new("fragment.yaml", text), &mut found);
    verdict(&found, text)
}
