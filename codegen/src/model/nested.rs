//! Collects the constraints of an operation, and of all types inside its parameters and its body.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Field, Operation, Type, TypeDef, TypeKind};
use super::constraint::Constraint;
use super::visit::{parts, visit_named};
use crate::source::pointer_join;

/// The maximum number of constraints of one operation. It limits the time that deeply nested types
/// take.
const MOST: usize = 1000;

/// The place of the objects in a request that a constraint applies to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// The parameter that contains the objects; `None` if the body contains them.
    pub parameter: Option<String>,
    /// The JSON pointer to the objects; a segment `*` stands for each element of an array.
    pub pointer: String,
}

/// A constraint of an operation.
#[derive(Clone, Debug)]
pub struct PlacedConstraint<'a> {
    /// The objects of the request that the constraint applies to; `None` if it applies to the whole
    /// request.
    pub within: Option<Within>,
    /// The constraint.
    pub constraint: &'a Constraint,
    /// The properties of these objects.
    pub fields: &'a [Field],
}

/// Finds the constraints of an operation or a type, with those of the types inside it.
#[derive(Debug)]
pub struct NestedConstraints<'a> {
    api: &'a Api,
    /// The types that have a constraint, or contain a type that has one.
    bearing: BTreeSet<&'a str>,
}

/// The constraints of a value.
#[derive(Debug, Default)]
pub struct Nested<'a> {
    /// The constraints, each with its place in the request.
    pub placed: Vec<PlacedConstraint<'a>>,
    /// Constraints on objects without a fixed place: inside a map, inside a type that contains
    /// itself, or in an alternative of a union. Clients do not check these constraints. Only the
    /// first constraint of each type is listed.
    pub unplaced: Vec<&'a Constraint>,
    /// True if there are more constraints than the maximum, so that some are missing.
    pub is_cut: bool,
}

impl<'a> NestedConstraints<'a> {
    /// Collects the types with constraints.
    #[must_use]
    pub fn new(api: &'a Api) -> Self {
        let mut containers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for def in api.types.iter() {
            for (_, ty) in parts(def) {
                visit_named(ty, &mut |name| containers.entry(name).or_default().push(&def.name));
            }
        }
        let mut bearing = BTreeSet::new();
        let with_own = api.types.iter().filter(|def| !def.constraints.is_empty());
        let mut open: Vec<&str> = with_own.map(|def| def.name.as_str()).collect();
        while let Some(name) = open.pop() {
            if bearing.insert(name) {
                open.extend(containers.get(name).into_iter().flatten());
            }
        }
        Self { api, bearing }
    }

    /// Returns the constraints of an operation: its own, then the constraints of its values.
    #[must_use]
    pub fn of_operation(&self, operation: &'a Operation) -> Nested<'a> {
        let own =
            operation.constraints.iter().map(|constraint| PlacedConstraint { within: None, constraint, fields: &[] });
        let mut nested = Nested { placed: own.collect(), ..Nested::default() };
        for parameter in &operation.parameters {
            let within = Within { parameter: Some(parameter.wire.clone()), pointer: String::new() };
            self.visit(&parameter.ty, &within, &mut Vec::new(), &mut nested);
        }
        if let Some(body) = &operation.body {
            self.visit(&body.ty, &Within::default(), &mut Vec::new(), &mut nested);
        }
        nested
    }

    /// Returns the constraints of a value of a type. Their places are relative to the value.
    #[must_use]
    pub fn of_type(&self, ty: &'a Type) -> Nested<'a> {
        let mut nested = Nested::default();
        self.visit(ty, &Within::default(), &mut Vec::new(), &mut nested);
        nested
    }

    fn visit(&self, ty: &'a Type, within: &Within, outer: &mut Vec<&'a str>, nested: &mut Nested<'a>) {
        if !self.bears(ty) {
            return;
        }
        if nested.placed.len() + nested.unplaced.len() >= MOST {
            nested.is_cut = true;
            return;
        }
        let inside = |segment: &str| Within {
            parameter: within.parameter.clone(),
            pointer: pointer_join(&within.pointer, segment),
        };
        match ty {
            Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => self.visit(inner, within, outer, nested),
            Type::List(inner) => self.visit(inner, &inside("*"), outer, nested),
            Type::Map(inner) => nested.unplaced.extend(self.first_of_each(inner)),
            Type::Named(name) if outer.contains(&name.as_str()) => nested.unplaced.extend(self.first_of_each(ty)),
            Type::Named(name) => {
                let Some(def) = self.api.type_def(name) else { return };
                outer.push(name);
                self.visit_def(def, within, &inside, outer, nested);
                outer.pop();
            }
            _ => {}
        }
    }

    fn visit_def(
        &self,
        def: &'a TypeDef,
        within: &Within,
        inside: &dyn Fn(&str) -> Within,
        outer: &mut Vec<&'a str>,
        nested: &mut Nested<'a>,
    ) {
        let fields = match &def.kind {
            TypeKind::Struct(fields) => fields.as_slice(),
            _ => &[],
        };
        let own = def.constraints.iter();
        nested.placed.extend(own.map(|constraint| PlacedConstraint {
            within: Some(within.clone()),
            constraint,
            fields,
        }));
        match &def.kind {
            TypeKind::Struct(fields) => {
                fields.iter().for_each(|field| self.visit(&field.ty, &inside(&field.wire), outer, nested));
                def.others.iter().for_each(|others| self.visit(&others.map, within, outer, nested));
            }
            TypeKind::Row { columns, .. } => {
                for (index, column) in columns.iter().enumerate() {
                    self.visit(&column.ty, &inside(&index.to_string()), outer, nested);
                }
            }
            TypeKind::Either(alternatives) => {
                alternatives.iter().for_each(|alternative| self.visit(&alternative.ty, within, outer, nested));
            }
            // The constraints of one alternative do not hold for another.
            TypeKind::Union(union) => {
                union.alternatives.iter().for_each(|one| nested.unplaced.extend(self.first_of_each(&one.ty)));
            }
            TypeKind::OneOrMany(ty) => {
                self.visit(ty, within, outer, nested);
                self.visit(ty, &inside("*"), outer, nested);
            }
            TypeKind::Alias(ty) => self.visit(ty, within, outer, nested),
            TypeKind::Enum { .. } | TypeKind::ByStatus(_) => {}
        }
    }

    fn bears(&self, ty: &Type) -> bool {
        let mut bears = false;
        visit_named(ty, &mut |name| bears |= self.bearing.contains(name));
        bears
    }

    /// Returns the first constraint of each named type inside `ty`, at any depth.
    fn first_of_each(&self, ty: &'a Type) -> Vec<&'a Constraint> {
        let mut open: Vec<&str> = Vec::new();
        visit_named(ty, &mut |name| open.push(name));
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        while let Some(name) = open.pop() {
            let Some(def) = self.api.type_def(name).filter(|_| self.bearing.contains(name) && seen.insert(name)) else {
                continue;
            };
            found.extend(def.constraints.first());
            parts(def).into_iter().for_each(|(_, ty)| visit_named(ty, &mut |name| open.push(name)));
        }
        found
    }
}
