//! Security schemes and the requirements that name them.

use std::collections::HashSet;
use std::rc::Rc;

use super::findings::{Later, write_json, write_text};
use super::located::Located;
use super::nearest::{did_you_mean, did_you_mean_key};
use super::object::Object;
use super::pointer::pointer_join;
use super::references::ComponentKind;
use super::refusal::Refusal;
use super::shapes::common::SECURITY_SCHEME;
use super::standard::Standard;
use super::view::View;

/// The security schemes of a document.
pub(crate) struct Schemes<'a> {
    /// Their names and places, in the order of the document.
    all: Rc<Vec<(&'a str, Located<'a>)>>,
    names: HashSet<&'a str>,
    section: &'static str,
    /// The key that lists requirements: `security` or `x-security`.
    pub(crate) key: &'static str,
}

impl<'a> Schemes<'a> {
    pub(crate) fn new(view: &View<'a>) -> Self {
        let (section, key) = match view.standard {
            Standard::OpenApi => ("components.securitySchemes", "security"),
            Standard::OpenRpc => ("x-security-schemes", "x-security"),
        };
        let all: Vec<_> = match view.standard {
            Standard::OpenApi => view.components(ComponentKind::SecurityScheme).collect(),
            Standard::OpenRpc => {
                view.root().get("x-security-schemes").into_iter().flat_map(|schemes| schemes.members()).collect()
            }
        };
        let names = all.iter().map(|(name, _)| *name).collect();
        Self { all: Rc::new(all), names, section, key }
    }

    /// Returns whether the document has no security scheme.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Reads the schemes.
    ///
    /// # Errors
    /// The first scheme that the client does not support.
    pub(crate) fn read(&self, view: &View<'a>) -> Result<Vec<Scheme<'a>>, Refusal<'a>> {
        let read = |(name, place): &(&'a str, Located<'a>)| {
            Scheme::read(name, view.resolve(place.clone(), ComponentKind::SecurityScheme)?.at)
        };
        self.all.iter().map(read).collect()
    }

    fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Reads the requirements of an operation or of the root. Returns the names of the required
    /// schemes, and a refusal per fault of the list.
    pub(crate) fn requirements(&self, list: &Located<'a>) -> (Vec<&'a str>, Vec<Refusal<'a>>) {
        let mut names = Vec::new();
        let mut refusals = Vec::new();
        for (i, requirement) in list.elements().enumerate() {
            if i > 0 {
                let help = "name all schemes that are needed together in one element, and keep one way to authorise";
                let message = "alternative ways to authorise are not supported";
                refusals.push(Refusal::new(&*requirement.pointer, message, help));
            }
            if requirement.node.as_map().is_some_and(|schemes| schemes.is_empty()) {
                let help = "write [] if none is needed, otherwise name the schemes";
                let message = "optional authorisation is not supported";
                refusals.push(Refusal::new(&*requirement.pointer, message, help));
            }
            for (name, scopes) in requirement.members() {
                names.push(name);
                if !self.contains(name) {
                    let (all, section, requirement) = (self.all.clone(), self.section, requirement.clone());
                    let help = Later(move || {
                        let free = all.iter().map(|(known, _)| *known);
                        let free = free.filter(|known| requirement.node.get(known).is_none());
                        did_you_mean_key(name, free, format!("describe it under `{section}`")).into()
                    });
                    let message = format!("there is no security scheme `{name}`");
                    refusals.push(Refusal::new(scopes.pointer, message, help).on_key());
                } else if scopes.elements().next().is_some() {
                    let help = write_json(format!("write {name}: []"), "[]");
                    refusals.push(Refusal::new(scopes.pointer, "scopes are not supported", help));
                }
            }
        }
        (names, refusals)
    }
}

/// A security scheme: a header or a parameter that carries a key.
pub(crate) struct Scheme<'a> {
    pub(crate) name: &'a str,
    pub(crate) location: SchemeIn,
    /// The name of the header or the parameter.
    pub(crate) wire: &'a str,
    /// `x-signature`: true if it carries the signature.
    pub(crate) signature: bool,
    pub(crate) description: Option<&'a str>,
}

/// The part of a request that carries a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemeIn {
    Header,
    Query,
}

impl<'a> Scheme<'a> {
    fn read(name: &'a str, at: Located<'a>) -> Result<Self, Refusal<'a>> {
        scheme_type(&at)?;
        let location = SchemeIn::read(&at)?;
        let object = Object::new(at, &SECURITY_SCHEME);
        Ok(Self {
            name,
            location,
            wire: object.need_text("name")?,
            signature: object.flag("x-signature")?,
            description: object.text("description")?,
        })
    }
}

/// Checks that the type of a scheme is `apiKey`.
///
/// # Errors
/// The refusal of any other type.
pub(crate) fn scheme_type<'a>(scheme: &Located<'a>) -> Result<(), Refusal<'a>> {
    let pointer = pointer_join(&scheme.pointer, "type");
    match Object::new(scheme.clone(), &SECURITY_SCHEME).need_text("type")? {
        "apiKey" => Ok(()),
        other @ ("http" | "oauth2" | "openIdConnect") => {
            let help = "describe the header that carries it: type: apiKey, in: header, name: Authorization";
            Err(Refusal::new(pointer, format!("schemes of type `{other}` are not supported"), help))
        }
        other => {
            let help = write_text("write type: apiKey", "apiKey");
            Err(Refusal::new(pointer, format!("there are no schemes of type `{other}`"), help))
        }
    }
}

impl SchemeIn {
    /// Reads the part of a request that carries the key.
    ///
    /// # Errors
    /// A refusal if `in` is neither `header` nor `query`.
    pub(crate) fn read<'a>(scheme: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let pointer = pointer_join(&scheme.pointer, "in");
        match Object::new(scheme.clone(), &SECURITY_SCHEME).need_text("in")? {
            "header" => Ok(Self::Header),
            "query" => Ok(Self::Query),
            "cookie" => {
                let help = "the client does not send cookies; write in: header or in: query";
                Err(Refusal::new(pointer, "cookies are not supported", help))
            }
            other => {
                let help = did_you_mean(other, ["header", "query"], "write in: header or in: query");
                Err(Refusal::new(pointer, format!("a scheme cannot be in `{other}`"), help))
            }
        }
    }
}
