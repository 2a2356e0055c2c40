//! `default` and `coalesce`: a fallback for a value that is null or empty.

use super::helper::{Helper, HelperCall, example};
use crate::model::Value;

pub(super) const DEFAULT: Helper = Helper {
    name: "default",
    usage: "default VALUE FALLBACK",
    about: "The value, or the fallback where it is null or an empty text; `false` and 0 stay.",
    examples: &[
        example("{{ default row.remark \"none\" }}", r#""none""#),
        example("{{ default row.branch \"tp-99\" }}", r#""tp-01""#),
        example("{{ default \"\" 5 }}", "5"),
        example("{{ default false true }}", "false"),
    ],
    min_values: 2,
    max_values: 2,
    run: first_given,
};

pub(super) const COALESCE: Helper = Helper {
    name: "coalesce",
    usage: "coalesce VALUE VALUE…",
    about: "The first value that is not null and not an empty text; null where all are.",
    examples: &[
        example("{{ coalesce row.remark \"\" row.branch }}", r#""tp-01""#),
        example("{{ coalesce row.remark null }}", "null"),
    ],
    min_values: 1,
    max_values: usize::MAX,
    run: |call| Ok(call.values().find(|value| !is_blank(value)).cloned().unwrap_or_default()),
};

fn first_given(call: &HelperCall<'_>) -> Result<Value, String> {
    let index = usize::from(is_blank(call.value(0)));
    Ok(call.value(index).clone())
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}
