//! From a scheme to the file that carries it out.

use super::attempt::Attempt;
use super::{basic, bearer, header, of_connection, tc3};
use crate::provider::descriptor::{OpenScheme, Scheme};

/// Adds to an attempt what shows who sends it. The token exchanges show theirs by headers that the provider's file declares.
pub(super) fn apply(scheme: &Scheme, attempt: &mut Attempt<'_>) -> Result<(), String> {
    match scheme {
        Scheme::None | Scheme::OauthApp | Scheme::Login => Ok(()),
        Scheme::Bearer => bearer::apply(attempt),
        Scheme::Basic => basic::apply(attempt),
        Scheme::Header => header::apply(attempt),
        Scheme::Tc3(tc3) => tc3::apply(tc3, attempt),
        Scheme::OfConnection => match of_connection::chosen(attempt)? {
            OpenScheme::None => Ok(()),
            OpenScheme::Bearer => bearer::apply(attempt),
            OpenScheme::Basic => basic::apply(attempt),
            OpenScheme::Header => header::apply(attempt),
        },
    }
}
