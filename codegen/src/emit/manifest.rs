//! `Cargo.toml`.

use crate::model::Api;

use super::format::marker;

pub(super) fn manifest(api: &Api) -> String {
    let venue = &api.venue;
    format!(
        r#"# {marker}

[package]
name = "{package}"
description = {description}
version = "{version}"
edition.workspace = true
rust-version.workspace = true
license.workspace = true
authors.workspace = true
homepage.workspace = true
repository.workspace = true
readme = "README.md"
keywords = ["exchange", "trading", "api", "client"]
categories = ["api-bindings", "finance"]

[features]
default = ["reqwest"]
# The HTTP transport. A program with its own `Transport` builds without it.
reqwest = ["venuekit/reqwest"]
# The API as data, and calls by name with JSON in and out.
meta = ["venuekit/meta"]
# Conversions of times from and to `jiff::Timestamp`.
jiff = ["venuekit/jiff"]

[dependencies]
serde = {{ workspace = true }}
venuekit = {{ workspace = true }}
{auth}
[dev-dependencies]
tokio = {{ workspace = true, features = ["macros", "rt"] }}

[package.metadata.docs.rs]
all-features = true
"#,
        marker = marker(&venue.spec_file),
        package = venue.package,
        auth =
            api.auth.iter().map(|auth| format!("venuekit-auth-{auth} = {{ workspace = true }}\n")).collect::<String>(),
        description = string(&format!("Typed client of the {}, exact to the last digit", venue.title)),
        version = venue.crate_version,
    )
}

/// Returns a text as a string of TOML.
fn string(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}
