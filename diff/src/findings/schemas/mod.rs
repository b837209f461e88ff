//! Schemas: the differences between two paired schemas.

mod alternatives;
mod at;
mod columns;
mod discriminators;
mod limiting;
mod listed;
mod market_rules;
mod nulls;
mod properties;
mod scalars;
mod spellings;
mod times;
mod types;
mod values;

use std::collections::HashSet;

use super::{constraints, documentation, keywords};
use crate::alignment::schemas::{MAX_PAIRS, SchemaPair, Schemas};
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules;
use discriminators::Partners;
use market_rules::FirstAndLast;

/// Keys of a schema that are compared elsewhere.
const KEYS: [&str; 66] = [
    "type",
    "format",
    "enum",
    "const",
    "nullable",
    "readOnly",
    "writeOnly",
    "deprecated",
    "default",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "oneOf",
    "anyOf",
    "allOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "x-max-bytes",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
    "uniqueItems",
    "pattern",
    "xml",
    "x-time",
    "x-market-rule",
    "x-tuple",
    "x-always",
    "x-constraints",
    "x-enum-varnames",
    "x-enum-spellings",
    "x-rust-name",
    "$comment",
    "$ref",
    "$defs",
    "definitions",
    "$id",
    "$anchor",
    "$schema",
    "discriminator",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "if",
    "then",
    "else",
    "not",
    "propertyNames",
    "patternProperties",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
    "prefixItems",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
];

/// Compares all pairs of schemas.
pub(super) fn schemas(sides: &Sides<'_>, schemas: &Schemas<'_>) -> Findings {
    let mut findings = Findings::default();
    if schemas.is_cut {
        let finding = Finding::in_new(&rules::KEYWORD_CHANGED, Subject::default(), "");
        findings.push(finding.is(format!("more than {MAX_PAIRS} pairs of schemas: the others are not compared")));
    }
    let partners = Partners::new(schemas);
    let first_and_last = FirstAndLast::new(schemas);
    let mut documented = HashSet::new();
    for pair in &schemas.pairs {
        if documented.insert((pair.old.at.pointer.as_str(), pair.new.at.pointer.as_str())) {
            findings.document(documentation::count(sides, &pair.old.at, &pair.new.at));
        }
        findings.add(schema(sides, pair, &partners, &first_and_last));
    }
    for change in &schemas.nulls {
        findings.push(nulls::null(sides, change));
    }
    findings
}

fn schema(
    sides: &Sides<'_>,
    pair: &SchemaPair<'_>,
    partners: &Partners<'_>,
    first_and_last: &FirstAndLast<'_>,
) -> Findings {
    let mut findings = Findings::default();
    findings.add(constraints::of_schema(sides, pair));
    findings.add(alternatives::alternatives(sides, pair));
    findings.add(discriminators::discriminators(sides, pair, partners));
    findings.add(limiting::conditions(sides, pair));
    findings.add(scalars::deprecation(pair).into());
    findings.add(keywords::of_parts(pair.old.parts(), pair.new.parts(), &KEYS, &pair.subject));
    let types = types::types(sides, pair);
    findings.add(types.finding.into());
    findings.add(times::time(pair, types.is_comparable));
    if types.is_comparable {
        findings.add(market_rules::market_rule(pair, first_and_last).into());
    }
    if types.bounds_only {
        findings.add(scalars::bounds(sides, pair));
    }
    if types.is_comparable {
        findings.add(values::values(sides, pair));
        findings.add(properties::properties(sides, pair));
        findings.add(columns::columns(sides, pair));
        findings.add(scalars::bounds(sides, pair));
        findings.add(scalars::default(pair).into());
    }
    findings
}
