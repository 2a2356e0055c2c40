//! The names that templates see, with their values. Built once for each row and changed in place between steps.

use std::sync::Arc;

use crate::model::{Map, Value};

/// The names of one row, or of the run, on top of an optional scope that all rows share.
///
/// A name is looked up here first, then in the shared scope. Entries of a map, such as `steps.ID`, are looked up one by
/// one.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// There are only a handful of names, and each template looks them up: a list is faster than a map.
    own: Vec<(String, Value)>,
    base: Option<Arc<Scope>>,
    identity: String,
}

impl Scope {
    /// An empty scope.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A scope on top of a shared one (`vars`, `run`, the steps of `before`).
    #[must_use]
    pub fn over(base: Arc<Self>) -> Self {
        Self { base: Some(base), ..Self::default() }
    }

    /// Sets a name: `row`, `vars`, `run`, `item` …
    pub fn set(&mut self, name: &str, value: Value) {
        *self.slot(name) = value;
    }

    fn slot(&mut self, name: &str) -> &mut Value {
        let place = self.own.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.own.push((name.to_owned(), Value::Null));
            self.own.len() - 1
        });
        &mut self.own[place].1
    }

    /// Sets the value at a path, such as `["steps", "task"]`. Missing maps on the way are created; any other value on
    /// the way is replaced.
    pub fn set_path(&mut self, path: &[&str], value: Value) {
        let Some((first, rest)) = path.split_first() else { return };
        let mut slot = self.slot(first);
        for name in rest {
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            let Value::Object(map) = slot else { return };
            slot = map.entry(*name).or_insert(Value::Null);
        }
        *slot = value;
    }

    /// Removes a name.
    pub fn remove(&mut self, name: &str) {
        self.own.retain(|(known, _)| known != name);
    }

    /// Removes a name and returns its value.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let place = self.own.iter().position(|(known, _)| known == name)?;
        Some(self.own.remove(place).1)
    }

    /// The value at a path; `None` if there is none.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Value> {
        let (root, rest) = path.split_first()?;
        let start = self.top_level(root, rest.first().copied())?;
        rest.iter().try_fold(start, |at, name| match at {
            Value::Object(map) => map.get(*name),
            Value::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }

    /// Sets what `uuid` derives its ids from: run, row, step and element.
    pub fn set_identity(&mut self, identity: impl Into<String>) {
        self.identity = identity.into();
    }

    /// The text that [`Scope::set_identity`] has set; empty if none.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The value of a name. If its map has no entry `next`, the shared scope's value for the name is preferred.
    pub(in crate::template) fn top_level(&self, name: &str, next: Option<&str>) -> Option<&Value> {
        let base = || self.base.as_ref().and_then(|base| base.top_level(name, next));
        let Some((_, own)) = self.own.iter().find(|(known, _)| known == name) else { return base() };
        match (own, next) {
            (Value::Object(map), Some(next)) if !map.contains_key(next) => base().or(Some(own)),
            _ => Some(own),
        }
    }

    /// The names at the top, for hints about misspelt ones.
    pub(in crate::template) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.own.iter().map(|(name, _)| name.as_str()).collect();
        names.extend(self.base.iter().flat_map(|base| base.names()));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_that_is_missing_has_no_value() {
        let mut scope = Scope::new();
        scope.set("row", json!({"list": [1]}));
        for path in [
            &["rows"][..],
            &["row", "x"],
            &["row", "list", "1"],
            &["row", "list", "x"],
            &["row", "list", "0", "x"],
            &[],
        ] {
            assert_eq!(scope.get(path), None, "{path:?}");
        }
        scope.remove("row");
        scope.remove("never");
        assert_eq!(scope.get(&["row"]), None);
    }

    #[test]
    fn a_row_sees_the_shared_scope_through_its_own() {
        let mut base = Scope::new();
        base.set("vars", json!({"a": 1}));
        base.set_path(&["steps", "login"], json!({"outputs": {"t": "x"}}));
        let mut row = Scope::over(Arc::new(base));
        row.set_path(&["steps", "task"], json!({"outputs": {"n": 1}}));
        assert_eq!(row.get(&["vars", "a"]), Some(&json!(1)));
        assert_eq!(row.get(&["steps", "login", "outputs", "t"]), Some(&json!("x")));
        assert_eq!(row.get(&["steps", "task", "outputs", "n"]), Some(&json!(1)));
        assert_eq!(row.get(&["steps", "other"]), None);
    }

    #[test]
    fn setting_again_replaces() {
        let mut scope = Scope::new();
        scope.set("item", json!(1));
        scope.set("item", json!(2));
        scope.set_path(&["item", "a"], json!(3));
        assert_eq!(scope.get(&["item", "a"]), Some(&json!(3)));
        scope.set_path(&[], json!(0));
    }
}
