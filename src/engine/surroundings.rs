//! How the rest of the run stands when a call is answered: what the row itself cannot know.

/// The surroundings of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Surroundings {
    /// Fresh tokens are refused time and again: the credentials are no good.
    pub token_hopeless: bool,
    /// Another call has told of the token's end already, or there is a newer one.
    pub token_known_expired: bool,
    /// No call of the connection gets through at present; that is no row's fault.
    pub out_of_reach: bool,
}
