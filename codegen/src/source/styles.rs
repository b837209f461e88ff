//! The styles of parameters: the ways in which an array or an object becomes text.

use super::findings::write_text;
use super::located::Located;
use super::nearest::did_you_mean;
use super::object::Object;
use super::parameters::ParameterIn;
use super::pointer::pointer_join;
use super::refusal::Refusal;
use super::shapes::openapi::PARAMETER;

/// The only media type that a parameter with `content` can have.
const JSON: &str = "application/json";

/// The style of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;p=a;p=b`
    Matrix,
    /// `p=a&p=b`
    Form,
    /// `p=a%20b`
    SpaceDelimited,
    /// `p=a%7Cb`
    PipeDelimited,
    /// `p[x]=a&p[y]=b`
    DeepObject,
    /// JSON text (`content`).
    Json,
}

const STYLES: [(&str, Style); 7] = [
    ("simple", Style::Simple),
    ("label", Style::Label),
    ("matrix", Style::Matrix),
    ("form", Style::Form),
    ("spaceDelimited", Style::SpaceDelimited),
    ("pipeDelimited", Style::PipeDelimited),
    ("deepObject", Style::DeepObject),
];

/// The way in which a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) style: Style,
    /// True if each element and each member is written separately.
    pub(crate) explode: bool,
    /// `allowReserved`
    pub(crate) keeps_reserved: bool,
}

impl Encoding {
    /// Reads the encoding of a parameter.
    ///
    /// # Errors
    /// Returns a refusal if parameters in this part of the request cannot have the style, or if the
    /// content is not JSON.
    pub(crate) fn read<'a>(parameter: &Located<'a>, location: ParameterIn) -> Result<Self, Refusal<'a>> {
        if parameter.get("content").is_some() {
            content(parameter)?;
            return Ok(Self { style: Style::Json, explode: false, keeps_reserved: false });
        }
        let object = Object::new(parameter.clone(), &PARAMETER);
        let style = style(parameter, location, object.text("style")?)?;
        let has_explode = parameter.node.get("explode").is_some();
        let explode = if has_explode { object.flag("explode")? } else { style == Style::Form };
        Ok(Self { style, explode, keeps_reserved: location == ParameterIn::Query && object.flag("allowReserved")? })
    }
}

fn style<'a>(parameter: &Located<'a>, location: ParameterIn, stated: Option<&'a str>) -> Result<Style, Refusal<'a>> {
    let allowed = location.styles();
    let Some(name) = stated else { return Ok(location.usual_style()) };
    let known = STYLES.iter().find(|(known, _)| *known == name).map(|(_, style)| *style);
    if let Some(style) = known.filter(|style| allowed.contains(style)) {
        return Ok(style);
    }
    let names: Vec<&str> = STYLES.iter().filter(|(_, style)| allowed.contains(style)).map(|(name, _)| *name).collect();
    let place = pointer_join(&parameter.pointer, "style");
    let message = match known {
        Some(_) => format!("a parameter in `{}` has no style `{name}`", location.name()),
        None => format!("there is no style `{name}`"),
    };
    Err(match names.as_slice() {
        [one] => Refusal::new(place, message, write_text(format!("write style: {one}"), one)),
        _ => {
            let otherwise = format!("write one of {}", names.join(", "));
            Refusal::new(place, message, did_you_mean(name, names.clone(), otherwise))
        }
    })
}

impl ParameterIn {
    /// Returns the styles that parameters in this part of a request can have.
    pub(crate) fn styles(self) -> &'static [Style] {
        match self {
            Self::Path => &[Style::Simple, Style::Label, Style::Matrix],
            Self::Query => &[Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject],
            Self::Header => &[Style::Simple],
            Self::Cookie => &[Style::Form],
        }
    }

    /// Returns the style of a parameter that states none.
    pub(crate) fn usual_style(self) -> Style {
        match self {
            Self::Path | Self::Header => Style::Simple,
            Self::Query | Self::Cookie => Style::Form,
        }
    }
}

/// Returns the object that has the schema and the example of a parameter: the parameter itself, or
/// its JSON content.
///
/// # Errors
/// Returns a refusal if the content is not JSON.
pub(crate) fn described<'a>(parameter: &Located<'a>) -> Result<Located<'a>, Refusal<'a>> {
    if parameter.get("content").is_some() { content(parameter) } else { Ok(parameter.clone()) }
}

/// Returns the JSON content of a parameter.
fn content<'a>(parameter: &Located<'a>) -> Result<Located<'a>, Refusal<'a>> {
    let help = "write one key below `content`: application/json: {schema: .., example: ..}";
    let content = Object::new(parameter.clone(), &PARAMETER).need("content")?;
    if let Some(schema) = parameter.get("schema") {
        let message = "a parameter has `schema` or `content`, and not both";
        return Err(Refusal::new(schema.pointer, message, "leave one of them out").on_key());
    }
    if let Some((media, other)) = content.members().find(|(media, _)| *media != JSON) {
        let message = format!("parameters of type `{media}` are not supported");
        return Err(Refusal::new(other.pointer, message, help).on_key());
    }
    content.get(JSON).ok_or_else(|| Refusal::new(content.pointer, "the parameter has no content", help))
}
