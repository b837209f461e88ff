//! The security that a document describes, and the values that signing fills in.

use crate::calls;
use crate::document::Lines;
use crate::facts::{
    Access, Body, Confidence, Facts, Form, Member, Operation, Parameter, Place, Remark, RemarkKind, Scheme, SchemeKind,
};
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
                let words = plain.split([' ', ',', ';', ':', '.', '(', ')', '"', '、', '，', '。', '：', '；']);
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
    header.eq_ignore_ascii_case(AUTHORIZATION)
        || matches!(role(header, Place::Header), Some(Role::Signature | Role::Key))
}

/// The header of credentials. OpenAPI ignores a parameter of this name: it is a scheme.
const AUTHORIZATION: &str = "authorization";

/// Takes the values that signing fills in out of the parameters. Makes the schemes that the
/// parameters of the operations show, and those that text describes, as far as no section states
/// them. A parameter that no scheme fills in stays a parameter.
pub(crate) fn fill(facts: &mut Facts, hints: &[(String, Lines)], signing: &Signing) {
    let states_schemes = !facts.schemes.is_empty();
    let before: Vec<(Vec<Parameter>, Option<Body>)> =
        facts.operations.iter().map(|own| (own.parameters.clone(), own.body.clone())).collect();
    alternatives(facts);
    let some_signed = facts.operations.iter().any(|operation| matches!(operation.access, Some((Access::Signed, _))));
    for operation in &mut facts.operations {
        take(operation, some_signed || states_schemes);
    }
    let signed = |own: &&mut Operation| matches!(own.access, Some((Access::Signed, _)));
    for operation in facts.operations.iter_mut().filter(signed) {
        take_named(operation, signing);
    }
    let mut found = shown_by_parameters(facts, &before);
    for own in found.iter_mut().filter(|own| !own.is_stated) {
        if let Some((kind, _)) = &signing.http {
            own.kind = SchemeKind::Http(kind.clone());
            own.is_stated = true;
            continue;
        }
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Low),
            at: own.at,
            other: None,
            text: "the header `Authorization` carries a bearer token; no text says what it carries".to_owned(),
        });
    }
    if states_schemes {
        add_shown(facts, found, signing);
    } else {
        make(facts, found, hints, signing, some_signed);
    }
    named_only(facts);
    put_back(facts, &before);
    keep_rows(facts, &before);
}

/// Gives the one scheme without a name the one name that no scheme has. Generators write no name
/// for OAuth and for HTTP authentication.
fn name_unnamed(facts: &mut Facts) {
    let mut names: Vec<String> =
        facts.operations.iter().flat_map(|own| own.schemes.iter().flatten()).cloned().collect();
    names.sort();
    names.dedup();
    let is_made_up = |id: &str| matches!(id, "oauth2" | "bearerAuth" | "basicAuth");
    let mut open = facts.schemes.iter_mut().filter(|own| is_made_up(&own.id) && !names.contains(&own.id));
    let (Some(scheme), None) = (open.next(), open.next()) else { return };
    let id = scheme.id.clone();
    let others: Vec<String> = facts.schemes.iter().map(|own| own.id.clone()).collect();
    let mut left = names.into_iter().filter(|name| !others.contains(name));
    if let (Some(name), None) = (left.next(), left.next())
        && let Some(scheme) = facts.schemes.iter_mut().find(|own| own.id == id)
    {
        scheme.id = name;
    }
}

/// Decides how the schemes that an operation names belong together. Generators before Widdershins 4
/// write a comma for both "and" and "or".
fn alternatives(facts: &mut Facts) {
    name_unnamed(facts);
    let tells_apart = facts.operations.iter().flat_map(|own| &own.schemes).any(|names| names.len() > 1);
    let mut remark: Option<Remark> = None;
    for operation in &mut facts.operations {
        if operation.schemes.is_empty() {
            continue;
        }
        // Generators write `None` for a scheme that the document does not have, too.
        if operation.schemes.iter().all(Vec::is_empty) {
            operation.schemes.clear();
            continue;
        }
        let some: Vec<Vec<String>> = operation.schemes.iter().filter(|names| !names.is_empty()).cloned().collect();
        let may_be_none = some.len() < operation.schemes.len();
        if !tells_apart && some.len() > 1 {
            let together = some.concat();
            let at = operation.access.map_or(operation.at, |(_, at)| at);
            let text =
                format!("the schemes {} are needed together; the text can also mean one of them", together.join(", "));
            let kind = RemarkKind::Guess(Confidence::Medium);
            remark = remark.or(Some(Remark { kind, at, other: None, text }));
            operation.schemes = vec![together];
            operation.schemes.extend(may_be_none.then(Vec::new));
        }
    }
    facts.guesses_schemes = remark.is_some();
    facts.remarks.extend(remark);
}

