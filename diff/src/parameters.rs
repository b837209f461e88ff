//! Parameters.

use std::collections::HashMap;

use super::canonical;
use super::comparison::{Level, Revision};
use super::contract::{Location, Operation, Parameter, below, root};
use super::differ::{Differ, Finding, Use};
use super::names::{renamed, rust_name};
use super::operations::part;
use super::rules;
use super::schemas::{Way, view::View};
use venuekit_codegen::model::Route;
use venuekit_codegen::spec::parent;

/// Keys of a parameter that are compared.
const PARAMETER_KEYS: [&str; 8] = ["name", "in", "required", "deprecated", "style", "explode", "schema", "content"];

/// The parameters of an operation in both documents.
struct Aligned<'c, 'd> {
    pairs: Vec<(&'c Parameter<'d>, &'c Parameter<'d>)>,
    gone: Vec<&'c Parameter<'d>>,
    come: Vec<&'c Parameter<'d>>,
}

/// By name and place, then by name alone; what is left where positions travel, by position.
fn align<'c, 'd>(old: &'c Operation<'d>, new: &'c Operation<'d>) -> Aligned<'c, 'd> {
    let mut gone: Vec<&Parameter<'d>> = old.parameters.iter().collect();
    let mut come: Vec<&Parameter<'d>> = new.parameters.iter().collect();
    let mut pairs = Vec::new();
    let alike: [&dyn Fn(&Parameter<'_>, &Parameter<'_>) -> bool; 3] = [
        &|old, new| match (&old.location, &new.location) {
            (Location::Path(_), Location::Path(_)) => old.name == new.name,
            (Location::Named(place), Location::Named(other)) => {
                place == other
                    && (old.name == new.name || place == "header" && old.name.eq_ignore_ascii_case(&new.name))
            }
            (Location::Member, Location::Member) => old.name == new.name,
            (old_place, new_place) => {
                position(old_place).is_some() && position(new_place).is_some() && old.name == new.name
            }
        },
        &|old, new| old.name == new.name,
        &|old, new| {
            !matches!(old.location, Location::Named(_) | Location::Member) && old.location == new.location
                || position(&old.location).is_some() && position(&old.location) == position(&new.location)
        },
    ];
    for alike in alike {
        gone.retain(|before| {
            let found = come.iter().position(|after| alike(before, after));
            if let Some(at) = found {
                pairs.push((*before, come.remove(at)));
            }
            found.is_none()
        });
    }
    let place =
        |parameter: &Parameter<'d>| new.parameters.iter().position(|other| other.at.pointer == parameter.at.pointer);
    pairs.sort_by_key(|(_, after)| place(after));
    Aligned { pairs, gone, come }
}

fn position(location: &Location) -> Option<usize> {
    match location {
        Location::Position(index) | Location::Rest(index) => Some(*index),
        _ => None,
    }
}

impl<'d> Differ<'d> {
    pub(super) fn parameters(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let Aligned { pairs, gone, come } = align(old, new);
        self.parameter_order(old, new, &pairs);
        for parameter in &gone {
            let rule = if parameter.required {
                &rules::REQUIRED_PARAMETER_REMOVED
            } else {
                &rules::OPTIONAL_PARAMETER_REMOVED
            };
            let was = describe(parameter, self.old.document);
            let finding = Finding::old(rule, part(new, within(parameter)), parameter.site.as_str()).was(was);
            let finding = match parameter.location {
                // A place of the path that is gone is another path.
                Location::Path(_) => finding.wire(Level::Breaking, "old clients still put it into the path"),
                _ => finding,
            };
            self.report(match successor(parameter, &come) {
                Some(name) => finding.source(Level::Safe, format!("the setter stays, and stands for {name}")),
                None => finding,
            });
        }
        for parameter in &come {
            let rule =
                if parameter.required { &rules::REQUIRED_PARAMETER_ADDED } else { &rules::OPTIONAL_PARAMETER_ADDED };
            let is = describe(parameter, self.new.document);
            let finding = Finding::new(rule, part(new, within(parameter)), parameter.site.as_str()).is(is);
            self.report(match successor(parameter, &gone) {
                Some(name) => {
                    finding.source(Level::Safe, format!("the setter is there, and stood for {name}")).adds(false)
                }
                None => finding,
            });
        }
        for (before, after) in pairs {
            self.documentation(&before.at, &after.at);
            self.parameter(new, before, after);
        }
    }

