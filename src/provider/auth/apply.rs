//! Calls the file of a scheme.

use super::attempt::AttemptRequest;
use super::{basic, bearer, header, of_connection, tc3};
use crate::provider::descriptor::{ConnectionScheme, Scheme};

/// Adds the authentication of a scheme to an attempt. For token exchanges, the provider's file declares the headers.
pub(super) fn apply(scheme: &Scheme, attempt: &mut AttemptRequest<'_>) -> Result<(), String> {
    match scheme {
        Scheme::None | Scheme::OauthApp | Scheme::Login => Ok(()),
        Scheme::Bearer => bearer::apply(attempt),
        Scheme::Basic => basic::apply(attempt),
        Scheme::Header => header::apply(attempt),
        Scheme::Tc3(tc3) => tc3::apply(tc3, attempt),
        Scheme::OfConnection => match of_connection::chosen(attempt)? {
            ConnectionScheme::None => Ok(()),
            ConnectionScheme::Bearer => bearer::apply(attempt),
            ConnectionScheme::Basic => basic::apply(attempt),
            ConnectionScheme::Header => header::apply(attempt),
        },
    }
}
