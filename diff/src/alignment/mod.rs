//! The second stage: pairs the parts of both contracts.

pub(crate) mod labels;
pub(crate) mod limits;
pub(crate) mod matches;
pub(crate) mod nulls;
pub(crate) mod operations;
pub(crate) mod parts;
mod schema_nested;
pub(crate) mod schema_parts;
mod schema_use;
pub(crate) mod schemas;
pub(crate) mod usage;

use crate::contract::Sides;
use limits::LimitAt;
use matches::Matches;
use operations::Operations;
use schemas::Schemas;

/// The paired parts of both contracts.
#[derive(Debug)]
pub(crate) struct Alignment<'s> {
    pub(crate) operations: Operations<'s>,
    pub(crate) limits: Matches<LimitAt<'s>>,
    pub(crate) schemas: Schemas<'s>,
}

/// Aligns two contracts.
pub(crate) fn align<'s>(sides: &'s Sides<'s>) -> Alignment<'s> {
    let operations = operations::operations(sides);
    let schemas = schemas::schemas(sides, &operations);
    Alignment { limits: limits::limits(sides), schemas, operations }
}
