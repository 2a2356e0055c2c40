//! Reads an answer's body as JSON or text: byte-order marks, charsets, unreadable bodies.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::lone_surrogates::replaced;
use crate::model::{Response, Value};

/// The first bytes of gzip.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// The content of a body.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    /// JSON.
    Json(Value),
    /// Text that is not JSON, with the reason.
    Text(String, &'static str),
    /// Nothing.
    Empty,
    /// Bytes that are not text in the encoding that the answer names, with the reason.
    Unreadable(String),
}

/// Reads a body. The encoding comes from a byte-order mark, else from the charset of `Content-Type`, else it is
/// UTF-8.
pub(super) fn read_body(answer: &Response) -> Body {
    let bytes = &answer.body;
    if bytes.is_empty() {
        return Body::Empty;
    }
    let text = match decoded(bytes, answer.header("content-type").and_then(charset)) {
        Ok(text) => text,
        Err(why) => return Body::Unreadable(compressed(answer).unwrap_or(why)),
    };
    let read = serde_json::from_str(&text).or_else(|error| match replaced(text.as_bytes()) {
        Some(mended) => serde_json::from_slice(&mended),
        None => Err(error),
    });
    match (read, compressed(answer)) {
        (Ok(value), _) => Body::Json(value),
        (Err(_), Some(why)) => Body::Unreadable(why),
        (Err(error), None) if error.is_eof() => Body::Text(text.into_owned(), "The answer is cut off"),
        (Err(_), None) => Body::Text(text.into_owned(), "The answer is not JSON"),
    }
}

/// Returns a message if the body is compressed, which runsheet never asks for.
fn compressed(answer: &Response) -> Option<String> {
    let named = answer.header("content-encoding").map(str::trim);
    let named = named.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
    let found = named.or_else(|| answer.body.starts_with(GZIP).then_some("gzip"))?;
    let shown: String = found.chars().filter(|c| c.is_ascii_graphic()).take(20).collect();
    Some(format!("it is compressed (`{shown}`), though that was not asked for"))
}

/// The charset of a `Content-Type`.
fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']).trim()).filter(|name| !name.is_empty())
}

fn decoded<'a>(bytes: &'a [u8], charset: Option<&str>) -> Result<Cow<'a, str>, String> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return strictly(encoding, &bytes[length..]);
    }
    let Some(name) = charset else {
        return strictly(UTF_8, bytes).map_err(|_| "it is not UTF-8, and `Content-Type` names no charset".to_owned());
    };
    let plain = std::str::from_utf8(bytes);
    match Encoding::for_label(name.as_bytes()) {
        Some(encoding) if encoding == UTF_16LE && name.to_ascii_lowercase().trim_end_matches("le") == "utf-16" => {
            // Without a mark, the zero half of the first character shows the byte order, because JSON begins with
            // ASCII.
            strictly(if bytes.first() == Some(&0) { UTF_16BE } else { encoding }, bytes)
        }
        // Servers name Latin-1 by default, whatever they send; text that is valid UTF-8 is UTF-8.
        Some(encoding) if is_western(encoding) && plain.is_ok() => Ok(Cow::Borrowed(plain.unwrap_or_default())),
        Some(encoding) => strictly(encoding, bytes),
        None => plain.map(Cow::Borrowed).map_err(|_| {
            let shown: String = name.chars().filter(|c| c.is_ascii_graphic()).take(20).collect();
            format!("its charset `{shown}` is not known, and it is not UTF-8")
        }),
    }
}

fn is_western(encoding: &'static Encoding) -> bool {
    encoding == encoding_rs::WINDOWS_1252
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| format!("it is not text in {}", encoding.name()))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn body(headers: &[(&str, &str)], bytes: impl Into<Vec<u8>>) -> Body {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        read_body(&Response { status: 200, headers, body: Bytes::from(bytes.into()) })
    }

    fn typed(charset: &str, bytes: impl Into<Vec<u8>>) -> Body {
        body(&[("content-type", &format!("application/json; charset={charset}"))], bytes)
    }

    fn wide(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let text = format!("{}{text}", if mark { "\u{feff}" } else { "" });
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn an_unreadable_body_gives_the_reason_and_no_value() {
        let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab];
        let gbk = b"{\"id\":1,\"name\":\"\xcd\xf5\xce\xb0\"}".to_vec();
        for (found, why) in [
            (body(&[("content-encoding", "gzip")], gzip), "compressed (`gzip`)"),
            (body(&[], gzip), "compressed (`gzip`)"),
            (body(&[("content-encoding", "br")], b"\x0b\x02\x80abc\x03".to_vec()), "compressed (`br`)"),
            (body(&[("content-encoding", "deflate")], b"x\x9c\xabV".to_vec()), "compressed (`deflate`)"),
            (body(&[("content-encoding", "zstd")], "plain text"), "compressed (`zstd`)"),
            (body(&[], gbk.clone()), "names no charset"),
            (typed("utf-8", gbk.clone()), "not text in UTF-8"),
            (typed("x-own", gbk.clone()), "`x-own` is not known"),
            (typed("big5", b"{\"a\":\"\xff\"}".to_vec()), "not text in Big5"),
            (body(&[], b"\xff\xfe{\0\xd8".to_vec()), "UTF-16LE"),
        ] {
            let Body::Unreadable(told) = found else { panic!("{found:?}") };
            assert!(told.contains(why), "{told}");
        }
        assert_eq!(body(&[], ""), Body::Empty);
        assert_eq!(body(&[], "{\"id\":"), Body::Text("{\"id\":".to_owned(), "The answer is cut off"));
        assert_eq!(body(&[], "<html>"), Body::Text("<html>".to_owned(), "The answer is not JSON"));
    }

    #[test]
    fn marks_are_skipped_and_charsets_honoured() {
        let wanted = || Body::Json(json!({"id": 1, "name": "王伟"}));
        let text = "{\"id\":1,\"name\":\"王伟\"}";
        let encoded = |label: &str| Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned();
        for found in [
            body(&[], text),
            body(&[], format!("\u{feff}{text}")),
            typed("GBK", format!("\u{feff}{text}")),
            body(&[], wide(text, false, true)),
            body(&[], wide(text, true, true)),
            typed("utf-16", wide(text, false, true)),
            typed("utf-16", wide(text, false, false)),
            typed("utf-16", wide(text, true, false)),
            typed("utf-16be", wide(text, true, false)),
            typed("GBK", encoded("gbk")),
            typed("\"gb18030\"", encoded("gb18030")),
            typed("gb2312 ; boundary=x", encoded("gbk")),
            typed("iso-8859-1", text),
            typed("x-own", text),
            body(&[("content-encoding", "identity")], text),
            body(&[("content-encoding", "gzip")], text),
        ] {
            assert_eq!(found, wanted());
        }
        let big5 = Encoding::for_label(b"big5").unwrap().encode("{\"name\":\"預約\"}").0.into_owned();
        assert_eq!(typed("Big5", big5), Body::Json(json!({"name": "預約"})));
        assert_eq!(typed("ISO-8859-1", b"{\"name\":\"Jos\xe9\"}".to_vec()), Body::Json(json!({"name": "José"})));
        assert_eq!(body(&[("Content-Type", "text/plain")], "1.50"), Body::Json("1.50".parse().unwrap()));
    }
}
