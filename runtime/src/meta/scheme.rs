//! The security schemes of a spec.

/// A security scheme as data: the part of a request that carries a credential.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SchemeMeta {
    /// The name in the spec, as [`Operation::schemes`](crate::operation::Operation::schemes) has
    /// it.
    pub name: &'static str,
    /// The part of a request that carries the credential.
    pub carrier: SchemeCarrier,
    /// True if the credential is the signature.
    pub is_signature: bool,
    /// The parameters that signing adds beside the credential, such as `timestamp`. The spec may
    /// not list all of them, and does not state where they are in a request.
    pub fills: &'static [&'static str],
}

/// The part of a request that carries a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeCarrier {
    /// The header of this name.
    Header(&'static str),
    /// The parameter of this name in the query.
    Query(&'static str),
    /// The cookie of this name.
    Cookie(&'static str),
    /// The header `Authorization`, with a user and a password (HTTP basic).
    Basic,
    /// The header `Authorization`, with a bearer token.
    Bearer,
}

impl SchemeMeta {
    const fn new(name: &'static str, carrier: SchemeCarrier) -> Self {
        Self { name, carrier, is_signature: false, fills: &[] }
    }

    /// Describes a scheme whose credential is in a header.
    pub const fn header(name: &'static str, header: &'static str) -> Self {
        Self::new(name, SchemeCarrier::Header(header))
    }

    /// Describes a scheme whose credential is in the query.
    pub const fn query(name: &'static str, parameter: &'static str) -> Self {
        Self::new(name, SchemeCarrier::Query(parameter))
    }

    /// Describes a scheme whose credential is in a cookie.
    pub const fn cookie(name: &'static str, cookie: &'static str) -> Self {
        Self::new(name, SchemeCarrier::Cookie(cookie))
    }

    /// Describes a scheme of a user and a password.
    pub const fn basic(name: &'static str) -> Self {
        Self::new(name, SchemeCarrier::Basic)
    }

    /// Describes a scheme of a bearer token.
    pub const fn bearer(name: &'static str) -> Self {
        Self::new(name, SchemeCarrier::Bearer)
    }

    /// States that the credential is the signature.
    #[must_use]
    pub const fn with_signature(mut self) -> Self {
        self.is_signature = true;
        self
    }

    /// Sets the parameters that signing adds beside the credential.
    #[must_use]
    pub const fn with_fills(mut self, names: &'static [&'static str]) -> Self {
        self.fills = names;
        self
    }
}
