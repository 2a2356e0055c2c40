//! Holds the shape that `lib.rs` promises: floors that import downwards only, small declaring
//! `mod.rs` files, vendors as data.

mod folders;
mod map;
mod paths;
mod strip;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use paths::paths;
use strip::strip;
use tokens::tokens;

/// Words that would make a vendor code instead of data.
const VENDOR_WORDS: &[&str] = &["tencent", "fxiaoke", "sharecrm", "arctos", "esignon", "essbasic"];

struct File {
    path: PathBuf,
    text: String,
}

impl File {
    /// The module path, such as `["rows", "csv"]`; empty for `lib.rs` and `main.rs`.
    fn module(&self) -> Vec<String> {
        let mut parts: Vec<String> =
            self.path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
            parts.pop();
        }
        parts
    }

    fn shown(&self) -> String {
        format!("src/{}", self.path.display())
    }
}

fn sources() -> Vec<File> {
    fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push(File { path: path.strip_prefix(root).unwrap().to_path_buf(), text });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &root, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The floors in the order of the table in `lib.rs`.
fn floors() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    text.lines()
        .filter_map(|line| line.strip_prefix("//! | `")?.split_once("` |"))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// What is wrong with one file's imports, given the floors' order.
fn upward(file: &File, floors: &[String]) -> Vec<String> {
    let rank = |name: &str| floors.iter().position(|floor| floor == name);
    let module = file.module();
    let Some(own) = module.first() else { return Vec::new() };
    let own_rank = rank(own).unwrap_or_else(|| panic!("{}: `{own}` is not in the table of lib.rs", file.shown()));
    let text = strip(&file.text);
    let found = paths(&tokens(&text), &module, &[]);
    found
        .into_iter()
        .filter_map(|path| {
            let line = path.line;
            // `crate` itself, `crate::*` and names at the root are no floors.
            let target = path.names.first().map_or("the root itself", String::as_str);
            match rank(target) {
                Some(target_rank) if target_rank <= own_rank => None,
                Some(_) => Some(format!("{}:{line}: `{own}` imports `{target}`, which stands above it", file.shown())),
                None => Some(format!("{}:{line}: `{own}` reaches `{target}` at the crate's root", file.shown())),
            }
        })
        .collect()
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn an_upward_import_is_found_however_it_is_written() {
    let floors: Vec<String> = ["model", "rows", "cli"].map(str::to_owned).to_vec();
    let judge =
        |path: &str, text: &str| upward(&File { path: PathBuf::from(path), text: text.to_owned() }, &floors).len();
    assert_eq!(judge("model/a.rs", "use crate::rows::Row;"), 1);
    assert_eq!(judge("model/a.rs", "use crate::{model::x, rows::{self, Row}, cli};"), 3);
    assert_eq!(judge("model/a.rs", "fn f() { let x = crate::cli::main(); }"), 1);
    assert_eq!(judge("model/a.rs", "use super::super::rows::Row;"), 1);
    assert_eq!(judge("model/mod.rs", "use super::cli;"), 1);
    assert_eq!(judge("model/a.rs", "mod tests { use super::super::super::{model, cli}; }"), 1);
    assert_eq!(judge("model/a/b.rs", "pub use self::super::super::super::rows;"), 1);
    assert_eq!(judge("model/a.rs", "use crate::*;"), 1);
    assert_eq!(judge("model/a.rs", "use crate as it;"), 1);
    assert_eq!(judge("model/a.rs", "use crate::{\n    // rows\n    cli as c,\n};"), 1);
    assert_eq!(judge("rows/a.rs", "use crate::model::Value; use super::x; pub(crate) fn f() {}"), 0);
    assert_eq!(judge("rows/a.rs", "mod tests { use super::*; use super::super::sibling; }"), 0);
    assert_eq!(judge("rows/a.rs", "/// [`crate::cli`]\nconst X: &str = \"crate::cli\"; // crate::cli"), 0);
    assert_eq!(judge("rows/a.rs", "const X: &str = r#\"\" crate::cli \"#; const C: char = '\"'; use crate::cli;"), 1);
}

#[test]
fn imports_point_downwards() {
    let floors = floors();
    let problems: Vec<String> = sources().iter().flat_map(|file| upward(file, &floors)).collect();
    none(&problems);
}

#[test]
fn folders_form_no_circle() {
    none(&folders::circles(&sources()));
}

#[test]
fn a_circle_of_folders_is_found_however_it_is_written() {
    let circles = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(path, text)| File { path: PathBuf::from(path), text: (*text).to_owned() });
        folders::circles(&files.collect::<Vec<_>>()).len()
    };
    let around = |back: &str, face: &str| {
        circles(&[
            ("rows/mod.rs", face),
            ("rows/csv/mod.rs", "mod reader; pub use reader::Reader;"),
            ("rows/csv/reader.rs", back),
            ("rows/keys/mod.rs", "mod index; pub(crate) use index::{Index, other as renamed};"),
            ("rows/keys/index.rs", "use crate::rows::csv::Reader; pub struct Index; pub fn other() {}"),
        ])
    };
    let face = "mod csv; mod keys; pub use self::keys::Index as Known; pub use csv::{Reader};";
    for back in [
        "use crate::rows::keys::Index;",
        "use super::super::keys::{self, Index};",
        "use super::super::{keys::index::Index, csv};",
        "fn f() { super::super::keys::renamed(); }",
        "use crate::rows::Known;",
        "use crate::{model, rows::{Known as K, csv}};",
        "mod inner { use super::super::super::keys::*; }",
        "#[cfg(test)] mod tests { use super::*; } use super::super::keys;",
    ] {
        assert_ne!(around(back, face), 0, "{back}");
    }
    for innocent in [
        "",
        "// use crate::rows::keys::Index;",
        "#[cfg(test)] mod tests { use crate::rows::keys::Index; }",
        "#[cfg(test)] use crate::rows::keys::{Index};",
        "use crate::rows::csv::Reader; use super::Reader as R;",
        "use crate::rows::Elsewhere; use keys::Index; use std::{fs, rows::keys};",
    ] {
        assert_eq!(around(innocent, face), 0, "{innocent}");
    }
    assert_ne!(around("use crate::rows::Index;", "mod csv; mod keys; pub use keys::index::*;"), 0);
    // A folder and what stands in it are one line; a circle over three folders is one.
    let line = [("a/b/mod.rs", "mod c; use crate::a::b::c::C;"), ("a/b/c/mod.rs", "mod d; pub use d::C;")];
    assert_eq!(circles(&[line[0], line[1], ("a/b/c/d.rs", "use crate::a::b; pub struct C;")]), 0);
    let three =
        [("a/x/i.rs", "use crate::a::y::i;"), ("a/y/i.rs", "use crate::a::z::i;"), ("a/z/i.rs", "use crate::a::x::i;")];
    assert_eq!(circles(&three), 4);
}

