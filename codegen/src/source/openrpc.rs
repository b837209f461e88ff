//! Reads OpenRPC documents. The check reports the refusals of these readers.

use super::extensions::{LimitNames, OperationExtensions, ParameterNames, code};
use super::located::Located;
use super::object::{Object, elements};
use super::parameters;
use super::pointer::pointer_join;
use super::references::{ComponentKind, Resolved};
use super::refusal::Refusal;
use super::schema::types::JsonType;
use super::shapes::openrpc::{CONTENT_DESCRIPTOR, ERROR_OBJECT, EXAMPLE, EXAMPLE_PAIRING, METHOD, OPENRPC, TAG};
use super::view::View;

/// A method.
pub(crate) struct Method<'a> {
    pub(crate) at: Located<'a>,
    /// The name in the document. This is also the name on the wire, unless `x-method` states
    /// another.
    pub(crate) name: &'a str,
    pub(crate) summary: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) deprecated: bool,
    /// The first tag of the method.
    pub(crate) tag: Option<&'a str>,
    /// The parameters, by position.
    pub(crate) parameters: Vec<Descriptor<'a>>,
    /// True if parameters are sent by name, false if they are sent by position.
    pub(crate) is_by_name: bool,
    /// The result; `None` for a notification.
    pub(crate) result: Option<Descriptor<'a>>,
    pub(crate) errors: Vec<Error<'a>>,
    pub(crate) examples: Vec<Pairing<'a>>,
    pub(crate) extensions: OperationExtensions<'a>,
}

/// Reads the methods, in the order of the document. Each method has its own result, so that one
/// that is refused does not hide the others.
///
/// # Errors
/// Returns a refusal if the document has no list of `methods`.
pub(crate) fn methods<'a>(
    view: &View<'a>,
    limits: &LimitNames<'a>,
) -> Result<Vec<Result<Method<'a>, Refusal<'a>>>, Refusal<'a>> {
    let list = Object::new(view.root(), &OPENRPC).need("methods")?;
    Ok(elements(&list)?.into_iter().map(|at| Method::read(view, limits, at)).collect())
}

impl<'a> Method<'a> {
    fn read(view: &View<'a>, limits: &LimitNames<'a>, at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &METHOD);
        object.need("params")?;
        let listed = parameters::listed(view, &at).into_iter().collect::<Result<Vec<_>, _>>()?;
        for (index, parameter) in listed.iter().enumerate() {
            let is_last = index + 1 == listed.len();
            if let Some(refusal) = variadic_faults(view, &parameter.place, &parameter.resolved.at, is_last).pop() {
                return Err(refusal);
            }
        }
        let parameters = listed.into_iter().map(|parameter| Descriptor::read(parameter.resolved));
        let parameters: Vec<Descriptor<'a>> = parameters.collect::<Result<_, _>>()?;
        let names = ParameterNames::new(parameters.iter().map(|parameter| parameter.name).collect());
        let tags = object.list("tags")?;
        let error = |place| Error::read(view.resolve(place, ComponentKind::ErrorObject)?.at);
        let result = |place| Descriptor::read(view.resolve(place, ComponentKind::ContentDescriptor)?);
        let pairing = |place| Pairing::read(view, view.resolve(place, ComponentKind::ExamplePairing)?.at);
        Ok(Self {
            name: object.need_text("name")?,
            summary: object.text("summary")?,
            description: object.text("description")?,
            deprecated: object.flag("deprecated")?,
            tag: tags.into_iter().next().map(|tag| Object::new(tag, &TAG).need_text("name")).transpose()?,
            parameters,
            is_by_name: is_by_name(&at),
            result: at.get("result").map(result).transpose()?,
            errors: object.list("errors")?.into_iter().map(error).collect::<Result<_, _>>()?,
            examples: object.list("examples")?.into_iter().map(pairing).collect::<Result<_, _>>()?,
            extensions: OperationExtensions::read(&object, limits, &names)?,
            at,
        })
    }
}

