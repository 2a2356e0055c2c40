//! `raw`: a part of a path or URL as it is.

use super::helper::{Helper, example};

/// The name of the helper whose value is not percent-encoded in URLs.
pub(in crate::template) const RAW_NAME: &str = "raw";

pub(super) const RAW: Helper = Helper {
    name: RAW_NAME,
    usage: "raw VALUE",
    about: "The value as it is: a part of a `path` or `url` that is not percent-encoded. A path that leads elsewhere is still refused.",
    examples: &[
        example("{{ raw row.branch }}", r#""tp-01""#),
        example("/v1/{{ raw \"a/b?c=1\" }}", r#""/v1/a/b?c=1""#),
    ],
    min_values: 1,
    max_values: 1,
    run: |call| Ok(call.value(0).clone()),
};
