//! The values that were given to an operation.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

use super::text::{Text, encode_text, is_blank};
use crate::file::File;
use crate::json_find;
use crate::operation::operation::{Idempotent, Operation, Weight};
use crate::operation::parameter::{Parameter, ParameterIn};
use crate::operation::style::Style;
use crate::upload::Upload;
use crate::wire::json::Json;

/// The values of an operation, each at its position in the spec, whatever the order in which they
/// were set.
///
/// A value is encoded once, when it is set, into the form that its part of the request requires.
#[derive(Clone, Debug)]
pub(crate) struct RequestValues {
    operation: &'static Operation,
    values: Vec<Option<Value>>,
    body: Option<Bytes>,
    /// A body that comes from a stream.
    upload: Option<Upload>,
    /// The first value that could not be encoded.
    fault: Option<String>,
}

/// A value in the form that its part of the request requires.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// JSON, for a parameter of a JSON-RPC call, a field of a form, or a parameter whose text is
    /// JSON.
    Json(String),
    /// Text, for a path, a query, a header or a cookie.
    Text(Text),
    /// Files, for a multipart form.
    Files(Vec<File>),
}

impl Value {
    /// Returns false for null, for a blank text, and for a list without any other element: an empty
    /// id does not identify a request.
    fn says_something(&self) -> bool {
        match self {
            Self::Json(json) => is_something(json),
            Self::Text(text) => text.says_something(),
            Self::Files(files) => !files.is_empty(),
        }
    }
}

/// Returns false for JSON that gives no value: null, a text that is empty or consists of
/// whitespace, and a list without an element that gives a value.
///
/// A venue may strip whitespace, so an id of spaces may be no id there.
pub(super) fn is_something(json: &str) -> bool {
    let json = json.trim_ascii();
    match serde_json::from_str::<Vec<&RawValue>>(json) {
        Ok(elements) => elements.into_iter().any(|element| is_scalar_given(element.get())),
        Err(_) => is_scalar_given(json),
    }
}

fn is_scalar_given(json: &str) -> bool {
    json != "null" && !serde_json::from_str::<Cow<'_, str>>(json).is_ok_and(|text| is_blank(&text))
}

impl RequestValues {
    /// Creates the values of an operation, none of which is set.
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self { operation, values: vec![None; operation.parameters.len()], body: None, upload: None, fault: None }
    }

    /// Sets the parameter at the index `position`. A value that cannot be encoded becomes the
    /// fault.
    pub(crate) fn set<T: Serialize + ?Sized>(&mut self, position: usize, value: &T) {
        let Some(parameter) = self.operation.parameters.get(position) else {
            return self.refuse(format!("there is no parameter {position}"));
        };
        let value = match parameter.style {
            Style::Json => serde_json::to_string(value).map(Value::Json).map_err(|error| error.to_string()),
            _ => encode_text(value).map(Value::Text).map_err(|error| error.to_string()),
        };
        self.put(position, parameter, value);
    }

    fn put(&mut self, position: usize, parameter: &Parameter, value: Result<Value, String>) {
        match (value, self.values.get_mut(position)) {
            (Ok(value), Some(slot)) => *slot = Some(value),
            (Ok(_), None) => {}
            (Err(error), _) => self.refuse(format!("`{}` cannot be encoded: {error}", parameter.name)),
        }
    }

    /// Sets the parameter at the index `position` to files.
    pub(crate) fn set_files(&mut self, position: usize, files: Vec<File>) {
        match self.operation.parameters.get(position) {
            Some(parameter) => self.put(position, parameter, Ok(Value::Files(files))),
            None => self.refuse(format!("there is no parameter {position}")),
        }
    }

    /// Sets the body.
    pub(crate) fn set_body<T: Serialize + ?Sized>(&mut self, value: &T) {
        /// The room for the body of nearly every request.
        const ROOM: usize = 512;
        let mut json = Vec::with_capacity(ROOM);
        let written = serde_json::to_writer(&mut json, value);
        self.put_body(written.map(|()| json));
    }

    /// Sets a body that is sent as it is given.
    pub(crate) fn set_raw_body(&mut self, body: Bytes) {
        self.body = Some(body);
    }

    /// Sets a body of bytes, or of a stream.
    pub(crate) fn set_upload_body(&mut self, upload: Upload) {
        match upload.as_bytes() {
            Some(bytes) => (self.body, self.upload) = (Some(bytes.clone()), None),
            None => (self.body, self.upload) = (None, Some(upload)),
        }
    }

    /// Returns the body that comes from a stream.
    pub(crate) fn upload(&self) -> Option<&Upload> {
        self.upload.as_ref()
    }

    /// Returns the value of the parameter at the index `position`, as JSON; `None` if it is not
    /// set, or if it is a list, an object or a file.
    pub(crate) fn json(&self, position: usize) -> Option<Json> {
        match self.values.get(position)?.as_ref()? {
            Value::Json(json) => Json::parse(json.to_string()).ok(),
            Value::Text(Text::Scalar(text)) => Json::encode(&**text).ok(),
            Value::Text(_) | Value::Files(_) => None,
        }
    }

    fn put_body(&mut self, json: serde_json::Result<Vec<u8>>) {
        match json {
            Ok(json) => self.body = Some(json.into()),
            Err(error) => self.refuse(format!("the body cannot be encoded as JSON: {error}")),
        }
    }

    fn refuse(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the first value that could not be encoded, as a message.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    pub(crate) fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Returns all parameters in the order of the spec, with their values.
    pub(crate) fn all(
        &self,
    ) -> impl DoubleEndedIterator<Item = (&'static Parameter, Option<&Value>)> + ExactSizeIterator {
        self.operation.parameters.iter().zip(self.values.iter().map(Option::as_ref))
    }

    /// Returns the values that were set in these parts of an HTTP request, in the order of the
    /// spec.
    pub(crate) fn within(&self, places: &[ParameterIn]) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        self.all()
            .filter_map(|(parameter, value)| Some((parameter, value?)).filter(|_| places.contains(&parameter.place)))
    }

    /// Returns whether this parameter, or top-level property of the body, was set to a value that
    /// is not empty.
    fn has(&self, name: &str) -> bool {
        let parameter = self.all().find(|(parameter, value)| parameter.name == name && value.is_some());
        if let Some((_, Some(value))) = parameter {
            return value.says_something();
        }
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let body = self.body.as_ref().filter(|_| self.operation.content.is_json());
        let found = body.and_then(|body| json_find::first(body, &[&pointer]));
        found.is_some_and(|value| is_something(value.get()))
    }

    /// Returns the weight of a call with these values.
    pub(crate) fn weight(&self) -> u32 {
        match self.operation.weight {
            Weight::Fixed(weight) => weight,
            Weight::ByParameter { when_present, otherwise } => {
                let present = when_present.iter().filter(|(name, _)| self.has(name));
                present.map(|(_, weight)| *weight).max().unwrap_or(otherwise)
            }
        }
    }

    /// Returns whether a call with these values may be sent again after an attempt of unknown
    /// outcome.
    pub(crate) fn is_idempotent(&self) -> bool {
        match self.operation.idempotent {
            Idempotent::Always => true,
            Idempotent::Never => false,
            Idempotent::WhenPresent(names) => names.iter().any(|name| self.has(name)),
        }
    }
}
