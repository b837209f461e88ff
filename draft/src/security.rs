//! The security that a document describes, and the values that signing fills in.

use crate::calls;
use crate::document::Lines;
use crate::facts::{Access, Confidence, Facts, Form, Operation, Place, Remark, RemarkKind, Scheme, SchemeKind};
use crate::inline;
use crate::sections::{ItemKind, Section};
use crate::signing::{Role, Signing, is_signature, role};

/// Reads the schemes of the sections that are no operations.
pub(crate) fn schemes(section: &Section) -> Vec<Scheme> {
    let mut out = Vec::new();
    let mut id: Option<String> = None;
    for item in &section.items {
        let ItemKind::Line(line) = &item.kind else { continue };
        let plain = inline::plain(line);
        let lower = plain.to_lowercase();
        if lower.starts_with("api key (") {
            id = plain.split_once('(').and_then(|(_, rest)| rest.split(')').next()).map(str::to_owned);
        } else if let Some(rest) = lower.find("parameter name:").and_then(|at| plain.get(at + 15..)) {
            let mut parts = rest.splitn(2, ',');
            let name = parts.next().unwrap_or("").trim().to_owned();
            let place = parts.next().unwrap_or("").to_lowercase();
            let place = place.split_once("in:").map_or("", |(_, place)| place.trim());
            let place = if place.starts_with("query") {
                Place::Query
            } else if place.starts_with("cookie") {
                Place::Cookie
            } else {
                Place::Header
            };
            let is_signature = is_signature(&name);
            let own = id.take().filter(|id| !out.iter().any(|own: &Scheme| own.id == *id));
            let id = own.unwrap_or_else(|| name.clone());
            out.push(Scheme {
                id,
                at: item.at,
                kind: SchemeKind::ApiKey { place, name },
                is_signature,
                is_stated: true,
            });
        } else if lower.starts_with("http authentication, scheme:") {
            let scheme = lower.rsplit(':').next().unwrap_or("").trim();
            let scheme = scheme.split_whitespace().next().unwrap_or("bearer").to_owned();
            let id = if scheme == "basic" { "basicAuth" } else { "bearerAuth" };
            out.push(Scheme {
                id: id.to_owned(),
                at: item.at,
                kind: SchemeKind::Http(scheme),
                is_signature: false,
                is_stated: true,
            });
        } else if lower.starts_with("oauth2 authentication") {
            let kind = SchemeKind::Http("bearer".to_owned());
            out.push(Scheme { id: "oauth2".to_owned(), at: item.at, kind, is_signature: false, is_stated: true });
        }
    }
    out
}

/// The maximum number of lines in a list of headers.
const LISTED: usize = 8;

/// Returns the names of headers in prose and in samples of calls that can belong to signing.
pub(crate) fn hints(sections: &[Section]) -> Vec<(String, Lines)> {
    let mut out: Vec<(String, Lines)> = Vec::new();
    let mut add = |name: &str, at: Lines| {
        let is_name = name.len() > 2
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let is_new = !out.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let is_algorithm = name.to_ascii_uppercase().starts_with("HMAC");
        if is_name && is_new && !is_algorithm && role(name, Place::Header).is_some() {
            out.push((name.to_owned(), at));
        }
    };
    let mut listed = 0usize;
    let items = sections.iter().flat_map(|section| section.items.iter().enumerate());
    for (index, item) in items {
        // A list follows the line that announces it.
        listed = if index == 0 { 0 } else { listed.saturating_sub(1) };
        match &item.kind {
            ItemKind::Line(line) if listed > 0 && !line.to_lowercase().contains("header") => {
                // The name is the first word of its line: `LK-KEY: your key`.
                let plain = inline::plain(line);
                let first = plain.split([' ', ':', '：', '=']).next().unwrap_or("");
                Some(first).filter(|word| word.contains(['-', '_'])).into_iter().for_each(|word| add(word, item.at));
            }
            ItemKind::Line(line) if line.to_lowercase().contains("header") => {
                listed = LISTED;
                let plain = inline::plain(line);
                let words = plain.split([' ', ',', ';', ':', '.', '(', ')', '"']);
                // A plain word, such as "key", is no name of a header.
                words.filter(|word| word.contains(['-', '_'])).for_each(|word| add(word, item.at));
            }
            ItemKind::Code { text, .. } => {
                for (name, _) in calls::read(text).into_iter().flat_map(|call| call.headers) {
                    add(&name, item.at);
                }
            }
            _ => {}
        }
    }
    out
}

/// Returns whether a header carries a key or a signature, by its name.
pub(crate) fn is_credential(header: &str) -> bool {
    matches!(role(header, Place::Header), Some(Role::Signature | Role::Key))
}

