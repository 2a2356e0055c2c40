//! Builds a request from checked inputs: path, query, headers, body.

use bytes::Bytes;

use super::address::checked;
use super::body::BodyInputs;
use super::headers::given_header;
use super::prepared::PreparedRequest;
use super::wire::WireSpellings;
use crate::diagnostic::{did_you_mean_inline, near_miss};
use crate::model::{Map, Value, add_query, as_text};
use crate::provider::descriptor::{BodyTemplate, Connection, InputPlace, Operation, OperationOverride};
use crate::provider::expression::{Expression, Names};

impl Operation {
    /// The message if this operation cannot be called on this connection, because neither its file nor the settings
    /// name its path; `None` if one of them does.
    #[must_use]
    pub fn missing_path(&self, connection: &Connection) -> Option<String> {
        let given = connection.operations.get(&self.name).and_then(|given| given.path.as_ref());
        (self.path.is_none() && given.is_none()).then(|| {
            format!(
                "`{}` has no path that any document names: ask the vendor for it and give it in the settings, as \
                 `operations.{}.path` of the connection `{}`",
                self.full_name(),
                self.name,
                connection.name
            )
        })
    }

    /// The input whose fields are sent as headers, if any.
    pub(crate) fn headers_input(&self) -> Option<&str> {
        self.wiring.headers_input.as_deref()
    }

    /// Builds the request from prepared inputs, before authentication.
    ///
    /// # Errors
    /// A message, if a setting is unknown or missing, or path, query, headers or body cannot be built.
    pub fn request(&self, connection: &Connection, settings: &Map, inputs: &Map) -> Result<PreparedRequest, String> {
        let settings = self.provider.settings_over(connection, settings);
        self.check_settings(connection, &settings)?;
        let given = connection.operations.get(&self.name);
        let names = Names { inputs: Some(inputs), settings: Some(&settings), ..Names::default() };
        let mut path_and_query = self.path_for(connection, given, &names)?;
        self.add_queries(&mut path_and_query, &names)?;
        let mut headers = self.headers_for(&names)?;
        let (body, content_type) =
            self.body_for(&BodyInputs { names, inputs: &self.inputs, wire: WireSpellings::of(given) })?;
        if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        }
        Ok(PreparedRequest { method: self.method_for(inputs), path_and_query, headers, body })
    }

    /// Refuses settings that the provider does not know, and a call without the settings that it needs.
    pub(super) fn check_settings(&self, connection: &Connection, settings: &Map) -> Result<(), String> {
        let declared = &self.provider.settings;
        if let Some(name) = settings.keys().find(|name| declared.iter().all(|decl| decl.name != **name)) {
            let near = near_miss(name, declared.iter().map(|decl| decl.name.as_str()));
            let hint = near.map(|near| format!("; {}", did_you_mean_inline(name, near))).unwrap_or_default();
            return Err(format!("`{name}` is not a setting of `{}`{hint}", self.provider.name));
        }
        // A token exchange does not belong to a step, and only steps may give the missing setting.
        if self.wiring.anonymous {
            return Ok(());
        }
        match self.provider.missing_settings(settings).first() {
            Some(missing) => Err(format!(
                "`{}` needs the setting `{missing}`: give it in `settings` of the connection `{}` or of the step",
                self.full_name(),
                connection.name
            )),
            None => Ok(()),
        }
    }

    pub(super) fn path_for(
        &self,
        connection: &Connection,
        given: Option<&OperationOverride>,
        names: &Names<'_>,
    ) -> Result<String, String> {
        let path = match (given.and_then(|given| given.path.as_deref()), &self.wiring.path) {
            (Some(path), _) => Expression::parse(path).and_then(|path| path.url(names)),
            (None, Some(path)) => path.url(names),
            (None, None) => return Err(self.missing_path(connection).unwrap_or_default()),
        };
        let base = connection.base_url.as_deref().or(self.provider.base_url.as_deref());
        let path = path.and_then(|path| checked(path, &connection.name, base));
        path.map_err(|wrong| format!("The path of `{}`: {wrong}", self.full_name()))
    }

    pub(super) fn add_queries(&self, path: &mut String, names: &Names<'_>) -> Result<(), String> {
        for (name, expression) in &self.wiring.query {
            let value =
                expression.parameter(names).map_err(|wrong| format!("The query parameter `{name}`: {wrong}"))?;
            add_values(path, name, &value)?;
        }
        let inputs = names.inputs;
        for input in self.inputs.iter().filter(|input| input.place == InputPlace::Query) {
            if let Some(value) = inputs.and_then(|inputs| inputs.get(&input.name)) {
                add_values(path, input.wire_name.as_deref().unwrap_or(&input.name), value)?;
            }
        }
        for (name, value) in spliced(self.wiring.query_input.as_deref(), inputs) {
            add_values(path, name, value)?;
        }
        Ok(())
    }

    pub(super) fn headers_for(&self, names: &Names<'_>) -> Result<Vec<(String, String)>, String> {
        let mut headers = Vec::new();
        for (name, expression) in self.provider.headers.iter().chain(&self.wiring.headers) {
            let value = expression.parameter(names).map_err(|wrong| format!("The header `{name}`: {wrong}"))?;
            if !value.is_null() {
                headers.push((name.clone(), given_header(name, as_text(&value))?));
            }
        }
        for input in self.inputs.iter().filter(|input| input.place == InputPlace::Header) {
            if let Some(value) = names.inputs.and_then(|inputs| inputs.get(&input.name)) {
                let name = input.wire_name.as_deref().unwrap_or(&input.name);
                headers.push((name.to_owned(), given_header(name, as_text(value))?));
            }
        }
        for (name, value) in spliced(self.wiring.headers_input.as_deref(), names.inputs) {
            headers.push((name.clone(), given_header(name, as_text(value))?));
        }
        Ok(headers)
    }

    fn body_for(&self, writing: &BodyInputs<'_>) -> Result<(Bytes, &'static str), String> {
        let Some(shape) = &self.wiring.body else { return Ok((Bytes::new(), "")) };
        if let BodyTemplate::Value(expression) = shape {
            match expression.value(&writing.names).as_ref() {
                Value::Null => return Ok((Bytes::new(), "")),
                Value::String(text) => return Ok((Bytes::from(text.clone()), "text/plain; charset=utf-8")),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {}
            }
        }
        let mut body = Vec::with_capacity(256);
        shape.write(writing, &mut body)?;
        Ok((Bytes::from(body), "application/json"))
    }
}

/// The fields of an input that is an object; nothing for any other input.
fn spliced<'a>(input: Option<&str>, inputs: Option<&'a Map>) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let map = input.and_then(|name| inputs?.get(name)?.as_object());
    map.into_iter().flatten()
}

/// Adds a query parameter; a list adds one for each element.
fn add_values(path: &mut String, name: &str, value: &Value) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("A query parameter has no name".to_owned());
    }
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().try_for_each(|item| add_values(path, name, item))?,
        Value::Object(_) => return Err(format!("The query parameter `{name}` must be text, and it is an object")),
        scalar @ (Value::Bool(_) | Value::Number(_) | Value::String(_)) => add_query(path, name, &as_text(scalar)),
    }
    Ok(())
}
