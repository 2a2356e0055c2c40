//! Throws bytes at the reader: see `fuzz/readers/xlsx.rs`.

#![no_main]
#![allow(dead_code)]

#[path = "../readers/mod.rs"]
mod readers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readers::holds("xlsx", data));