/// Takes the values that signing fills in out of the parameters. Makes the schemes that the
/// parameters of the operations show, if the document states none.
pub(crate) fn fill(facts: &mut Facts, hints: &[(String, Lines)], signing: &Signing) {
    let states_schemes = !facts.schemes.is_empty();
    let some_signed = facts.operations.iter().any(|operation| matches!(operation.access, Some((Access::Signed, _))));
    for operation in &mut facts.operations {
        take(operation, some_signed || states_schemes);
    }
    let signed = |own: &&mut Operation| matches!(own.access, Some((Access::Signed, _)));
    for operation in facts.operations.iter_mut().filter(signed) {
        take_from_body(operation, signing);
    }
    let mut found: Vec<Scheme> = Vec::new();
    for operation in &facts.operations {
        for (name, place, at) in &operation.filled {
            let Some(role @ (Role::Signature | Role::Key)) = role(name, *place) else { continue };
            if !found.iter().any(|own| own.id == *name) {
                found.push(Scheme {
                    id: name.clone(),
                    at: *at,
                    kind: SchemeKind::ApiKey { place: *place, name: name.clone() },
                    is_signature: role == Role::Signature,
                    is_stated: true,
                });
            }
        }
    }
    if !states_schemes {
        described(facts, &mut found, signing);
        if found.is_empty() && some_signed {
            for (name, at) in hints {
                let role = match role(name, Place::Header) {
                    Some(role @ (Role::Signature | Role::Key)) => role,
                    Some(Role::Nonce) => {
                        facts.signing_headers.push((name.clone(), *at));
                        continue;
                    }
                    None => continue,
                };
                facts.remarks.push(Remark {
                    kind: RemarkKind::Guess(Confidence::Medium),
                    at: *at,
                    other: None,
                    text: format!("the header `{name}` is a security scheme of the operations that are signed"),
                });
                found.push(Scheme {
                    id: name.clone(),
                    at: *at,
                    kind: SchemeKind::ApiKey { place: Place::Header, name: name.clone() },
                    is_signature: role == Role::Signature,
                    is_stated: true,
                });
            }
        }
        facts.schemes = found;
        guess_access(facts);
    }
    let together = facts.operations.iter().find(|operation| operation.schemes.len() > 1);
    if let Some(operation) = together {
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: operation.access.map_or(operation.at, |(_, at)| at),
            other: None,
            text: format!(
                "the schemes {} are needed together; the text can also mean one of them",
                operation.schemes.join(", ")
            ),
        });
    }
    let needs =
        facts.operations.iter().any(|operation| matches!(operation.access, Some((Access::Signed | Access::Key, _))));
    if !needs {
        return;
    }
    // The schemes that operations name, if no section describes them.
    let mut named: Vec<(String, Lines)> = Vec::new();
    for operation in &facts.operations {
        let at = operation.access.map_or(operation.at, |(_, at)| at);
        for name in operation.schemes.iter().filter(|name| is_id(name)) {
            if !named.iter().any(|(own, _)| own == name) {
                named.push((name.clone(), at));
            }
        }
    }
    if facts.schemes.is_empty() {
        for (name, at) in named {
            let lower = name.to_lowercase();
            let is_http = lower.contains("bearer") || lower.contains("oauth") || lower.contains("basic");
            let kind = if is_http {
                SchemeKind::Http(if lower.contains("basic") { "basic" } else { "bearer" }.to_owned())
            } else {
                SchemeKind::ApiKey { place: Place::Header, name: name.clone() }
            };
            facts.remarks.push(Remark {
                kind: RemarkKind::Guess(if is_http { Confidence::Medium } else { Confidence::Low }),
                at,
                other: None,
                text: format!("the scheme `{name}` is only named; its kind is derived from the name"),
            });
            let is_signature = is_signature(&name);
            facts.schemes.push(Scheme { id: name, at, kind, is_signature, is_stated: true });
        }
    }
    if facts.schemes.is_empty() {
        let at = facts.operations.iter().find_map(|operation| operation.access).map(|(_, at)| at).unwrap_or_default();
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Low),
            at,
            other: None,
            text: "operations are signed, and no text names a header; `X-API-KEY` and `signature` are made up"
                .to_owned(),
        });
        for (id, place, name, is_signature) in
            [("key", Place::Header, "X-API-KEY", false), ("signature", Place::Query, "signature", true)]
        {
            let kind = SchemeKind::ApiKey { place, name: name.to_owned() };
            facts.schemes.push(Scheme { id: id.to_owned(), at, kind, is_signature, is_stated: false });
        }
    }
}

