//! Security schemes and the requirements that name them.

use std::collections::HashSet;
use std::rc::Rc;

use super::findings::{Later, write_json};
use super::located::Located;
use super::nearest::{did_you_mean, did_you_mean_key};
use super::object::{Object, text};
use super::pointer::pointer_join;
use super::references::ComponentKind;
use super::refusal::Refusal;
use super::shapes::common::SECURITY_SCHEME;
use super::standard::Standard;
use super::view::View;

/// The security schemes of a document.
pub(crate) struct Schemes<'a> {
    /// The names and the places of the schemes, in the order of the document.
    all: Rc<Vec<(&'a str, Located<'a>)>>,
    names: HashSet<&'a str>,
    section: &'static str,
    /// True if a crate signs (`x-auth`). The crate decides how calls are authorised, so there can
    /// be only one alternative.
    has_crate: bool,
    /// True if the document is in normal form.
    is_normal: bool,
    /// The name of the key that lists requirements: `security` or `x-security`.
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
        let has_crate = view.root().get("x-auth").is_some();
        Self { all: Rc::new(all), names, section, has_crate, is_normal: view.document.is_normal(), key }
    }

    /// Returns whether the document has no security scheme.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Returns the schemes whose `$ref`s lead to a scheme, without reading them.
    pub(super) fn described(&self, view: &View<'a>) -> Vec<Described<'a>> {
        let described = |(name, place): &(&'a str, Located<'a>)| {
            let resolved = view.resolved(place.clone(), ComponentKind::SecurityScheme)?;
            Some(Described { name, place: place.clone(), resolved })
        };
        self.all.iter().filter_map(described).collect()
    }

    /// Reads the schemes.
    ///
    /// # Errors
    /// Returns the refusal of the first scheme that the client does not support.
    pub(crate) fn read(&self, view: &View<'a>) -> Result<Vec<Scheme<'a>>, Refusal<'a>> {
        let read = |(name, place): &(&'a str, Located<'a>)| {
            Scheme::read(name, view.resolve(place.clone(), ComponentKind::SecurityScheme)?.at)
        };
        self.all.iter().map(read).collect()
    }

    /// Returns whether a requirement of the scheme may list scopes.
    fn has_scopes(&self, name: &str) -> bool {
        let scheme = self.all.iter().find(|(known, _)| *known == name);
        scheme.is_some_and(|(_, at)| matches!(at.text("type"), Some("oauth2" | "openIdConnect")))
    }

    fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Reads the requirements of an operation or of the root. Returns the alternatives, each with
    /// the names of the schemes that are required together, and a refusal for each fault in the
    /// list.
    pub(crate) fn requirements(&self, list: &Located<'a>) -> (Vec<Vec<&'a str>>, Vec<Refusal<'a>>) {
        let mut alternatives = Vec::new();
        let mut refusals = Vec::new();
        for (i, requirement) in list.elements().enumerate() {
            let mut names = Vec::new();
            if i > 0 && self.has_crate {
                let help = "name all schemes that are needed together in one element, and keep one way to authorise";
                let message = "alternative ways to authorise are not supported beside `x-auth`";
                refusals.push(Refusal::new(&*requirement.pointer, message, help));
            }
            // In normal form, a call without credentials is the last alternative.
            let is_last = self.is_normal && i > 0 && i + 1 == list.elements().count();
            if requirement.node.as_map().is_some_and(|schemes| schemes.is_empty()) && !is_last {
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
                } else if scopes.elements().next().is_some() && !self.has_scopes(name) {
                    let help = write_json(format!("write {name}: []"), "[]");
                    refusals.push(Refusal::new(scopes.pointer, "scopes are not supported", help));
                }
            }
            alternatives.push(names);
        }
        (alternatives, refusals)
    }
}

/// The place of a security scheme.
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    /// The place under its name, which may be a `$ref`.
    pub(super) place: Located<'a>,
    pub(super) resolved: Located<'a>,
}

