//! The last step of a lowering, for which all types have to be known: it decides which types
//! requests and responses contain, refuses types that contain themselves, and collects the names of
//! required values.

use std::collections::{BTreeMap, BTreeSet};

use super::cycles::{box_cycles, by_value, contained, groups};
use super::lowering::Lowering;
use crate::diagnostic::Diagnostics;
use crate::model::api::{Api, Field, Type, TypeDef, TypeKind};
use crate::model::names::{TypeParameters, compound};
use crate::model::visit::{parts, visit_named};

impl Lowering<'_> {
    /// Puts the types into `api`, and returns it if there are no findings.
    pub(super) fn finish(mut self, mut api: Api) -> Result<Api, Diagnostics> {
        let component_count = self.components.len();
        let mut types = std::mem::take(&mut self.components);
        types.append(&mut self.inline);
        self.mark_usage(&mut types, component_count);
        self.settle_read_only(&mut types);
        for def in &mut types {
            if let Some(always) = self.always.get(&def.name) {
                always.describe(def);
            }
        }
        if self.view.document.is_normal() {
            box_cycles(&mut types);
        }
        self.refuse_recursion(&types);
        Self::name_type_parameters(&mut types, &mut api);
        api.required_names = required_names(&types, &api);
        api.component_schemas = self.component_schemas();
        api.examples = std::mem::take(&mut self.examples);
        let names: BTreeSet<&str> = types.iter().map(|def| def.name.as_str()).collect();
        api.examples.retain(|example| {
            let mut known = true;
            visit_named(&example.ty, &mut |name| known &= names.contains(name));
            known
        });
        api.types = types.into();
        self.check_constraints(&api);
        self.findings.into_result(api)
    }

    /// Marks all types that the requests or the responses of operations contain. A component that
    /// no operation contains counts as part of a response.
    fn mark_usage(&self, types: &mut Vec<TypeDef>, component_count: usize) {
        let index: BTreeMap<String, usize> = types.iter().enumerate().map(|(i, def)| (def.name.clone(), i)).collect();
        let spread = |types: &[TypeDef], roots: &[Type], request: bool| -> BTreeSet<usize> {
            let mut reached = BTreeSet::new();
            let mut open = Vec::new();
            let follow = |ty: &Type, open: &mut Vec<usize>| {
                visit_named(ty, &mut |name| open.extend(index.get(name)));
            };
            roots.iter().for_each(|ty| follow(ty, &mut open));
            while let Some(at) = open.pop() {
                let Some(def) = types.get(at).filter(|_| reached.insert(at)) else { continue };
                for (field, ty) in parts(def) {
                    let read_only = field.is_some_and(|field| self.is_read_only(def, field));
                    if !(request && read_only) {
                        follow(ty, &mut open);
                    }
                }
            }
            reached
        };
        let requests = spread(types, &self.request_roots, true);
        let mut responses = spread(types, &self.response_roots, false);
        let unused: Vec<Type> = (0..component_count)
            .filter(|at| !requests.contains(at) && !responses.contains(at))
            .filter_map(|at| types.get(at).map(|def| Type::Named(def.name.clone())))
            .collect();
        responses.extend(spread(types, &unused, false));
        for (at, def) in types.iter_mut().enumerate() {
            def.in_request = requests.contains(&at);
            def.in_response = responses.contains(&at);
        }
        // Inline types of removed `readOnly` properties are neither sent nor read any more.
        types.retain(|def| def.in_request || def.in_response);
    }

    fn is_read_only(&self, def: &TypeDef, field: &Field) -> bool {
        self.read_only.contains_key(&(def.name.clone(), field.wire.clone()))
    }

    /// Removes `readOnly` properties from types that are only sent. Such a property of a type that
    /// is also read is a finding.
    fn settle_read_only(&mut self, types: &mut [TypeDef]) {
        for def in types {
            if !def.in_request {
                continue;
            }
            let in_response = def.in_response;
            let name = def.name.clone();
            let TypeKind::Struct(fields) = &mut def.kind else { continue };
            let mut kept = Vec::new();
            for field in fields.drain(..) {
                match self.read_only.get(&(name.clone(), field.wire.clone())).cloned() {
                    Some(_) if !in_response => {}
                    Some(place) => {
                        self.refuse(
                            &place,
                            format!(
                                "`{}` is `readOnly`, but `{name}` is used by requests as well as by responses",
                                field.wire
                            ),
                            "split the schema: one for requests, without the property, and one for responses",
                        );
                        kept.push(field);
                    }
                    None => kept.push(field),
                }
            }
            *fields = kept;
        }
    }

    /// Refuses types that contain themselves by value, which have no size, and aliases that contain
    /// themselves, which do not compile.
    fn refuse_recursion(&mut self, types: &[TypeDef]) {
        let index: BTreeMap<&str, usize> = types.iter().enumerate().map(|(i, def)| (def.name.as_str(), i)).collect();
        let is_alias = |at: usize| {
            types.get(at).is_some_and(|def| matches!(def.kind, TypeKind::Alias(_) | TypeKind::OneOrMany(_)))
        };
        let edges: Vec<Vec<usize>> = types
            .iter()
            .enumerate()
            .map(|(at, def)| {
                let mut to = Vec::new();
                for (_, ty) in contained(def) {
                    if let Some(name) = by_value(ty) {
                        to.extend(index.get(name));
                    } else if is_alias(at) {
                        // `type Tree = Vec<Tree>` does not compile, but a struct may contain a list
                        // of itself.
                        visit_named(ty, &mut |name| to.extend(index.get(name).filter(|other| is_alias(**other))));
                    }
                }
                to
            })
            .collect();
        let groups = groups(&edges);
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        groups.iter().for_each(|group| *sizes.entry(*group).or_default() += 1);
        // Each finding needs a search for its cycle, so the number of searches per group is
        // limited.
        let mut searches: BTreeMap<usize, usize> = BTreeMap::new();
        let mut reported = BTreeSet::new();
        for (start, def) in types.iter().enumerate() {
            let group = groups.get(start).copied().unwrap_or_default();
            let alone = sizes.get(&group) == Some(&1) && edges.get(start).is_none_or(|to| !to.contains(&start));
            if alone || reported.contains(&start) || searches.get(&group).is_some_and(|made| *made >= MOST_SEARCHES) {
                continue;
            }
            *searches.entry(group).or_default() += 1;
            let Some(cycle) = cycle_from(start, &edges, &groups) else { continue };
            let names = |ats: &[usize]| {
                ats.iter().filter_map(|at| types.get(*at)).map(|def| def.name.as_str()).collect::<Vec<_>>().join(" -> ")
            };
            let shown = match cycle.split_at_checked(SHOWN_OF_A_CYCLE) {
                Some((first, rest)) if !rest.is_empty() => {
                    format!("{} -> {} more -> {}", names(first), rest.len(), def.name)
                }
                _ => format!("{} -> {}", names(&cycle), def.name),
            };
            self.refuse(
                &def.pointer,
                format!("`{}` contains itself: `{shown}`", def.name),
                "put the inner reference into a list or a map inside an object, or replace the inner schema by `{}` (any JSON)",
            );
            reported.extend(cycle);
        }
    }

    fn name_type_parameters(types: &mut [TypeDef], api: &mut Api) {
        for def in types {
            if let TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } = &mut def.kind {
                let mut parameters = TypeParameters::beside(compound(&def.name, "Builder"));
                fields.iter_mut().for_each(|field| field.type_parameter = parameters.name(&field.name));
            }
        }
        for operation in &mut api.operations {
            let mut parameters = TypeParameters::beside(operation.type_name.clone());
            operation.parameters.iter_mut().for_each(|p| p.type_parameter = parameters.name(&p.name));
            if let Some(body) = &mut operation.body {
                body.type_parameter = parameters.body();
            }
        }
    }
}

