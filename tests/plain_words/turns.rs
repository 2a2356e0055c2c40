//! The turns that user texts avoid, and the few places where one of them is right.

/// A turn, and what to write instead.
pub(super) struct Turn {
    /// Regular expression, matched without regard to case in text whose blanks are single spaces.
    pub(super) pattern: &'static str,
    /// What to write instead.
    pub(super) instead: &'static str,
    /// A sentence with the turn, and the same sentence in plain words.
    pub(super) example: (&'static str, &'static str),
}

const fn turn(pattern: &'static str, instead: &'static str, example: (&'static str, &'static str)) -> Turn {
    Turn { pattern, instead, example }
}

/// The turns.
pub(super) const TURNS: &[Turn] = &[
    turn(r"\bwhoever\b", "name the person or the program", ("whoever resumes it has them", "`resume` shows them")),
    turn(r"\bsomebody\b", "write `you`, `a person` or the role", ("somebody settles it", "a person settles the call")),
    turn(
        r"\b(is|are|was|were|be|been) told\b",
        "write `reports`, `is reported`, `detects` or `is detected`",
        ("A file that cannot be read is told", "A file that cannot be read is reported"),
    ),
    turn(
        r"\btold (from|of|by|apart)\b",
        "write `detected from`, `distinguished from` or `known from`",
        ("the delimiter, told from the header", "the delimiter, detected in the header"),
    ),
    turn(
        r"\btells? of\b",
        "write `shows`, `names` or `reports`",
        ("lengths tell of nobody", "lengths identify nobody"),
    ),
    turn(r"\bof (theirs|ours)\b", "name the owner", ("a codec of ours", "runsheet's own codec")),
    turn(
        r"\b(that|which|this|it|values|numbers|dates) (is|are) none\b",
        "say what it is instead",
        ("a date that is none", "a date that does not exist"),
    ),
    turn(
        r"\bis none of\b|, and \S+ is none\b",
        "write `is not one of`",
        ("`x` is none of them", "`x` is not one of them"),
    ),
    turn(
        r"\b(it|this|that|which|what|who|`) (is|are) no ([a-km-z`]|l[a-np-z])\w*",
        "write `is not a`",
        ("a line that is no object", "a line that is not an object"),
    ),
    turn(
        r"\b(at|after|most|stops?) so many\b",
        "give the number, or write `this number of`",
        ("stops at so many rows", "stops at this number of rows"),
    ),
    turn(r"\bwhat came so\b", "name the thing", ("what came so is kept", "the result is kept")),
    turn(
        r"\bwhat (\w+ ){1,4}(comes?|came) to\b|\bcame to[.,:;)]|\b(must|should) come to\b",
        "write `results in`, `is` or `ends as`",
        ("what the answer came to", "the meaning of the answer"),
    ),
    turn(
        r"\blays?\b[^.]{1,40}\bout\b|\blaid out\b",
        "write `formats`",
        ("`fmt` lays YAML out evenly", "`fmt` formats YAML"),
    ),
    turn(
        r"\b(is|are|was|were) not there\b",
        "write `does not exist` or `cannot be found`",
        ("the file is not there", "the file does not exist"),
    ),
    turn(
        r"\bspeaks? of\b",
        "write `names` or `mentions`",
        ("the message speaks of an error", "the message names an error"),
    ),
    turn(
        r"\bstands? (in|at|on|there|under|beside|twice|once|above|below|ahead|as|nowhere)\b",
        "write `is` or `occurs`",
        ("the key stands twice", "the key occurs twice"),
    ),
    turn(r"\bas (it|they) stands?\b", "write `as it is`", ("sent as it stands", "sent as it is")),
    turn(r"\b(go|goes|went|gone) out\b", "write `is sent`", ("it goes out so", "it is sent like that")),
    turn(
        r"\b(take|takes|taken|took) (\w+ ){0,2}away\b",
        "write `remove` or `delete`",
        ("take the row away", "delete the row"),
    ),
    turn(
        r"\btheir kin\b|\bits kin\b",
        "write `and similar ones`",
        ("`Host` and their kin", "`Host` and similar headers"),
    ),
    turn(r"\banew\b", "write `again`", ("writes the schemas anew", "writes the schemas again")),
    turn(
        r"\b(leaves?|left) aside\b",
        "write `ignore`",
        ("leave aside what you do not know", "ignore what you do not know"),
    ),
    turn(
        r"\bmend(s|ed)?\b",
        "write `repair` or `correct`",
        ("the command that mends it", "the command that repairs it"),
    ),
    turn(r"\bin no time\b", "say how long", ("offline and in no time", "offline, in a few seconds")),
    turn(r"\ball the same\b", "write `anyway` or `nevertheless`", ("sent all the same", "sent anyway")),
    turn(r"\ba word about\b", "write `reports`", ("cells that `check` has a word about", "cells that `check` reports")),
    turn(
        r"\b(himself|herself)\b",
        "write `the caller`, `you` or the role",
        ("the caller himself is added", "the caller is added"),
    ),
    turn(
        r"\bmeant so\b|\bone that is meant\b|\bwhere (it|that) is meant\b",
        "write `if you want this` or `the one that you want`",
        ("If it is meant so, add it", "If you want this, add it"),
    ),
    turn(r"\bpassed over\b", "write `skipped` or `ignored`", ("such rows are passed over", "such rows are skipped")),
    turn(
        r"\bis to be (known|done|had|made|sent)\b",
        "use an active verb",
        ("nothing is to be done", "you need to do nothing"),
    ),
    turn(r"\bunseen (\w+ )?(character|mark)", "write `invisible`", ("an unseen character", "an invisible character")),
    turn(r"\blooks so\b|\bso it says\b", "write `looks like this`", ("often looks so", "often looks like this")),
    turn(r"\b(thereof|whereof|whence|wherefore)\b", "use two sentences", ("the rows thereof", "its rows")),
    turn(
        r"\bcorrect what\b",
        "name what has to be corrected",
        ("correct what is wrong of it", "correct these mistakes"),
    ),
    turn(
        r"\b(playbook|encoding:?`?) settles it\b",
        "write `sets it`; calls are settled, not encodings",
        ("`encoding:` settles it", "`encoding:` sets it"),
    ),
];

/// Where a turn is right: a part of the place, words around it, and the reason.
pub(super) const ALLOWED: &[(&str, &str, &str)] = &[];
