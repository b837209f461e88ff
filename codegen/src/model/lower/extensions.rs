//! Converts extensions and documentation from the view to the model.

use crate::model::api::{
    Condition, ConditionTest, Docs, ErrorCode, ErrorShape, Idempotent, Limit, Pagination, RecvWindow, ServerTime,
    Source, TimeFormat, TimeUnit, Weight,
};
use crate::source::evidence::Evidence;
use crate::source::extensions as source;
use crate::source::located::Located;
use crate::source::schema::types::JsonType;
use crate::source::times;

/// Returns a rate limit.
pub(super) fn limit(limit: &source::RateLimit<'_>) -> Limit {
    Limit {
        name: limit.name.to_owned(),
        per: limit.per,
        window: limit.window.seconds,
        limit: limit.limit.into(),
        counts_weight: limit.counts_weight,
        header: limit.header.map(str::to_owned),
        longest_closing: limit.longest_closing.map(|time| time.seconds),
        sources: limit.evidence.iter().map(source).collect(),
    }
}

fn source(evidence: &Evidence<'_>) -> Source {
    Source { name: evidence.source.to_owned(), is_proof: evidence.is_proof }
}

/// Returns the weight of a call.
pub(super) fn weight(weight: source::Weight) -> Weight {
    match weight {
        source::Weight::Fixed(weight) => Weight::Fixed(weight),
        source::Weight::ByParameter { when_present, otherwise } => Weight::ByParameter { when_present, otherwise },
    }
}

/// Returns the pages of a list.
pub(super) fn pagination(pages: source::Pagination<'_>) -> Pagination {
    Pagination {
        items: pages.items.to_owned(),
        by: pages.by,
        parameter: pages.parameter,
        value: pages.value.to_owned(),
        first: pages.first,
        repeats: pages.repeats,
    }
}

/// Returns the cases in which an operation may be sent again. Without the extension, it may always
/// be sent again if `default` is true, and otherwise never.
pub(super) fn idempotent(extension: Option<&source::Idempotent<'_>>, default: bool) -> Idempotent {
    match extension {
        Some(source::Idempotent::Always) => Idempotent::Always,
        Some(source::Idempotent::Never) => Idempotent::Never,
        Some(source::Idempotent::WhenPresent(names)) => {
            Idempotent::WhenPresent(names.iter().map(|name| (*name).to_owned()).collect())
        }
        None if default => Idempotent::Always,
        None => Idempotent::Never,
    }
}

/// Returns whether an operation counts as a cancel; `method` is the HTTP method, in lower case.
///
/// Without the extension, an operation is a cancel if its method is DELETE, or if its id contains
/// `cancel`. The client does not check the bounds of a cancel, because an outdated bound in the
/// spec must not stop the cancel.
pub(super) fn cancels(extension: Option<bool>, id: &str, method: Option<&str>) -> bool {
    let by_name = || id.to_ascii_lowercase().contains("cancel");
    extension.unwrap_or_else(|| method == Some("delete") || by_name())
}

/// Returns the operation that has the venue's time in its response.
pub(super) fn server_time(time: &source::ServerTime<'_>) -> ServerTime {
    ServerTime { operation: time.operation.to_owned(), pointer: time.pointer.to_owned(), unit: time_unit(time.unit) }
}

fn time_unit(unit: times::TimeUnit) -> TimeUnit {
    match unit {
        times::TimeUnit::Milliseconds => TimeUnit::Milliseconds,
        times::TimeUnit::Microseconds => TimeUnit::Microseconds,
        times::TimeUnit::Nanoseconds => TimeUnit::Nanoseconds,
        times::TimeUnit::Seconds => TimeUnit::Seconds,
        times::TimeUnit::Iso8601 => TimeUnit::Iso8601,
        times::TimeUnit::DotnetTicks => TimeUnit::DotnetTicks,
    }
}

/// Returns the format of a time.
pub(super) fn time_format(format: times::TimeFormat) -> TimeFormat {
    let times::TimeFormat { unit, is_utc, json_type } = format;
    let (is_text, is_integer) = (json_type == JsonType::String, json_type == JsonType::Integer);
    TimeFormat { unit: time_unit(unit), is_utc, is_text, is_integer }
}

/// Returns the recv windows of requests, in milliseconds.
pub(super) fn recv_window(window: &source::RecvWindow) -> RecvWindow {
    RecvWindow { default: window.default.map(u64::from), max: window.max.map(u64::from) }
}

/// Returns the places of the code and the message in an error, and the conditions on responses.
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
    let beside = condition.beside.map(str::to_owned);
    Condition { pointer: condition.pointer.to_owned(), test, beside, leaves_open: condition.leaves_open }
}

/// Returns an error that the document states.
pub(super) fn error_code(code: &source::ErrorCode<'_>) -> ErrorCode {
    ErrorCode { code: code.code.clone(), message: prose(code.message), description: prose(code.description) }
}

/// Returns the documentation of an object: summary or title, description, deprecation and
/// deviation.
pub(super) fn own_docs(at: &Located<'_>) -> Docs {
    Docs {
        summary: prose(at.text("summary").or(at.text("title"))),
        description: prose(at.text("description")),
        deprecated: at.flag("deprecated"),
        deviation: prose(at.text("x-doc-deviation")),
    }
}

/// Returns text without leading blank lines and without white space at its end; `None` if nothing
/// is left.
pub(super) fn prose(text: Option<&str>) -> Option<String> {
    let text = text?.trim_end();
    // The first line keeps its indentation, which may mark a block of code.
    let start = text.len() - text.trim_start().len();
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    text.get(line..).filter(|text| !text.is_empty()).map(str::to_owned)
}
