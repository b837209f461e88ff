//! Extensions (`x-`) and servers.

use venuekit_diff::Level::{Breaking, Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::{Documentation, Edit, Located, Mutant, at, both, counts_as_cancel, push, remove, set, unset};
use crate::examples::object;
use crate::expect::{Expected, expected};
use crate::tree::TreeExt;
use crate::usages::{ListedParameter, Operation};

pub(super) fn all(found: &mut Located<'_>) {
    servers(found);
    envelope(found);
    limits(found);
    root(found);
    for operation in found.map.operations.clone() {
        weight(found, &operation);
        of_operation(found, &operation);
    }
}

/// Only JSON-RPC has an envelope.
fn envelope(found: &mut Located<'_>) {
    if found.document.has("x-envelope") {
        let mutant = Mutant::new("the envelope is that of JSON-RPC 2.0", "/x-envelope", unset("", "x-envelope"));
        let changed = vec![expected("envelope-changed")];
        found.push(mutant.expects_exactly(changed.clone(), changed));
    }
}

fn server(url: &str, environment: &str) -> Tree {
    object([("url", Tree::text(url)), ("x-environment", Tree::text(environment))])
}

fn servers(found: &mut Located<'_>) {
    let servers = found.document.list("servers").to_vec();
    // The URL of a server ends with the base path.
    let base_path = found.document.text("x-base-path").unwrap_or_default().trim_end_matches('/').to_owned();
    let url_of = |name: &str| format!("https://{name}.example.com{base_path}");
    for (index, old) in servers.iter().enumerate() {
        let place = format!("/servers/{index}");
        let environment = old.text("x-environment").unwrap_or_default();
        let (production, first) = (
            environment == "production",
            servers.iter().position(|other| other.text("x-environment") == Some(environment)) == Some(index),
        );
        let others = servers.iter().filter(|other| other.text("x-environment") == Some(environment)).count() > 1;
        if !first || others {
            continue;
        }
        // A change of the production server is worse than one of a test server.
        let worst = if production { Breaking } else { Risky };
        let another = vec![Expected { wire: worst, ..expected("default-server-changed") }];
        let gone_for_good = vec![Expected { wire: worst, source: Risky, ..expected("server-removed") }];
        let url = Mutant::new("a server has another URL", &place, set(&place, "url", Tree::text(url_of("other"))));
        found.push(url.expects_exactly(another.clone(), another.clone()));
        let slash = format!("{}/", old.text("url").unwrap_or_default());
        found.push(Mutant::new("a server's URL ends with a slash", &place, set(&place, "url", Tree::text(slash))));
        let gone = Mutant::new("a server is gone", &place, remove(&place));
        found.push(gone.expects_exactly(gone_for_good, vec![expected("server-added")]));
        let new = push("/servers", server(&url_of("second"), environment));
        found.push(Mutant::new("a server is new", "/servers", new).expects("server-added"));
        // The old server stays in the list.
        let before = at("/servers", {
            let (environment, url) = (environment.to_owned(), url_of("first"));
            move |servers| {
                servers.elements_mut()?.insert(0, server(&url, &environment));
                Some(())
            }
        });
        let there = vec![expected("default-server-changed")];
        found.push(Mutant::new("another server comes first", "/servers", before).expects_exactly(there, another));
        let signing = |scheme: &str| set(&place, "x-signing", Tree::text(scheme));
        let mutant = Mutant::new("a server accepts a scheme", &place, signing("one"));
        let mutant = if old.has("x-signing") { mutant.prepared(unset(&place, "x-signing")) } else { mutant };
        found.push(mutant.expects_exactly(vec![stated()], vec![unstated()]));
        let mutant = Mutant::new("a server accepts another scheme", &place, signing("other"));
        found.push(mutant.prepared(signing("one")).expects("host-signing-changed"));
    }
    let host = object([("url", Tree::text("https://elsewhere.example.com")), ("signing", Tree::text("other"))]);
    let edit = at("", move |root| {
        if !root.has("x-hosts") {
            root.set("x-hosts", Tree::Array(Vec::new()));
        }
        root.get_mut("x-hosts")?.elements_mut()?.push(host.clone());
        Some(())
    });
    found.push(Mutant::new("a host is new", "/x-hosts", edit).expects_exactly(vec![stated()], vec![unstated()]));
    if servers.is_empty() {
        let url = if found.document.has("x-socket") { "wss://first.example.com" } else { "https://first.example.com" };
        let mut edit = set("", "servers", Tree::Array(vec![server(url, "production")]));
        let mut there = vec![expected("server-added")];
        let mut back = vec![Expected { wire: Breaking, source: Risky, ..expected("server-removed") }];
        if found.document.has("x-base-path") {
            // The server has its own path.
            edit = both(edit, unset("", "x-base-path"));
            let unsaid = Expected { wire: Safe, source: Safe, ..expected("base-path-changed") };
            let said = Expected { source: Risky, ..unsaid.clone() };
            there.push(unsaid.clone());
            back.push(said.clone());
            let place = "/x-base-path";
            let other =
                Mutant::new("base URLs have another path", place, set("", "x-base-path", Tree::text("/other/")));
            found.push(other.expects("base-path-changed"));
            let gone = Mutant::new("the path of base URLs is not stated", place, unset("", "x-base-path"));
            found.push(gone.expects_exactly(vec![unsaid], vec![said]));
        }
        let mutant = Mutant::new("the first server", "", edit).expects_exactly(there, back);
        found.push(mutant);
    }
}

/// The first specification of the scheme of a host.
fn stated() -> Expected {
    Expected { wire: Safe, ..expected("host-signing-changed") }
}

fn unstated() -> Expected {
    Expected { source: Safe, ..stated() }
}

fn limits(found: &mut Located<'_>) {
    let limits = found.document.list("x-rate-limits").to_vec();
    let users: Vec<String> = found.map.operations.iter().map(|operation| operation.pointer.clone()).collect();
    let limit = object([
        ("name", Tree::text("extra")),
        ("per", Tree::text("key")),
        ("window", Tree::text("1m")),
        ("limit", Tree::number(600)),
        ("counts", Tree::text("requests")),
    ]);
    let edit = at("", move |root| {
        if !root.has("x-rate-limits") {
            root.set("x-rate-limits", Tree::Array(Vec::new()));
        }
        root.get_mut("x-rate-limits")?.elements_mut()?.push(limit.clone());
        Some(())
    });
    found.push(Mutant::new("a limit is new", "/x-rate-limits", edit).expects("limit-added"));
    for (index, limit) in limits.iter().enumerate() {
        let place = format!("/x-rate-limits/{index}");
        let name = limit.text("name").unwrap_or_default().to_owned();
        let mut holders = vec![String::new()];
        holders.extend(users.iter().cloned());
        let itself = remove(&place);
        let edit: Edit = Box::new(move |document| {
            itself(document)?;
            for holder in &holders {
                let list = document.at_mut(holder).and_then(|holder| holder.get_mut("x-limits"));
                if let Some(list) = list.and_then(Tree::elements_mut) {
                    list.retain(|element| element.as_text() != Some(&name));
                }
            }
            Some(())
        });
        found.push(Mutant::new("a limit is gone", &place, edit).expects("limit-removed"));
        let count: u64 =
            limit.get("limit").and_then(Tree::digits).and_then(|digits| digits.parse().ok()).expect("a count");
        let tell = |kind, edit: Edit, rule: &str| Mutant::new(kind, &place, edit).expects(rule);
        found.push(tell("a limit admits more", set(&place, "limit", Tree::number(count + 1)), "limit-raised"));
        found.push(tell("a limit has a longer window", set(&place, "window", Tree::text("2d")), "limit-lowered"));
        let mixed = both(set(&place, "limit", Tree::number(count + 1)), set(&place, "window", Tree::text("2d")));
        found.push(tell("a limit admits more in a longer window", mixed, "limit-changed"));
        let per = if limit.text("per") == Some("ip") { "key" } else { "ip" };
        found.push(tell("a limit is counted by something else", set(&place, "per", Tree::text(per)), "limit-changed"));
        let header = set(&place, "header", Tree::text("X-Other"));
        // Clients also count by themselves, so they need no header.
        let unheard = vec![Expected { wire: Safe, ..expected("limit-changed") }];
        let mutant = Mutant::new("a limit has another header", &place, header);
        found.push(mutant.expects_exactly(unheard.clone(), unheard));
        let closing =
            Mutant::new("a limit is closed for longer", &place, set(&place, "longest-closing", Tree::text("9d")));
        let safe = Expected { wire: Safe, ..expected("limit-changed") };
        found.push(closing.expects_exactly(vec![expected("limit-changed")], vec![safe]));
        let renamed = Mutant::new("a limit has another name", &place, renamed_limit(index, limit, &users));
        found.push(renamed.documented(Documentation::Changes));
        let minutes = match limit.text("window") {
            Some("1m") => Some("60s"),
            Some("5m") => Some("300s"),
            Some("1d") => Some("24h"),
            _ => None,
        };
        if let Some(window) = minutes {
            found.push(Mutant::new("a window is written otherwise", &place, set(&place, "window", Tree::text(window))));
        }
        // The list of the root applies to all operations without their own list.
        let key = "x-limits";
        let silent = |operation: &&Operation| !found.at(&operation.pointer).has(key);
        let names: Vec<String> =
            found.map.operations.iter().filter(silent).map(|operation| operation.name.clone()).collect();
        let mut all = found.document.list(key).to_vec();
        let counts = all.contains(&Tree::text(limit.text("name").unwrap_or_default()));
        if counts && !names.is_empty() {
            all.retain(|element| element.as_text() != limit.text("name"));
            let mutant = Mutant::new("the root names one limit less", "/x-limits", set("", key, Tree::Array(all)));
            found.push(mutant.expects("operation-limit-removed").touching(names));
        }
        // The operations that count against the limit.
        let name = limit.text("name").unwrap_or_default();
        for operation in found.map.operations.clone() {
            let all = found.document.list("x-limits").to_vec();
            let own = found.at(&operation.pointer).get("x-limits").map(|list| list.elements().to_vec()).unwrap_or(all);
            let counts = own.contains(&Tree::text(name));
            let mut other = own.clone();
            if counts {
                other.retain(|element| *element != Tree::text(name))
            } else {
                other.push(Tree::text(name))
            }
            let rule = if counts { "operation-limit-removed" } else { "operation-limit-added" };
            let edit = set(&operation.pointer, "x-limits", Tree::Array(other));
            let mutant =
                Mutant::new("an operation counts against other limits", &operation.pointer, edit).expects(rule);
            found.push(mutant.touching([operation.name.clone()]));
        }
    }
}

fn renamed_limit(index: usize, limit: &Tree, users: &[String]) -> Edit {
    let name = limit.text("name").unwrap_or_default().to_owned();
    let mut holders = vec![String::new()];
    holders.extend(users.iter().cloned());
    Box::new(move |document| {
        document.at_mut(&format!("/x-rate-limits/{index}"))?.set("name", Tree::text("renamed"));
        for holder in &holders {
            let list = document.at_mut(holder).and_then(|holder| holder.get_mut("x-limits"));
            for element in list.and_then(Tree::elements_mut).into_iter().flatten() {
                if element.as_text() == Some(&name) {
                    *element = Tree::text("renamed");
                }
            }
        }
        Some(())
    })
}

/// Adds changes of a list of codes: one more code, and each code removed.
fn codes(found: &mut Located<'_>, holder: &str, key: &'static str, rule: &str, names: Option<&str>) {
    let touching = |mutant: Mutant| match names {
        Some(name) => mutant.touching([name.to_owned()]),
        None => mutant,
    };
    let list = found.at(holder).list(key).to_vec();
    let edit = at(holder, move |holder| {
        if !holder.has(key) {
            holder.set(key, Tree::Array(Vec::new()));
        }
        holder.get_mut(key)?.elements_mut()?.push(Tree::number(98765));
        Some(())
    });
    let place = pointer::join(holder, key);
    found.push(touching(Mutant::new("a code is new", &place, edit).expects(rule)));
    for (index, code) in list.iter().enumerate() {
        let mutant = Mutant::new("a code is gone", &place, remove(&format!("{place}/{index}")));
        found.push(touching(mutant.expects(crate::expect::mirror(rule))));
        if code.members().is_empty() {
            // The code applies to fewer responses.
            let limited = object([("code", code.clone()), ("status", Tree::number(418))]);
            let edit = at(&place, move |list| {
                *list.elements_mut()?.get_mut(index)? = limited.clone();
                Some(())
            });
            let mutant = Mutant::new("a code is limited to a status", &place, edit);
            found.push(touching(mutant.expects(crate::expect::mirror(rule))));
            let same = object([("code", code.clone())]);
            let edit = at(&place, move |list| {
                *list.elements_mut()?.get_mut(index)? = same.clone();
                Some(())
            });
            found.push(touching(Mutant::new("a code is written as an object", &place, edit)));
        }
    }
}

/// Adds changes of the statuses of unknown outcome: one more status, and each status removed.
fn unknown_statuses(found: &mut Located<'_>, holder: &str, name: &str) {
    const KEY: &str = "x-unknown-statuses";
    let place = pointer::join(holder, KEY);
    let count = found.at(holder).list(KEY).len();
    let edit = at(holder, move |holder| {
        if !holder.has(KEY) {
            holder.set(KEY, Tree::Array(Vec::new()));
        }
        holder.get_mut(KEY)?.elements_mut()?.push(Tree::number(423));
        Some(())
    });
    let mutant = Mutant::new("a status is new", &place, edit).expects("unknown-status-added");
    found.push(mutant.touching([name.to_owned()]));
    for index in 0..count {
        let mutant = Mutant::new("a status is gone", &place, remove(&format!("{place}/{index}")));
        found.push(mutant.expects("unknown-status-removed").touching([name.to_owned()]));
    }
}

/// Adds changes of the lists of a batch: none any more, and another list. Only a few operations
/// have lists that could be new.
fn batch(found: &mut Located<'_>, holder: &str, name: &str) {
    const KEY: &str = "x-batch";
    let place = pointer::join(holder, KEY);
    let list_of = |body: &Tree| {
        let schema = body.at("/content/application~1json/schema")?;
        let schema = schema.text("$ref").map_or(Some(schema), |target| found.document.at(target.strip_prefix('#')?))?;
        let mut lists = schema.get("properties")?.members().iter();
        lists.find(|(_, property)| property.text("type") == Some("array")).map(|(name, _)| format!("/{name}"))
    };
    let operation = found.at(holder);
    let touching = |mutant: Mutant| mutant.touching([name.to_owned()]);
    if operation.has(KEY) {
        let gone = Mutant::new("the response need not have all elements", &place, unset(holder, KEY));
        found.push(touching(gone.expects("batch-removed")));
        return;
    }
    let responses = operation.get("responses").map(Tree::members).unwrap_or_default();
    let lists =
        operation.get("requestBody").and_then(list_of).zip(responses.iter().find_map(|(_, body)| list_of(body)));
    if let Some((request, response)) = lists {
        let batch = object([("request", Tree::text(request)), ("response", Tree::text(response))]);
        let mutant = Mutant::new("the response has to have all elements", &place, set(holder, KEY, batch));
        found.push(touching(mutant.expects("batch-added")));
    }
}

/// Adds changes of the pages of a list: none any more, and another first page.
fn pagination(found: &mut Located<'_>, holder: &str, name: &str) {
    const KEY: &str = "x-pagination";
    let place = pointer::join(holder, KEY);
    let Some(pages) = found.at(holder).get(KEY).cloned() else { return };
    let touching = |mutant: Mutant| mutant.touching([name.to_owned()]);
    let gone = Mutant::new("the pages of a list are not described", &place, unset(holder, KEY));
    found.push(touching(gone.expects("pagination-removed")));
    let mut other = pages;
    let by_number = other.text("by") == Some("number");
    let edits = match by_number {
        true => vec![("first", Tree::number(7))],
        false => vec![("by", Tree::text("number")), ("first", Tree::number(7))],
    };
    let value = other.remove("value").filter(|_| by_number);
    for (key, value) in edits.into_iter().chain(value.map(|value| ("value", value))) {
        let _ = other.remove(key);
        if let Some(members) = other.members_mut() {
            members.push((key.to_owned(), value));
        }
    }
    let mutant = Mutant::new("pages are asked for in another way", &place, set(holder, KEY, other));
    found.push(touching(mutant.expects("pagination-changed")));
}

/// Adds changes of a list of conditions: one more, each one removed, and each with the other
/// outcome.
fn conditions(found: &mut Located<'_>, holder: &str, key: &'static str, names: Option<&str>) {
    let touching = |mutant: Mutant| match names {
        Some(name) => mutant.touching([name.to_owned()]),
        None => mutant,
    };
    let place = pointer::join(holder, key);
    let shared = found.document.at("/x-error/failed-when").map(Tree::elements).unwrap_or_default().to_vec();
    let list = found.at(holder).list(key).to_vec();
    let more = at(holder, move |holder| {
        if !holder.has(key) {
            holder.set(key, Tree::Array(Vec::new()));
        }
        let condition = object([("pointer", Tree::text("/refused")), ("equals", Tree::Bool(true))]);
        holder.get_mut(key)?.elements_mut()?.push(condition);
        Some(())
    });
    found.push(touching(Mutant::new("one more response is an error", &place, more).expects("refusal-condition-added")));
    for (index, condition) in list.iter().enumerate() {
        let place = format!("{place}/{index}");
        let is_open = condition.has("outcome");
        // Without it, the operation still has the same condition of the root.
        if names.is_none() || !shared.contains(condition) {
            let gone = Mutant::new("fewer responses are errors", &place, remove(&place));
            let removed = match is_open {
                true => Expected { wire: Risky, ..expected("refusal-condition-removed") },
                false => expected("refusal-condition-removed"),
            };
            found
                .push(touching(gone.expects_exactly(vec![removed.clone()], vec![expected("refusal-condition-added")])));
            let other = Mutant::new("other responses are errors", &place, set(&place, "pointer", Tree::text("/other")));
            let there = vec![expected("refusal-condition-added"), removed];
            found.push(touching(other.expects_exactly(there.clone(), there)));
        }
        let (rule, edit) = match is_open {
            true => ("failure-became-refusal", unset(&place, "outcome")),
            false => ("failure-became-unknown", set(&place, "outcome", Tree::text("unknown"))),
        };
        found.push(touching(Mutant::new("an error has another outcome", &place, edit).expects(rule)));
    }
    let two = || {
        let refused = object([("pointer", Tree::text("/refused")), ("equals", Tree::Bool(true))]);
        let open = object([
            ("pointer", Tree::text("/open")),
            ("present", Tree::Bool(true)),
            ("outcome", Tree::text("unknown")),
        ]);
        [refused, open]
    };
    let add = at(holder, move |holder| {
        if !holder.has(key) {
            holder.set(key, Tree::Array(Vec::new()));
        }
        holder.get_mut(key)?.elements_mut()?.extend(two());
        Some(())
    });
    let swap = at(&place, |list| {
        let elements = list.elements_mut()?;
        let last = elements.len().checked_sub(1)?;
        elements.swap(last.checked_sub(1)?, last);
        Some(())
    });
    let mutant = Mutant::new("conditions are tested in another order", &place, swap).prepared(add);
    let careful = Expected { wire: Safe, ..expected("failure-order-changed") };
    found.push(touching(mutant.expects_exactly(vec![expected("failure-order-changed")], vec![careful])));
}

fn root(found: &mut Located<'_>) {
    codes(found, "", "x-unknown-codes", "unknown-code-added", None);
    codes(found, "", "x-clock-codes", "clock-code-added", None);
    codes(found, "", "x-refused-codes", "refused-code-added", None);
    if found.document.has("x-auth") {
        let other = set("", "x-auth", Tree::text("other"));
        found.push(Mutant::new("another crate signs", "/x-auth", other).expects("signer-changed"));
        let private = found.document.flag("x-private-key");
        let rule = if private { "private-key-removed" } else { "private-key-added" };
        let edit = set("", "x-private-key", Tree::Bool(!private));
        found.push(Mutant::new("keys can be the user's own, or not", "/x-private-key", edit).expects(rule));
        let key_only = found.document.flag("x-key-only");
        let rule = if key_only { "key-only-removed" } else { "key-only-added" };
        let edit = set("", "x-key-only", Tree::Bool(!key_only));
        found.push(Mutant::new("a key needs its secret, or not", "/x-key-only", edit).expects(rule));
        if found.document.text("openrpc").is_some() {
            let token = found.document.flag("x-token-login");
            let rule = if token { "token-login-removed" } else { "token-login-added" };
            let edit = set("", "x-token-login", Tree::Bool(!token));
            found.push(Mutant::new("a token logs in, or not", "/x-token-login", edit).expects(rule));
        }
        if !private {
            // The venue requires the same signature as before, and users can provide their own
            // signer before and after.
            let gone = Mutant::new("no crate signs", "/x-auth", unset("", "x-auth"));
            let there = vec![Expected { wire: Safe, ..expected("signer-changed") }];
            let back = vec![Expected { wire: Safe, source: Safe, ..expected("signer-changed") }];
            found.push(gone.expects_exactly(there, back));
        }
    }
    let place = "/x-recv-window";
    let window = |default: u32, max: u32| {
        set("", "x-recv-window", object([("default", Tree::number(default)), ("max", Tree::number(max))]))
    };
    if found.document.has("x-recv-window") {
        found.push(Mutant::new("no receive window", place, unset("", "x-recv-window")).expects("recv-window-removed"));
        found.push(Mutant::new("another receive window", place, window(1234, 5678)).expects("recv-window-changed"));
    } else {
        found.push(Mutant::new("a receive window", place, window(1234, 5678)).expects("recv-window-added"));
    }
    let edit = set("", "x-parameter-order", Tree::text("significant"));
    if !found.document.has("x-parameter-order") {
        found.push(
            Mutant::new("order counts", "/x-parameter-order", edit).expects("parameter-order-became-significant"),
        );
    }
    if found.document.has("x-socket") {
        let edit = set("/x-socket", "ping-interval", Tree::text("7s"));
        found.push(Mutant::new("pings come at another interval", "/x-socket", edit).expects("socket-changed"));
    }
    server_time(found);
    if !found.rpc {
        errors(found);
    }
    error_codes(found);
}

fn server_time(found: &mut Located<'_>) {
    let place = "/x-server-time";
    match found.document.get("x-server-time").cloned() {
        Some(time) => {
            found.push(
                Mutant::new("no operation returns the time", place, unset("", "x-server-time"))
                    .expects("server-time-removed"),
            );
            let unit = if time.text("unit") == Some("s") { "ms" } else { "s" };
            let mutant = Mutant::new("the time is in another unit", place, set(place, "unit", Tree::text(unit)));
            found.push(mutant.expects("server-time-changed"));
            let mutant = Mutant::new("the time stands elsewhere", place, set(place, "pointer", Tree::text("/other")));
            found.push(mutant.expects("server-time-changed"));
            let other = found.map.operations.iter().map(|operation| operation.name.clone());
            let Some(other) = other.into_iter().find(|name| time.text("operation") != Some(name)) else { return };
            let mutant =
                Mutant::new("another operation returns the time", place, set(place, "operation", Tree::text(other)));
            let asked = vec![Expected { wire: Safe, ..expected("server-time-changed") }];
            found.push(mutant.expects_exactly(asked.clone(), asked));
        }
        None => {
            let Some(operation) = found.map.operations.first().map(|operation| operation.name.clone()) else { return };
            let time = object([
                ("operation", Tree::text(operation)),
                ("pointer", Tree::text("/time")),
                ("unit", Tree::text("ms")),
            ]);
            let mutant = Mutant::new("an operation returns the time", place, set("", "x-server-time", time));
            found.push(mutant.expects("server-time-added"));
        }
    }
}

fn errors(found: &mut Located<'_>) {
    for key in ["code", "message"] {
        let place = format!("/x-error/{key}");
        if found.document.at(&place).is_none() {
            continue;
        }
        // Clients still look at the old places.
        let more = Mutant::new("an error has one more place", &place, push(&place, Tree::text("/other")));
        // Codes distinguish errors, but messages do not.
        let worst = if key == "code" { Breaking } else { Risky };
        let verdict = |wire| vec![Expected { wire, ..expected("error-shape-changed") }];
        // Clients still look at the places that are left.
        found.push(more.expects_exactly(verdict(Risky), verdict(Safe)));
        let other = Mutant::new(
            "an error stands elsewhere",
            &place,
            set("/x-error", key, Tree::Array(vec![Tree::text("/other")])),
        );
        found.push(other.expects_exactly(verdict(worst), verdict(worst)));
    }
    if found.document.has("x-error") {
        conditions(found, "/x-error", "failed-when", None);
    }
}

fn error_codes(found: &mut Located<'_>) {
    let error = || object([("code", Tree::number(98765)), ("message", Tree::text("Something else."))]);
    if found.rpc {
        let edit = at("/components/errors", {
            let error = error();
            move |errors| errors.set("Extra", error.clone())
        });
        found.push(Mutant::new("an error code is new", "/components/errors", edit).expects("error-code-added"));
        return;
    }
    let edit = at("", {
        let error = error();
        move |root| {
            if !root.has("x-error-codes") {
                root.set("x-error-codes", Tree::Array(Vec::new()));
            }
            root.get_mut("x-error-codes")?.elements_mut()?.push(error.clone());
            Some(())
        }
    });
    found.push(Mutant::new("an error code is new", "/x-error-codes", edit).expects("error-code-added"));
    let codes: Vec<Option<Tree>> =
        found.document.list("x-error-codes").iter().map(|error| error.get("code").cloned()).collect();
    for (index, code) in codes.iter().enumerate() {
        let once = codes.iter().filter(|other| *other == code).count() == 1;
        let place = format!("/x-error-codes/{index}");
        let mutant = Mutant::new("an error code is gone", &place, remove(&place));
        found.push(if once { mutant.expects("error-code-removed") } else { mutant });
    }
}

fn weight(found: &mut Located<'_>, operation: &Operation) {
    let Operation { name, pointer, .. } = operation;
    let place = pointer::join(pointer, "x-weight");
    let touching = |mutant: Mutant| mutant.touching([name.clone()]);
    let weight = found.at(pointer).get("x-weight").cloned();
    let cases = weight.as_ref().and_then(|weight| weight.get("when-present"));
    let Some(Tree::Object(cases)) = cases else {
        let fixed = match &weight {
            Some(Tree::Number(digits)) => digits.parse().expect("a count"),
            _ => 1_u32,
        };
        let edit = set(pointer, "x-weight", Tree::number(fixed + 4));
        found.push(touching(Mutant::new("a call counts more", &place, edit).expects("weight-raised")));
        let parameter =
            operation.parameters.first().and_then(|listed| found.at(&listed.pointer).text("name")).map(str::to_owned);
        if let Some(parameter) = parameter {
            let by = |weight: u32, otherwise: u32| {
                let cases = object([(parameter.as_str(), Tree::number(weight))]);
                set(pointer, "x-weight", object([("when-present", cases), ("otherwise", Tree::number(otherwise))]))
            };
            let more = Mutant::new("a call counts more without a parameter", &place, by(fixed, fixed + 4));
            found.push(touching(more.expects("weight-raised")));
            let mixed = Mutant::new("a call counts more or less", &place, by(fixed + 1, fixed + 4));
            found.push(touching(mixed.prepared(by(fixed + 2, fixed)).expects("weight-changed")));
            found.push(touching(Mutant::new("a weight is written otherwise", &place, by(fixed, fixed))));
        }
        return;
    };
    for (case, _) in cases {
        let case = case.clone();
        let edit = at(&place, move |weight| weight.get_mut("when-present")?.set(&case, Tree::number(99)));
        found.push(touching(Mutant::new("a call with a parameter counts more", &place, edit).expects("weight-raised")));
    }
    let edit = set(&place, "otherwise", Tree::number(1000));
    found.push(touching(Mutant::new("a call counts more otherwise", &place, edit).expects("weight-raised")));
}

fn of_operation(found: &mut Located<'_>, operation: &Operation) {
    let Operation { name, pointer, .. } = operation;
    let touching = |mutant: Mutant| mutant.touching([name.clone()]);
    // The check refuses `x-reads-only` beside keys that speak against it.
    let is_said = found.at(pointer).flag("x-reads-only");
    if !is_said {
        codes(found, pointer, "x-done-codes", "done-code-added", Some(name));
    }
    if !pointer.ends_with("/get") && !is_said {
        codes(found, pointer, "x-gone-codes", "gone-code-added", Some(name));
    }
    codes(found, pointer, "x-unknown-codes", "unknown-code-added", Some(name));
    unknown_statuses(found, pointer, name);
    codes(found, pointer, "x-refused-codes", "refused-code-added", Some(name));
    if !found.rpc {
        conditions(found, pointer, "x-failed-when", Some(name));
        batch(found, pointer, name);
    }
    pagination(found, pointer, name);
    if found.at(pointer).has("x-subscription") {
        let place = format!("{pointer}/x-subscription");
        let edit = set(&place, "notification", Tree::text("other.update"));
        let mutant = Mutant::new("notifications have another method", &place, edit);
        found.push(touching(mutant.expects("subscription-changed")));
    }
    let cancels = !counts_as_cancel(found.at(pointer), pointer);
    let rule = if cancels { "cancel-marked" } else { "cancel-unmarked" };
    let edit = set(pointer, "x-cancels", Tree::Bool(cancels));
    found.push(touching(Mutant::new("an operation is a cancel, or not", pointer, edit).expects(rule)));
    for mutant in constraints(found, operation) {
        found.push(touching(mutant));
    }

    let get = !found.rpc && pointer.ends_with("/get");
    let idempotent = found.at(pointer).get("x-idempotent").cloned().unwrap_or(Tree::Bool(get));
    let moves_funds = found.at(pointer).flag("x-moves-funds");
    let reads_only = match found.at(pointer).get("x-reads-only") {
        Some(said) => *said == Tree::Bool(true),
        None => get,
    };
    let reads = |idempotent: &Tree, moves_funds: bool| reads_only && *idempotent == Tree::Bool(true) && !moves_funds;
    let telling_reads = |mutant: Mutant, was: bool, is: bool| match (was, is) {
        (false, true) => mutant.expects("reads-gained"),
        (true, false) => mutant.expects("reads-lost"),
        _ => mutant,
    };
    if !is_said {
        let rule = if moves_funds { "funds-unmarked" } else { "funds-marked" };
        let edit = set(pointer, "x-moves-funds", Tree::Bool(!moves_funds));
        let mutant = Mutant::new("an operation moves funds, or not", pointer, edit).expects(rule);
        let (was, is) = (reads(&idempotent, moves_funds), reads(&idempotent, !moves_funds));
        found.push(touching(telling_reads(mutant, was, is)));
    }
    let has_codes = ["x-done-codes", "x-gone-codes"].iter().any(|key| found.at(pointer).has(key));
    if idempotent == Tree::Bool(true) && !moves_funds && !has_codes {
        let rule = if reads_only { "reads-lost" } else { "reads-gained" };
        let edit = set(pointer, "x-reads-only", Tree::Bool(!reads_only));
        found.push(touching(Mutant::new("an operation only reads, or not", pointer, edit).expects(rule)));
    }
    let place = pointer::join(pointer, "x-idempotent");
    let parameters: Vec<(String, bool)> = operation
        .parameters
        .iter()
        .filter_map(|listed| {
            let parameter = found.at(&listed.pointer);
            Some((parameter.text("name")?.to_owned(), parameter.flag("required")))
        })
        .take(2)
        .collect();
    // The setter of the parameter that allows a second request no longer takes an option.
    let source = |expected: &mut Expected, required: bool| {
        if !required {
            expected.source = Breaking;
        }
    };
    let by_parameter = |name: &String| object([("when-present", Tree::text(name.as_str()))]);
    if let [(one, one_required), (other, other_required)] = parameters.as_slice() {
        let word = |name| set(pointer, "x-idempotent", by_parameter(name));
        let mutant = Mutant::new("an operation may be sent again with another parameter", &place, word(other));
        let mutant = mutant.prepared(word(one)).expects("idempotency-changed");
        let mutant = mutant
            .but_there(|expected| source(expected, *other_required))
            .but_back(|expected| source(expected, *one_required));
        found.push(touching(mutant));
    }
    let mut values: Vec<Tree> = vec![Tree::Bool(true), Tree::Bool(false)];
    values.extend(parameters.iter().map(|(name, _)| by_parameter(name)));
    let rank = |value: &Tree| match value {
        Tree::Bool(true) => 2,
        Tree::Bool(false) => 0,
        _ => 1,
    };
    for value in values.into_iter().filter(|value| *value != idempotent && !is_said) {
        let (was, is) = (reads(&idempotent, moves_funds), reads(&value, moves_funds));
        let rule = match rank(&idempotent).cmp(&rank(&value)) {
            std::cmp::Ordering::Greater => "idempotency-lost",
            std::cmp::Ordering::Less => "idempotency-gained",
            std::cmp::Ordering::Equal => "idempotency-changed",
        };
        let narrowed = |value: &Tree| {
            let named = parameters.iter().find(|(name, _)| by_parameter(name) == *value);
            named.is_some_and(|(_, required)| !required)
        };
        let (there, back) = (narrowed(&value), narrowed(&idempotent));
        let edit = set(pointer, "x-idempotent", value);
        let mutant = Mutant::new("an operation may be sent again, or not", &place, edit).expects(rule);
        let mutant = mutant.but_there(|expected| source(expected, !there)).but_back(|expected| source(expected, !back));
        found.push(touching(telling_reads(mutant, was, is)));
    }
    if found.rpc {
        let count = found.at(pointer).list("errors").len();
        let key = pointer::join(pointer, "errors");
        for index in 0..count {
            let mutant = Mutant::new("an operation has one error less", &key, remove(&format!("{key}/{index}")));
            found.push(touching(mutant.expects("error-code-removed")));
        }
    }
}

/// Changes the constraints between two optional parameters. The examples of a JSON-RPC method are
/// whole calls, which would have to keep them.
fn constraints(found: &Located<'_>, operation: &Operation) -> Vec<Mutant> {
    let optional = |listed: &ListedParameter| {
        let parameter = found.at(&listed.pointer);
        parameter.text("name").filter(|_| !parameter.flag("required")).map(Tree::text)
    };
    let names: Vec<Tree> = operation.parameters.iter().filter_map(optional).take(2).collect();
    if found.rpc || names.len() < 2 {
        return Vec::new();
    }
    let pointer = operation.pointer.as_str();
    let word = |rule: &str, stated_by: &str| {
        let constraint = object([(rule, Tree::Array(names.clone())), ("stated-by", Tree::text(stated_by))]);
        set(pointer, "x-constraints", Tree::Array(vec![constraint]))
    };
    let kind = "an operation has another constraint";
    let place = pointer::join(pointer, "x-constraints");
    let changed = |before, after, rule| Mutant::new(kind, &place, after).prepared(before).expects(rule);
    vec![
        Mutant::new("an operation has a constraint", &place, word("exactly-one-of", "document"))
            .expects("constraint-added"),
        changed(word("at-least-one-of", "document"), word("exactly-one-of", "document"), "constraint-tightened"),
        changed(word("at-least-one-of", "document"), word("at-most-one-of", "document"), "constraint-changed"),
        changed(word("all-or-none", "evidence"), word("all-or-none", "document"), "constraint-checked"),
    ]
}
