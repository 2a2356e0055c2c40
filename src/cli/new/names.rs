//! Names of columns, made from field names of vendors.

/// Turns a field name into snake case: `FlowId` becomes `flow_id`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        let kept = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        snake.push(kept);
        before = c;
    }
    let snake = snake.trim_matches('_');
    if snake.starts_with(|c: char| c.is_ascii_lowercase()) { snake.to_owned() } else { format!("field_{snake}") }
}

/// The name of one element of a list: `FlowIds` becomes `FlowId`.
pub(super) fn singular(name: &str) -> &str {
    name.strip_suffix('s').filter(|rest| rest.len() > 1 && !rest.ends_with('s')).unwrap_or(name)
}

/// Returns `wanted`, or `wanted_2` and so on where it is taken.
pub(super) fn unique(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_become_names_of_columns() {
        for (name, wanted) in [
            ("FlowId", "flow_id"),
            ("out_task_num", "out_task_num"),
            ("objectDataId", "object_data_id"),
            ("7", "field_7"),
        ] {
            assert_eq!(snake(name), wanted);
        }
        assert_eq!(snake("X-Request-ID"), "x_request_id");
        assert_eq!((singular("FlowIds"), singular("address"), singular("s")), ("FlowId", "address", "s"));
        assert_eq!(unique("a", |name| name == "a" || name == "a_2"), "a_3");
    }
}
