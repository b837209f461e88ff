//! Converts extensions and documentation from the view to the model.

use crate::model::api::{
    Condition, ConditionTest, Docs, ErrorCode, ErrorShape, Idempotent, Limit, RecvWindow, ServerTime, TimeUnit, Weight,
};
use crate::source::extensions as source;
use crate::source::located::Located;

/// Returns a rate limit.
pub(super) fn limit(limit: &source::RateLimit<'_>) -> Limit {
    Limit {
        name: limit.name.to_owned(),
        per_key: limit.per_key,
        window: limit.window.seconds,
        limit: limit.limit.into(),
        counts_weight: limit.counts_weight,
        header: limit.header.map(str::to_owned),
    }
}

/// Returns the weight of a call.
pub(super) fn weight(weight: source::Weight) -> Weight {
    match weight {
        source::Weight::Fixed(weight) => Weight::Fixed(weight),
        source::Weight::ByParameter { when_present, otherwise } => Weight::ByParameter { when_present, otherwise },
    }
}

/// Returns whether an operation may be sent again; `default` applies without the extension.
pub(super) fn idempotent(extension: Option<&source::Idempotent<'_>>, default: bool) -> Idempotent {
    match extension {
        Some(source::Idempotent::Always) => Idempotent::Always,
        Some(source::Idempotent::Never) => Idempotent::Never,
        Some(source::Idempotent::WhenPresent(name)) => Idempotent::WhenPresent((*name).to_owned()),
        None if default => Idempotent::Always,
        None => Idempotent::Never,
    }
}

/// Returns the operation that has the venue's time in its response.
pub(super) fn server_time(time: &source::ServerTime<'_>) -> ServerTime {
    let unit = match time.unit {
        source::TimeUnit::Milliseconds => TimeUnit::Milliseconds,
        source::TimeUnit::Seconds => TimeUnit::Seconds,
        source::TimeUnit::Iso8601 => TimeUnit::Iso8601,
        source::TimeUnit::DotnetTicks => TimeUnit::DotnetTicks,
    };
    ServerTime { operation: time.operation.to_owned(), pointer: time.pointer.to_owned(), unit }
}

/// Returns the recv window of requests, in milliseconds.
pub(super) fn recv_window(window: &source::RecvWindow) -> RecvWindow {
    RecvWindow { default: window.default.map(u64::from), max: window.max.map(u64::from) }
}

/// Returns the places of codes and messages.
pub(super) fn error_shape(shape: &source::ErrorShape<'_>) -> ErrorShape {
    let owned = |pointers: &[&str]| pointers.iter().map(|pointer| (*pointer).to_owned()).collect();
    let failed_when = shape.failed_when.iter().map(condition).collect();
    ErrorShape { code: owned(&shape.code), message: owned(&shape.message), failed_when }
}

/// Returns a condition on responses.
pub(super) fn condition(condition: &source::Condition<'_>) -> Condition {
    let test = match condition.test {
        source::ConditionTest::Equals(value) => ConditionTest::Equals(value.to_json()),
        source::ConditionTest::Present => ConditionTest::Present,
    };
    Condition { pointer: condition.pointer.to_owned(), test, leaves_open: condition.leaves_open }
}

/// Returns an error that the document states.
pub(super) fn error_code(code: &source::ErrorCode<'_>) -> ErrorCode {
    ErrorCode { code: code.code.clone(), message: code.message.to_owned(), description: prose(code.description) }
}

/// Returns the documentation of an object: description, deprecation, deviation.
pub(super) fn own_docs(at: &Located<'_>) -> Docs {
    Docs {
        summary: prose(at.text("summary").or(at.text("title"))),
        description: prose(at.text("description")),
        deprecated: at.flag("deprecated"),
        deviation: prose(at.text("x-doc-deviation")),
    }
}

/// Returns text without the line breaks around it; `None` if the rest is empty.
pub(super) fn prose(text: Option<&str>) -> Option<String> {
    let text = text?.trim_end();
    // The first line keeps its indent, which may mark a block of code.
    let start = text.len() - text.trim_start().len();
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    text.get(line..).filter(|text| !text.is_empty()).map(str::to_owned)
}
