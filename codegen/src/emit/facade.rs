//! The facade crate, which lists the venues.

use quote::quote;

use super::format::{file, pieces, rust_file};
use super::generated_file::{EmitError, GeneratedFile};
use super::home::workspace_marker;
use super::paths::Paths;
use super::tokens::ident;

/// The name of the facade crate.
pub const FACADE: &str = "venuekit-venues";

/// Returns the files of the facade crate, sorted by path. `venues` are the names of the venues,
/// such as `btse-spot`, with the versions of their crates.
///
/// # Errors
///
/// Returns an error if the emitted code is not valid Rust, which is a fault of the generator.
pub fn facade(venues: &[(String, String)]) -> Result<Vec<GeneratedFile>, EmitError> {
    let marker = workspace_marker("the files in specs/");
    let dependencies: String = venues
        .iter()
        .map(|(venue, version)| {
            format!("venuekit-{venue} = {{ version = \"{version}\", path = \"../{venue}\", default-features = false, features = [\"meta\"], optional = true }}\n")
        })
        .collect();
    let names: Vec<String> = venues.iter().map(|(venue, _)| format!("\"{venue}\"")).collect();
    let names = names.join(", ");
    let features: String = venues.iter().map(|(venue, _)| format!("{venue} = [\"dep:venuekit-{venue}\"]\n")).collect();
    let manifest = format!(
        r#"# {marker}

[package]
name = "{FACADE}"
description = "All venues that venuekit supports, as data and by name"
version.workspace = true
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
default = ["all-venues", "reqwest"]
# The HTTP transport. A program with its own `Transport` builds without it.
reqwest = ["venuekit/reqwest"]
# All venues. Without it, the venues whose features are on are built.
all-venues = [{names}]
{features}
[dependencies]
venuekit = {{ workspace = true, features = ["meta"] }}
{dependencies}
[dev-dependencies]
tokio = {{ workspace = true, features = ["macros", "rt"] }}

[package.metadata.docs.rs]
all-features = true
"#
    );
    let list: String = venues.iter().map(|(venue, _)| format!("- `{venue}` (crate `venuekit-{venue}`)\n")).collect();
    let readme = format!(
        r##"<!-- {marker} -->

# {FACADE}

All venues that venuekit supports: their operations, parameters, schemas and examples as data, and
calls by name with JSON in and out through the typed clients. It is for tools that serve all venues
alike; a bot depends on the client of its venue.

```rust,no_run
use venuekit::meta::Arguments;

# async fn run() -> Result<(), Box<dyn std::error::Error>> {{
for venue in venuekit_venues::VENUES {{
    println!("{{}}: {{}} operations", venue.venue.name(), venue.operations.len());
}}
let venue = venuekit_venues::venue("btse-spot").ok_or("no such venue")?;
let client = venue.builder().build()?;
let client = (venue.connect)(client);
let arguments = Arguments::from_json(r#"{{"symbol": "BTC-USD"}}"#)?;
let response = client.call("getOrderBook", arguments)?.await?;
println!("{{}}", response.value());
# Ok(())
# }}
```

## Venues

Each venue has a feature of its name. By default, all of them are on (`all-venues`):

{list}
## Licence

MIT OR Apache-2.0, at your option.
"##
    );
    let crates = venues.iter().map(|(venue, _)| ident(&format!("venuekit_{}", venue.replace(['-', '.'], "_"))));
    let names: Vec<&str> = venues.iter().map(|(venue, _)| venue.as_str()).collect();
    let crates: Vec<_> = crates.collect();
    let items = pieces([
        quote! {
            #(#[cfg(feature = #names)] pub use #crates;)*
        },
        quote! {
            /// All venues that are built, by name.
            pub static VENUES: &[&::venuekit::meta::VenueMeta] = &[#(
                #[cfg(feature = #names)]
                &#crates::meta::META
            ),*];
        },
        quote! {
            /// Returns the venue of this name; `None` also if its feature is off.
            pub fn venue(name: &str) -> ::std::option::Option<&'static ::venuekit::meta::VenueMeta> {
                VENUES.iter().copied().find(|venue| venue.venue.name() == name)
            }
        },
    ]);
    let mut lib = pieces([quote!(#![doc = include_str!("../README.md")])]);
    lib.extend(file(&Paths::beside(["VENUES"]), items));
    Ok(vec![
        GeneratedFile { path: "Cargo.toml".to_owned(), text: manifest },
        GeneratedFile { path: "README.md".to_owned(), text: readme },
        rust_file("src/lib.rs", &marker, "", lib)?,
    ])
}
