//! The blocks of a page, and what the comments ahead of them say.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// What a comment ahead of a block says the block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Written to this file. A `wrong` one must be refused.
    File { name: String, wrong: bool },
    /// A part of a file of this kind. A `wrong` one must be refused.
    Fragment { kind: String, wrong: bool },
    /// What the last `sh` block printed, although other words stand between them.
    Output,
    /// Any other words, such as the reason for `no-run`.
    Words,
}

/// A fenced block of a page.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The line of its fence, from 1.
    pub(super) line: usize,
    /// The words behind the fence: the language, and for `sh` perhaps `no-run`.
    pub(super) words: Vec<String>,
    pub(super) text: String,
    /// The comment ahead of it.
    pub(super) mark: Option<Mark>,
    /// Whether only comments stand between it and the block before.
    pub(super) follows: bool,
}

/// What is to be done with a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    Run,
    Write {
        name: String,
        wrong: bool,
    },
    Read {
        kind: String,
        wrong: bool,
    },
    /// Compare with what this block printed, by its number.
    Compare(usize),
    Nothing,
}

impl Block {
    pub(super) fn language(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// The fenced blocks of a page, from top to bottom.
pub(super) fn blocks(page: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let (mut mark, mut follows) = (None, false);
    for (event, range) in Parser::new_ext(page, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let words = match kind {
                    CodeBlockKind::Fenced(words) => words.split_whitespace().map(str::to_owned).collect(),
                    CodeBlockKind::Indented => Vec::new(),
                };
                let line = page[..range.start].matches('\n').count() + 1;
                open = Some(Block { line, words, text: String::new(), mark: mark.take(), follows });
            }
            Event::End(TagEnd::CodeBlock) => {
                found.extend(open.take());
                follows = true;
            }
            Event::Text(text) if open.is_some() => {
                open.as_mut().unwrap().text.push_str(&text);
            }
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Html(text) => {
                for comment in text.split("<!--").skip(1) {
                    let words = comment.split("-->").next().unwrap().trim();
                    if !words.is_empty() {
                        mark = Some(read_mark(words));
                    }
                }
            }
            _ => {
                mark = None;
                follows = false;
            }
        }
    }
    found
}

fn read_mark(words: &str) -> Mark {
    let named = |rest: &str| {
        let rest = rest.trim();
        match rest.strip_suffix(" wrong") {
            Some(name) => (name.trim().to_owned(), true),
            None => (rest.to_owned(), false),
        }
    };
    if let Some((name, wrong)) = words.strip_prefix("file:").map(named) {
        Mark::File { name, wrong }
    } else if let Some((kind, wrong)) = words.strip_prefix("fragment:").map(named) {
        Mark::Fragment { kind, wrong }
    } else if words == "output" {
        Mark::Output
    } else {
        Mark::Words
    }
}

/// What is to be done with each block of a page.
///
/// # Errors
/// What is wrong with the block's fence or comment.
pub(super) fn tasks(blocks: &[Block]) -> Vec<Result<Task, String>> {
    let mut ran = None;
    let mut tasks = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        // What a block in between printed is not what `directly after` means.
        let after = block.follows && number > 0 && ran == Some(number - 1);
        let task = task(block, after, ran);
        if task == Ok(Task::Run) {
            ran = Some(number);
        }
        tasks.push(task);
    }
    tasks
}

fn task(block: &Block, after: bool, ran: Option<usize>) -> Result<Task, String> {
    let output = |task: Result<Task, String>| match (&block.mark, ran) {
        (Some(Mark::Output), None) => Err("no `sh` block stands above this output".to_owned()),
        (Some(Mark::Output), Some(ran)) => Ok(Task::Compare(ran)),
        (_, Some(ran)) if after => Ok(Task::Compare(ran)),
        _ => task,
    };
    if let Some(further) = block.words.get(1)
        && (block.language(), further.as_str()) != ("sh", "no-run")
    {
        return Err(format!("`{further}` means nothing behind `{}`", block.language()));
    }
    match (block.language(), &block.mark) {
        ("sh", None) if block.words.len() == 2 => Err("`no-run` needs its reason in a comment ahead".to_owned()),
        ("sh", Some(Mark::Words)) if block.words.len() == 2 => Ok(Task::Nothing),
        (_, Some(Mark::File { name, wrong })) if !name.is_empty() => {
            Ok(Task::Write { name: name.clone(), wrong: *wrong })
        }
        ("yaml", Some(Mark::Fragment { kind, wrong })) => Ok(Task::Read { kind: kind.clone(), wrong: *wrong }),
        ("sh", None | Some(Mark::Words)) => Ok(Task::Run),
        ("yaml", _) => Err("a `yaml` block needs `<!-- file: NAME -->` or `<!-- fragment: KIND -->` ahead".to_owned()),
        ("text", _) => output(Ok(Task::Nothing)),
        ("csv" | "json" | "xml" | "html", _) => {
            output(Err("say `<!-- file: NAME -->`, or put it directly after the command that prints it".to_owned()))
        }
        ("toml" | "rust" | "powershell" | "bat", _) => Ok(Task::Nothing),
        ("", _) => Err("the block does not say its language".to_owned()),
        (other, _) => Err(format!("`{other}` is no language of the manual's blocks")),
    }
}
