//! Tests over whole provider files: the built-in ones, and those of a made-up vendor.

mod acme;
mod authorizing;
mod builtin;
mod files;
mod lookups;
mod naming;
mod preparing;
mod reading;
mod requesting;
mod undos;
