//! Authentication: the schemes are code, their parameters are data.

mod attempt;
mod authorize;
mod basic;
mod bearer;
mod carrying;
mod header;
mod login;
mod open;
mod scheme;
mod tc3;
mod token;

pub use authorize::{Resolved, authorize};
pub use carrying::{CredentialUse, credential_use};
pub(crate) use login::Login;
pub use login::{LoginStep, login_chain, login_request, token_from};
pub use open::OpenScheme;
pub(crate) use scheme::SchemeWord;
pub use scheme::{Auth, Scheme};
pub use tc3::Tc3;
pub(crate) use token::Expiry;
pub use token::Token;
