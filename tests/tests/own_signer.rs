//! A client in a repository of its user, with a signer of the user (`x-auth` as an object).
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use support::{Workspace, repository};
use venuekit_codegen::{Home, Runtime, Spec, generate_for};

const DOCUMENT: &str = "openapi: 3.0.1
info: {title: Acme, version: '2'}
x-auth: {package: acme-signer, path: ../signer}
x-key-only: true
servers: [{url: 'https://acme.example'}]
security: [{key: [], sign: []}]
paths:
  /balance:
    get:
      operationId: getBalance
      responses:
        '200': {description: Ok., content: {application/json: {schema: {type: object}, example: {}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    sign: {type: apiKey, in: header, name: X-Sign, x-signature: true}
";

const SIGNER: &str = r#"
//! The signer of a user.

use std::convert::Infallible;

use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture};

/// A key and its secret.
#[derive(Debug)]
pub struct Credentials(String);

impl Credentials {
    /// Returns a key with its secret.
    pub fn new(key: impl Into<String>, _secret: impl Into<String>) -> Result<Self, Infallible> {
        Ok(Self(key.into()))
    }

    /// Returns a key without a secret.
    pub fn key_only(key: impl Into<String>) -> Result<Self, Infallible> {
        Ok(Self(key.into()))
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move { request.set_header("X-Key", &self.0) })
    }
}
"#;

const PROGRAM: &str = r#"
//! Builds a client with the credentials of the user.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = venuekit_acme::Credentials::new("key", "secret")?;
    let client = venuekit_acme::Client::builder().credentials(credentials).build()?;
    drop(client.get_balance().send());
    Ok(())
}
"#;

#[test]
fn a_client_with_an_own_signer_compiles_outside_this_repository() {
    let workspace = Workspace::open("own-signer", ["signer", "client"]);
    let runtime = repository().join("runtime");
    let manifest = format!(
        "[package]\nname = \"acme-signer\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         venuekit = {{ path = {:?}, default-features = false }}\n",
        runtime.display().to_string()
    );
    workspace.write("signer/Cargo.toml", &manifest);
    workspace.write("signer/src/lib.rs", SIGNER);
    let home = Home::Elsewhere(Runtime::Path(repository().display().to_string()));
    let generated = generate_for(&Spec::new("acme.yaml", DOCUMENT), &home);
    for file in generated.unwrap_or_else(|fault| panic!("{fault}")).files {
        workspace.write(Path::new("client").join(file.path), &file.text);
    }
    workspace.write("client/examples/build.rs", PROGRAM);
    let cargo = workspace.cargo(&["check", "--workspace", "--all-features", "--all-targets"], &[]);
    let said = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success() && !said.contains("warning"), "{said}");
}
