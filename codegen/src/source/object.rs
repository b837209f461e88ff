//! Reads the values of an object, according to the description of the object, which states the form
//! of each key's value.

use super::located::Located;
use super::node::{Kind, Node};
use super::refusal::Refusal;
use super::shapes::grammar::{Form, Shape};

/// An object, and the description of its keys.
#[derive(Clone)]
pub(in crate::source) struct Object<'a> {
    pub(in crate::source) at: Located<'a>,
    shape: &'static Shape,
}

impl<'a> Object<'a> {
    pub(in crate::source) fn new(at: Located<'a>, shape: &'static Shape) -> Self {
        Self { at, shape }
    }

    /// Returns the value of a key.
    ///
    /// # Errors
    /// Returns a refusal if the object does not have the key.
    pub(in crate::source) fn need(&self, key: &str) -> Result<Located<'a>, Refusal<'a>> {
        match self.at.node.kind() {
            Kind::Map(_) => self.at.get(key).ok_or_else(|| self.shape.lacks(&self.at, key)),
            _ => Err(unexpected(&self.at, &Form::Object(self.shape))),
        }
    }

    /// Returns the text of a key.
    ///
    /// # Errors
    /// Returns a refusal if the object does not have the key, or if its value is not text.
    pub(in crate::source) fn need_text(&self, key: &str) -> Result<&'a str, Refusal<'a>> {
        text(&self.need(key)?)
    }

    /// Returns the text of a key that may be missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is not text.
    pub(in crate::source) fn text(&self, key: &str) -> Result<Option<&'a str>, Refusal<'a>> {
        self.at.get(key).map(|value| text(&value)).transpose()
    }

    /// Returns whether the value of a key is `true`; false if the key is missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is neither `true` nor `false`.
    pub(in crate::source) fn flag(&self, key: &str) -> Result<bool, Refusal<'a>> {
        let Some(value) = self.at.get(key) else { return Ok(false) };
        value.node.as_bool().ok_or_else(|| unexpected(&value, &Form::Flag))
    }

    /// Returns the elements of the list at a key; none if the key is missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is not a list.
    pub(in crate::source) fn list(&self, key: &str) -> Result<Vec<Located<'a>>, Refusal<'a>> {
        self.at.get(key).map_or_else(|| Ok(Vec::new()), |value| elements(&value))
    }

    /// Returns the members of the object at a key; none if the key is missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is not an object.
    pub(in crate::source) fn map(&self, key: &str) -> Result<Vec<(&'a str, Located<'a>)>, Refusal<'a>> {
        self.at.get(key).map_or_else(|| Ok(Vec::new()), |value| members(&value))
    }

    /// Returns the texts in the list at a key; none if the key is missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is not a list of texts.
    pub(in crate::source) fn texts(&self, key: &str) -> Result<Vec<&'a str>, Refusal<'a>> {
        self.list(key)?.iter().map(text).collect()
    }

    /// Returns the whole number of a key that may be missing.
    ///
    /// # Errors
    /// Returns a refusal if the value is not a whole number from 0 to 4294967295.
    pub(in crate::source) fn count(&self, key: &str) -> Result<Option<u32>, Refusal<'a>> {
        self.at.get(key).map(|value| count(&value)).transpose()
    }

    /// Returns the whole number of a key.
    ///
    /// # Errors
    /// Returns a refusal if the object does not have the key, or if its value is not a whole number
    /// from 0 to 4294967295.
    pub(in crate::source) fn need_count(&self, key: &str) -> Result<u32, Refusal<'a>> {
        count(&self.need(key)?)
    }

    /// Returns the choice that the text of a key names. `choices` are the choices in the
    /// description of the key.
    ///
    /// # Errors
    /// Returns a refusal if the object does not have the key, or if its value is none of the
    /// choices.
    pub(in crate::source) fn need_choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&'static str, T)],
    ) -> Result<T, Refusal<'a>> {
        let value = self.need(key)?;
        let written = text(&value)?;
        choices.iter().find(|(name, _)| *name == written).map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!("`{key}` cannot be `{written}`");
            Refusal::new(value.pointer, message, format!("write {}", names.join(" or ")))
        })
    }
}

/// Returns the text of a value.
///
/// # Errors
/// Returns a refusal if the value is not text.
pub(in crate::source) fn text<'a>(value: &Located<'a>) -> Result<&'a str, Refusal<'a>> {
    value.node.as_str().ok_or_else(|| unexpected(value, &Form::Text))
}

/// Returns the whole number of a value.
///
/// # Errors
/// Returns a refusal if the value is not a whole number from 0 to 4294967295.
pub(in crate::source) fn count<'a>(value: &Located<'a>) -> Result<u32, Refusal<'a>> {
    let text = value.node.as_number().ok_or_else(|| unexpected(value, &Form::Count))?;
    text.parse().map_err(|_| {
        let help = "write a whole number from 0 to 4294967295";
        Refusal::new(&*value.pointer, format!("`{text}` is not a whole number from 0 to 4294967295"), help)
    })
}

/// Returns the elements of a list.
///
/// # Errors
/// Returns a refusal if the value is not a list.
pub(in crate::source) fn elements<'a>(value: &Located<'a>) -> Result<Vec<Located<'a>>, Refusal<'a>> {
    match value.node.kind() {
        Kind::Seq(_) => Ok(value.elements().collect()),
        _ => Err(unexpected(value, &Form::List(&Form::Data))),
    }
}

/// Returns the members of an object.
///
/// # Errors
/// Returns a refusal if the value is not an object.
pub(in crate::source) fn members<'a>(value: &Located<'a>) -> Result<Vec<(&'a str, Located<'a>)>, Refusal<'a>> {
    match value.node.kind() {
        Kind::Map(_) => Ok(value.members().collect()),
        _ => Err(unexpected(value, &Form::Map(&Form::Data))),
    }
}

/// Returns the refusal of a value that does not have this form.
pub(in crate::source) fn unexpected<'a>(value: &Located<'a>, form: &Form) -> Refusal<'a> {
    let help = format!("write {}", form.name());
    Refusal::new(&*value.pointer, form.expected(&value.pointer, value.node), help)
}

/// Returns a text, or a number as its text; `None` for any other value.
pub(in crate::source) fn text_or_number(node: &Node) -> Option<&str> {
    node.as_str().or_else(|| node.as_number())
}
