//! A request as a simulator sees it: path, query, headers and body, parsed once.

use std::cell::OnceCell;

use crate::model::{Map, Method, Request, Value};

/// One request.
pub(in crate::sandbox) struct Call<'a> {
    pub(in crate::sandbox) request: &'a Request,
    /// The path, as received.
    pub(in crate::sandbox) path: &'a str,
    /// Path and query, as received.
    pub(in crate::sandbox) target: &'a str,
    authority: &'a str,
    query: &'a str,
    json: OnceCell<Option<Value>>,
}

impl<'a> Call<'a> {
    pub(in crate::sandbox) fn new(request: &'a Request) -> Self {
        let url = request.url.as_str();
        let rest = match url.split_once("://") {
            Some((scheme, rest)) if !scheme.contains(['/', '?']) => rest,
            _ => url,
        };
        let (authority, target) = match rest.find(['/', '?']) {
            Some(0) => ("", rest),
            Some(at) if rest[at..].starts_with('/') => rest.split_at(at),
            _ => (rest.split('?').next().unwrap_or(rest), "/"),
        };
        let target = target.split('#').next().unwrap_or(target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { request, path, target, authority, query, json: OnceCell::new() }
    }

    /// A header's value, trimmed; `None` if it is missing. The host of the URL replaces a missing `Host`.
    pub(in crate::sandbox) fn header(&self, name: &str) -> Option<&str> {
        let found = self.request.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        match found {
            Some((_, value)) => Some(value.trim()),
            None if name.eq_ignore_ascii_case("host") && !self.authority.is_empty() => Some(self.authority),
            None => None,
        }
    }

    /// The token after `Authorization: <scheme> `, with the scheme in any case; `None` if there is none.
    pub(in crate::sandbox) fn authorization(&self, scheme: &str) -> Option<&str> {
        let (word, token) = self.header("authorization")?.split_once(' ')?;
        word.eq_ignore_ascii_case(scheme).then(|| token.trim())
    }

    pub(in crate::sandbox) fn is(&self, method: Method) -> bool {
        self.request.method == method
    }

    /// The path's segments without empty ones.
    pub(in crate::sandbox) fn segments(&self) -> Vec<&'a str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// The first query parameter with this name, decoded.
    pub(in crate::sandbox) fn query(&self, name: &str) -> Option<String> {
        self.queries().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All query parameters, decoded, in order.
    pub(in crate::sandbox) fn queries(&self) -> Vec<(String, String)> {
        self.query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decode(key), decode(value)))
            .collect()
    }

    /// The body as JSON; `None` if it is not JSON.
    pub(in crate::sandbox) fn json(&self) -> Option<&Value> {
        self.json.get_or_init(|| serde_json::from_slice(&self.request.body).ok()).as_ref()
    }

    /// The body as a JSON object; `None` if it is not one.
    pub(in crate::sandbox) fn object(&self) -> Option<&Map> {
        self.json().and_then(Value::as_object)
    }
}

/// Decodes percent encoding; invalid sequences stay as they are.
pub(in crate::sandbox) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let coded = (byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match coded.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(plain) => {
                out.push(plain);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Removes a leading scheme from a `Host` header. tccli sends and signs `--endpoint http://127.0.0.1:8470` like this;
/// browsers do not.
pub(in crate::sandbox) fn without_scheme(host: &str) -> &str {
    host.strip_prefix("http://").or_else(|| host.strip_prefix("https://")).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn request(url: &str) -> Request {
        Request { method: Method::Get, url: url.to_owned(), headers: vec![], body: Bytes::new() }
    }

    #[test]
    fn a_url_is_split_into_path_target_and_host() {
        for (url, path, target, host) in [
            ("http://h:1/a/b?x=1#f", "/a/b", "/a/b?x=1", Some("h:1")),
            ("http://h", "/", "/", Some("h")),
            ("http://h?x=1", "/", "/", Some("h")),
            ("/a", "/a", "/a", None),
            ("/a?u=http://x/y", "/a", "/a?u=http://x/y", None),
        ] {
            let request = request(url);
            let call = Call::new(&request);
            assert_eq!((call.path, call.target, call.header("Host")), (path, target, host), "{url}");
        }
    }

    #[test]
    fn queries_are_decoded_once() {
        let request = request("http://h/a?offset=%2B09:00&x=%zz&y");
        let call = Call::new(&request);
        assert_eq!(call.query("offset").as_deref(), Some("+09:00"));
        assert_eq!(call.query("x").as_deref(), Some("%zz"));
        assert_eq!(call.query("y").as_deref(), Some(""));
        assert_eq!(call.query("z"), None);
    }
}
