//! The keys of `provider.yaml`, and those that operations share with it.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `answer` | `answer` and the maps inside it, also of an operation |
//! | `value` | the type of a value: an entry of `types`, a field or an element of an input |
//! | `auth` | `auth` and the maps inside it |
//! | `file` | the file itself: settings, credentials, limits |

mod answer;
mod auth;
mod file;
mod value;

pub use answer::{ANSWER, CODE, ITEMS, SUCCESS};
pub use auth::{AUTH, EXPIRES, LOGIN, LOGIN_STEP, SCHEMES};
pub use file::{CREDENTIAL_SET, PROVIDER, PROVIDER_CREDENTIAL, PROVIDER_SETTING};
pub(in crate::language) use value::{BY_TYPE, EVERYWHERE, VALUE_RULES, joined};
pub use value::{FORMATS, VALUE, VALUE_TYPES};
