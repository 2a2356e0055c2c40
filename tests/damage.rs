//! Journals that are cut, changed, locked, gone or without room: a clear word, nothing sent after it, nothing
//! lost, and on with it where that is safe. What was sent is told by the sandbox's own log.

mod bench;
mod disk;
mod holders;
mod journal;
mod shortage;