#[test]
fn the_map_in_lib_rs_is_the_tree() {
    let mut listed = floors();
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let declared: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("mod "))?.strip_suffix(';'))
        .collect();
    let mut folders: Vec<String> = sources().iter().filter_map(|file| file.module().first().cloned()).collect();
    folders.dedup();
    listed.sort();
    assert_eq!(listed, folders, "the table of lib.rs and the folders of src/");
    assert_eq!(listed, declared, "the table of lib.rs and its modules");
}

/// `UPDATE_MAP=1` writes the map anew.
#[test]
fn the_map_in_contributing_is_the_tree() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(map::FENCES[0]).expect("CONTRIBUTING.md has a map");
    let (shown, after) = rest.split_once(map::FENCES[1]).expect("the map ends");
    let map = map::map(&sources(), &floors());
    if std::env::var_os("UPDATE_MAP").is_some() {
        fs::write(&path, [before, map::FENCES[0], &map, map::FENCES[1], after].concat()).unwrap();
    } else {
        assert!(shown == map, "folders or their heads have changed: UPDATE_MAP=1 writes the map anew");
    }
}

/// Names in capitals stand for names of a contributor's own.
#[test]
fn contributing_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf();
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let quoted = text.split('`').skip(1).step_by(2);
    let paths =
        quoted.filter(|word| ["src/", "tests/", "schemas/", "docs/", "fuzz/"].iter().any(|at| word.starts_with(at)));
    let given = |path: &&str| !path.contains(|c: char| c.is_ascii_uppercase() || c == '*' || c == ' ');
    let missing: Vec<String> = paths
        .filter(given)
        .filter(|path| !root.join(path).exists())
        .map(|path| format!("CONTRIBUTING.md names `{path}`, which does not exist"))
        .collect();
    none(&missing);
}

