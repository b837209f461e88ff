//! The extensions of a schema.

use crate::source::constraints::{Constraint, constraints};
use crate::source::located::Located;
use crate::source::object::{Object, elements};
use crate::source::refusal::Refusal;
use crate::source::shapes::schema::{ALWAYS, COLUMN, SCHEMA};

/// The extensions of a schema.
pub(crate) struct SchemaExtensions<'a> {
    /// `x-tuple`.
    pub(crate) tuple: Option<Vec<Column<'a>>>,
    /// `x-always`.
    pub(crate) always: Option<Always<'a>>,
    /// `x-constraints`.
    pub(crate) constraints: Vec<Constraint<'a>>,
    /// `x-enum-varnames`.
    pub(crate) enum_varnames: Vec<&'a str>,
    /// `x-enum-descriptions`.
    pub(crate) enum_descriptions: Vec<&'a str>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
    /// `x-doc-deviation`.
    pub(crate) doc_deviation: Option<&'a str>,
}

impl<'a> SchemaExtensions<'a> {
    pub(crate) fn read(schema: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(schema.clone(), &SCHEMA);
        let columns = |list: Located<'a>| elements(&list)?.into_iter().map(Column::read).collect();
        Ok(Self {
            tuple: schema.get("x-tuple").map(columns).transpose()?,
            always: schema.get("x-always").map(Always::read).transpose()?,
            constraints: constraints(&object)?,
            enum_varnames: object.texts("x-enum-varnames")?,
            enum_descriptions: object.texts("x-enum-descriptions")?,
            rust_name: object.text("x-rust-name")?,
            doc_deviation: object.text("x-doc-deviation")?,
        })
    }
}

/// A column of an `x-tuple`.
#[derive(Clone)]
pub(crate) struct Column<'a> {
    pub(crate) at: Located<'a>,
    pub(crate) name: &'a str,
    /// The schema of the column, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
}

impl<'a> Column<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &COLUMN);
        Ok(Self {
            name: object.need_text("name")?,
            schema: object.need("schema")?,
            rust_name: object.text("x-rust-name")?,
            at,
        })
    }
}

/// Properties that are always present, although they are not `required`.
pub(crate) struct Always<'a> {
    pub(crate) members: Vec<&'a str>,
    /// The evidence that they are always present.
    pub(crate) because: &'a str,
}

impl<'a> Always<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ALWAYS);
        Ok(Self { members: object.texts("members")?, because: object.need_text("because")? })
    }
}
