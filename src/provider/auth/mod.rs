//! Authentication: the schemes are code, their parameters are data.

mod authorize;
mod login;
mod tc3;
mod token;

pub use authorize::{Auth, Resolved, Scheme, authorize};
pub use login::{LoginStep, login_chain, login_request, token_from};
pub use token::Token;