#[test]
fn vendors_are_data() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/providers");
    let mut words: Vec<String> = VENDOR_WORDS.iter().map(|&word| word.to_owned()).collect();
    for entry in fs::read_dir(schemas).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "http" && !words.contains(&name) {
            words.push(name);
        }
    }
    let mut problems = Vec::new();
    for file in sources().iter().filter(|file| !file.path.starts_with("sandbox")) {
        for (number, line) in file.text.lines().enumerate() {
            let lower = line.to_lowercase();
            for word in words.iter().filter(|word| lower.contains(word.as_str())) {
                problems.push(format!("{}:{}: names the vendor `{word}`", file.shown(), number + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn every_file_says_what_it_is_for() {
    let problems: Vec<String> = sources()
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| format!("{}: does not open with `//!`", file.shown()))
        .collect();
    none(&problems);
}

#[test]
fn mod_files_declare_and_main_is_thin() {
    let mut problems = Vec::new();
    for file in sources().iter().filter(|file| file.path.ends_with("mod.rs")) {
        for (number, line) in strip(&file.text).lines().enumerate() {
            let holds = |word: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|found| found == word);
            if let Some(word) = ["fn", "struct", "enum", "trait", "impl", "static", "union"].iter().find(|w| holds(w)) {
                problems.push(format!("{}:{}: `{word}` in a mod.rs", file.shown(), number + 1));
            }
        }
    }
    let files = sources();
    let main = files.iter().find(|file| file.path.ends_with("main.rs")).unwrap();
    if main.text.lines().count() >= 40 {
        problems.push("src/main.rs: 40 lines or more".to_owned());
    }
    none(&problems);
}

#[test]
fn use_cases_know_no_command_line() {
    let banned =
        ["clap", "anyhow", "indicatif", "println!", "print!", "eprintln!", "eprint!", "ExitCode", "process::exit"];
    let mut problems = Vec::new();
    for file in sources().iter().filter(|file| file.path.starts_with("operate")) {
        for (number, line) in strip(&file.text).lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(*word)) {
                problems.push(format!("{}:{}: `{word}` belongs into `cli`", file.shown(), number + 1));
            }
        }
    }
    none(&problems);
}

/// What prints goes through one place, which lets nothing through that a terminal or a CI system would act upon.
#[test]
fn nothing_prints_but_the_screen() {
    let allowed = [
        ("cli/output/screen.rs", "::stdout()"),
        ("cli/output/screen.rs", "::stderr()"),
        ("cli/output/progress/canvas.rs", "::stderr()"),
        ("cli/output/prompt.rs", "::stderr()"),
        // Only asks whether it is a terminal.
        ("io/system/key_mode.rs", "::stderr()"),
        ("io/event_log/target.rs", "::stdout()"),
    ];
    let mut found = Vec::new();
    for file in sources() {
        let text = strip(&file.text);
        for word in ["println!", "eprintln!", "print!(", "eprint!(", "dbg!", "::stdout()", "::stderr()"] {
            if text.contains(word) && !allowed.contains(&(file.path.to_string_lossy().as_ref(), word)) {
                found.push(format!("{}: `{word}`", file.shown()));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
