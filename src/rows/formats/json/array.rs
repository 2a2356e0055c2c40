//! Finds where the elements of a JSON array begin and end, with one of them in memory.

use std::io::Read;

use super::problems;
use crate::rows::formats::encoding::TextWindow;
use crate::rows::record::{LONGEST_RECORD, ReadError};

/// A position in the file's array.
pub(super) struct ArrayCursor {
    begun: bool,
    ended: bool,
    any: bool,
    pub(super) line: usize,
    /// Characters before the position on its line.
    pub(super) column: usize,
}

impl ArrayCursor {
    /// The start of a file.
    pub(super) fn new() -> Self {
        Self { begun: false, ended: false, any: false, line: 1, column: 0 }
    }

    /// Moves to the next element and returns its length in bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// The array is malformed between its elements or cut off, or the file cannot be read.
    pub(super) fn next<R: Read>(&mut self, window: &mut TextWindow<R>) -> Result<Option<usize>, ReadError> {
        if self.ended {
            return Ok(None);
        }
        self.skip_space(window)?;
        if !self.begun {
            match window.byte(0)? {
                Some(b'[') => self.begun = true,
                Some(_) => return Err(self.wrong("The file is not a JSON array: `[` is missing here", window)),
                None => return Ok(None),
            }
            self.pass(window, 1);
            self.skip_space(window)?;
        }
        let next = window.byte(0)?;
        match next {
            None => return Err(self.wrong("The array is never closed: the file may be cut off", window)),
            Some(b']') => return self.close(window).map(|()| None),
            Some(b',') if self.any => {
                self.pass(window, 1);
                self.skip_space(window)?;
                if window.byte(0)? == Some(b']') {
                    return Err(self.wrong("A comma stands behind the last row", window));
                }
            }
            Some(_) if self.any => return Err(self.wrong("A comma between two rows is missing here", window)),
            Some(_) => {}
        }
        self.any = true;
        self.element(window).map(Some)
    }

    fn close<R: Read>(&mut self, window: &mut TextWindow<R>) -> Result<(), ReadError> {
        self.ended = true;
        self.pass(window, 1);
        self.skip_space(window)?;
        match window.byte(0)? {
            None => Ok(()),
            Some(_) => Err(self.wrong("Text follows the array", window)),
        }
    }

    /// The length of the element that begins here: up to its closing bracket, or to the comma or bracket behind it.
    fn element<R: Read>(&self, window: &mut TextWindow<R>) -> Result<usize, ReadError> {
        let (mut at, mut depth, mut inside) = (0, 0_usize, false);
        loop {
            let byte = match window.byte(at)? {
                Some(byte) => byte,
                None if at == 0 || depth > 0 || inside => {
                    return Err(self.wrong("The array is never closed: the file may be cut off", window));
                }
                None => return Ok(at),
            };
            match byte {
                b'\\' if inside => at += 1,
                b'"' => inside = !inside,
                _ if inside => {}
                b'{' | b'[' => depth += 1,
                b',' | b']' | b'}' if depth == 0 => return Ok(at),
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(at + 1);
                    }
                }
                _ => {}
            }
            at += 1;
            if at > LONGEST_RECORD {
                return Err(ReadError::too_long(window.bytes(), 0, self.line));
            }
        }
    }

    fn skip_space<R: Read>(&mut self, window: &mut TextWindow<R>) -> Result<(), ReadError> {
        while matches!(window.byte(0)?, Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.pass(window, 1);
        }
        Ok(())
    }

    /// Moves the position behind `length` bytes.
    pub(super) fn pass<R: Read>(&mut self, window: &mut TextWindow<R>, length: usize) {
        let text = &window.bytes()[..length];
        let is_start = |byte: &&u8| **byte & 0xc0 != 0x80;
        match text.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => {
                self.line += text.iter().filter(|&&byte| byte == b'\n').count();
                self.column = text[last + 1..].iter().filter(is_start).count();
            }
            None => self.column += text.iter().filter(is_start).count(),
        }
        window.advance(length);
    }

    fn wrong<R: Read>(&self, message: &str, window: &TextWindow<R>) -> ReadError {
        problems::bad_array(message, window.bytes(), self.line)
    }
}
