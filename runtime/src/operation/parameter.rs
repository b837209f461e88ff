//! A parameter of an operation, as the spec describes it.

use super::bounds::Bounds;
use super::form::FormStyle;
use super::style::Style;

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: ParameterIn,
    pub(crate) required: bool,
    pub(crate) bounds: Option<&'static Bounds>,
    pub(crate) style: Style,
    pub(crate) explode: bool,
    pub(crate) keeps_reserved: bool,
    /// The style of a property of a form.
    pub(crate) form_style: FormStyle,
}

impl Parameter {
    const fn new(name: &'static str, place: ParameterIn, required: bool) -> Self {
        let (style, explode) = match place {
            ParameterIn::Path | ParameterIn::Header => (Style::Simple, false),
            ParameterIn::Query | ParameterIn::Cookie => (Style::Form, true),
            ParameterIn::QueryJoined => (Style::Form, false),
            ParameterIn::Position | ParameterIn::Rest | ParameterIn::Name | ParameterIn::Form => (Style::Json, false),
        };
        Self {
            name,
            place,
            required,
            bounds: None,
            style,
            explode,
            keeps_reserved: false,
            form_style: FormStyle::Plain,
        }
    }

    /// Describes a required parameter, by its name on the wire.
    pub const fn required(name: &'static str, place: ParameterIn) -> Self {
        Self::new(name, place, true)
    }

    /// Describes an optional parameter, by its name on the wire.
    pub const fn optional(name: &'static str, place: ParameterIn) -> Self {
        Self::new(name, place, false)
    }

    /// Sets the bounds of the parameter's value.
    pub const fn with_bounds(mut self, bounds: &'static Bounds) -> Self {
        self.bounds = Some(bounds);
        self
    }

    /// Sets the style in which the parameter is written as a property of a form.
    pub const fn with_form_style(mut self, style: FormStyle) -> Self {
        self.form_style = style;
        self
    }

    /// Sets the style, and whether each element of an array and each member of an object is written
    /// separately. The default depends on the place: simple in the path and in a header, form in
    /// the query and in a cookie, JSON elsewhere.
    pub const fn with_style(mut self, style: Style, explode: bool) -> Self {
        (self.style, self.explode) = (style, explode);
        self
    }

    /// Sends the characters `: / ? @ ! $ ( ) * , ; =` of a value in the query without encoding. The
    /// other reserved characters are still encoded, because a reader of the query could misread
    /// them.
    pub const fn with_reserved(mut self) -> Self {
        self.keeps_reserved = true;
        self
    }

    /// Returns the name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the part of the request that carries the parameter.
    pub const fn place(&self) -> ParameterIn {
        self.place
    }

    /// Returns whether the parameter is required.
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Returns the bounds of the parameter's value; `None` if the spec states none.
    pub const fn bounds(&self) -> Option<&'static Bounds> {
        self.bounds
    }

    /// Returns the style in which the parameter is written.
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Returns the way in which a property of a form is written.
    pub const fn form_style(&self) -> FormStyle {
        self.form_style
    }

    /// Returns whether each element of an array and each member of an object is written separately.
    pub const fn explodes(&self) -> bool {
        self.explode
    }
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterIn {
    /// The path, where the parameter's name is in braces.
    Path,
    /// The query; an array repeats the name: `a=1&a=2`.
    Query,
    /// The query; an array is joined by commas: `a=1,2`.
    QueryJoined,
    /// A header.
    Header,
    /// A property of the form that is the body.
    Form,
    /// A cookie.
    Cookie,
    /// A position of a JSON-RPC call.
    Position,
    /// All remaining positions of a JSON-RPC call.
    Rest,
    /// A property of `params` of a JSON-RPC call.
    Name,
}
