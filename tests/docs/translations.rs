//! Translated pages, in step with their English pages.
//!
//! A page below `docs/zh` has the place of its English page below `docs`: `docs/zh/start/first-run.md` translates
//! `docs/start/first-run.md`. `README.zh.md` and `README.ja.md` translate `README.md`. A translation has what its English
//! page has: headings, paragraphs, lists, tables and blocks in the same order, the same links, and every piece of code
//! that stands in a sentence. A link to a page that is translated leads to the translation.
//!
//! Translated pages are not run. Their blocks are those of the English page, byte for byte, and that page is run. Three
//! things inside a block may be translated, because nothing that a page prints depends on them: a comment, and the words
//! behind `name:` and `description:` that no `sh` or `text` block of the page repeats.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::blocks::{Block, Mark, blocks};
use super::links::{anchor_list, whole};
use super::pages::{README, TRANSLATED_README, manual, translated};
use crate::program::root;

/// The start of a comment that a program reads.
const READ_COMMENT: &str = "# yaml-language-server:";

/// A page with its place in the repository.
#[derive(Debug, Clone)]
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn read(path: &Path) -> Self {
        Self { path: path.to_owned(), text: fs::read_to_string(root().join(path)).unwrap() }
    }
}

/// The English page of a translated one.
fn original(page: &Path) -> PathBuf {
    match page.strip_prefix("docs/zh") {
        Ok(rest) => Path::new("docs").join(rest),
        Err(_) => PathBuf::from(README),
    }
}

/// The translation of an English page that is reached from a page; `None` if there is none.
fn translation(english: &Path, from: &Path, exists: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    // Readers of Japanese get the English manual.
    if from == Path::new(TRANSLATED_README[1]) {
        return None;
    }
    let translation = Path::new("docs/zh").join(english.strip_prefix("docs").ok()?);
    exists(&translation).then_some(translation)
}

/// What a page consists of, from top to bottom.
fn parts(text: &str) -> Vec<String> {
    let mut blocks = blocks(text).into_iter();
    let mut parts = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => parts.push(format!("heading {level}")),
            Event::Start(Tag::Paragraph) => parts.push("paragraph".to_owned()),
            Event::Start(Tag::Item) => parts.push("item".to_owned()),
            Event::Start(Tag::TableHead | Tag::TableRow) => parts.push("row of a table".to_owned()),
            Event::Start(Tag::CodeBlock(_)) => {
                parts.push(format!("block `{}`", blocks.next().unwrap().words.join(" ")))
            }
            _ => {}
        }
    }
    parts
}

/// The first difference of two lists, in words.
fn first_difference(english: &[String], translated: &[String]) -> Option<String> {
    let at = (0..english.len().max(translated.len())).find(|at| english.get(*at) != translated.get(*at))?;
    let show = |list: &[String]| list.get(at).map_or("nothing", String::as_str).to_owned();
    Some(format!("part {}: {} in English, {} here", at + 1, show(english), show(translated)))
}

/// A line without its comment, unless a program reads the comment.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (c, quote) {
            ('#', None) if before.is_whitespace() && !line[at..].starts_with(READ_COMMENT) => {
                return line[..at].trim_end();
            }
            ('"' | '\'', None) if !before.is_alphanumeric() => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    line.trim_end()
}

/// A line with `…` in place of what people read behind `name:` and `description:`, and these words.
fn without_words(line: &str) -> (String, Vec<String>) {
    let (mut kept, mut rest, mut words) = (String::new(), line, Vec::new());
    loop {
        let found = ["name: ", "description: "].into_iter().filter_map(|key| {
            let at = rest.match_indices(key).map(|(at, _)| at).find(|at| {
                let before = rest[..*at].chars().next_back().or(kept.chars().next_back());
                before.is_none_or(|c| c == ' ' || c == '{')
            })?;
            Some((at, at + key.len()))
        });
        let Some((_, from)) = found.min() else { break };
        let flow = kept.contains('{') || rest[..from].contains('{');
        let value = &rest[from..];
        let end = if flow { value.find([',', '}']).unwrap_or(value.len()) } else { value.len() };
        kept.push_str(&rest[..from]);
        let said = value[..end].trim();
        if value.starts_with(['{', '[']) || said.is_empty() {
            rest = value;
            continue;
        }
        words.push(said.to_owned());
        kept.push('…');
        rest = &value[value[..end].trim_end().len()..];
    }
    (kept + rest, words)
}