    fn parameter(&mut self, operation: &Operation<'d>, before: &Parameter<'d>, after: &Parameter<'d>) {
        let subject = || part(operation, within(after));
        let at = |rule, key: &str| {
            let there = after.at.node.get(key).is_some();
            Finding::new(rule, subject(), if there { below(&after.at, key) } else { after.at.pointer.clone() })
        };
        let rule = match (before.required, after.required) {
            (false, true) => Some(&rules::PARAMETER_BECAME_REQUIRED),
            (true, false) => Some(&rules::PARAMETER_BECAME_OPTIONAL),
            _ => None,
        };
        if let Some(rule) = rule {
            let need = |parameter: &Parameter<'_>| if parameter.required { "required" } else { "optional" };
            self.report(at(rule, "required").was(need(before)).is(need(after)));
        }
        let by_position = position(&after.location).is_some() || matches!(after.location, Location::Path(_));
        let (was, is) = (rust_name(&before.at, &before.name), rust_name(&after.at, &after.name));
        if before.name != after.name && by_position {
            let finding = at(&rules::PARAMETER_RENAMED, "name").was(before.name.as_str()).is(after.name.as_str());
            self.report(match was == is {
                true => finding
                    .source(Level::Safe, "the setter keeps its name")
                    .wire(Level::Safe, "its position stays, and the spec says that it is the same"),
                false => finding,
            });
        } else if was != is {
            let taken = operation.parameters.iter().any(|other| rust_name(&other.at, &other.name) == was);
            let finding = at(&rules::PARAMETER_SETTER_RENAMED, "x-rust-name").was(was.as_str()).is(is);
            self.report(renamed(finding, "parameter", &was, taken));
        }
        let kind = |location: &Location| match location {
            Location::Path(_) => "path".to_owned(),
            Location::Position(_) => "one position".to_owned(),
            Location::Rest(_) => "all remaining positions".to_owned(),
            other => other.name(),
        };
        let (was, is) = (kind(&before.location), kind(&after.location));
        if was != is {
            self.report(at(&rules::PARAMETER_MOVED, "in").was(was).is(is));
        } else if before.style != after.style && (before.json != after.json || before.compound == after.compound) {
            let key = ["content", "explode", "style"].into_iter().find(|key| after.at.node.get(key).is_some());
            self.report(
                at(&rules::PARAMETER_STYLE_CHANGED, key.unwrap_or("schema"))
                    .was(before.style.as_str())
                    .is(after.style.as_str()),
            );
        }
        let rule = match (before.at.flag("deprecated"), after.at.flag("deprecated")) {
            (false, true) => Some((&rules::PARAMETER_DEPRECATED, Revision::New, &after.at)),
            (true, false) => Some((&rules::PARAMETER_REACTIVATED, Revision::Old, &before.at)),
            _ => None,
        };
        if let Some((rule, revision, at)) = rule {
            self.report(Finding { revision, ..Finding::new(rule, subject(), below(at, "deprecated")) });
        }
        self.other_keys(&before.at, &after.at, &PARAMETER_KEYS, &subject());
        if let (Some(old), Some(new)) = (before.schema.clone(), after.schema.clone()) {
            let used = Use::request(before.json || after.json);
            let mut way = Way::of(Some(operation.name.clone()), within(after), used);
            // In the middle of a JSON-RPC call null stands for what is left out.
            let may_be_null = position(&before.location).is_some();
            way.optional = (!before.required && !may_be_null, !after.required && !may_be_null);
            way.left_out = !before.required;
            way.setter = Some((before.required, after.required));
            self.walk(old, new, &way);
        }
    }