/// Adds the schemes that the text about authentication describes. A role that the parameters of
/// the operations show already is not added again.
fn described(facts: &mut Facts, found: &mut Vec<Scheme>, signing: &Signing) {
    let shown: Vec<bool> = found.iter().map(|own| own.is_signature).collect();
    for hint in &signing.hints {
        let is_signature = hint.role == Role::Signature;
        if shown.contains(&is_signature) || found.iter().any(|own| own.id == hint.name) {
            continue;
        }
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: hint.at,
            other: None,
            text: format!("`{}` is a security scheme of the operations that are signed", hint.name),
        });
        found.push(Scheme {
            id: hint.name.clone(),
            at: hint.at,
            kind: SchemeKind::ApiKey { place: hint.place, name: hint.name.clone() },
            is_signature,
            is_stated: true,
        });
    }
    if let Some((kind, at)) = signing.http.as_ref().filter(|_| found.is_empty()) {
        let id = if kind == "basic" { "basicAuth" } else { "bearerAuth" }.to_owned();
        found.push(Scheme { id, at: *at, kind: SchemeKind::Http(kind.clone()), is_signature: false, is_stated: true });
    }
    for (name, at) in &signing.filled {
        if !facts.signing_headers.iter().any(|(own, _)| own == name) && !found.is_empty() {
            facts.signing_headers.push((name.clone(), *at));
        }
    }
}

/// Guesses which operations need credentials, if the document describes credentials and no text
/// says what they are for: those that change something, and those about an account.
fn guess_access(facts: &mut Facts) {
    let is_stated = |own: &Operation| matches!(own.access, Some((Access::Signed | Access::Key, _)));
    if facts.schemes.is_empty() || facts.operations.iter().any(is_stated) {
        return;
    }
    let mut remarks = Vec::new();
    for operation in facts.operations.iter_mut().filter(|own| own.access.is_none()) {
        let name = operation.name();
        let words = inline::words(&operation.path);
        let is_book = words.iter().any(|word| matches!(word.as_str(), "book" | "depth"));
        let is_own = words.iter().find(|word| ACCOUNT.contains(&word.as_str())).filter(|_| !is_book);
        let reason = if matches!(operation.method.as_str(), "GET" | "HEAD") {
            let Some(word) = is_own else { continue };
            format!("by `{word}` in its path")
        } else {
            "because it can change something".to_owned()
        };
        operation.access = Some((Access::Signed, operation.route_at));
        remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Low),
            at: operation.route_at,
            other: None,
            text: format!("`{name}` needs credentials, {reason}; no text says which operations need them"),
        });
    }
    facts.remarks.extend(remarks);
}

/// Words in the paths of operations about an account.
const ACCOUNT: [&str; 22] = [
    "account",
    "accounts",
    "balance",
    "balances",
    "wallet",
    "wallets",
    "position",
    "positions",
    "order",
    "orders",
    "fills",
    "my",
    "user",
    "users",
    "portfolio",
    "transfer",
    "transfers",
    "deposit",
    "deposits",
    "withdrawal",
    "withdrawals",
    "subaccount",
];

fn is_id(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 40
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Takes the values that signing fills in out of a body, such as `nonce`, if no table lists them.
fn take_from_body(operation: &mut Operation, signing: &Signing) {
    let Some(body) = &mut operation.body else { return };
    let Form::Object(members) = &mut body.schema.form else { return };
    let is_filled = |name: &str| signing.filled.iter().any(|(own, _)| own == name);
    let own: Vec<(String, Lines)> = members
        .iter()
        .filter(|member| !member.states_type && is_filled(&member.name))
        .map(|member| (member.name.clone(), member.at))
        .collect();
    for (name, at) in own {
        members.retain(|member| member.name != name);
        if let Some(node) = &mut body.sample {
            node.remove(&name);
        }
        operation.filled.push((name, Place::Query, at));
    }
}

fn take(operation: &mut Operation, may_sign: bool) {
    let is_public = matches!(operation.access, Some((Access::Public, _)));
    let signs = operation
        .parameters
        .iter()
        .any(|parameter| role(&parameter.member.name, parameter.place) == Some(Role::Signature));
    let is_signed = operation.signs || operation.schemes.iter().any(|name| is_signature(name));
    if is_public {
        return;
    }
    let parameters = std::mem::take(&mut operation.parameters);
    for parameter in parameters {
        let role = role(&parameter.member.name, parameter.place);
        let fills = match (role, parameter.place) {
            (None, _) => false,
            (Some(_), Place::Header) => may_sign || signs || is_signed,
            (Some(_), _) => signs || is_signed,
        };
        if fills {
            let member = parameter.member;
            operation.filled.push((member.name, parameter.place, member.at));
        } else {
            operation.parameters.push(parameter);
        }
    }
    if signs && operation.access.is_none() {
        let at = operation.filled.first().map_or(operation.at, |(_, _, at)| *at);
        operation.access = Some((Access::Signed, at));
    }
}
