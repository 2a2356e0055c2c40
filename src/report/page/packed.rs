//! Data inside the page: JSON, compressed with gzip, written as base64 in pieces of bounded length.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

/// The most bytes of one piece before base64. A multiple of three, so that the pieces can be joined.
const PIECE: usize = 3 * 64 * 1_024;

/// A JSON array or object that is written element by element and compressed at once, so that a million rows need little
/// memory.
pub struct JsonColumn {
    to: GzEncoder<Vec<u8>>,
    ends: &'static str,
    empty: bool,
}

impl JsonColumn {
    /// An empty array.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn array() -> io::Result<Self> {
        Self::begin("[", "]")
    }

    /// An empty object.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn object() -> io::Result<Self> {
        Self::begin("{", "}")
    }

    fn begin(begins: &str, ends: &'static str) -> io::Result<Self> {
        let mut to = GzEncoder::new(Vec::new(), Compression::best());
        to.write_all(begins.as_bytes())?;
        Ok(Self { to, ends, empty: true })
    }

    /// Adds an element.
    ///
    /// # Errors
    /// If the value cannot be written as JSON.
    pub fn push(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.separate()?;
        Ok(serde_json::to_writer(&mut self.to, value)?)
    }

    /// Adds a member.
    ///
    /// # Errors
    /// If the value cannot be written as JSON.
    pub fn member(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.separate()?;
        serde_json::to_writer(&mut self.to, name)?;
        self.to.write_all(b":")?;
        Ok(serde_json::to_writer(&mut self.to, value)?)
    }

    fn separate(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.empty) {
            self.to.write_all(b",")?;
        }
        Ok(())
    }

    /// The compressed text.
    ///
    /// # Errors
    /// None happens in memory.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.to.write_all(self.ends.as_bytes())?;
        self.to.finish()
    }
}

/// Compresses one value.
///
/// # Errors
/// If the value cannot be written as JSON.
pub fn pack(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut to = GzEncoder::new(Vec::new(), Compression::best());
    serde_json::to_writer(&mut to, value)?;
    to.finish()
}

/// Writes a part of the page's data.
///
/// # Errors
/// The error of `out`.
pub fn write_part(out: &mut dyn Write, name: &str, packed: &[u8]) -> io::Result<()> {
    for piece in packed.chunks(PIECE) {
        writeln!(out, "<script type=\"text/plain\" data-part=\"{name}\">{}</script>", STANDARD.encode(piece))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use serde_json::{Value, json};

    use super::*;

    fn unpacked(html: &str) -> Value {
        let base64: String = html.lines().map(|line| line.split(['<', '>']).nth(2).unwrap()).collect();
        let bytes = STANDARD.decode(base64).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_part_of_many_pieces_is_read_as_it_was_written() {
        let mut column = JsonColumn::array().unwrap();
        let mut noise = 1_u64;
        let mut expected = Vec::new();
        for _ in 0..60_000 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            column.push(&noise).unwrap();
            expected.push(noise);
        }
        let mut html = Vec::new();
        write_part(&mut html, "x", &column.finish().unwrap()).unwrap();
        let html = String::from_utf8(html).unwrap();
        assert!(html.lines().count() > 1, "{}", html.len());
        assert!(html.lines().all(|line| line.len() < PIECE * 4 / 3 + 100));
        assert_eq!(unpacked(&html), json!(expected));
    }

    #[test]
    fn what_ends_a_script_does_not_end_the_part() {
        let mut object = JsonColumn::object().unwrap();
        object.member("</script>", &"</script><script>alert(1)</script>").unwrap();
        object.member("b", &[1]).unwrap();
        let mut html = Vec::new();
        write_part(&mut html, "x", &object.finish().unwrap()).unwrap();
        let html = String::from_utf8(html).unwrap();
        assert_eq!(html.matches("</script>").count(), 1);
        assert_eq!(unpacked(&html)["b"], json!([1]));
        let none = JsonColumn::array().unwrap().finish().unwrap();
        let mut html = Vec::new();
        write_part(&mut html, "x", &none).unwrap();
        assert_eq!(unpacked(&String::from_utf8(html).unwrap()), json!([]));
    }
}
