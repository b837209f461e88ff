//! Emits `Cargo.toml`.

use crate::model::Api;

use super::home::{Home, string};

/// The features of an API that is called by HTTP requests.
const HTTP: &str = r#"default = ["reqwest"]
# The HTTP transport. A program with its own `Transport` builds without it.
reqwest = ["venuekit/reqwest"]
"#;

pub(super) fn manifest(api: &Api, home: &Home) -> String {
    let venue = &api.venue;
    format!(
        r#"# {marker}

[package]
name = "{package}"
description = {description}
version = "{version}"
{package_keys}readme = "README.md"
keywords = ["exchange", "trading", "api", "client"]
categories = ["api-bindings", "finance"]

[features]
{transport}# The API as data, and calls by name with JSON in and out.
meta = ["venuekit/meta"]
# Conversions of times from and to `jiff::Timestamp`.
jiff = ["venuekit/jiff"]
# Calls from code that is not async: `send().wait()`.
blocking = ["venuekit/blocking"]

[dependencies]
{dependencies}
[dev-dependencies]
tokio = {{ {tokio}, features = ["macros", "rt"] }}

[package.metadata.docs.rs]
all-features = true
"#,
        transport = if api.socket.is_some() { "" } else { HTTP },
        marker = home.marker(&venue.spec_file),
        package = venue.package,
        package_keys = home.package_keys(),
        dependencies = home.dependencies(api),
        tokio = home.tokio(),
        description = string(&format!("Typed client of the {}, exact to the last digit", venue.title)),
        version = venue.crate_version,
    )
}
