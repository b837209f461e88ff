//! The two documents that are compared.

use venuekit_codegen::model::{Api, Environment};
use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;

use super::parts::Operation;
use super::servers::{Server, servers};
use crate::document::root;
use venuekit_codegen::source::follow;

/// The contract of a document.
#[derive(Debug)]
pub(crate) struct Contract<'d> {
    pub(crate) standard: Standard,
    pub(crate) operations: Vec<Operation<'d>>,
}

/// The standard that a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    OpenApi,
    OpenRpc,
}

/// One of the two documents.
#[derive(Debug)]
pub(crate) struct Side<'d> {
    pub(crate) document: &'d Document,
    pub(crate) contract: Contract<'d>,
    /// The API, if crates are generated from both documents.
    pub(crate) api: Option<&'d Api>,
}

impl<'d> Side<'d> {
    /// Returns the root of the document.
    pub(crate) fn root(&self) -> Located<'d> {
        root(self.document)
    }

    /// Returns the component schemas by name.
    pub(crate) fn component_schemas(&self) -> Vec<(&'d str, Located<'d>)> {
        let found = self.root().get("components").and_then(|components| components.get("schemas"));
        found.map(|section| section.members().collect()).unwrap_or_default()
    }

    /// Returns the security schemes by name.
    pub(crate) fn security_schemes(&self) -> Vec<(&'d str, Located<'d>)> {
        let section = match self.contract.standard {
            Standard::OpenApi => self.root().get("components").and_then(|all| all.get("securitySchemes")),
            Standard::OpenRpc => self.root().get("x-security-schemes"),
        };
        let schemes = section.into_iter().flat_map(|section| section.members());
        schemes.map(|(name, scheme)| (name, follow(self.document, scheme))).collect()
    }
}

/// The old and the new document.
#[derive(Debug)]
pub(crate) struct Sides<'d> {
    pub(crate) old: Side<'d>,
    pub(crate) new: Side<'d>,
}

impl<'d> Sides<'d> {
    /// Returns two documents with their contracts, and with their APIs if both have an API.
    pub(crate) fn new(
        (old, old_contract, old_api): (&'d Document, Contract<'d>, Option<&'d Api>),
        (new, new_contract, new_api): (&'d Document, Contract<'d>, Option<&'d Api>),
    ) -> Self {
        let (old_api, new_api) = old_api.zip(new_api).unzip();
        Self {
            old: Side { document: old, contract: old_contract, api: old_api },
            new: Side { document: new, contract: new_contract, api: new_api },
        }
    }

    /// Returns the old and the new API, if crates are generated from both.
    pub(crate) fn apis(&self) -> Option<(&'d Api, &'d Api)> {
        self.old.api.zip(self.new.api)
    }

    /// Returns whether two operations have the same URL, although a prefix moved between the server
    /// and the path.
    pub(crate) fn is_same_url(&self, old: &Operation<'_>, new: &Operation<'_>) -> bool {
        let (was, is) = (servers(self.old.document), servers(self.new.document));
        let origin = |servers: &[Server<'_>]| {
            let default = servers.iter().find(|server| server.environment == Environment::Production);
            default.map(|server| server.split().0.to_owned())
        };
        old.full_route == new.full_route && origin(&was) == origin(&is)
    }

    /// Returns whether clients are generated from both documents. For other clients the contract
    /// alone decides.
    pub(crate) fn is_generated(&self) -> bool {
        self.apis().is_some()
    }
}
