//! The parameters of an operation or a method.

use std::collections::HashSet;

use super::located::Located;
use super::nearest::did_you_mean;
use super::object::Object;
use super::pointer::{parent, pointer_join};
use super::references::{ComponentKind, Resolved};
use super::refusal::Refusal;
use super::shapes::openapi::PARAMETER;
use super::standard::Standard;
use super::view::View;

/// A parameter in the list of an operation, a method or a path.
#[derive(Clone)]
pub(crate) struct Listed<'a> {
    /// The element of the list, which may be a `$ref`.
    pub(crate) place: Located<'a>,
    /// The parameter itself.
    pub(crate) resolved: Resolved<'a>,
}

/// The part of a request that carries a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterIn {
    Path,
    Query,
    Header,
    Cookie,
}

impl ParameterIn {
    /// Reads the part of a request that carries a parameter.
    ///
    /// # Errors
    /// Returns a refusal if the value of `in` is not `path`, `query`, `header` or `cookie`.
    pub(crate) fn read<'a>(parameter: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let place = pointer_join(&parameter.pointer, "in");
        match Object::new(parameter.clone(), &PARAMETER).need_text("in")? {
            "query" => Ok(Self::Query),
            "path" => Ok(Self::Path),
            "header" => Ok(Self::Header),
            "cookie" => Ok(Self::Cookie),
            location @ ("body" | "formData") => {
                let message = format!("a parameter in `{location}` is part of OpenAPI 2.0");
                Err(Refusal::new(place, message, "write a `requestBody`"))
            }
            location => {
                let otherwise = "write in: query, in: path, in: header or in: cookie";
                let help = did_you_mean(location, ["query", "path", "header", "cookie"], otherwise);
                Err(Refusal::new(place, format!("a parameter cannot be in `{location}`"), help))
            }
        }
    }

    /// Returns the value of `in`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// Returns the parameters of an operation or a method. Those that the path item states for all its
/// operations come first. A parameter of the operation replaces such a parameter with the same name
/// in the same part of the request.
pub(crate) fn listed<'a>(view: &View<'a>, operation: &Located<'a>) -> Vec<Result<Listed<'a>, Refusal<'a>>> {
    let (key, kind) = match view.standard {
        Standard::OpenApi => ("parameters", ComponentKind::Parameter),
        Standard::OpenRpc => ("params", ComponentKind::ContentDescriptor),
    };
    let read = |place: Located<'a>| {
        let resolved = view.resolve(place.clone(), kind)?;
        Ok(Listed { place, resolved })
    };
    let own: Vec<Result<Listed<'a>, Refusal<'a>>> = operation.list(key).map(read).collect();
    let path = match view.standard {
        Standard::OpenApi => parent(&operation.pointer).and_then(|pointer| view.at(pointer)),
        Standard::OpenRpc => None,
    };
    let identities: HashSet<_> = own.iter().flatten().map(|own| identity(&own.resolved.at)).collect();
    let shared = path.into_iter().flat_map(|path| path.list(key)).map(read);
    let mut all: Vec<_> = shared
        .filter(|shared| !shared.as_ref().is_ok_and(|shared| identities.contains(&identity(&shared.resolved.at))))
        .collect();
    all.extend(own);
    all
}

/// Returns the parameters of an operation or a method, without those whose `$ref` does not lead to
/// a parameter. The check reports such a `$ref`.
pub(crate) fn known<'a>(view: &View<'a>, operation: &Located<'a>) -> Vec<Listed<'a>> {
    listed(view, operation).into_iter().flatten().collect()
}

/// Returns the identity of a parameter: the part of the request, and its name.
pub(crate) fn identity<'a>(parameter: &Located<'a>) -> (Option<&'a str>, Option<&'a str>) {
    (parameter.text("in"), parameter.text("name"))
}
