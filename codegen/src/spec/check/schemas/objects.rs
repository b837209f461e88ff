//! Objects: which members there are, and which are always there.

use std::collections::HashSet;

use crate::spec::Node;
use crate::spec::check::findings::{Findings, leave_out};
use crate::spec::check::nearest::did_you_mean;
use crate::spec::check::tree::Found;

pub(super) fn object(schema: &Found<'_>, findings: &mut Findings<'_>) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    let required: Vec<Found<'_>> = schema.list("required").collect();
    let always = schema.get("x-always");
    let members: Vec<Found<'_>> = always.iter().flat_map(|always| always.list("members")).collect();
    let names = |list: &[Found<'_>]| list.iter().filter_map(|name| name.node.as_str().map(str::to_owned)).collect();
    let (required_names, always_names): (HashSet<String>, HashSet<String>) = (names(&required), names(&members));
    let is_free = |name: &str| !required_names.contains(name) && !always_names.contains(name);
    members_exist(&required, &is_free, schema, findings);
    members_exist(&members, &is_free, schema, findings);
    for member in &members {
        if let Some(name) = member.node.as_str().filter(|name| required_names.contains(*name)) {
            let message = format!("`{name}` is `required` already");
            let help = "leave it out here";
            // The last one cannot go alone.
            let help = if members.len() > 1 { leave_out(help) } else { help.into() };
            findings.at(&member.pointer, message, help);
        }
    }
    if let Some(always) = always.filter(|always| always.list("members").next().is_none()) {
        findings.at(&always.pointer, "`x-always` names no members", "write members: [..], or leave it out");
    }
    let map = schema.get("additionalProperties").filter(|others| others.node.as_map().is_some());
    if let (Some(map), true) = (map, properties.is_some_and(|properties| !properties.is_empty())) {
        let help = "describe all members under `properties`, or all of them as `additionalProperties`";
        findings.at_key(&map.pointer, "named members and a schema for all others are not supported together", help);
    }
    for (name, member) in schema.get("properties").iter().flat_map(|properties| properties.members()) {
        if name.is_empty() {
            findings.at_key(&member.pointer, "a member has an empty name", "write the name that it has on the wire");
        }
    }
}

/// Every name of a list is that of a property, and stands there once. `is_free`: whether no list has a name yet.
fn members_exist<'a>(
    list: &[Found<'a>],
    is_free: &dyn Fn(&str) -> bool,
    schema: &Found<'a>,
    findings: &mut Findings<'_>,
) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    let mut seen: HashSet<&str> = HashSet::new();
    for element in list {
        let Some(name) = element.node.as_str() else { continue };
        if !seen.insert(name) {
            findings.at(&element.pointer, format!("`{name}` is listed twice"), leave_out("remove one of them"));
        } else if properties.is_none_or(|properties| !properties.contains_key(name)) {
            let otherwise = if properties.is_some() {
                "write it under `properties`, or leave it out here"
            } else {
                "write the members of the object under `properties`"
            };
            let known = properties.into_iter().flat_map(|properties| properties.keys());
            let help = did_you_mean(name, known.filter(|known| is_free(known)), otherwise);
            findings.at(&element.pointer, format!("there is no property `{name}`"), help);
        }
    }
}
