//! Checks `x-socket` and `x-subscription`, and the limits per connection.

use std::collections::HashSet;

use super::extensions::{has_star, pointer_syntax};
use super::sites::Sites;
use crate::source::extensions::{Entity, Window};
use crate::source::findings::{Findings, leave_out};
use crate::source::located::Located;
use crate::source::nearest::did_you_mean;
use crate::source::parameters::known;
use crate::source::pointer::pointer_join;
use crate::source::shapes::grammar::ObjectKind;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    let has_socket = sites.root().get("x-socket").is_some();
    for socket in sites.all(ObjectKind::Socket) {
        check_socket(sites, &socket, findings);
    }
    for limit in sites.all(ObjectKind::RateLimit) {
        if limit.text("per") == Some("connection") && !has_socket {
            let help = "write `x-socket` at the root, or another `per`";
            findings.at(&pointer_join(&limit.pointer, "per"), "only a socket has limits per connection", help);
        }
    }
    let (mut names, mut notifications) = (HashSet::new(), HashSet::new());
    for method in sites.all(ObjectKind::Method) {
        let Some(subscription) = method.get("x-subscription") else { continue };
        if subscription.node.as_map().is_none() {
            continue;
        }
        if !has_socket {
            let help = "write `x-socket` at the root";
            findings.at_key(&subscription.pointer, "only an API over a socket has subscriptions", help);
        }
        for (key, seen) in [("name", &mut names), ("notification", &mut notifications)] {
            if let Some(text) = subscription.text(key).filter(|text| !seen.insert(*text)) {
                let message = format!("two subscriptions have the {key} `{text}`");
                findings.at(&pointer_join(&subscription.pointer, key), message, "give each a different one");
            }
        }
        check_subscription(sites, &method, &subscription, findings);
    }
}

fn check_socket(sites: &Sites<'_>, socket: &Located<'_>, findings: &mut Findings<'_>) {
    for key in ["login", "ping"] {
        method(sites, socket, key, findings);
    }
    for other in socket.get("other-logins").iter().flat_map(Located::elements) {
        let Some(name) = other.node.as_str() else { continue };
        named(sites, name, &other.pointer, findings);
        if socket.text("login") == Some(name) {
            let message = format!("`{name}` is the `login` already");
            findings.at(&other.pointer, message, leave_out("leave it out"));
        }
    }
    if let Some(interval) = socket.get("ping-interval") {
        if interval.node.as_str().is_some() {
            findings.take(Window::read(&interval));
        }
        if socket.get("ping").is_none() {
            let help = "name the method: ping: server.ping";
            findings.at_key(&interval.pointer, "`ping-interval` has no effect without `ping`", help);
        }
    }
}

/// Returns the method that a key names. A name that no method has is a finding.
fn method<'a>(sites: &Sites<'a>, holder: &Located<'a>, key: &str, findings: &mut Findings<'_>) -> Option<Located<'a>> {
    named(sites, holder.text(key)?, &pointer_join(&holder.pointer, key), findings)
}

/// Returns the method of a name, which is at `place`. A name that no method has is a finding.
fn named<'a>(sites: &Sites<'a>, name: &str, place: &str, findings: &mut Findings<'_>) -> Option<Located<'a>> {
    let found = sites.all(ObjectKind::Method).find(|method| method.text("name") == Some(name));
    if found.is_none() {
        let known = sites.all(ObjectKind::Method).filter_map(|method| method.text("name"));
        let help = did_you_mean(name, known, "write the `name` of a method");
        findings.at(place, format!("there is no method `{name}`"), help);
    }
    found
}

fn check_subscription<'a>(
    sites: &Sites<'a>,
    method: &Located<'a>,
    subscription: &Located<'a>,
    findings: &mut Findings<'_>,
) {
    let has_ids = subscription.text("topics") == Some("ids");
    // A call that ends a subscription by its id ends no other.
    let own = if has_ids { &["notification"][..] } else { &["notification", "unsubscribe"] };
    for key in own.iter().copied() {
        let Some(name) = subscription.text(key) else { continue };
        if sites.all(ObjectKind::Method).any(|other| other.text("name") == Some(name)) {
            let help = "remove the method: the client reads its notifications and calls it by itself";
            let message = format!("`{name}` is also a method of the document");
            findings.at(&pointer_join(&subscription.pointer, key), message, help);
        }
    }
    let at = |key: &str| subscription.get(key);
    let places = [at("topic-at"), at("topic-keys-at"), at("snapshot-flag")];
    let inner = [("elements", "at"), ("elements", "id"), ("entity", "at"), ("entity", "id"), ("entity", "members-of")];
    let inner = inner.into_iter().chain([("entity", "done-at"), ("recovery", "elements-at"), ("recovery", "id-at")]);
    let inner = inner.map(|(holder, key)| at(holder).and_then(|holder| holder.get(key)));
    for place in places.into_iter().chain(inner).flatten() {
        pointer_syntax(&place, findings);
        if has_star(&place) {
            findings.at(&place.pointer, "`*` has no meaning here", "name one place");
        }
    }
    topics(sites, method, subscription, findings);
    contents(subscription, findings);
    if let Some(interval) = at("promised-interval").filter(|interval| interval.node.as_str().is_some()) {
        findings.take(Window::read(&interval));
    }
    if let Some(entity) = at("entity").filter(|entity| entity.node.as_map().is_some()) {
        findings.take(Entity::read(entity));
    }
    if let Some(recovery) = at("recovery") {
        check_recovery(sites, method, &recovery, findings);
        for key in ["topic", "topic-list"] {
            if let Some(found) = recovery.get(key).filter(|_| has_ids) {
                let message = "a subscription with an id has no other topic";
                findings.at_key(&found.pointer, message, leave_out("leave it out"));
            }
        }
    }
}

