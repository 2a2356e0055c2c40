//! What a run's row files and its summary look like.

mod files;
mod record;
mod summary;
