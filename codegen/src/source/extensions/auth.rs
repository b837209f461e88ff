//! `x-auth`: the crate that signs.

use semver::VersionReq;

use crate::source::located::Located;
use crate::source::node::Kind;
use crate::source::object::{Object, text};
use crate::source::pointer::pointer_join;
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::AUTH_SHAPE;

/// The packages that a generated crate depends on for another purpose.
const OTHERS: [&str; 3] = ["serde", "tokio", "venuekit"];

/// The crate that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auth<'a> {
    /// A crate of venuekit: the end of its name, after `venuekit-auth-`.
    Ours(&'a str),
    /// Any other package: a version, a path or both, as in a manifest of Cargo.
    Other {
        package: &'a str,
        version: Option<&'a str>,
        /// Relative to the folder of the generated crate.
        path: Option<&'a str>,
    },
}

impl<'a> Auth<'a> {
    /// # Errors
    /// A value of another form, and a name, a version or a path that Cargo does not read.
    pub(in crate::source) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        if !matches!(at.node.kind(), Kind::Map(_)) {
            return ours(&at).map(Self::Ours);
        }
        let object = Object::new(at.clone(), &AUTH_SHAPE);
        let package = object.need_text("package")?;
        if let Some(fault) = fault_of_package(package) {
            let help = "write the `name` of its manifest, such as acme-signer";
            return Err(Refusal::new(pointer_join(&at.pointer, "package"), fault, help));
        }
        let (version, path) = (object.text("version")?, object.text("path")?);
        if let Some(Err(error)) = version.map(VersionReq::parse) {
            let message = format!("`{}` is not a version requirement: {error}", version.unwrap_or_default());
            let help = "write it as in a manifest of Cargo, such as 0.3 or =0.3.1, in quotes";
            return Err(Refusal::new(pointer_join(&at.pointer, "version"), message, help));
        }
        if path.is_some_and(|path| path.trim().is_empty()) {
            let help = "write the folder of the package, relative to the folder of the generated crate";
            return Err(Refusal::new(pointer_join(&at.pointer, "path"), "`path` is empty", help));
        }
        if version.is_none() && path.is_none() {
            let message = format!("`x-auth` does not tell where the package `{package}` is");
            return Err(Refusal::new(at.pointer, message, "write its `version` in a registry, or its `path`"));
        }
        Ok(Self::Other { package, version, path })
    }
}

/// Reads the short form.
fn ours<'a>(at: &Located<'a>) -> Result<&'a str, Refusal<'a>> {
    let name = text(at)?;
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if name.split('-').all(is_word) {
        return Ok(name);
    }
    let help = "write what follows `venuekit-auth-` in the name of the crate that signs: btse; for another package, \
                write an object with its `package`, and its `version` or `path`";
    Err(Refusal::new(&*at.pointer, format!("`{name}` cannot be part of a crate's name"), help))
}

/// Returns the reason why a package cannot have a name.
fn fault_of_package(name: &str) -> Option<String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let module = name.replace('-', "_");
    let is_reserved = matches!(&*module, "alloc" | "core" | "proc_macro" | "std" | "test")
        || syn::parse_str::<syn::Ident>(&module).is_err();
    if !is_name || is_reserved {
        return Some(format!("`{name}` cannot be the name of a package"));
    }
    OTHERS.contains(&name).then(|| format!("the generated crate depends on `{name}` for another purpose"))
}