/// Returns the names of all required values, which the compiler reports if they are missing.
fn required_names(types: &[TypeDef], api: &Api) -> Vec<String> {
    let mut names = BTreeSet::new();
    for operation in &api.operations {
        names.extend(operation.parameters.iter().filter(|p| p.required).map(|p| p.name.clone()));
        if operation.body.as_ref().is_some_and(|body| body.required) {
            names.insert("body".to_owned());
        }
    }
    for def in types.iter().filter(|def| def.in_request) {
        if let TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } = &def.kind {
            names.extend(fields.iter().filter(|field| field.required).map(|field| field.name.clone()));
        }
    }
    names.into_iter().collect()
}

/// The maximum number of searches for a cycle in one group of types that contain each other.
const MOST_SEARCHES: usize = 20;

/// The maximum number of types that a message about a cycle names.
const SHOWN_OF_A_CYCLE: usize = 20;

/// Returns a path from `start` back to `start` within its group; `None` if there is none.
fn cycle_from(start: usize, edges: &[Vec<usize>], groups: &[usize]) -> Option<Vec<usize>> {
    let mut from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for &to in edges.get(at)?.iter().filter(|to| groups.get(**to) == groups.get(start)) {
            if to == start {
                let mut path = vec![at];
                let mut step = at;
                while step != start {
                    step = *from.get(&step)?;
                    path.push(step);
                }
                path.reverse();
                return Some(path);
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = from.entry(to) {
                entry.insert(at);
                open.push(to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_contain_each_other_are_one_group() {
        let edges = vec![vec![1, 3], vec![2], vec![1, 4], vec![], vec![5], vec![4, 5], vec![0]];
        let groups = groups(&edges);
        let same = |a: usize, b: usize| groups.get(a) == groups.get(b);
        assert!(same(1, 2) && same(4, 5), "{groups:?}");
        assert!(!same(0, 1) && !same(1, 4) && !same(0, 3) && !same(0, 6), "{groups:?}");
        let chain: Vec<Vec<usize>> = (0..100_000).map(|at| vec![(at + 1) % 100_000]).collect();
        assert_eq!(super::groups(&chain).iter().collect::<BTreeSet<_>>().len(), 1);
        assert_eq!(cycle_from(0, &chain, &super::groups(&chain)).map(|path| path.len()), Some(100_000));
    }
}
