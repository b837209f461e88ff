//! Columns of rows.

use venuekit_codegen::source::Document;

use super::super::documentation;
use crate::alignment::schema_parts::Column;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::names::rust_name;
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// Compares the columns of two rows.
pub(super) fn columns<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Findings {
    let mut findings = Findings::default();
    let SchemaPair { old, new, usage, subject, columns, .. } = pair;
    if columns.pairs.iter().any(|(before, after)| before.index != after.index) {
        let names = |schema: &ResolvedSchema<'_>| {
            let columns = schema.columns().unwrap_or_default();
            columns.iter().filter_map(|column| column.text("name")).collect::<Vec<_>>().join(", ")
        };
        let finding = Finding::in_new(
            &rules::COLUMNS_MOVED,
            subject.clone(),
            new.get("x-tuple").map(|columns| columns.pointer).unwrap_or_default(),
        );
        findings.push(finding.was(names(old)).is(names(new)).used(*usage));
    }
    for (before, after) in &columns.pairs {
        findings.document(documentation::count(sides, &before.at, &after.at));
        findings.add(column(sides, pair, before, after));
    }
    for column in &columns.removed {
        let rule = match column.required {
            true => &rules::REQUIRED_COLUMN_REMOVED,
            false => &rules::OPTIONAL_COLUMN_REMOVED,
        };
        let finding = Finding::in_old(rule, subject.property(column.name), column.at.pointer.as_str());
        findings.push(finding.was(describe(sides.old.document, column)).used(*usage));
    }
    let last = columns.pairs.iter().map(|(_, after)| after.index).max();
    for column in &columns.added {
        let rule = match column.required {
            true => &rules::REQUIRED_COLUMN_ADDED,
            false => &rules::OPTIONAL_COLUMN_ADDED,
        };
        let finding = Finding::in_new(rule, subject.property(column.name), column.at.pointer.as_str());
        let finding = finding.is(describe(sides.new.document, column)).used(*usage);
        findings.push(finding.case_if(last > Some(column.index), &rules::BEFORE_OTHERS));
    }
    findings
}

fn column<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>, before: &Column<'s>, after: &Column<'s>) -> Findings {
    let mut findings = Findings::default();
    let finding = |rule| {
        let subject = pair.subject.property(after.name);
        Finding::in_new(rule, subject, after.at.pointer.as_str()).used(pair.usage)
    };
    if before.name != after.name {
        let is_kept = rust_name(&before.at, before.name) == rust_name(&after.at, after.name);
        let finding = finding(&rules::COLUMN_RENAMED).was(before.name).is(after.name);
        findings.push(finding.case_if(is_kept, &rules::FIELD_STAYS));
    }
    let rule = match (before.required, after.required) {
        (true, false) => &rules::COLUMN_BECAME_OPTIONAL,
        (false, true) => &rules::COLUMN_BECAME_REQUIRED,
        _ => return findings,
    };
    let required = |column: &Column<'_>| if column.required { "required" } else { "optional" };
    let schema = before.at.get("schema").map(|schema| ResolvedSchema::new(sides.old.document, schema));
    let is_nullable = schema.is_some_and(|schema| schema.null.is_some());
    let finding = finding(rule).was(required(before)).is(required(after));
    findings.push(finding.case_if(is_nullable && pair.usage.is_read(), &rules::COLUMN_NULLABLE));
    findings
}

fn describe<'d>(document: &'d Document, column: &Column<'d>) -> String {
    let schema = column.at.get("schema").map(|schema| ResolvedSchema::new(document, schema));
    schema.map(|schema| schema.describe(document)).unwrap_or_default()
}
