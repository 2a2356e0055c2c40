//! What the fuzz targets hold of every reader holds for each seed of their corpus, finds included; and the targets are
//! all there.

#[path = "../fuzz/readers/mod.rs"]
mod readers;

use std::fs;
use std::path::PathBuf;

use runsheet::internals::model::Word;
use runsheet::internals::rows::ResultColumn;

use crate::program::root;

/// The most that the whole corpus may weigh, in bytes.
const LARGEST_CORPUS: u64 = 1 << 20;

fn seeds(reader: &str) -> Vec<PathBuf> {
    let folder = root().join("fuzz/corpus").join(reader);
    let mut seeds: Vec<PathBuf> =
        fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{} holds no seed", folder.display());
    seeds
}

fn every_seed_holds(reader: &str) {
    for seed in seeds(reader) {
        println!("{}", seed.display());
        readers::holds(reader, &fs::read(&seed).unwrap());
    }
}

macro_rules! readers {
    ($($reader:ident),*) => {
        $(#[test]
        fn $reader() {
            every_seed_holds(stringify!($reader));
        })*

        #[test]
        fn every_reader_has_a_target_and_a_test() {
            let names = readers::READERS.map(|(name, _)| name);
            assert_eq!(names, [$(stringify!($reader)),*]);
            let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
            for name in names {
                assert!(manifest.contains(&format!("path = \"targets/{name}.rs\"")), "{name}");
                let target = fs::read_to_string(root().join(format!("fuzz/targets/{name}.rs"))).unwrap();
                assert!(target.contains(&format!("readers::holds(\"{name}\", data)")), "{name}");
            }
        }
    };
}

readers! { playbook, settings, provider, template, csv, xlsx, journal }

#[test]
fn the_words_of_row_files_have_the_result_columns() {
    let columns: Vec<&str> = ResultColumn::TABLE.iter().map(|(word, _)| *word).collect();
    let words = fs::read_to_string(root().join("fuzz/words/rows.dict")).unwrap();
    let header = format!("\"{}\"", columns.join(","));
    assert!(words.lines().any(|line| line == header), "no line of fuzz/words/rows.dict is {header}");
}

#[test]
fn the_corpus_stays_small() {
    let names = readers::READERS.map(|(name, _)| name);
    let size: u64 = names.iter().flat_map(|name| seeds(name)).map(|seed| fs::metadata(seed).unwrap().len()).sum();
    assert!(size < LARGEST_CORPUS, "{size} bytes");
}