/// What a block and its translation differ in.
fn block_difference(english: &Block, translated: &Block, printed: &str) -> Option<String> {
    let what = |mark: &Option<Mark>| if mark == &Some(Mark::Words) { None } else { mark.clone() };
    if what(&english.mark) != what(&translated.mark) || english.mark.is_some() != translated.mark.is_some() {
        return Some("the comment ahead of the block differs".to_owned());
    }
    let code = |block: &Block| ["sh", "yaml"].contains(&block.language());
    if !code(english) {
        return (english.text != translated.text).then(|| "the block differs".to_owned());
    }
    if english.text.lines().count() != translated.text.lines().count() {
        return Some("the block has another number of lines".to_owned());
    }
    english.text.lines().zip(translated.text.lines()).find_map(|(one, other)| {
        let differ = || Some(format!("the block differs:\n  English: {one}\n  here:    {other}"));
        let (bare, bare_other) = (without_comment(one), without_comment(other));
        if english.language() != "yaml" {
            return if bare == bare_other { None } else { differ() };
        }
        let ((shape, words), (shape_other, words_other)) = (without_words(bare), without_words(bare_other));
        let kept =
            words.iter().zip(&words_other).all(|(word, other)| word == other || !printed.contains(word.as_str()));
        if shape == shape_other && kept { None } else { differ() }
    })
}

/// The links of a page, each as the page of the repository and the number of its heading, sorted.
fn links(page: &Page, anchors: impl Fn(&Path) -> Vec<String>, moved: impl Fn(&Path) -> PathBuf) -> Vec<String> {
    let mut links = Vec::new();
    for event in Parser::new_ext(&page.text, Options::ENABLE_TABLES) {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { continue };
        if dest_url.contains("://") {
            links.push(dest_url.to_string());
            continue;
        }
        let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
        let target = match file {
            "" => page.path.clone(),
            file => whole(&page.path.parent().unwrap().join(file)).unwrap(),
        };
        // The READMEs name each other, each all the others.
        if page.path.components().count() == 1 && (is_readme(&target)) {
            continue;
        }
        let heading = match anchor {
            "" => String::new(),
            anchor => match anchors(&target).iter().position(|it| it == anchor) {
                Some(number) => format!(", heading {number}"),
                None => format!(", no heading `{anchor}`"),
            },
        };
        links.push(format!("{}{heading}", moved(&target).display()));
    }
    links.sort();
    links
}

fn is_readme(path: &Path) -> bool {
    [README].iter().chain(&TRANSLATED_README).any(|readme| path == Path::new(readme))
}

/// The pieces of code in the sentences of a page.
fn code_words(text: &str) -> BTreeSet<String> {
    let code = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Code(text) => Some(text.to_string()),
        _ => None,
    });
    code.collect()
}

/// What a translated page lacks or has too much. `read` gives the text of a page that is there.
fn differences(english: &Page, translated: &Page, read: impl Fn(&Path) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(first_difference(&parts(&english.text), &parts(&translated.text)));
    let (blocks_there, blocks_here) = (blocks(&english.text), blocks(&translated.text));
    let shows = |block: &&Block| ["sh", "text"].contains(&block.language());
    let printed: String = blocks_there.iter().filter(shows).map(|block| block.text.as_str()).collect();
    for (there, here) in blocks_there.iter().zip(&blocks_here) {
        found.extend(block_difference(there, here, &printed).map(|what| format!("line {}: {what}", here.line)));
    }
    let anchors = |path: &Path| read(path).map(|text| anchor_list(&text)).unwrap_or_default();
    let moved = |path: &Path| {
        translation(path, &translated.path, |path| read(path).is_some()).unwrap_or_else(|| path.to_owned())
    };
    let (there, here) = (links(english, anchors, moved), links(translated, anchors, Path::to_owned));
    found.extend(first_difference(&there, &here).map(|what| format!("links, sorted: {what}")));
    let here = code_words(&translated.text);
    let lost: Vec<String> = code_words(&english.text).into_iter().filter(|word| !here.contains(word)).collect();
    if !lost.is_empty() {
        found.push(format!("pieces of code that are missing: {lost:?}"));
    }
    found
}

