//! A second table of the verdicts of each rule, independent of the tested code.

use std::collections::BTreeSet;

use venuekit_diff::Level::{self, Breaking, Risky, Safe};
use venuekit_diff::rules;

use crate::usages::{Side, Usage};

/// An expected change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expected {
    pub(crate) rule: &'static str,
    pub(crate) wire: Level,
    pub(crate) source: Level,
}

/// The verdicts on the wire, then in the source of users. Each has one for requests, then one for
/// responses.
type Effect = (&'static str, [Level; 2], [Level; 2]);

const SAFE: [Level; 2] = [Safe; 2];
const RISKY: [Level; 2] = [Risky; 2];
const BREAKING: [Level; 2] = [Breaking; 2];

#[rustfmt::skip]
const EFFECTS: &[Effect] = &[
    // The API.
    ("default-server-changed", RISKY, SAFE),
    ("server-added", SAFE, SAFE),
    ("server-removed", RISKY, SAFE),
    ("base-path-changed", RISKY, RISKY),
    ("envelope-changed", BREAKING, SAFE),
    ("host-signing-changed", BREAKING, RISKY),
    ("signer-changed", BREAKING, BREAKING),
    ("token-login-added", SAFE, SAFE),
    ("token-login-removed", RISKY, SAFE),
    ("security-scheme-changed", BREAKING, SAFE),
    ("private-key-added", SAFE, SAFE),
    ("private-key-removed", BREAKING, RISKY),
    ("key-only-added", SAFE, SAFE),
    ("key-only-removed", SAFE, SAFE),
    ("recv-window-added", SAFE, SAFE),
    ("recv-window-removed", RISKY, RISKY),
    ("recv-window-changed", RISKY, SAFE),
    ("limit-added", RISKY, SAFE),
    ("limit-removed", SAFE, SAFE),
    ("limit-lowered", RISKY, SAFE),
    ("limit-raised", SAFE, SAFE),
    ("limit-changed", RISKY, SAFE),
    ("socket-changed", RISKY, SAFE),
    ("subscription-changed", BREAKING, SAFE),
    ("server-time-added", SAFE, SAFE),
    ("server-time-removed", RISKY, BREAKING),
    ("server-time-changed", BREAKING, SAFE),
    ("error-shape-changed", BREAKING, SAFE),
    ("refusal-condition-added", BREAKING, RISKY),
    ("refusal-condition-removed", BREAKING, RISKY),
    ("failure-became-unknown", BREAKING, RISKY),
    ("failure-became-refusal", SAFE, RISKY),
    ("failure-order-changed", BREAKING, RISKY),
    ("unknown-code-added", BREAKING, RISKY),
    ("unknown-code-removed", SAFE, RISKY),
    ("unknown-status-added", BREAKING, RISKY),
    ("unknown-status-removed", SAFE, RISKY),
    ("batch-added", BREAKING, RISKY),
    ("batch-removed", SAFE, RISKY),
    ("batch-changed", BREAKING, RISKY),
    ("pagination-added", SAFE, SAFE),
    ("pagination-removed", RISKY, BREAKING),
    ("pagination-changed", RISKY, RISKY),
    ("clock-code-added", RISKY, SAFE),
    ("clock-code-removed", RISKY, SAFE),
    ("refused-code-added", RISKY, SAFE),
    ("refused-code-removed", RISKY, SAFE),
    ("error-code-added", SAFE, SAFE),
    ("error-code-removed", SAFE, SAFE),
    ("parameter-order-became-significant", SAFE, SAFE),
    ("parameter-order-became-insignificant", SAFE, SAFE),
    // Operations.
    ("operation-added", SAFE, SAFE),
    ("operation-removed", BREAKING, BREAKING),
    ("call-form-added", SAFE, SAFE),
    ("call-form-removed", BREAKING, BREAKING),
    ("operation-renamed", SAFE, BREAKING),
    ("operation-moved", BREAKING, SAFE),
    ("operation-deprecated", SAFE, SAFE),
    ("operation-reactivated", SAFE, SAFE),
    ("security-raised", BREAKING, RISKY),
    ("security-lowered", SAFE, SAFE),
    ("security-changed", BREAKING, SAFE),
    ("weight-raised", RISKY, SAFE),
    ("weight-lowered", SAFE, SAFE),
    ("weight-changed", RISKY, SAFE),
    ("operation-limit-added", RISKY, SAFE),
    ("operation-limit-removed", SAFE, SAFE),
    ("idempotency-lost", BREAKING, RISKY),
    ("idempotency-gained", SAFE, RISKY),
    ("idempotency-changed", BREAKING, RISKY),
    ("constraint-added", BREAKING, RISKY),
    ("constraint-removed", SAFE, RISKY),
    ("constraint-tightened", BREAKING, RISKY),
    ("constraint-loosened", SAFE, RISKY),
    ("constraint-changed", BREAKING, RISKY),
    ("constraint-checked", RISKY, RISKY),
    ("constraint-unchecked", SAFE, RISKY),
    ("done-code-added", RISKY, RISKY),
    ("done-code-removed", BREAKING, RISKY),
    ("gone-code-added", SAFE, RISKY),
    ("gone-code-removed", BREAKING, RISKY),
    ("reads-gained", SAFE, BREAKING),
    ("reads-lost", SAFE, BREAKING),
    ("funds-marked", SAFE, SAFE),
    ("funds-unmarked", SAFE, RISKY),
    ("cancel-marked", SAFE, SAFE),
    ("cancel-unmarked", SAFE, RISKY),
    // Parameters.
    ("required-parameter-added", BREAKING, BREAKING),
    ("required-parameter-removed", RISKY, BREAKING),
    ("optional-parameter-added", SAFE, SAFE),
    ("optional-parameter-removed", RISKY, BREAKING),
    ("parameter-became-required", BREAKING, BREAKING),
    ("parameter-became-optional", SAFE, SAFE),
    ("parameter-renamed", RISKY, BREAKING),
    ("parameter-setter-renamed", SAFE, BREAKING),
    ("parameter-moved", BREAKING, SAFE),
    ("parameter-style-changed", BREAKING, SAFE),
    ("parameter-order-changed", BREAKING, SAFE),
    ("parameter-deprecated", SAFE, SAFE),
    ("parameter-reactivated", SAFE, SAFE),
    // Bodies and responses.
    ("required-body-added", BREAKING, BREAKING),
    ("required-body-removed", BREAKING, BREAKING),
    ("optional-body-added", SAFE, SAFE),
    ("optional-body-removed", BREAKING, BREAKING),
    ("body-became-required", BREAKING, BREAKING),
    ("body-became-optional", SAFE, SAFE),
    ("media-type-added", SAFE, SAFE),
    ("media-type-removed", BREAKING, SAFE),
    ("body-schema-added", [Breaking, Safe], BREAKING),
    ("body-schema-removed", [Safe, Risky], BREAKING),
    ("response-content-added", SAFE, BREAKING),
    ("response-content-removed", BREAKING, BREAKING),
    ("success-status-added", SAFE, SAFE),
    ("success-status-removed", BREAKING, RISKY),
    ("error-status-added", SAFE, SAFE),
    ("error-status-removed", SAFE, SAFE),
    ("required-header-added", SAFE, SAFE),
    ("required-header-removed", BREAKING, SAFE),
    ("optional-header-added", SAFE, SAFE),
    ("optional-header-removed", RISKY, SAFE),
    ("header-became-required", SAFE, SAFE),
    ("header-became-optional", BREAKING, SAFE),
    // Types.
    ("type-changed", BREAKING, BREAKING),
    ("type-widened", [Safe, Breaking], BREAKING),
    ("type-narrowed", [Breaking, Safe], BREAKING),
    ("market-rule-added", SAFE, SAFE),
    ("market-rule-removed", SAFE, SAFE),
    ("market-rule-changed", [Safe, Breaking], SAFE),
    ("time-added", SAFE, BREAKING),
    ("time-removed", SAFE, BREAKING),
    ("time-unit-changed", BREAKING, BREAKING),
    ("time-zone-changed", RISKY, BREAKING),
    ("became-nullable", [Safe, Breaking], BREAKING),
    ("became-not-nullable", [Breaking, Safe], BREAKING),
    ("became-enum", [Breaking, Safe], BREAKING),
    ("enum-dropped", [Safe, Risky], BREAKING),
    ("enum-value-added", [Safe, Risky], SAFE),
    ("enum-value-removed", [Breaking, Safe], BREAKING),
    ("spelling-added", SAFE, SAFE),
    ("spelling-removed", SAFE, [Safe, Breaking]),
    ("spelling-moved", [Safe, Breaking], [Safe, Breaking]),
    ("default-changed", [Breaking, Risky], [Risky, Safe]),
    ("default-added", [Risky, Safe], SAFE),
    ("default-removed", [Risky, Safe], SAFE),
    ("bound-set", [Risky, Safe], SAFE),
    ("bound-unset", [Safe, Risky], SAFE),
    ("bound-tightened", [Breaking, Safe], SAFE),
    ("bound-loosened", [Safe, Risky], SAFE),
    ("bound-changed", RISKY, SAFE),
    ("pattern-set", [Breaking, Safe], SAFE),
    ("pattern-unset", SAFE, SAFE),
    ("pattern-changed", [Risky, Safe], SAFE),
    // Objects.
    ("required-property-added", [Breaking, Safe], [Breaking, Safe]),
    ("required-property-removed", [Risky, Breaking], BREAKING),
    ("optional-property-added", SAFE, SAFE),
    ("optional-property-removed", RISKY, BREAKING),
    ("property-became-required", [Breaking, Safe], BREAKING),
    ("property-became-optional", [Safe, Breaking], BREAKING),
    ("property-became-read-only", [Risky, Safe], [Breaking, Safe]),
    ("property-became-writable", SAFE, SAFE),
    ("property-became-write-only", [Safe, Risky], SAFE),
    ("property-became-readable", SAFE, SAFE),
    ("property-deprecated", SAFE, SAFE),
    ("property-reactivated", SAFE, SAFE),
    ("other-properties-forbidden", SAFE, SAFE),
    ("other-properties-allowed", SAFE, SAFE),
    ("other-properties-kept", SAFE, SAFE),
    ("other-properties-dropped", RISKY, BREAKING),
    ("other-properties-changed", RISKY, BREAKING),
    ("shape-changed", BREAKING, BREAKING),
    // Alternatives.
    ("alternative-added", [Safe, Breaking], BREAKING),
    ("alternative-removed", [Breaking, Safe], BREAKING),
    ("requirement-added", [Breaking, Safe], RISKY),
    ("requirement-removed", RISKY, RISKY),
    ("keyword-changed", RISKY, RISKY),
    // Rows.
    ("required-column-added", [Breaking, Safe], [Breaking, Safe]),
    ("required-column-removed", [Risky, Breaking], BREAKING),
    ("optional-column-added", SAFE, SAFE),
    ("optional-column-removed", RISKY, BREAKING),
    ("columns-moved", BREAKING, SAFE),
    ("column-renamed", RISKY, BREAKING),
    ("column-became-required", [Breaking, Safe], BREAKING),
    ("column-became-optional", [Safe, Breaking], BREAKING),
    // Names in Rust.
    ("type-renamed", SAFE, BREAKING),
    ("type-replaced", SAFE, BREAKING),
    ("type-added", SAFE, SAFE),
    ("type-removed", SAFE, BREAKING),
    ("field-renamed", SAFE, BREAKING),
    ("variant-renamed", SAFE, BREAKING),
    ("builder-added", SAFE, SAFE),
    ("builder-removed", SAFE, BREAKING),
];

fn effect(rule: &str) -> &'static Effect {
    EFFECTS.iter().find(|(id, ..)| *id == rule).unwrap_or_else(|| panic!("the table has no entry for {rule}"))
}

