//! The link that works once, and the sessions that were opened with such links.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::token::{TokenDigest, fresh_token};

/// The most sessions. A further one ends the oldest.
const MOST_SESSIONS: usize = 16;

/// The tokens of one server. All of them end with it.
#[derive(Debug)]
pub(in crate::ui) struct Sessions(Mutex<Tokens>);

#[derive(Debug)]
struct Tokens {
    link: TokenDigest,
    open: VecDeque<TokenDigest>,
}

/// A session that was opened.
pub(in crate::ui) struct Opened {
    /// The session's token. It is kept nowhere else.
    pub(in crate::ui) session: String,
    /// The token of the next link.
    pub(in crate::ui) next_link: String,
}

impl Sessions {
    /// Starts without a session. Returns the token of the first link too.
    pub(in crate::ui) fn start() -> (Self, String) {
        let link = fresh_token();
        let tokens = Tokens { link: TokenDigest::of(&link), open: VecDeque::new() };
        (Self(Mutex::new(tokens)), link)
    }

    /// Opens a session with the token of the link, which never works again; `None` if it is another token.
    pub(in crate::ui) fn open(&self, link: &str) -> Option<Opened> {
        let mut tokens = self.tokens();
        if !tokens.link.is_of(link) {
            return None;
        }
        let opened = Opened { session: fresh_token(), next_link: fresh_token() };
        tokens.link = TokenDigest::of(&opened.next_link);
        if tokens.open.len() == MOST_SESSIONS {
            tokens.open.pop_front();
        }
        tokens.open.push_back(TokenDigest::of(&opened.session));
        Some(opened)
    }

    /// Whether a session with this token is open.
    pub(in crate::ui) fn knows(&self, session: &str) -> bool {
        // Every session is compared, so that the time does not tell which one it was.
        self.tokens().open.iter().fold(false, |known, open| open.is_of(session) | known)
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_one_session() {
        let (sessions, link) = Sessions::start();
        assert!(sessions.open("").is_none() && !sessions.knows("") && !sessions.knows(&link));
        let first = sessions.open(&link).unwrap();
        assert!(sessions.open(&link).is_none());
        assert!(sessions.knows(&first.session) && !sessions.knows(&first.next_link));
        assert!(sessions.open(&first.session).is_none());
        let second = sessions.open(&first.next_link).unwrap();
        assert!(sessions.knows(&first.session) && sessions.knows(&second.session));
    }

    #[test]
    fn the_oldest_session_ends_when_there_are_too_many() {
        let (sessions, mut link) = Sessions::start();
        let mut all = Vec::new();
        for _ in 0..=MOST_SESSIONS {
            let opened = sessions.open(&link).unwrap();
            link = opened.next_link;
            all.push(opened.session);
        }
        assert!(!sessions.knows(&all[0]));
        assert!(all[1..].iter().all(|session| sessions.knows(session)));
    }
}
