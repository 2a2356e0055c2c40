//! Authentication: one file for each scheme; its parameters are data.
//!
//! A scheme is a variant of `Scheme` (in `descriptor/scheme.rs`) and a file here, which `apply` calls.
//!
//! | file | scheme |
//! |---|---|
//! | `basic` | user and password |
//! | `bearer` | a token in `Authorization: Bearer` |
//! | `header` | a key in a header |
//! | `tc3` | TC3-HMAC-SHA256 over the exact bytes |
//! | `of_connection` | the scheme that the connection names: `basic`, `bearer` or `header` |
//!
//! | file | what all schemes share |
//! |---|---|
//! | `attempt` | the request of one attempt, and the credentials that a scheme may read |
//! | `apply` | calls the file of a scheme |
//! | `authorize` | the complete request of one attempt |
//! | `token` | the result of a token exchange, and when it expires |
//! | `login` | the calls of a token exchange |
//! | `credential_use` | where a credential is used, which limits its characters |

mod apply;
mod attempt;
mod authorize;
mod basic;
mod bearer;
mod credential_use;
mod header;
mod login;
mod of_connection;
mod tc3;
mod token;

pub use authorize::{ResolvedCredentials, authorize};
pub use credential_use::{CredentialUse, credential_use};
pub use login::{login_chain, login_request, token_from};
pub use token::Token;
