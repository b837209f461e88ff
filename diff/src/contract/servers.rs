//! Servers.

use url::Url;
use venuekit_codegen::model::Environment;
use venuekit_codegen::source::{Document, Located};

use crate::document::root;

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Server<'d> {
    /// The URL with the defaults of its variables, in its normal form: without the default port and
    /// without a slash at its end, in lower case where case has no meaning.
    pub(crate) url: String,
    pub(crate) environment: Environment,
    pub(crate) at: Located<'d>,
}

impl Server<'_> {
    /// Splits an absolute URL into two parts: the scheme with the host, and the path.
    pub(crate) fn split(&self) -> (&str, &str) {
        let start = self.url.find("://").map_or(0, |at| at + 3);
        let path = self.url.get(start..).and_then(|rest| rest.find('/')).map_or(self.url.len(), |at| start + at);
        match start {
            0 => ("", self.url.as_str()),
            _ => (self.url.get(..path).unwrap_or_default(), self.url.get(path..).unwrap_or_default()),
        }
    }
}

/// Reads the servers in the order of the document. A server without an environment is for
/// production.
pub(crate) fn servers(document: &Document) -> Vec<Server<'_>> {
    let servers = root(document).list("servers").filter_map(|at| {
        let is_test = at.text("x-environment") == Some("test");
        let environment = if is_test { Environment::Test } else { Environment::Production };
        Some(Server { url: normal(&with_defaults(&at)?), environment, at })
    });
    servers.collect()
}

/// Returns the path of the first production server: the prefix of the paths of all operations.
pub(super) fn prefix(document: &Document) -> String {
    let servers = servers(document);
    let default = servers.iter().find(|server| server.environment == Environment::Production);
    default.map(|server| server.split().1.to_owned()).unwrap_or_default()
}

/// Returns the URL with each variable replaced by its default. A variable is written `{name}`, in
/// OpenRPC also `${name}`.
fn with_defaults(server: &Located<'_>) -> Option<String> {
    let mut url = server.text("url")?.to_owned();
    for (name, variable) in server.get("variables").iter().flat_map(Located::members) {
        let default = variable.node.get("default").and_then(|value| value.as_str().or_else(|| value.as_number()));
        let Some(default) = default else { continue };
        url = url.replace(&format!("${{{name}}}"), default).replace(&format!("{{{name}}}"), default);
    }
    Some(url)
}

fn normal(url: &str) -> String {
    // A URL that is relative, or that has variables without a default, stays as it is.
    let parsed = Url::parse(url).ok().filter(|_| !url.contains('{'));
    let text = parsed.map_or_else(|| url.to_owned(), String::from);
    text.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn equivalent_urls_have_one_form() {
        for url in
            ["https://api.acme.example/v1", "HTTPS://API.acme.example:443/v1/", "https://api.acme.example/v0/../v1"]
        {
            assert_eq!(normal(url), "https://api.acme.example/v1", "{url}");
        }
        for url in ["https://api.acme.example:8443/v1", "http://api.acme.example/v1", "/v1", "https://{host}/v1"] {
            assert_eq!(normal(url), url);
        }
        assert_eq!(normal("https://api.acme.example/"), "https://api.acme.example");
        assert_ne!(normal("https://api.acme.example/V1"), normal("https://api.acme.example/v1"));
    }
}
