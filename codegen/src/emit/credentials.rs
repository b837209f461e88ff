//! `src/credentials.rs`: the credentials of a document without a signing crate, with a setter for
//! each security scheme that its operations name.

use std::collections::HashSet;

use crate::model::{Api, SecurityScheme};
use crate::source::SchemeKind;

use super::format::Piece;
use super::markdown;

/// Returns the schemes that the credentials of an API can have: those that operations name, if no
/// crate signs and none of them carries a signature.
pub(super) fn schemes(api: &Api) -> Vec<&SecurityScheme> {
    let used = used(api);
    let is_ready_made = api.auth.is_none() && !used.iter().any(|scheme| scheme.signature);
    if is_ready_made { used } else { Vec::new() }
}

/// Returns the schemes that an operation names.
pub(super) fn used(api: &Api) -> Vec<&SecurityScheme> {
    let named: HashSet<&str> =
        api.operations.iter().flat_map(|operation| operation.schemes.iter().flatten()).map(String::as_str).collect();
    api.security_schemes.iter().filter(|scheme| named.contains(scheme.name.as_str())).collect()
}

pub(super) fn credentials(api: &Api) -> Vec<Piece> {
    let mut text = "venuekit_auth::scheme_credentials! {\n".to_owned();
    text.push_str(
        "    /// Credentials for the security schemes of the venue.\n    \
             ///\n    \
             /// Give those that you have. A request gets the credentials of the first\n    \
             /// alternative that is complete. Clones share the rate limits of the key.\n    \
             pub struct Credentials;\n",
    );
    for scheme in schemes(api) {
        text.push_str(&setter(scheme));
    }
    text.push_str("}\n");
    vec![Piece::Text(text)]
}

/// Returns the lines of a setter in the call of the macro.
fn setter(scheme: &SecurityScheme) -> String {
    let SecurityScheme { name, setter, wire, .. } = scheme;
    let (kind, what, carrier) = match scheme.kind {
        SchemeKind::Basic => ("basic", "user and password", format!("authorization({name:?})")),
        SchemeKind::Token => ("token", "the bearer token", format!("authorization({name:?})")),
        SchemeKind::Key => ("key", "the key", format!("{}({name:?}, {wire:?})", scheme.location)),
    };
    let place = match scheme.location.as_str() {
        "query" => "parameter",
        "cookie" => "cookie",
        _ => "header",
    };
    let mut docs = format!("Sets {what} of the scheme {} ({place} {}).", markdown::code(name), markdown::code(wire));
    if let Some(description) = &scheme.description {
        docs.push_str("\n\n");
        docs.push_str(&markdown::paragraphs(description));
    }
    let docs: String = docs.lines().map(|line| format!("    /// {line}").trim_end().to_owned() + "\n").collect();
    let names = if scheme.kind == SchemeKind::Token { format!("{setter}, {setter}_from") } else { setter.clone() };
    format!("{docs}    {kind} {names}: {carrier};\n")
}

/// Returns the parameters of an example function that takes credentials, and the calls of the
/// setters.
pub(super) fn example<'s>(schemes: impl Iterator<Item = &'s SecurityScheme>) -> (String, String) {
    let (mut parameters, mut setters) = (Vec::new(), String::new());
    for SecurityScheme { setter, kind, .. } in schemes {
        match kind {
            SchemeKind::Basic => {
                parameters.push(format!("{setter}_user: String, {setter}_password: String"));
                setters.push_str(&format!(".{setter}(&{setter}_user, {setter}_password)?"));
            }
            SchemeKind::Key | SchemeKind::Token => {
                parameters.push(format!("{setter}: String"));
                setters.push_str(&format!(".{setter}({setter})?"));
            }
        }
    }
    (parameters.join(", "), setters)
}
