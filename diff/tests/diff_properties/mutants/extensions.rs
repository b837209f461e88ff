//! Extensions (`x-`) and servers.

use venuekit_diff::Level::{Breaking, Risky, Safe};
use venuekit_json::{Tree, pointer};

use super::{Documentation, Edit, Located, Mutant, at, both, push, remove, set, unset};
use crate::expect::{Told, told};
use crate::fit::object;
use crate::tree::TreeExt;
use crate::usages::Operation;

pub(super) fn all(found: &mut Located<'_>) {
    servers(found);
    limits(found);
    root(found);
    for operation in found.map.operations.clone() {
        weight(found, &operation);
        of_operation(found, &operation);
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
        let another = vec![Told { wire: worst, ..told("default-server-changed") }];
        let gone_for_good = vec![Told { wire: worst, source: Risky, ..told("server-removed") }];
        let url = Mutant::new("a server has another URL", &place, set(&place, "url", Tree::text(url_of("other"))));
        found.push(url.tells_exactly(another.clone(), another.clone()));
        let slash = format!("{}/", old.text("url").unwrap_or_default());
        found.push(Mutant::new("a server's URL ends with a slash", &place, set(&place, "url", Tree::text(slash))));
        let gone = Mutant::new("a server is gone", &place, remove(&place));
        found.push(gone.tells_exactly(gone_for_good, vec![told("server-added")]));
        let new = push("/servers", server(&url_of("second"), environment));
        found.push(Mutant::new("a server is new", "/servers", new).tells("server-added"));
        // The old server stays in the list.
        let before = at("/servers", {
            let (environment, url) = (environment.to_owned(), url_of("first"));
            move |servers| {
                servers.elements_mut()?.insert(0, server(&url, &environment));
                Some(())
            }
        });
        let there = vec![told("default-server-changed")];
        found.push(Mutant::new("another server comes first", "/servers", before).tells_exactly(there, another));
        let signing = |scheme: &str| set(&place, "x-signing", Tree::text(scheme));
        let mutant = Mutant::new("a server accepts a scheme", &place, signing("one"));
        let mutant = if old.has("x-signing") { mutant.prepared(unset(&place, "x-signing")) } else { mutant };
        found.push(mutant.tells_exactly(vec![stated()], vec![unstated()]));
        let mutant = Mutant::new("a server accepts another scheme", &place, signing("other"));
        found.push(mutant.prepared(signing("one")).tells("host-signing-changed"));
    }
    let host = object([("url", Tree::text("https://elsewhere.example.com")), ("signing", Tree::text("other"))]);
    let edit = at("", move |root| {
        if !root.has("x-hosts") {
            root.set("x-hosts", Tree::Array(Vec::new()));
        }
        root.get_mut("x-hosts")?.elements_mut()?.push(host.clone());
        Some(())
    });
    found.push(Mutant::new("a host is new", "/x-hosts", edit).tells_exactly(vec![stated()], vec![unstated()]));
    if servers.is_empty() {
        let mut edit = set("", "servers", Tree::Array(vec![server("https://first.example.com", "production")]));
        let mut there = vec![told("server-added")];
        let mut back = vec![Told { wire: Breaking, source: Risky, ..told("server-removed") }];
        if found.document.has("x-base-path") {
            // The server has its own path.
            edit = both(edit, unset("", "x-base-path"));
            let unsaid = Told { wire: Safe, source: Safe, ..told("base-path-changed") };
            let said = Told { source: Risky, ..unsaid.clone() };
            there.push(unsaid.clone());
            back.push(said.clone());
            let place = "/x-base-path";
            let other =
                Mutant::new("base URLs have another path", place, set("", "x-base-path", Tree::text("/other/")));
            found.push(other.tells("base-path-changed"));
            let gone = Mutant::new("the path of base URLs is not said", place, unset("", "x-base-path"));
            found.push(gone.tells_exactly(vec![unsaid], vec![said]));
        }
        let mutant = Mutant::new("the first server", "", edit).tells_exactly(there, back);
        found.push(mutant);
    }
}

/// The first specification of the scheme of a host.
fn stated() -> Told {
    Told { wire: Safe, ..told("host-signing-changed") }
}