/// A security scheme: the part of a request that carries a key, a password or a token.
pub(crate) struct Scheme<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: SchemeKind,
    pub(crate) location: SchemeIn,
    /// The name of the header, the parameter or the cookie.
    pub(crate) wire: &'a str,
    /// `x-signature`: true if this credential carries the signature.
    pub(crate) signature: bool,
    /// `x-fills`: the parameters that signing adds beside it.
    pub(crate) fills: Vec<&'a str>,
    pub(crate) description: Option<&'a str>,
}

/// The kind of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key, sent as it is.
    Key,
    /// A user and a password (HTTP basic).
    Basic,
    /// A bearer token, including those of OAuth 2 and of OpenID Connect.
    Token,
}

/// The part of a request that carries a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SchemeIn {
    Header,
    Query,
    Cookie,
}

impl<'a> Scheme<'a> {
    fn read(name: &'a str, at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let kind = SchemeKind::read(&at)?;
        let (location, wire) = match kind {
            SchemeKind::Key => (SchemeIn::read(&at)?, Object::new(at.clone(), &SECURITY_SCHEME).need_text("name")?),
            SchemeKind::Basic | SchemeKind::Token => (SchemeIn::Header, "Authorization"),
        };
        let object = Object::new(at, &SECURITY_SCHEME);
        let signature = object.flag("x-signature")?;
        let fills = object.list("x-fills")?.iter().map(text).collect::<Result<_, _>>()?;
        Ok(Self { name, kind, location, wire, signature, fills, description: object.text("description")? })
    }
}

impl SchemeKind {
    /// Reads the kind of a scheme.
    ///
    /// # Errors
    /// Returns a refusal if the client does not support the type or the HTTP scheme.
    pub(crate) fn read<'a>(scheme: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(scheme.clone(), &SECURITY_SCHEME);
        let at = |key: &str| pointer_join(&scheme.pointer, key);
        match object.need_text("type")? {
            "apiKey" => Ok(Self::Key),
            "oauth2" | "openIdConnect" => Ok(Self::Token),
            "http" => match object.text("scheme")?.map(str::to_ascii_lowercase).as_deref() {
                Some("basic") => Ok(Self::Basic),
                Some("bearer") => Ok(Self::Token),
                Some(other) => {
                    let message = format!("the HTTP scheme `{other}` is not supported");
                    let help = "write scheme: basic or scheme: bearer; \
                                another header is type: apiKey, in: header, name: Authorization";
                    Err(Refusal::new(at("scheme"), message, help))
                }
                None => {
                    let help = "write scheme: basic or scheme: bearer";
                    Err(Refusal::new(&*scheme.pointer, "a scheme of type `http` has no `scheme`", help))
                }
            },
            "mutualTLS" => {
                let help = "leave it out; give the client a reqwest builder that has the certificate: \
                            `.http(builder.identity(..))`";
                Err(Refusal::new(at("type"), "schemes of type `mutualTLS` are not supported", help))
            }
            other => {
                let help = did_you_mean(other, ["apiKey", "http", "oauth2", "openIdConnect"], "write type: apiKey");
                Err(Refusal::new(at("type"), format!("there are no schemes of type `{other}`"), help))
            }
        }
    }
}

impl SchemeIn {
    /// Reads the part of a request that carries the key.
    ///
    /// # Errors
    /// Returns a refusal if `in` is neither `header` nor `query` nor `cookie`.
    pub(crate) fn read<'a>(scheme: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let pointer = pointer_join(&scheme.pointer, "in");
        match Object::new(scheme.clone(), &SECURITY_SCHEME).need_text("in")? {
            "header" => Ok(Self::Header),
            "query" => Ok(Self::Query),
            "cookie" => Ok(Self::Cookie),
            other => {
                let otherwise = "write in: header, in: query or in: cookie";
                let help = did_you_mean(other, ["header", "query", "cookie"], otherwise);
                Err(Refusal::new(pointer, format!("a scheme cannot be in `{other}`"), help))
            }
        }
    }
}