#[test]
fn translated_pages_are_in_step() {
    let pages = manual().into_iter().filter(|page| translated(page)).chain(TRANSLATED_README.map(PathBuf::from));
    let mut found = Vec::new();
    for page in pages {
        let english = original(&page);
        if !root().join(&english).exists() {
            found.push(format!("{}: there is no page {}", page.display(), english.display()));
            continue;
        }
        let read = |path: &Path| fs::read_to_string(root().join(path)).ok();
        let wrong = differences(&Page::read(&english), &Page::read(&page), read);
        found.extend(wrong.iter().map(|what| format!("{} and {}: {what}", page.display(), english.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A reader of any language finds the others at the top of the page.
#[test]
fn every_readme_names_the_others() {
    let all = [README, TRANSLATED_README[0], TRANSLATED_README[1]];
    for readme in all {
        let text = fs::read_to_string(root().join(readme)).unwrap();
        let top = text.lines().take(5).collect::<Vec<_>>().join("\n");
        for other in all.into_iter().filter(|other| *other != readme) {
            assert!(top.contains(&format!("]({other})")), "{readme} does not name {other} at its top");
        }
    }
}

mod the_check_itself {
    use super::*;

    const ENGLISH: &str = r##"# First

Take `check` and [run](other.md#run-it) it.

- one
- two

| a | b |
|---|---|
| c | d |

<!-- file: mine.yaml -->
~~~yaml
# yaml-language-server: $schema=a.json
name: Mine
steps:
  - { id: a, name: Look at it, uses: http.request }   # a comment
columns:
  name: { sensitive: true, description: Its name }
~~~

~~~sh
cat 'a # b'   # shows it
~~~
~~~text
a # b
~~~
"##;

    const CHINESE: &str = r##"# 第一

用 `check`，再[运行](other.md#运行)。

- 一
- 二

| 甲 | 乙 |
|---|---|
| 丙 | 丁 |

<!-- file: mine.yaml -->
~~~yaml
# yaml-language-server: $schema=a.json
name: 我的
steps:
  - { id: a, name: 看一看, uses: http.request }   # 注释
columns:
  name: { sensitive: true, description: 它的名称 }
~~~

~~~sh
cat 'a # b'   # 显示
~~~
~~~text
a # b
~~~
"##;

    fn found(translated: &str) -> Vec<String> {
        let page = |path: &str, text: &str| Page { path: PathBuf::from(path), text: text.replace("~~~", "```") };
        let read = |path: &Path| match path.to_str().unwrap() {
            "docs/start/other.md" => Some("# Other\n\n## Run it\n".to_owned()),
            "docs/zh/start/other.md" => Some("# 另一页\n\n## 运行\n".to_owned()),
            _ => None,
        };
        differences(&page("docs/start/a.md", ENGLISH), &page("docs/zh/start/a.md", translated), read)
    }

    #[track_caller]
    fn finds(from: &str, to: &str, words: &str) {
        assert!(CHINESE.contains(from), "{from}");
        let found = found(&CHINESE.replacen(from, to, 1));
        assert!(found.iter().any(|it| it.contains(words)), "{found:#?}");
    }

    #[test]
    fn a_page_in_step_passes() {
        assert_eq!(found(CHINESE), Vec::<String>::new());
    }

    #[test]
    fn a_missing_or_further_part_is_found() {
        finds("- 二\n", "", "item in English");
        finds("| 丙 | 丁 |\n", "", "row of a table in English");
        finds("# 第一\n", "# 第一\n\n多余的一段。\n", "paragraph here");
        finds("# 第一\n", "## 第一\n", "heading h1 in English, heading h2 here");
        finds("~~~text\na # b\n~~~\n", "", "block `text` in English, nothing here");
    }

    #[test]
    fn a_block_of_other_content_is_found() {
        finds("id: a", "id: b", "the block differs");
        finds("sensitive: true", "sensitive: false", "the block differs");
        finds("$schema=a.json", "$schema=b.json", "the block differs");
        finds("'a # b'", "'a # c'", "the block differs");
        finds("~~~text\na # b", "~~~text\na # c", "the block differs");
        finds("  # 显示\n", "\ntrue\n", "another number of lines");
        finds("file: mine.yaml", "file: yours.yaml", "the comment ahead");
        finds("~~~sh\n", "~~~sh no-run\n", "block `sh` in English, block `sh no-run` here");
    }

    /// What a page prints cannot be translated: the block that shows it would be wrong.
    #[test]
    fn a_translated_name_that_is_printed_is_found() {
        let printed = |text: &str| text.replace("a # b\n~~~", "a # b\nMine: done\n~~~");
        let page = |path: &str, text: String| Page { path: PathBuf::from(path), text: text.replace("~~~", "```") };
        let (english, chinese) =
            (page("docs/start/a.md", printed(ENGLISH)), page("docs/zh/start/a.md", printed(CHINESE)));
        let read = |path: &Path| path.ends_with("other.md").then(|| "## Run it\n\n## 运行\n".to_owned());
        let found = differences(&english, &chinese, read);
        assert!(found.iter().any(|it| it.contains("English: name: Mine")), "{found:#?}");
    }

    #[test]
    fn a_link_elsewhere_is_found() {
        finds("(other.md#运行)", "(../../start/other.md#run-it)", "links, sorted");
        finds("(other.md#运行)", "(other.md)", "links, sorted");
        finds("[运行](other.md#运行)", "运行", "links, sorted");
    }

    #[test]
    fn a_lost_piece_of_code_is_found() {
        finds("`check`", "检查", "[\"check\"]");
    }
}
