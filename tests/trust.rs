//! What a playbook, its rows, its tests and its provider files may do to the person who runs them: a stranger may have
//! sent them.

mod commands;
mod destinations;
mod headers;
mod nearer;
mod own_providers;
mod roots;
mod state_folders;
