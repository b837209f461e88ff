//! Where the API is called, and under which names key and signature travel.

use super::comparison::Level;
use super::contract::{Contract, Standard, resolve, root};
use super::differ::Differ;
use super::rules;
use super::words::{api, gone};
use venuekit_codegen::model::Environment;
use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::pointer_join;

/// A host.
struct Server {
    url: String,
    environment: Environment,
}

impl<'d> Differ<'d> {
    pub(super) fn servers(&mut self) {
        let (old, new) = (&servers(self.old), &servers(self.new));
        for (before, after) in root(self.old.document).list("servers").zip(root(self.new.document).list("servers")) {
            self.documentation(&before, &after);
        }
        let place = |index: usize| pointer_join("/servers", &index.to_string());
        let say = |server: &Server| match server.environment {
            Environment::Production => format!("{} (production)", server.url),
            Environment::Test => format!("{} (test)", server.url),
        };
        for environment in [Environment::Production, Environment::Test] {
            let first = |servers: &[Server]| servers.iter().position(|server| server.environment == environment);
            let (Some(before), Some(after)) = (first(old), first(new)) else { continue };
            if let (Some(was), Some(is)) = (old.get(before), new.get(after))
                && was.url != is.url
            {
                let finding =
                    api(&rules::DEFAULT_SERVER_CHANGED, &format!("{}/url", place(after))).was(say(was)).is(say(is));
                // Where the old one stays in the list it can be called as before, unless it has changed its environment.
                let other = new.iter().find(|server| server.url == was.url);
                self.report(match other {
                    Some(other) if other.environment != environment => finding
                        .wire(Level::Breaking, "old clients call what is another environment now: real money or not")
                        .source(Level::Risky, "the same environment is another host"),
                    None if environment == Environment::Production => finding
                        .wire(Level::Breaking, "old clients keep calling the old URL, which is not listed any more"),
                    _ => finding,
                });
            }
        }
        let is_default = |servers: &[Server], index: usize| {
            let environment = servers.get(index).map(|server| server.environment);
            servers.iter().position(|server| Some(server.environment) == environment) == Some(index)
        };
        let replaced =
            |server: &Server, others: &[Server]| others.iter().any(|other| other.environment == server.environment);
        for (index, server) in old.iter().enumerate() {
            let known = new.iter().any(|other| other.url == server.url && other.environment == server.environment);
            let instead = is_default(old, index) && replaced(server, new);
            if !known && !instead {
                let finding = gone(&rules::SERVER_REMOVED, &place(index)).was(say(server));
                let left = new.iter().any(|other| other.environment == server.environment);
                let turned = new.iter().any(|other| other.url == server.url && other.environment != server.environment);
                self.report(match server.environment {
                    _ if turned => finding
                        .wire(Level::Breaking, "old clients call what is another environment now: real money or not")
                        .source(Level::Risky, "the same environment is another host"),
                    _ if left => finding,
                    Environment::Production => finding
                        .wire(Level::Breaking, "old clients still call it")
                        .source(Level::Risky, "a client without a URL of its own cannot be built any more"),
                    Environment::Test => finding
                        .wire(Level::Risky, "who tests there cannot any more")
                        .source(Level::Risky, "a client for tests cannot be built any more"),
                });
            }
        }
        for (index, server) in new.iter().enumerate() {
            let known = old.iter().any(|other| other.url == server.url && other.environment == server.environment);
            let instead = is_default(new, index) && replaced(server, old);
            if !known && !instead {
                self.report(api(&rules::SERVER_ADDED, &place(index)).is(say(server)));
            }
        }
    }

    /// Schemes by name; which ones an operation needs is compared there.
    pub(super) fn security_schemes(&mut self) {
        let old = schemes(self.old);
        let named = |name: &str| self.old.operations.iter().any(|operation| operation.security.names(name));
        let used: Vec<&str> = old.iter().map(|(name, _)| *name).filter(|name| named(name)).collect();
        for (name, after) in schemes(self.new) {
            let Some((_, before)) = old.iter().find(|(other, _)| *other == name) else { continue };
            self.documentation(before, &after);
            let (was, is) = (say_scheme(before), say_scheme(&after));
            // The names of headers have no case.
            let header = before.text("in") == Some("header") && after.text("in") == Some("header");
            let unused = !used.contains(&name);
            if was != is && !(header && was.eq_ignore_ascii_case(&is)) {
                let finding = api(&rules::SECURITY_SCHEME_CHANGED, &after.pointer).was(was).is(is);
                self.report(if unused { finding.wire(Level::Safe, "no operation asks for it") } else { finding });
            }
        }
    }
}

/// In the order of the document; what does not say what it is for is for real money.
fn servers(contract: &Contract<'_>) -> Vec<Server> {
    let servers = root(contract.document).list("servers").filter_map(|server| {
        let environment =
            if server.text("x-environment") == Some("test") { Environment::Test } else { Environment::Production };
        Some(Server { url: server.text("url")?.trim_end_matches('/').to_owned(), environment })
    });
    servers.collect()
}

/// Security schemes by name.
pub(super) fn schemes<'d>(contract: &Contract<'d>) -> Vec<(&'d str, Found<'d>)> {
    let section = match contract.standard {
        Standard::OpenApi => root(contract.document).get("components").and_then(|all| all.get("securitySchemes")),
        Standard::OpenRpc => root(contract.document).get("x-security-schemes"),
    };
    let schemes = section.into_iter().flat_map(|section| section.members());
    schemes.map(|(name, scheme)| (name, resolve(contract.document, scheme))).collect()
}

/// `apiKey in header X-KEY`.
pub(super) fn say_scheme(scheme: &Found<'_>) -> String {
    let said = [
        scheme.text("type"),
        scheme.text("scheme"),
        scheme.text("in").map(|_| "in"),
        scheme.text("in"),
        scheme.text("name"),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