/// Returns the opposite rule.
pub(crate) fn mirror(rule: &str) -> &'static str {
    rules::all().find(|other| other.id == rule).unwrap_or_else(|| panic!("there is no rule {rule}")).mirror
}

/// Returns the expected change of an operation or of the API.
pub(crate) fn expected(rule: &str) -> Expected {
    let (rule, [wire, _], [source, _]) = effect(rule);
    Expected { rule, wire: *wire, source: *source }
}

/// Returns the expected change of a schema with these usages. The client keeps the body of an error
/// unchanged, so a change of it is at most risky.
pub(crate) fn expected_for<'w>(rule: &str, usages: impl IntoIterator<Item = &'w Usage>) -> Expected {
    let (rule, wire, source) = effect(rule);
    let mut expected = Expected { rule, wire: Safe, source: Safe };
    for usage in usages {
        let [request, response] = wire;
        let on_wire = match usage.side {
            Side::Request => *request,
            Side::Response => *response,
            Side::Error => (*response).min(Risky),
            Side::Unused => Safe,
        };
        let [request, response] = source;
        let in_source = if usage.side == Side::Request { *request } else { *response };
        expected.wire = expected.wire.max(on_wire);
        expected.source = expected.source.max(in_source);
    }
    expected
}

/// Returns the operations of some usages.
pub(crate) fn operations(usages: &BTreeSet<Usage>) -> BTreeSet<String> {
    usages.iter().filter_map(|usage| usage.operation.clone()).collect()
}

/// Returns the entries without a rule, and the rules without an entry.
pub(crate) fn unknown() -> Vec<&'static str> {
    let no_rule = EFFECTS.iter().map(|(id, ..)| *id).filter(|id| !rules::all().any(|rule| rule.id == *id));
    no_rule.collect()
}
