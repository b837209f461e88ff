//! Reads the root of a document: its title and its servers.

use super::located::Located;
use super::object::Object;
use super::refusal::Refusal;
use super::shapes::common::INFO;
use super::shapes::openapi::{OPENAPI, SERVER};
use super::view::View;

/// The title and the version of an API.
pub(crate) struct Info<'a> {
    pub(crate) title: &'a str,
    pub(crate) version: &'a str,
    pub(crate) description: Option<&'a str>,
}

impl<'a> Info<'a> {
    /// Reads the `info` of a document.
    ///
    /// # Errors
    /// Returns a refusal if the document has no title or no version.
    pub(crate) fn read(view: &View<'a>) -> Result<Self, Refusal<'a>> {
        let info = Object::new(Object::new(view.root(), &OPENAPI).need("info")?, &INFO);
        Ok(Self {
            title: info.need_text("title")?,
            version: info.need_text("version")?,
            description: info.text("description")?,
        })
    }
}

/// A public host.
pub(crate) struct Server<'a> {
    pub(crate) url: &'a str,
    /// `x-environment`: true if trading is with real money.
    pub(crate) is_production: bool,
    /// `x-signing`: the only signing scheme that the host accepts.
    pub(crate) signing: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
}

/// The choices of `x-environment`; true for real money.
pub(crate) const ENVIRONMENTS: [(&str, bool); 2] = [("production", true), ("test", false)];

/// Reads the servers, in the order of the document.
///
/// # Errors
/// Returns the refusal of the first server without a URL or an environment.
pub(crate) fn servers<'a>(view: &View<'a>) -> Result<Vec<Server<'a>>, Refusal<'a>> {
    Object::new(view.root(), &OPENAPI).list("servers")?.into_iter().map(Server::read).collect()
}

impl<'a> Server<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &SERVER);
        Ok(Self {
            url: object.need_text("url")?,
            is_production: object.need_choice("x-environment", &ENVIRONMENTS)?,
            signing: object.text("x-signing")?,
            description: object.text("description")?,
        })
    }
}
