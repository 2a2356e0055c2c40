//! Looks names up as the system does, and tells a lack of free files from a name that nobody knows.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use crate::io::system::Descriptors;

/// The system's resolver. Without a free file the system can ask nobody, but says that there is no such name; here that is
/// the error of the lack.
pub(super) struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Files may be free again once the lookup has failed, or be used up only while it is made.
            if let Some(lack) = Descriptors::shortage() {
                return Err(lack.into());
            }
            // The port comes from the URL.
            match lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs),
                Err(error) => Err(Descriptors::shortage().unwrap_or(error).into()),
            }
        })
    }
}
