//! The root of a document, and the parts that apply to all operations.

use std::collections::HashSet;

use super::extensions::{error_code, error_shape, limit, prose, recv_window, server_time};
use super::subscriptions::socket;
use crate::model::api::{
    Api, Environment, ErrorCode, Host, Operation, Protocol, Security, SecurityScheme, Server, SigningCrate,
    SigningSource, Types, Venue,
};
use crate::model::names::Words;
use crate::source::Document;
use crate::source::extensions::{self, ApiExtensions, Auth, LimitNames};
use crate::source::located::Located;
use crate::source::refusal::Refusal;
use crate::source::root::{self, Info};
use crate::source::security::{Scheme, SchemeIn, Schemes};
use crate::source::view::View;

/// The root of a document.
pub(super) struct Root<'a> {
    pub(super) limit_names: LimitNames<'a>,
    extensions: ApiExtensions<'a>,
    info: Info<'a>,
    servers: Vec<root::Server<'a>>,
    common: Common<'a>,
}

impl<'a> Root<'a> {
    pub(super) fn read(view: &View<'a>) -> Result<Self, Refusal<'a>> {
        let limit_names = LimitNames::new(&view.root());
        Ok(Self {
            extensions: ApiExtensions::read(&view.root(), &limit_names)?,
            info: Info::read(view)?,
            servers: root::servers(view)?,
            common: Common::read(view)?,
            limit_names,
        })
    }

    /// Returns the limits that an operation counts against: the limits that it names itself
    /// (`own`), or else the limits of the API.
    pub(super) fn limits(&self, own: Option<Vec<usize>>) -> Vec<usize> {
        own.unwrap_or_else(|| self.extensions.limits.clone())
    }

    /// Returns the credentials that a call of an operation needs.
    pub(super) fn security(&self, operation: &Located<'a>) -> Result<Security, Refusal<'a>> {
        let security = self.common.security(operation)?;
        let Some(socket) = &self.extensions.socket else { return Ok(security) };
        Ok(match security {
            _ if socket.login.is_some() && operation.text("name") == socket.login => Security::Signed,
            Security::Public => Security::Public,
            _ => Security::Login,
        })
    }

    /// Returns the alternatives of security schemes for a call of an operation. Empty if a call is
    /// made without credentials. If a call can be made without, the last alternative is empty.
    pub(super) fn schemes(&self, operation: &Located<'a>) -> Result<Vec<Vec<String>>, Refusal<'a>> {
        let alternatives = self.common.alternatives(operation)?;
        let has_any = alternatives.iter().any(|names| !names.is_empty());
        let alternatives = alternatives.into_iter().filter(|_| has_any);
        Ok(alternatives.map(|names| names.into_iter().map(str::to_owned).collect()).collect())
    }

    /// Returns the API without its types and examples. `errors` are the codes under `components`.
    pub(super) fn into_api(
        self,
        document: &Document,
        protocol: Protocol,
        operations: Vec<Operation>,
        errors: Vec<ErrorCode>,
    ) -> Api {
        let extensions = self.extensions;
        let mut error_codes: Vec<ErrorCode> = extensions.error_codes.iter().map(error_code).collect();
        let mut known: std::collections::HashSet<ErrorCode> = error_codes.iter().cloned().collect();
        error_codes.extend(errors.into_iter().filter(|error| known.insert(error.clone())));
        Api {
            venue: venue(document, &self.info, &extensions),
            protocol,
            auth: extensions.auth.map(signing_crate),
            private_key: extensions.private_key,
            key_only: extensions.key_only,
            token_login: extensions.token_login,
            recv_window: extensions.recv_window.as_ref().map(recv_window),
            servers: self.servers.iter().map(|found| server(found, protocol)).collect(),
            base_path: extensions.base_path.map(str::to_owned),
            hosts: extensions.hosts.iter().map(host).collect(),
            security_schemes: self.common.security_schemes,
            limits: extensions.rate_limits.iter().map(limit).collect(),
            server_time: extensions.server_time.as_ref().map(server_time),
            error_shape: error_shape(&extensions.error),
            error_codes,
            unknown_codes: extensions.unknown_codes,
            refused_codes: extensions.refused_codes,
            clock_codes: extensions.clock_codes,
            parameter_order_significant: extensions.parameter_order,
            socket: extensions.socket.as_ref().map(socket),
            operations,
            types: Types::default(),
            examples: Vec::new(),
            component_schemas: Vec::new(),
            required_names: Vec::new(),
        }
    }
}

/// The parts that all operations share.
struct Common<'a> {
    schemes: Schemes<'a>,
    /// The names of the schemes that carry the signature.
    signatures: Vec<&'a str>,
    /// The security requirements of operations that have none of their own; `None` if the root
    /// states none.
    security: Option<Vec<Vec<&'a str>>>,
    security_schemes: Vec<SecurityScheme>,
}

impl<'a> Common<'a> {
    fn read(view: &View<'a>) -> Result<Self, Refusal<'a>> {
        let schemes = Schemes::new(view);
        let read = schemes.read(view)?;
        let signatures = read.iter().filter(|scheme| scheme.signature).map(|scheme| scheme.name).collect();
        let security = view.root().get(schemes.key).map(|list| requirements(&schemes, &list)).transpose()?;
        Ok(Self { schemes, signatures, security, security_schemes: security_schemes(&read) })
    }

    /// Returns the credentials that a call needs: none, a key, or a signature if one of the schemes
    /// carries it.
    fn security(&self, operation: &Located<'a>) -> Result<Security, Refusal<'a>> {
        let alternatives = self.alternatives(operation)?;
        Ok(if alternatives.iter().all(Vec::is_empty) {
            Security::Public
        } else if alternatives.iter().flatten().any(|name| self.signatures.contains(name)) {
            Security::Signed
        } else {
            Security::Key
        })
    }

    /// Returns the alternatives of an operation, each with the schemes that are required together.
    fn alternatives(&self, operation: &Located<'a>) -> Result<Vec<Vec<&'a str>>, Refusal<'a>> {
        let own = operation.get(self.schemes.key).map(|list| requirements(&self.schemes, &list)).transpose()?;
        Ok(own.or_else(|| self.security.clone()).unwrap_or_default())
    }
}

/// Returns the alternatives, each with the schemes that are required together.
fn requirements<'a>(schemes: &Schemes<'a>, list: &Located<'a>) -> Result<Vec<Vec<&'a str>>, Refusal<'a>> {
    let (alternatives, refusals) = schemes.requirements(list);
    match refusals.into_iter().next() {
        Some(refusal) => Err(refusal),
        None => Ok(alternatives),
    }
}

/// Returns the schemes. The setters of two schemes have different names.
fn security_schemes(schemes: &[Scheme<'_>]) -> Vec<SecurityScheme> {
    let mut taken: HashSet<String> = RESERVED_CREDENTIALS.iter().map(|name| (*name).to_owned()).collect();
    let mut all = Vec::new();
    for scheme in schemes {
        let words = scheme_setter(scheme.name);
        let mut setter = words.clone();
        let mut number = 1;
        while taken.contains(&setter) || taken.contains(&format!("{setter}_from")) {
            number += 1;
            setter = format!("{words}_{number}");
        }
        taken.extend([setter.clone(), format!("{setter}_from")]);
        all.push(security_scheme(scheme, setter));
    }
    all
}

/// Methods that all credentials have.
const RESERVED_CREDENTIALS: [&str; 6] = ["new", "default", "clone", "sign", "limits", "nonces"];

/// Returns the setter of a scheme, from the letters and digits of its name.
fn scheme_setter(name: &str) -> String {
    let ascii: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    Words::parse(&ascii).map_or_else(|_| "credential".to_owned(), |words| words.snake())
}

fn security_scheme(scheme: &Scheme<'_>, setter: String) -> SecurityScheme {
    let location = match scheme.location {
        SchemeIn::Header => "header",
        SchemeIn::Query => "query",
        SchemeIn::Cookie => "cookie",
    };
    SecurityScheme {
        setter,
        kind: scheme.kind,
        name: scheme.name.to_owned(),
        location: location.to_owned(),
        wire: scheme.wire.to_owned(),
        signature: scheme.signature,
        fills: scheme.fills.iter().map(|name| (*name).to_owned()).collect(),
        description: prose(scheme.description),
    }
}

/// Returns the venue and its crate.
fn venue(document: &Document, info: &Info<'_>, extensions: &ApiExtensions<'_>) -> Venue {
    let name = document.venue().to_owned();
    let package = format!("venuekit-{name}");
    Venue {
        krate: package.replace('-', "_"),
        package,
        title: info.title.trim().to_owned(),
        description: prose(info.description),
        api_version: info.version.to_owned(),
        crate_version: extensions.crate_version.to_owned(),
        spec_file: document.file().to_owned(),
        name,
    }
}

/// Returns a public host. JSON-RPC calls are sent to the URL as it is. An HTTP URL loses its
/// trailing slashes, because the paths of operations begin with a slash.
fn server(server: &root::Server<'_>, protocol: Protocol) -> Server {
    let url = match protocol {
        Protocol::Http => server.url.trim_end_matches('/'),
        Protocol::JsonRpc(_) => server.url,
    };
    Server {
        url: url.to_owned(),
        environment: if server.is_production { Environment::Production } else { Environment::Test },
        signing: server.signing.map(str::to_owned),
        description: prose(server.description),
    }
}

/// Returns a host that is not a server.
fn host(host: &extensions::Host<'_>) -> Host {
    Host { url: host.url.to_owned(), signing: host.signing.to_owned() }
}

fn signing_crate(auth: Auth<'_>) -> SigningCrate {
    match auth {
        Auth::Ours(name) => {
            let source = SigningSource::Venuekit(name.to_owned());
            SigningCrate { package: format!("venuekit-auth-{name}"), source }
        }
        Auth::Other { package, version, path } => {
            let [version, path] = [version, path].map(|text| text.map(str::to_owned));
            SigningCrate { package: package.to_owned(), source: SigningSource::Other { version, path } }
        }
    }
}
