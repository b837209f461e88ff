//! The third layer: writes the model as the files of a crate.
//!
//! Each file has one role, the same in every generated crate:
//!
//! | file | role |
//! |---|---|
//! | `Cargo.toml`, `README.md` | the package; the README is also the crate's documentation |
//! | `src/lib.rs` | the overview of the crate, and its re-exports |
//! | `src/client.rs` | the client: one method per operation |
//! | `src/credentials.rs` | the credentials, if no crate signs and the spec has security schemes |
//! | `src/operations.rs` | the operations: setters, and `send` once all required values are set |
//! | `src/types.rs` | the types of requests and responses |
//! | `src/error_codes.rs` | the known error codes: a table, and constants |
//! | `src/builders.rs` | builders of the types that requests contain |
//! | `src/bounds.rs` | the bounds of the values in these types, which the client can check |
//! | `src/required.rs` | marker types, whose names show which required values are missing |
//! | `src/meta.rs` | feature `meta`: the API as data, and calls by name |

mod bodies;
mod bounds;
mod builders;
mod client;
mod constraints;
mod credentials;
mod docs;
mod error_codes;
mod error_table;
mod examples;
mod facade;
mod format;
mod generated_file;
mod home;
mod layout;
mod manifest;
mod markdown;
mod meta;
mod operations;
mod operations_table;
mod paths;
mod printer;
mod rate_limits;
mod readme;
mod required;
mod setters;
mod subscriptions;
mod tokens;
mod types;
mod unions;
mod value_docs;

pub use facade::{FACADE, facade};
pub use generated_file::{EmitError, GeneratedFile};
pub use home::{Home, Runtime, is_marked};

use crate::model::Api;

/// Returns the files of the crate of an API, sorted by path.
///
/// # Errors
///
/// Returns an error if the emitted code is not valid Rust, which is a fault of the generator. The
/// message names the file.
pub fn crate_files(api: &Api, home: &Home) -> Result<Vec<GeneratedFile>, EmitError> {
    let marker = home.marker(&api.venue.spec_file);
    let rust = |path: &str, docs: &str, items| format::rust_file(path, &marker, docs, items);
    let mut files = vec![
        GeneratedFile { path: "Cargo.toml".to_owned(), text: manifest::manifest(api, home) },
        GeneratedFile { path: "README.md".to_owned(), text: readme::readme(api, home) },
        rust("src/bounds.rs", "The bounds of the types that requests contain.", bounds::bounds(api))?,
        rust("src/builders.rs", "Builders of the types that requests contain.", builders::builders(api))?,
        rust("src/client.rs", "The client.", client::client(api))?,
        rust("src/credentials.rs", "The credentials of the venue.", credentials::credentials(api))?,
        rust("src/error_codes.rs", &error_codes::docs(api), error_codes::error_codes(api))?,
        rust("src/lib.rs", "", client::lib(api))?,
        rust("src/meta.rs", "The API as data, and calls by name.", meta::meta(api))?,
        rust("src/operations.rs", "The operations of the client.", operations::operations(api))?,
        rust(
            "src/required.rs",
            "The marks by which the compiler names the required value that is missing.",
            required::required(api),
        )?,
        rust("src/types.rs", "The types of responses, parameters and bodies.", types::types(api))?,
    ];
    if !bounds::BoundedTypes::new(api).any() {
        files.retain(|file| file.path != "src/bounds.rs");
    }
    if !builders::any(api) {
        files.retain(|file| file.path != "src/builders.rs");
    }
    if credentials::schemes(api).is_empty() {
        files.retain(|file| file.path != "src/credentials.rs");
    }
    if error_table::ErrorTable::new(api).is_empty() {
        files.retain(|file| file.path != "src/error_codes.rs");
    }
    if api.required_names.is_empty() {
        files.retain(|file| file.path != "src/required.rs");
    }
    Ok(files)
}
