//! Reads redirects. None is followed, because a person must correct the address.

use crate::model::{Disposition, Response};
use crate::provider::descriptor::Effect;

/// The longest address that is shown, in characters.
const SHOWN: usize = 200;

/// A redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The meaning for the attempt.
    pub disposition: Disposition,
    /// The message: the new address, what is known of the call, and what to correct.
    pub message: String,
    /// Whether every call to the address is redirected, so that the run stops.
    pub for_all: bool,
}

impl Redirect {
    /// Reads a redirect; `None` for other answers.
    ///
    /// 307 and 308 ask for the same call elsewhere, so it was not carried out here. 301 moves the address and leaves
    /// open whether a write was carried out. 302 and 303 answer this call, perhaps after it was carried out.
    pub(super) fn of(answer: &Response, effect: Effect) -> Option<Self> {
        let status = answer.status;
        let address =
            "correct the connection's `base_url` or the path, and run again: a run that is resumed keeps the old ones";
        let (disposition, known, for_all) = match (status, effect) {
            (307 | 308, _) => (Disposition::Refused, format!("the call was not carried out here; {address}"), true),
            (301, Effect::Read) => (Disposition::Refused, address.to_owned(), true),
            (301, Effect::Write) => {
                (Disposition::Unknown, format!("whether the call was carried out is not said; {address}"), true)
            }
            (302 | 303, Effect::Read) => (Disposition::Rejected, "it is not followed".to_owned(), false),
            (302 | 303, Effect::Write) => {
                (Disposition::Unknown, "the call may have been carried out: look there".to_owned(), false)
            }
            _ => return None,
        };
        let to = match answer.header("location").and_then(shown) {
            Some(location) => format!("redirects to `{location}`"),
            None => "redirects without saying where (no `Location`)".to_owned(),
        };
        Some(Self { disposition, message: format!("The service {to}: {known}"), for_all })
    }
}

/// An address without user, query and fragment, which may hold credentials; `None` if nothing is left.
fn shown(location: &str) -> Option<String> {
    let location: String = location.trim().chars().filter(|c| !c.is_control()).collect();
    let end = location.find(['?', '#']).unwrap_or(location.len());
    let (plain, cut) = location.split_at(end);
    let start = plain.find("//").filter(|at| plain[..*at].is_empty() || plain[..*at].ends_with(':')).map(|at| at + 2);
    let plain = match start {
        Some(start) => {
            let host_end = plain[start..].find(['/', '\\']).map_or(plain.len(), |at| start + at);
            let host = plain[start..host_end].rsplit('@').next().unwrap_or_default();
            format!("{}{host}{}", &plain[..start], &plain[host_end..])
        }
        None => plain.to_owned(),
    };
    let mut told: String = plain.chars().take(SHOWN).collect();
    if plain.chars().count() > SHOWN || cut.len() > 1 {
        told.push('…');
    }
    (!told.is_empty()).then_some(told)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_a_credential() {
        for (location, told) in [
            ("/elsewhere", "/elsewhere"),
            ("https://api.example.com/v2/x", "https://api.example.com/v2/x"),
            ("https://user:word@api.example.com/x", "https://api.example.com/x"),
            ("//user@h/x", "//h/x"),
            ("https://h/login?token=abc#frag", "https://h/login…"),
            ("https://h/x#access_token=abc", "https://h/x…"),
            ("/a\u{1b}[2J\r\nb", "/a[2Jb"),
            ("?next=1", "…"),
        ] {
            assert_eq!(shown(location).as_deref(), Some(told), "{location}");
        }
        assert_eq!(shown("  "), None);
        assert_eq!(shown(&"x".repeat(5_000)).unwrap().chars().count(), SHOWN + 1);
    }

    #[test]
    fn only_a_redirect_that_carried_nothing_out_is_a_refusal() {
        let read = |status, effect| {
            let headers = vec![("location".to_owned(), "/there".to_owned())];
            Redirect::of(&Response { status, headers, body: Bytes::new() }, effect)
                .map(|found| (found.disposition, found.for_all))
        };
        for (status, of_write, of_read) in [
            (301, Some((Disposition::Unknown, true)), Some((Disposition::Refused, true))),
            (302, Some((Disposition::Unknown, false)), Some((Disposition::Rejected, false))),
            (303, Some((Disposition::Unknown, false)), Some((Disposition::Rejected, false))),
            (307, Some((Disposition::Refused, true)), Some((Disposition::Refused, true))),
            (308, Some((Disposition::Refused, true)), Some((Disposition::Refused, true))),
            (200, None, None),
            (300, None, None),
            (304, None, None),
            (404, None, None),
        ] {
            assert_eq!((read(status, Effect::Write), read(status, Effect::Read)), (of_write, of_read), "{status}");
        }
    }
}
