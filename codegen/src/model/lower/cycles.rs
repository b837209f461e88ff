//! Boxes types that contain each other, so that each type has a finite size.

use std::collections::BTreeMap;

use crate::model::api::{Field, Told, Type, TypeDef, TypeKind};
use crate::model::visit::parts;

/// Boxes the parts that close a cycle of types. Only documents in normal form may have such cycles;
/// in any other document, each cycle is a finding.
///
/// A part is boxed if its type is in the same cycle as the type that contains it, and does not come
/// after it in the list of types. Every cycle has such a part. An alias and a `OneOrMany` have no
/// part that can be boxed, so the type that they stand for counts in their place.
pub(super) fn box_cycles(types: &mut [TypeDef]) {
    let index: BTreeMap<String, usize> = types.iter().enumerate().map(|(i, def)| (def.name.clone(), i)).collect();
    let targets: Vec<Option<usize>> = (0..types.len()).map(|at| target(types, &index, at)).collect();
    let to = |ty: &Type| index.get(by_value(ty)?).and_then(|at| targets.get(*at)).copied().flatten();
    let edges: Vec<Vec<usize>> =
        types.iter().map(|def| contained(def).into_iter().filter_map(|(_, ty)| to(ty)).collect()).collect();
    let groups = groups(&edges);
    for (at, def) in types.iter_mut().enumerate() {
        let own: Vec<&mut Type> = match &mut def.kind {
            TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } => {
                fields.iter_mut().map(|field| &mut field.ty).collect()
            }
            TypeKind::Either(alternatives) => alternatives.iter_mut().map(|one| &mut one.ty).collect(),
            TypeKind::Union(union) if union.told != Told::Nothing => {
                union.alternatives.iter_mut().map(|one| &mut one.ty).collect()
            }
            _ => Vec::new(),
        };
        for ty in own {
            if to(ty).is_some_and(|target| target <= at && groups.get(target) == groups.get(at)) {
                *ty = boxed(std::mem::replace(ty, Type::Json));
            }
        }
    }
}

/// Returns the index of the type that an alias or a `OneOrMany` stands for; any other type stands
/// for itself. `None` if an alias stands for a type without a name.
fn target(types: &[TypeDef], index: &BTreeMap<String, usize>, mut at: usize) -> Option<usize> {
    // A chain of aliases has at most as many steps as there are types.
    for _ in 0..=types.len() {
        match &types.get(at)?.kind {
            TypeKind::Alias(ty) | TypeKind::OneOrMany(ty) => at = *index.get(by_value(ty)?)?,
            _ => return Some(at),
        }
    }
    None
}

/// Returns the types of the values that a value of a named type contains. A [`Told::Nothing`] union
/// contains none, because its alternatives are only read on demand.
pub(super) fn contained(def: &TypeDef) -> Vec<(Option<&Field>, &Type)> {
    match &def.kind {
        TypeKind::Union(union) if union.told == Told::Nothing => Vec::new(),
        _ => parts(def),
    }
}

/// Returns the named type that a type contains without a list or a map in between.
pub(super) fn by_value(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(name) => Some(name),
        Type::Nullable(inner) | Type::Maybe(inner) => by_value(inner),
        _ => None,
    }
}

/// Puts the named type inside this type into a box.
fn boxed(ty: Type) -> Type {
    match ty {
        Type::Nullable(inner) => Type::Nullable(Box::new(boxed(*inner))),
        Type::Maybe(inner) => Type::Maybe(Box::new(boxed(*inner))),
        other => Type::Boxed(Box::new(other)),
    }
}

/// Returns the group of each type; `edges` are the types that each type contains. Two types are in
/// one group if each contains the other, directly or through other types (Tarjan's algorithm,
/// without recursion).
pub(super) fn groups(edges: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut low = vec![UNSEEN; edges.len()];
    let mut group = vec![UNSEEN; edges.len()];
    let mut stack: Vec<usize> = Vec::new();
    let mut seen = 0;
    for root in 0..edges.len() {
        // The types of the current path, each with the number of its edges that were followed.
        let mut path: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((at, followed)) = path.pop() {
            let (Some(own), Some(to)) = (order.get_mut(at), edges.get(at)) else { continue };
            if *own == UNSEEN {
                *own = seen;
                low.iter_mut().skip(at).take(1).for_each(|low| *low = seen);
                seen += 1;
                stack.push(at);
            } else if followed == 0 {
                continue;
            }
            let lowest = |at: usize, low: &[usize]| low.get(at).copied().unwrap_or(UNSEEN);
            // The edge that was followed last may have reached a type with a lower number.
            if let Some(last) = followed.checked_sub(1).and_then(|last| to.get(last))
                && group.get(*last) == Some(&UNSEEN)
            {
                let below = lowest(*last, &low);
                low.iter_mut().skip(at).take(1).for_each(|low| *low = below.min(*low));
            }
            match to.get(followed) {
                Some(next) => {
                    path.push((at, followed + 1));
                    if order.get(*next) == Some(&UNSEEN) {
                        path.push((*next, 0));
                    }
                }
                None if order.get(at) == low.get(at) => {
                    while let Some(member) = stack.pop() {
                        group.iter_mut().skip(member).take(1).for_each(|group| *group = at);
                        if member == at {
                            break;
                        }
                    }
                }
                None => {}
            }
        }
    }
    group
}
