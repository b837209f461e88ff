//! Forms in a request body: their fields, and how each is written.

use super::located::Located;
use super::media::MediaKind;
use super::object::Object;
use super::pointer::pointer_join;
use super::references::ComponentKind;
use super::refusal::Refusal;
use super::schema::read::{Schema, Values};
use super::shapes::openapi::ENCODING;
use super::view::View;

/// A field of a form.
pub(crate) struct FormField<'a> {
    pub(crate) name: &'a str,
    /// The schema of the field, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    pub(crate) required: bool,
    pub(crate) style: FieldStyle,
    /// True if reserved characters of a value stay as they are.
    pub(crate) keeps_reserved: bool,
}

/// The way in which a field is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldStyle {
    /// A scalar as text, an array of scalars as several fields of the same name, any other value as
    /// JSON.
    Plain,
    /// The elements of an array joined by this text.
    Joined(&'static str),
    /// Each member of an object as a field with the name of the member.
    Members,
    /// Each scalar inside the value as a field, whose name has the path to the scalar in brackets.
    Brackets,
    /// Any value as JSON.
    Json,
    /// A file of this media type, or a list of such files.
    File(String),
}

/// Reads the fields of a form from its media type object.
///
/// # Errors
/// Returns a refusal if the form is not an object with properties, or if a style is not supported.
pub(crate) fn fields<'a>(
    view: &View<'a>,
    content: &Located<'a>,
    kind: MediaKind,
) -> Result<Vec<FormField<'a>>, Refusal<'a>> {
    let Some(place) = content.get("schema") else { return Ok(Vec::new()) };
    let schema = view.resolve(place, ComponentKind::Schema)?.at;
    let properties = match Schema::read(view, schema.clone())?.values {
        Values::Object { properties, .. } => properties,
        Values::Empty => Vec::new(),
        _ => {
            let help = "write type: object with properties; each property is a field";
            return Err(Refusal::new(schema.pointer, "a form is not an object with properties", help));
        }
    };
    let mut fields = Vec::new();
    for property in properties {
        let resolved = view.resolve(property.schema.clone(), ComponentKind::Schema)?.at;
        if resolved.flag("readOnly") {
            continue;
        }
        let encoding = content.get("encoding").and_then(|encoding| encoding.get(property.name));
        let style = match &encoding {
            Some(encoding) => style(encoding, &resolved, kind)?,
            None => FieldStyle::Plain,
        };
        // A part is not percent-encoded.
        let keeps_reserved = match encoding {
            Some(encoding) if kind == MediaKind::Form => Object::new(encoding, &ENCODING).flag("allowReserved")?,
            _ => false,
        };
        let (name, schema, required) = (property.name, property.schema, property.required);
        fields.push(FormField { name, schema, required, style, keeps_reserved });
    }
    Ok(fields)
}

/// Reads the style of a field.
///
/// # Errors
/// Returns a refusal if the style is not supported, or does not fit the type.
fn style<'a>(encoding: &Located<'a>, schema: &Located<'a>, kind: MediaKind) -> Result<FieldStyle, Refusal<'a>> {
    let object = Object::new(encoding.clone(), &ENCODING);
    // A style of a field that is percent-encoded stands before its media type.
    let has_style = ["style", "explode", "allowReserved"].iter().any(|key| encoding.get(key).is_some());
    let is_styled = kind == MediaKind::Form && has_style;
    if let Some(media_type) = object.text("contentType")?.filter(|_| !is_styled) {
        let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        return Ok(match name.as_str() {
            name if name == "application/json" || name.ends_with("+json") => FieldStyle::Json,
            "text/plain" => FieldStyle::Plain,
            _ if kind == MediaKind::Form => FieldStyle::Plain,
            // A range or a list of media types does not say which type a file has.
            name if name.contains(['*', ',']) => FieldStyle::File("application/octet-stream".to_owned()),
            _ => FieldStyle::File(media_type.to_owned()),
        });
    }
    let is_object = schema.text("type") == Some("object");
    let explodes = encoding.get("explode").is_none() || object.flag("explode")?;
    let refuse = |message: String| {
        let help = "write style: form, spaceDelimited, pipeDelimited or deepObject, or contentType: application/json";
        Err(Refusal::new(pointer_join(&encoding.pointer, "style"), message, help))
    };
    let stated = object.text("style")?;
    // Without a style, `explode` is that of the style `form`.
    match stated.or(encoding.get("explode").map(|_| "form")) {
        None => Ok(FieldStyle::Plain),
        Some("form") if is_object && explodes => Ok(FieldStyle::Members),
        Some("deepObject") => Ok(FieldStyle::Brackets),
        Some(style @ ("form" | "spaceDelimited" | "pipeDelimited")) if is_object => {
            refuse(format!("an object cannot be joined by style `{style}`"))
        }
        Some("form") if explodes => Ok(FieldStyle::Plain),
        Some("form") => Ok(FieldStyle::Joined(",")),
        Some("spaceDelimited") => Ok(FieldStyle::Joined(" ")),
        Some("pipeDelimited") => Ok(FieldStyle::Joined("|")),
        Some(style) => refuse(format!("a field has no style `{style}`")),
    }
}