    /// Positions of JSON-RPC, places of the path, and the order of the query where the venue goes by it.
    fn parameter_order(
        &mut self,
        old: &Operation<'d>,
        new: &Operation<'d>,
        pairs: &[(&Parameter<'d>, &Parameter<'d>)],
    ) {
        let significant = |document| root(document).text("x-parameter-order") == Some("significant");
        let (was, is) = (significant(self.old.document), significant(self.new.document));
        let moved = pairs.iter().any(|(before, after)| match (&before.location, &after.location) {
            (Location::Path(before), Location::Path(after)) => before != after,
            (before, after) => {
                matches!((position(before), position(after)), (Some(before), Some(after)) if before != after)
            }
        });
        let same = |a: &Parameter<'_>, b: &Parameter<'_>| a.name == b.name && a.location == b.location;
        let stays = |parameter: &Parameter<'_>| {
            // Headers have no order.
            let query = matches!(&parameter.location, Location::Named(place) if place == "query");
            query && pairs.iter().any(|(before, after)| same(before, after) && same(after, parameter))
        };
        let names = |operation: &Operation<'d>| -> Vec<String> {
            operation.parameters.iter().filter(|parameter| stays(parameter)).map(|p| p.name.clone()).collect()
        };
        let reordered = (was || is) && names(old) != names(new);
        if moved || reordered {
            let all = |operation: &Operation<'_>| {
                let mut all: Vec<&Parameter<'_>> = operation.parameters.iter().collect();
                all.sort_by_key(|parameter| match parameter.location {
                    Location::Path(place) => place,
                    _ => usize::MAX,
                });
                all.into_iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>().join(", ")
            };
            let in_path = pairs.iter().any(|(before, _)| matches!(before.location, Location::Path(_)));
            let pointer = match new.route {
                Route::Rpc { .. } => below(&new.at, "params"),
                Route::Http { .. } if moved && in_path => parent(&new.at.pointer).unwrap_or_default().to_owned(),
                Route::Http { .. } => below(&new.at, "parameters"),
            };
            let finding = Finding::new(&rules::PARAMETER_ORDER_CHANGED, part(new, ""), pointer);
            let finding = finding.was(all(old)).is(all(new));
            self.report(match moved || is {
                true => finding,
                false => finding.wire(Level::Safe, "the venue takes them in any order"),
            });
        }
    }
}

/// The parameter among others that has the same name and type in Rust.
fn successor<'c, 'd>(parameter: &Parameter<'d>, others: &[&'c Parameter<'d>]) -> Option<&'c str> {
    let ty = |parameter: &Parameter<'_>| parameter.schema.as_ref().map(|schema| canonical::text(schema.node));
    let same = |other: &&&Parameter<'d>| {
        rust_name(&other.at, &other.name) == rust_name(&parameter.at, &parameter.name)
            && other.required == parameter.required
            && ty(other) == ty(parameter)
    };
    others.iter().find(same).map(|other| other.name.as_str())
}

/// What the parameters of an operation are called now, by what they were called.
pub(super) fn renames(old: &Operation<'_>, new: &Operation<'_>) -> HashMap<String, String> {
    align(old, new).pairs.iter().map(|(before, after)| (before.name.clone(), after.name.clone())).collect()
}

fn within(parameter: &Parameter<'_>) -> String {
    match &parameter.location {
        Location::Named(place) if place != "query" => format!("{place} parameter {}", parameter.name),
        _ => format!("parameter {}", parameter.name),
    }
}

fn describe<'d>(parameter: &Parameter<'d>, document: &'d venuekit_codegen::spec::Document) -> String {
    let ty = parameter.schema.clone().map(|schema| View::of(document, schema).describe(document)).unwrap_or_default();
    let need = if parameter.required { "required" } else { "optional" };
    format!("{need} {ty}, {}", parameter.location.name())
}
