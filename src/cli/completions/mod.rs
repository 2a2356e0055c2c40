//! The verb `completions`: the completion scripts of shells, and the answers to what the scripts ask
//!
//! The scripts of bash, zsh and fish call `runsheet __complete WORD…` with the words after the program's name, up to the
//! cursor. The answer has `words`, `files` or `folders` in its first line: what the shell is to offer. After `words` each line
//! is a candidate, a tab and its help. Other shells get a script that knows verbs and options only.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `place` | which argument the cursor is at |
//! | `candidates` | what may stand there |
//! | `answer` | the answer to a script |
//! | `verb` | prints the script of a shell |

mod answer;
mod candidates;
mod place;
mod verb;

pub(super) use answer::answer_script;
pub(super) use verb::completions;
