//! Objects: which members there are, and which are always there.

use crate::spec::Node;
use crate::spec::check::findings::Findings;
use crate::spec::check::tree::Found;
use crate::spec::check::walk::among;

pub(super) fn object(schema: &Found<'_>, findings: &mut Findings<'_>) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    members_exist(schema.list("required"), properties.is_some(), schema, findings);
    let always = schema.get("x-always");
    let members = always.iter().flat_map(|always| always.list("members"));
    members_exist(members, properties.is_some(), schema, findings);
    for member in always.iter().flat_map(|always| always.list("members")) {
        let required = schema.list("required").any(|name| name.node.as_str() == member.node.as_str());
        if let Some(name) = member.node.as_str().filter(|_| required) {
            findings.at(&member.pointer, format!("`{name}` is `required` already"), "leave it out here");
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

/// Every name of a list is that of a property, and stands there once.
fn members_exist<'a>(
    list: impl Iterator<Item = Found<'a>>,
    has_properties: bool,
    schema: &Found<'a>,
    findings: &mut Findings<'_>,
) {
    let properties = schema.node.get("properties").and_then(Node::as_map);
    let mut seen: Vec<&str> = Vec::new();
    for element in list {
        let Some(name) = element.node.as_str() else { continue };
        if seen.contains(&name) {
            findings.at(&element.pointer, format!("`{name}` is listed twice"), "remove one of them");
        } else if properties.is_none_or(|properties| !properties.contains_key(name)) {
            let otherwise = if has_properties {
                "write it under `properties`, or leave it out here"
            } else {
                "write the members of the object under `properties`"
            };
            findings.at(&element.pointer, format!("there is no property `{name}`"), among(name, properties, otherwise));
        }
        seen.push(name);
    }
}