/// A parameter or a result.
pub(crate) struct Descriptor<'a> {
    pub(crate) at: Located<'a>,
    /// The name of the component, if a `$ref` leads to one.
    pub(crate) component: Option<String>,
    /// The name, which is sent only for a parameter of a method whose parameters are sent by name.
    pub(crate) name: &'a str,
    pub(crate) summary: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    /// The schema, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// `x-variadic`: each element of the array is sent at a position of its own.
    pub(crate) variadic: bool,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
    /// `x-doc-deviation`.
    pub(crate) doc_deviation: Option<&'a str>,
}

impl<'a> Descriptor<'a> {
    fn read(resolved: Resolved<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(resolved.at, &CONTENT_DESCRIPTOR);
        Ok(Self {
            component: resolved.component,
            name: object.need_text("name")?,
            summary: object.text("summary")?,
            description: object.text("description")?,
            required: object.flag("required")?,
            deprecated: object.flag("deprecated")?,
            schema: object.need("schema")?,
            variadic: object.flag("x-variadic")?,
            rust_name: object.text("x-rust-name")?,
            doc_deviation: object.text("x-doc-deviation")?,
            at: object.at,
        })
    }
}

/// Returns whether the parameters of a method are sent by name.
///
/// `either` leaves the choice to the client. The client then sends names, because each optional
/// parameter can be left out, whatever its position is. By the standard, a method without
/// `paramStructure` also allows both. But documents without it are often written for servers that
/// only know positions, so the client sends positions.
#[must_use]
pub fn is_by_name(method: &Located<'_>) -> bool {
    matches!(method.text("paramStructure"), Some("by-name" | "either"))
}

/// Returns whether the calls of a document have the envelope from before JSON-RPC 2.0
/// (`x-envelope: bare`).
pub(crate) fn has_bare_envelope(view: &View<'_>) -> bool {
    view.root().text("x-envelope") == Some("bare")
}

/// Returns refusals of a variadic parameter that is not the last one, or not an array.
pub(crate) fn variadic_faults<'a>(
    view: &View<'a>,
    place: &Located<'a>,
    parameter: &Located<'a>,
    is_last: bool,
) -> Vec<Refusal<'a>> {
    let mut refusals = Vec::new();
    if !parameter.flag("x-variadic") {
        return refusals;
    }
    if !is_last {
        let help = "put it last; it spreads over all remaining positions";
        refusals.push(Refusal::new(&*place.pointer, "an `x-variadic` parameter is not the last", help));
    }
    let schema = parameter.get("schema").and_then(|schema| view.resolved(schema, ComponentKind::Schema));
    if schema.is_some_and(|schema| JsonType::from_schema(&schema) != Some(JsonType::Array)) {
        let help = "write schema: {type: array, items: ..}; `items` is the schema of each position";
        let message = "an `x-variadic` parameter is not an array";
        refusals.push(Refusal::new(pointer_join(&parameter.pointer, "schema"), message, help));
    }
    refusals
}

/// An error that the document states. In OpenRPC, errors have no description, but those of
/// `x-error-codes` can have one.
pub(crate) struct Error<'a> {
    /// The code as text. An integer is in decimal.
    pub(crate) code: String,
    /// The venue's message.
    pub(crate) message: &'a str,
}

impl<'a> Error<'a> {
    pub(crate) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &ERROR_OBJECT);
        Ok(Self { code: code(&object.need("code")?)?, message: object.need_text("message")? })
    }
}

/// A call with its response.
pub(crate) struct Pairing<'a> {
    pub(crate) name: &'a str,
    pub(crate) pointer: String,
    /// The values of the parameters, by position.
    pub(crate) parameters: Vec<Located<'a>>,
    /// The value of the result; `None` for a notification.
    pub(crate) result: Option<Located<'a>>,
}

impl<'a> Pairing<'a> {
    fn read(view: &View<'a>, at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &EXAMPLE_PAIRING);
        let value = |place| {
            let example = view.resolve(place, ComponentKind::Example)?.at;
            Object::new(example, &EXAMPLE).need("value")
        };
        Ok(Self {
            name: object.need_text("name")?,
            parameters: object.list("params")?.into_iter().map(value).collect::<Result<_, _>>()?,
            result: object.at.get("result").map(value).transpose()?,
            pointer: object.at.pointer,
        })
    }
}