fn unstated() -> Told {
    Told { source: Safe, ..stated() }
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
    found.push(Mutant::new("a limit is new", "/x-rate-limits", edit).tells("limit-added"));
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
        found.push(Mutant::new("a limit is gone", &place, edit).tells("limit-removed"));
        let count: u64 =
            limit.get("limit").and_then(Tree::digits).and_then(|digits| digits.parse().ok()).expect("a count");
        let tell = |kind, edit: Edit, rule: &str| Mutant::new(kind, &place, edit).tells(rule);
        found.push(tell("a limit admits more", set(&place, "limit", Tree::number(count + 1)), "limit-raised"));
        found.push(tell("a limit has a longer window", set(&place, "window", Tree::text("2d")), "limit-lowered"));
        let mixed = both(set(&place, "limit", Tree::number(count + 1)), set(&place, "window", Tree::text("2d")));
        found.push(tell("a limit admits more in a longer window", mixed, "limit-changed"));
        let per = if limit.text("per") == Some("ip") { "key" } else { "ip" };
        found.push(tell("a limit is counted by something else", set(&place, "per", Tree::text(per)), "limit-changed"));
        let header = set(&place, "header", Tree::text("X-Other"));
        // Clients also count by themselves, so they need no header.
        let unheard = vec![Told { wire: Safe, ..told("limit-changed") }];
        let mutant = Mutant::new("a limit is told in another header", &place, header);
        found.push(mutant.tells_exactly(unheard.clone(), unheard));
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
            let mutant = Mutant::new("the root names a limit less", "/x-limits", set("", key, Tree::Array(all)));
            found.push(mutant.tells("operation-limit-removed").touching(names));
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
            let mutant = Mutant::new("an operation counts against other limits", &operation.pointer, edit).tells(rule);
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
    found.push(touching(Mutant::new("a code is new", &place, edit).tells(rule)));
    for (index, code) in list.iter().enumerate() {
        let mutant = Mutant::new("a code is gone", &place, remove(&format!("{place}/{index}")));
        found.push(touching(mutant.tells(crate::expect::mirror(rule))));
        if code.members().is_empty() {
            // The code applies to fewer responses.
            let tied = object([("code", code.clone()), ("status", Tree::number(418))]);
            let edit = at(&place, move |list| {
                *list.elements_mut()?.get_mut(index)? = tied.clone();
                Some(())
            });
            let mutant = Mutant::new("a code is tied to a status", &place, edit);
            found.push(touching(mutant.tells(crate::expect::mirror(rule))));
            let same = object([("code", code.clone())]);
            let edit = at(&place, move |list| {
                *list.elements_mut()?.get_mut(index)? = same.clone();
                Some(())
            });
            found.push(touching(Mutant::new("a code is written as an object", &place, edit)));
        }
    }
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
    found.push(touching(Mutant::new("one more reply is an error", &place, more).tells("refusal-condition-added")));
    for (index, condition) in list.iter().enumerate() {
        let place = format!("{place}/{index}");
        let is_open = condition.has("outcome");
        // Without it, the operation still has the same condition of the root.
        if names.is_none() || !shared.contains(condition) {
            let gone = Mutant::new("fewer replies are errors", &place, remove(&place));
            let removed = match is_open {
                true => Told { wire: Risky, ..told("refusal-condition-removed") },
                false => told("refusal-condition-removed"),
            };
            found.push(touching(gone.tells_exactly(vec![removed.clone()], vec![told("refusal-condition-added")])));
            let other = Mutant::new("other replies are errors", &place, set(&place, "pointer", Tree::text("/other")));
            let there = vec![told("refusal-condition-added"), removed];
            found.push(touching(other.tells_exactly(there.clone(), there)));
        }
        let (rule, edit) = match is_open {
            true => ("failure-became-refusal", unset(&place, "outcome")),
            false => ("failure-became-unknown", set(&place, "outcome", Tree::text("unknown"))),
        };
        found.push(touching(Mutant::new("an error has another outcome", &place, edit).tells(rule)));
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
    let mutant = Mutant::new("conditions are judged in another order", &place, swap).prepared(add);
    let careful = Told { wire: Safe, ..told("failure-order-changed") };
    found.push(touching(mutant.tells_exactly(vec![told("failure-order-changed")], vec![careful])));
}

fn root(found: &mut Located<'_>) {
    codes(found, "", "x-unknown-codes", "unknown-code-added", None);
    codes(found, "", "x-clock-codes", "clock-code-added", None);
    codes(found, "", "x-refused-codes", "refused-code-added", None);
    if found.document.has("x-auth") {
        let other = set("", "x-auth", Tree::text("other"));
        found.push(Mutant::new("another crate signs", "/x-auth", other).tells("signer-changed"));
        let private = found.document.flag("x-private-key");
        let rule = if private { "private-key-removed" } else { "private-key-added" };
        let edit = set("", "x-private-key", Tree::Bool(!private));
        found.push(Mutant::new("keys can be the user's own, or not", "/x-private-key", edit).tells(rule));
        if !private {
            // The venue requires the same signature as before, and users can provide their own
            // signer before and after.
            let gone = Mutant::new("no crate signs", "/x-auth", unset("", "x-auth"));
            let there = vec![Told { wire: Safe, ..told("signer-changed") }];
            let back = vec![Told { wire: Safe, source: Safe, ..told("signer-changed") }];
            found.push(gone.tells_exactly(there, back));
        }
    }
    let place = "/x-recv-window";
    let window = |default: u32, max: u32| {
        set("", "x-recv-window", object([("default", Tree::number(default)), ("max", Tree::number(max))]))
    };
    if found.document.has("x-recv-window") {
        found.push(Mutant::new("no receive window", place, unset("", "x-recv-window")).tells("recv-window-removed"));
        found.push(Mutant::new("another receive window", place, window(1234, 5678)).tells("recv-window-changed"));
    } else {
        found.push(Mutant::new("a receive window", place, window(1234, 5678)).tells("recv-window-added"));
    }
    let edit = set("", "x-parameter-order", Tree::text("significant"));
    if !found.document.has("x-parameter-order") {
        found.push(Mutant::new("order counts", "/x-parameter-order", edit).tells("parameter-order-became-significant"));
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
                Mutant::new("nobody tells the time", place, unset("", "x-server-time")).tells("server-time-removed"),
            );
            let unit = if time.text("unit") == Some("s") { "ms" } else { "s" };
            let mutant = Mutant::new("the time is in another unit", place, set(place, "unit", Tree::text(unit)));
            found.push(mutant.tells("server-time-changed"));
            let mutant = Mutant::new("the time stands elsewhere", place, set(place, "pointer", Tree::text("/other")));
            found.push(mutant.tells("server-time-changed"));
            let other = found.map.operations.iter().map(|operation| operation.name.clone());
            let Some(other) = other.into_iter().find(|name| time.text("operation") != Some(name)) else { return };
            let mutant =
                Mutant::new("another operation tells the time", place, set(place, "operation", Tree::text(other)));
            let asked = vec![Told { wire: Safe, ..told("server-time-changed") }];
            found.push(mutant.tells_exactly(asked.clone(), asked));
        }
        None => {
            let Some(operation) = found.map.operations.first().map(|operation| operation.name.clone()) else { return };
            let time = object([
                ("operation", Tree::text(operation)),
                ("pointer", Tree::text("/time")),
                ("unit", Tree::text("ms")),
            ]);
            let mutant = Mutant::new("an operation tells the time", place, set("", "x-server-time", time));
            found.push(mutant.tells("server-time-added"));
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
        let verdict = |wire| vec![Told { wire, ..told("error-shape-changed") }];
        // Clients still look at the places that are left.
        found.push(more.tells_exactly(verdict(Risky), verdict(Safe)));
        let other = Mutant::new(
            "an error stands elsewhere",
            &place,
            set("/x-error", key, Tree::Array(vec![Tree::text("/other")])),
        );
        found.push(other.tells_exactly(verdict(worst), verdict(worst)));
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
        found.push(Mutant::new("an error code is new", "/components/errors", edit).tells("error-code-added"));
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
    found.push(Mutant::new("an error code is new", "/x-error-codes", edit).tells("error-code-added"));
    let codes: Vec<Option<Tree>> =
        found.document.list("x-error-codes").iter().map(|error| error.get("code").cloned()).collect();
    for (index, code) in codes.iter().enumerate() {
        let once = codes.iter().filter(|other| *other == code).count() == 1;
        let place = format!("/x-error-codes/{index}");
        let mutant = Mutant::new("an error code is gone", &place, remove(&place));
        found.push(if once { mutant.tells("error-code-removed") } else { mutant });
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
        found.push(touching(Mutant::new("a call counts more", &place, edit).tells("weight-raised")));
        let parameter =
            operation.parameters.first().and_then(|listed| found.at(&listed.pointer).text("name")).map(str::to_owned);
        if let Some(parameter) = parameter {
            let by = |weight: u32, otherwise: u32| {
                let cases = object([(parameter.as_str(), Tree::number(weight))]);
                set(pointer, "x-weight", object([("when-present", cases), ("otherwise", Tree::number(otherwise))]))
            };
            let more = Mutant::new("a call counts more without a parameter", &place, by(fixed, fixed + 4));
            found.push(touching(more.tells("weight-raised")));
            let mixed = Mutant::new("a call counts more or less", &place, by(fixed + 1, fixed + 4));
            found.push(touching(mixed.prepared(by(fixed + 2, fixed)).tells("weight-changed")));
            found.push(touching(Mutant::new("a weight is written otherwise", &place, by(fixed, fixed))));
        }
        return;
    };
    for (case, _) in cases {
        let case = case.clone();
        let edit = at(&place, move |weight| weight.get_mut("when-present")?.set(&case, Tree::number(99)));
        found.push(touching(Mutant::new("a call with a parameter counts more", &place, edit).tells("weight-raised")));
    }
    let edit = set(&place, "otherwise", Tree::number(1000));
    found.push(touching(Mutant::new("a call counts more otherwise", &place, edit).tells("weight-raised")));
}

fn of_operation(found: &mut Located<'_>, operation: &Operation) {
    let Operation { name, pointer, .. } = operation;
    let touching = |mutant: Mutant| mutant.touching([name.clone()]);
    codes(found, pointer, "x-done-codes", "done-code-added", Some(name));
    if !pointer.ends_with("/get") {
        codes(found, pointer, "x-gone-codes", "gone-code-added", Some(name));
    }
    codes(found, pointer, "x-unknown-codes", "unknown-code-added", Some(name));
    codes(found, pointer, "x-refused-codes", "refused-code-added", Some(name));
    if !found.rpc {
        conditions(found, pointer, "x-failed-when", Some(name));
    }
    let funds = !found.at(pointer).flag("x-moves-funds");
    let rule = if funds { "funds-marked" } else { "funds-unmarked" };
    let edit = set(pointer, "x-moves-funds", Tree::Bool(funds));
    found.push(touching(Mutant::new("an operation moves funds, or not", pointer, edit).tells(rule)));

    let get = !found.rpc && pointer.ends_with("/get");
    let idempotent = found.at(pointer).get("x-idempotent").cloned().unwrap_or(Tree::Bool(get));
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
    let source = |told: &mut Told, required: bool| {
        if !required {
            told.source = Breaking;
        }
    };
    let by_parameter = |name: &String| object([("when-present", Tree::text(name.as_str()))]);
    if let [(one, one_required), (other, other_required)] = parameters.as_slice() {
        let word = |name| set(pointer, "x-idempotent", by_parameter(name));
        let mutant = Mutant::new("an operation may be sent again with another parameter", &place, word(other));
        let mutant = mutant.prepared(word(one)).tells("idempotency-changed");
        let mutant =
            mutant.but_there(|told| source(told, *other_required)).but_back(|told| source(told, *one_required));
        found.push(touching(mutant));
    }
    let mut values: Vec<Tree> = vec![Tree::Bool(true), Tree::Bool(false)];
    values.extend(parameters.iter().map(|(name, _)| by_parameter(name)));
    let rank = |value: &Tree| match value {
        Tree::Bool(true) => 2,
        Tree::Bool(false) => 0,
        _ => 1,
    };
    for value in values.into_iter().filter(|value| *value != idempotent) {
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
        let mutant = Mutant::new("an operation may be sent again, or not", &place, edit).tells(rule);
        let mutant = mutant.but_there(|told| source(told, !there)).but_back(|told| source(told, !back));
        found.push(touching(mutant));
    }
    if found.rpc {
        let count = found.at(pointer).list("errors").len();
        let key = pointer::join(pointer, "errors");
        for index in 0..count {
            let mutant = Mutant::new("an operation has an error less", &key, remove(&format!("{key}/{index}")));
            found.push(touching(mutant.tells("error-code-removed")));
        }
    }
}
