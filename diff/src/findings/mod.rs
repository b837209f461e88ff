//! The third stage: the changes between two aligned contracts, each with its rule and its cases.

mod api;
mod bodies;
mod codes;
mod conditions;
mod constraints;
mod contents;
mod documentation;
mod errors;
mod extensions;
mod hosts;
mod keywords;
mod limits;
mod method_errors;
mod names;
mod operations;
mod parameters;
mod places;
mod responses;
mod schemas;
mod security;
mod servers;
mod webhooks;
mod weights;

use crate::alignment::Alignment;
use crate::contract::Sides;
use crate::finding::Findings;

/// Finds all changes between two aligned contracts.
pub(crate) fn find<'s>(sides: &'s Sides<'s>, alignment: &Alignment<'s>) -> Findings {
    let mut findings = Findings::default();
    findings.add(api::extensions(sides, &alignment.operations));
    findings.add(limits::limits(sides, &alignment.limits));
    findings.add(errors::errors(sides));
    findings.add(operations::operations(sides, alignment));
    findings.add(servers::servers(sides, &alignment.operations));
    findings.add(webhooks::webhooks(sides));
    findings.add(hosts::signing(sides));
    findings.add(security::schemes(sides));
    findings.document(documentation::of_api(sides));
    findings.add(keywords::of_api(sides));
    findings.add(schemas::schemas(sides, &alignment.schemas));
    findings.add(names::names(sides, &alignment.schemas));
    findings
}
