//! `and`, `or`, `not`: logic over any values. Null, `false`, 0, `""`, `[]` and `{}` count as false.

use super::helper::{Helper, example};
use crate::model::{Value, is_truthy};

pub(super) const AND: Helper = Helper {
    name: "and",
    usage: "and A B…",
    about: "Whether all hold: null, `false`, 0, `\"\"`, `[]` and `{}` do not.",
    examples: &[
        example("{{ and row.branch (gt row.count 3) }}", "true"),
        example("{{ and true row.remark }}", "false"),
    ],
    min_values: 2,
    max_values: usize::MAX,
    run: |call| Ok(Value::Bool(call.values().all(is_truthy))),
};

pub(super) const OR: Helper = Helper {
    name: "or",
    usage: "or A B…",
    about: "Whether one of them holds.",
    examples: &[example("{{ or row.remark row.branch }}", "true"), example("{{ or 0 \"\" }}", "false")],
    min_values: 2,
    max_values: usize::MAX,
    run: |call| Ok(Value::Bool(call.values().any(is_truthy))),
};

pub(super) const NOT: Helper = Helper {
    name: "not",
    usage: "not VALUE",
    about: "Whether it does not hold.",
    examples: &[example("{{ not row.remark }}", "true"), example("{{ not \"false\" }}", "false")],
    min_values: 1,
    max_values: 1,
    run: |call| Ok(Value::Bool(!is_truthy(call.value(0)))),
};
