//! Reads text into a tree. The reader of YAML and the reader of JSON hand their values to the same
//! builder.

mod anchors;
mod builder;
mod json;
mod notes;
mod quotes;
mod scalar;
mod yaml;

pub(super) use builder::{MAX_DEPTH, MAX_NODES};
pub(super) use notes::{TextNotes, YamlNumber};

use crate::diagnostic::Diagnostics;
use crate::source::node::Node;

/// Reads a file. It is JSON if its name ends with `.json`, or else YAML. `file_index` is the index
/// of the file in positions.
///
/// # Errors
/// Returns the findings if the text cannot be read as a complete tree.
pub(super) fn parse(file: &str, file_index: u8, text: &str) -> Result<(Node, TextNotes), Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = is_json(file);
    let mut builder = builder::Builder::new(file, file_index);
    if is_json {
        json::read(text, &mut builder);
    } else {
        yaml::read(text, &mut builder);
    }
    builder.finish(first_line(is_json))
}

/// Returns whether the name of a file says that it is JSON.
pub(super) fn is_json(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}

/// Returns the help about the first line of a spec.
#[must_use]
pub fn first_line(is_json: bool) -> &'static str {
    if is_json {
        "a spec begins with {\"openapi\": \"3.0.3\" or {\"openrpc\": \"1.3.2\""
    } else {
        "a spec begins with `openapi: 3.0.3` or `openrpc: 1.3.2`"
    }
}