/// Returns the schemes that the parameters of operations show.
fn shown_by_parameters(facts: &Facts, before: &[(Vec<Parameter>, Option<Body>)]) -> Vec<Scheme> {
    let mut found: Vec<Scheme> = Vec::new();
    for (operation, (parameters, _)) in facts.operations.iter().zip(before) {
        for (name, place, at) in &operation.filled {
            let scheme = if *place == Place::Header && name.eq_ignore_ascii_case(AUTHORIZATION) {
                let note = parameters.iter().find(|own| own.member.name == *name).map_or("", |own| &own.member.note);
                authorization(note, *at)
            } else {
                let Some(role @ (Role::Signature | Role::Key)) = role(name, *place) else { continue };
                Scheme {
                    id: name.clone(),
                    at: *at,
                    kind: SchemeKind::ApiKey { place: *place, name: name.clone() },
                    is_signature: role == Role::Signature,
                    is_stated: true,
                }
            };
            if !found.iter().any(|own| own.id == scheme.id) {
                found.push(scheme);
            }
        }
    }
    found
}

/// Returns the scheme of the header `Authorization`, by the text about it.
fn authorization(note: &str, at: Lines) -> Scheme {
    let words = inline::words(&inline::plain(note));
    let has = |word: &str| words.iter().any(|own| own == word);
    let signs = is_signature(note);
    let (id, kind) = if has("basic") {
        ("basicAuth", SchemeKind::Http("basic".to_owned()))
    } else if signs || has("key") && !has("bearer") {
        ("Authorization", SchemeKind::ApiKey { place: Place::Header, name: "Authorization".to_owned() })
    } else {
        ("bearerAuth", SchemeKind::Http("bearer".to_owned()))
    };
    // A text that names none of them leaves the scheme open.
    let is_stated = id != "bearerAuth" || has("bearer") || has("token") || has("jwt");
    Scheme { id: id.to_owned(), at, kind, is_signature: signs, is_stated }
}

/// Adds the schemes that parameters or the text about signing show to those that sections state.
fn add_shown(facts: &mut Facts, found: Vec<Scheme>, signing: &Signing) {
    let is_http = facts.schemes.iter().any(|own| matches!(own.kind, SchemeKind::Http(_)));
    let signs = |all: &[Scheme]| all.iter().any(|own| own.is_signature);
    let mut more = found;
    if !is_http && !signs(&facts.schemes) && !signs(&more) {
        let hint = signing.hints.iter().find(|hint| hint.role == Role::Signature);
        more.extend(hint.map(|hint| Scheme {
            id: hint.name.clone(),
            at: hint.at,
            kind: SchemeKind::ApiKey { place: hint.place, name: hint.name.clone() },
            is_signature: true,
            is_stated: true,
        }));
    }
    for scheme in more {
        let is_known = facts.schemes.iter().any(|own| match (&own.kind, &scheme.kind) {
            (SchemeKind::ApiKey { name, .. }, SchemeKind::ApiKey { name: other, .. }) => {
                name.eq_ignore_ascii_case(other)
            }
            (SchemeKind::Http(_), SchemeKind::Http(_)) => true,
            // A section that states HTTP authentication describes the header `Authorization`.
            (SchemeKind::Http(_), SchemeKind::ApiKey { name, .. }) => name.eq_ignore_ascii_case(AUTHORIZATION),
            (SchemeKind::ApiKey { name, .. }, SchemeKind::Http(_)) => name.eq_ignore_ascii_case(AUTHORIZATION),
        });
        if is_known {
            continue;
        }
        facts.remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: scheme.at,
            other: facts.schemes.first().map(|own| own.at),
            text: format!("`{}` is a security scheme too; the section about them does not have it", scheme.id),
        });
        // The operations that have it as a parameter need it, or all that are signed.
        let some_have = facts.operations.iter().any(|own| own.filled.iter().any(|(name, _, _)| *name == scheme.id));
        for operation in &mut facts.operations {
            let has = operation.filled.iter().any(|(name, _, _)| *name == scheme.id);
            if has || !some_have {
                let named = operation.schemes.iter_mut().filter(|names| !names.is_empty());
                named.for_each(|names| names.push(scheme.id.clone()));
            }
        }
        facts.schemes.push(scheme);
    }
}