/// Checks the keys about topics, and the parameters that carry the topics.
fn topics<'a>(sites: &Sites<'a>, method: &Located<'a>, subscription: &Located<'a>, findings: &mut Findings<'_>) {
    let topics = subscription.text("topics").unwrap_or("single");
    let at = |key: &str| pointer_join(&subscription.pointer, key);
    let parameters = known(&sites.view, method);
    let is_list = parameters.last().is_some_and(|parameter| parameter.resolved.at.flag("x-variadic"));
    if topics == "list" && (!is_list || parameters.len() != 1) {
        let help = "write one parameter with `x-variadic: true`, or another `topics`";
        findings.at(&at("topics"), "the parameters of the method are not a list of topics", help);
    } else if topics != "list" && is_list {
        let help = "write topics: list";
        findings.at(&subscription.pointer, "the parameter of the method is a list of topics", help);
    }
    if let Some(empty) = subscription.get("empty-list").filter(|_| topics != "list") {
        findings.at_key(&empty.pointer, "only a list of topics can be empty", leave_out("leave it out"));
    }
    let (one, keys) = (subscription.get("topic-at"), subscription.get("topic-keys-at"));
    match (topics, &one, &keys) {
        (_, Some(_), Some(keys)) => {
            let message = "a topic is either a text or a key of an object";
            findings.at_key(&keys.pointer, message, leave_out("leave one of them out"));
        }
        ("ids", None, Some(keys)) => {
            let help = "write `topic-at`: the place of the id in a notification";
            findings.at_key(&keys.pointer, "an id is a text, not a key of an object", help);
        }
        ("list" | "rows" | "rows-or-single" | "ids", None, None) => {
            let help = "write `topic-at` or `topic-keys-at`: the place of the topic in a notification";
            findings.at(&subscription.pointer, "notifications of several topics cannot be told apart", help);
        }
        _ => {}
    }
}

/// Checks the keys that belong to one kind of content.
fn contents(subscription: &Located<'_>, findings: &mut Findings<'_>) {
    let Some(content) = subscription.text("content") else { return };
    let belongs = [
        ("snapshot-flag", "deltas"),
        ("first-is-snapshot", "events"),
        ("elements", "events"),
        ("entity", "events"),
        ("recovery", "events"),
    ];
    for (key, wanted) in belongs {
        if let Some(found) = subscription.get(key).filter(|_| content != wanted) {
            let message = format!("`{key}` has no effect on `content: {content}`");
            findings.at_key(&found.pointer, message, format!("leave it out, or write content: {wanted}"));
        }
    }
    if let (Some(_), Some(entity)) = (subscription.get("elements"), subscription.get("entity")) {
        let message = "a notification is either a list of elements or about one thing";
        findings.at_key(&entity.pointer, message, leave_out("leave one of them out"));
    }
}

fn check_recovery<'a>(sites: &Sites<'a>, method_of: &Located<'a>, recovery: &Located<'a>, findings: &mut Findings<'_>) {
    let Some(query) = method(sites, recovery, "query", findings) else { return };
    let parameters: Vec<&str> =
        known(&sites.view, &query).iter().filter_map(|listed| listed.resolved.at.text("name")).collect();
    let own = ["topic", "last-id"].into_iter().filter_map(|key| recovery.get(key));
    let pages = recovery.get("pages");
    let pages = ["offset", "limit"].into_iter().filter_map(|key| pages.as_ref()?.get(key));
    let times = recovery.get("times");
    let now = times.as_ref().and_then(|times| times.get("now"));
    for named in own.chain(pages).chain(now) {
        let Some(name) = named.node.as_str() else { continue };
        if !parameters.contains(&name) {
            let help = did_you_mean(name, parameters.iter().copied(), "name a parameter of the query");
            findings.at(&named.pointer, format!("the query has no parameter `{name}`"), help);
        }
    }
    if let Some(times) = times.filter(|_| recovery.get("last-id").is_none()) {
        let help = "name the parameter that takes the beginning: last-id: start";
        findings.at_key(&times.pointer, "`times` has no effect without `last-id`", help);
    }
    let of_subscription: Vec<&str> =
        known(&sites.view, method_of).iter().filter_map(|listed| listed.resolved.at.text("name")).collect();
    for (_, value) in recovery.get("own").iter().flat_map(|own| own.members()) {
        let Some(name) = value.node.as_str().filter(|name| !of_subscription.contains(name)) else { continue };
        let help = did_you_mean(name, of_subscription.iter().copied(), "name a parameter of the subscription");
        findings.at(&value.pointer, format!("the subscription has no parameter `{name}`"), help);
    }
    let named = ["values", "own"].into_iter().filter_map(|key| recovery.get(key));
    let named: Vec<_> = named.collect();
    for (name, value) in named.iter().flat_map(|values| values.members()) {
        if !parameters.contains(&name) {
            let help = did_you_mean(name, parameters.iter().copied(), "name a parameter of the query");
            findings.at_key(&value.pointer, format!("the query has no parameter `{name}`"), help);
        }
    }
    if recovery.flag("topic-list")
        && let Some(topic) = recovery.get("topic")
    {
        let message = "the query takes either one topic or all of them";
        findings.at_key(&topic.pointer, message, leave_out("leave one of them out"));
    }
}