/// Makes the schemes of a document without a section that states them.
fn make(facts: &mut Facts, mut found: Vec<Scheme>, hints: &[(String, Lines)], signing: &Signing, some_signed: bool) {
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

/// Keeps the rows of the values that signing fills in.
fn keep_rows(facts: &mut Facts, before: &[(Vec<Parameter>, Option<Body>)]) {
    for (operation, (parameters, body)) in facts.operations.iter_mut().zip(before) {
        let filled = &operation.filled;
        let members = parameters.iter().map(|own| &own.member).chain(body.iter().flat_map(Body::schema_members));
        let is_filled = |own: &&Member| filled.iter().any(|(name, _, at)| *name == own.name && *at == own.at);
        operation.filled_members = members.filter(is_filled).cloned().collect();
    }
}

/// Puts the values back into the parameters and the bodies that no scheme of the operation fills
/// in.
fn put_back(facts: &mut Facts, before: &[(Vec<Parameter>, Option<Body>)]) {
    let schemes = &facts.schemes;
    let signs = schemes.iter().any(|scheme| scheme.is_signature);
    let is_scheme = |name: &str, place: Place| {
        schemes.iter().any(|scheme| match &scheme.kind {
            SchemeKind::ApiKey { name: own, .. } => own.eq_ignore_ascii_case(name),
            SchemeKind::Http(_) => place == Place::Header && name.eq_ignore_ascii_case(AUTHORIZATION),
        })
    };
    for (operation, (parameters, body)) in facts.operations.iter_mut().zip(before) {
        let needs = matches!(operation.access, Some((Access::Signed | Access::Key, _)));
        let is_signed = matches!(operation.access, Some((Access::Signed, _)));
        let fills = |(name, place, _): &(String, Place, Lines)| needs && is_scheme(name, *place) || is_signed && signs;
        if operation.filled.iter().all(fills) {
            continue;
        }
        operation.filled.retain(fills);
        let is_filled = |name: &str, place: Option<Place>, filled: &[(String, Place, Lines)]| -> bool {
            filled.iter().any(|(own, other, _)| own == name && place.is_none_or(|place| place == *other))
        };
        operation.parameters.clone_from(parameters);
        let filled = operation.filled.clone();
        operation.parameters.retain(|own| !is_filled(&own.member.name, Some(own.place), &filled));
        operation.body.clone_from(body);
        if let Some(body) = &mut operation.body
            && let Form::Object(members) = &mut body.schema.form
        {
            let is_own = |own: &Member| parameters.iter().all(|other| other.member.name != own.name);
            let gone: Vec<String> = members
                .iter()
                .filter(|own| is_own(own) && is_filled(&own.name, None, &filled))
                .map(|own| own.name.clone())
                .collect();
            members.retain(|own| !gone.contains(&own.name));
            if let Some(sample) = &mut body.sample {
                gone.iter().for_each(|name| sample.remove(name));
            }
        }
    }
    if !signs {
        // No scheme lists what is sent with a signature.
        for (name, at) in std::mem::take(&mut facts.signing_headers) {
            facts.remarks.push(Remark {
                kind: RemarkKind::Guess(Confidence::Low),
                at,
                other: None,
                text: format!("`{name}` is sent with the credentials; no scheme of the draft fills it in"),
            });
        }
    }
}

/// Adds the schemes that operations only name, or made up ones, if there are none.
fn named_only(facts: &mut Facts) {
    let needs =
        facts.operations.iter().any(|operation| matches!(operation.access, Some((Access::Signed | Access::Key, _))));
    if !needs {
        return;
    }
    // The schemes that operations name, if no section describes them.
    let mut named: Vec<(String, Lines)> = Vec::new();
    for operation in &facts.operations {
        let at = operation.access.map_or(operation.at, |(_, at)| at);
        for name in operation.schemes.iter().flatten().filter(|name| is_id(name)) {
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

/// Makes the schemes of the methods of JSON-RPC that the text about authentication describes.
pub(crate) fn fill_methods(facts: &mut Facts, signing: &Signing) {
    if !facts.schemes.is_empty() {
        return;
    }
    let mut found = Vec::new();
    let headers = signing.hints.iter().filter(|hint| hint.place == Place::Header).cloned().collect();
    let headers = Signing { hints: headers, ..signing.clone() };
    described(facts, &mut found, &headers);
    facts.schemes = found;
    if facts.schemes.is_empty() {
        in_params(facts, signing);
    }
    if !facts.schemes.iter().any(|own| own.is_signature) {
        facts.signing_headers.clear();
    }
}

/// Makes the scheme of credentials that each call has in `params`: a signer adds them.
fn in_params(facts: &mut Facts, signing: &Signing) {
    let hints = || signing.hints.iter().filter(|hint| hint.place == Place::Query);
    let Some(main) = hints().find(|hint| hint.role == Role::Signature).or_else(|| hints().next()) else { return };
    let others = hints().filter(|hint| hint.name != main.name).map(|hint| (hint.name.clone(), hint.at));
    let others: Vec<(String, Lines)> = others.chain(signing.filled.iter().cloned()).collect();
    let names: Vec<String> = std::iter::once(&main.name)
        .chain(others.iter().map(|(name, _)| name))
        .map(|name| format!("`{name}`"))
        .collect();
    facts.remarks.push(Remark {
        kind: RemarkKind::Guess(Confidence::Medium),
        at: main.at,
        other: None,
        text: format!("{} in `params` are the credentials of a call: a signer adds them (`x-fills`)", names.join(", ")),
    });
    let is_filled = |name: &str| name == main.name || others.iter().any(|(own, _)| own == name);
    for method in facts.methods.iter_mut().filter(|own| !own.is_public) {
        method.forms.iter_mut().for_each(|(_, members)| members.retain(|own| !is_filled(&own.name)));
    }
    facts.schemes.push(Scheme {
        id: main.name.clone(),
        at: main.at,
        kind: SchemeKind::ApiKey { place: Place::Query, name: main.name.clone() },
        is_signature: true,
        is_stated: true,
    });
    facts.signing_headers = others;
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

/// Takes the values that the text about signing names, such as `nonce`, out of a body and a query.
fn take_named(operation: &mut Operation, signing: &Signing) {
    let is_filled = |name: &str| signing.filled.iter().any(|(own, _)| own == name);
    for parameter in std::mem::take(&mut operation.parameters) {
        if parameter.place == Place::Query && is_filled(&parameter.member.name) {
            operation.filled.push((parameter.member.name, Place::Query, parameter.member.at));
        } else {
            operation.parameters.push(parameter);
        }
    }
    let Some(body) = &mut operation.body else { return };
    let Form::Object(members) = &mut body.schema.form else { return };
    let own: Vec<(String, Lines)> = members
        .iter()
        .filter(|member| is_filled(&member.name))
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
    let is_signed = operation.signs || operation.schemes.iter().flatten().any(|name| is_signature(name));
    if is_public {
        return;
    }
    let parameters = std::mem::take(&mut operation.parameters);
    for parameter in parameters {
        let role = role(&parameter.member.name, parameter.place);
        let is_authorization =
            parameter.place == Place::Header && parameter.member.name.eq_ignore_ascii_case(AUTHORIZATION);
        let fills = match (role, parameter.place) {
            _ if is_authorization => true,
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
    let has_credentials = operation
        .filled
        .iter()
        .any(|(name, place, _)| *place == Place::Header && name.eq_ignore_ascii_case(AUTHORIZATION));
    if (signs || has_credentials) && operation.access.is_none() {
        let at = operation.filled.first().map_or(operation.at, |(_, _, at)| *at);
        operation.access = Some((Access::Signed, at));
    }
}
