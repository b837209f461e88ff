//! The media types of bodies and responses.

use super::node::{Members, Node};

/// The kind of content that a media type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Json,
    Bytes,
    Text,
    /// A form; supported only in request bodies.
    Form,
    /// A form of parts; supported only in request bodies.
    Multipart,
    /// Parts of another kind; supported only in responses. They are read as bytes.
    OtherParts,
    Xml,
    /// Events, in a response only. They are read piece by piece, because they may have no end.
    Events,
}

/// The kinds of content that a request body can have, the preferred one first.
const OF_REQUESTS: [MediaKind; 5] =
    [MediaKind::Json, MediaKind::Form, MediaKind::Multipart, MediaKind::Bytes, MediaKind::Text];
/// The kinds of a response, the preferred one first. XML is read as its text.
const OF_RESPONSES: [MediaKind; 6] =
    [MediaKind::Json, MediaKind::Text, MediaKind::Bytes, MediaKind::Xml, MediaKind::OtherParts, MediaKind::Events];

impl MediaKind {
    /// Returns the kind of content of the media type `media`, whose media type object is `content`.
    ///
    /// A range such as `*/*` is taken for JSON, unless its schema says that the content is binary.
    pub(crate) fn new(media: &str, content: &Node) -> Self {
        let name = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let format = || content.get("schema").and_then(|schema| schema.get("format")).and_then(Node::as_str);
        match name.as_str() {
            "*/*" | "application/*" if format() == Some("binary") => Self::Bytes,
            "application/json" | "text/json" | "*/*" | "application/*" | "application/javascript" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "application/xml" | "text/xml" => Self::Xml,
            "application/x-ndjson" | "application/jsonl" | "application/yaml" | "application/jwt" => Self::Text,
            name if name.ends_with("+json") => Self::Json,
            name if name.ends_with("+xml") => Self::Xml,
            "multipart/form-data" => Self::Multipart,
            name if name.starts_with("multipart/") => Self::OtherParts,
            "text/event-stream" => Self::Events,
            name if name.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }

    /// Returns whether the content is a form: each property of the body is a field.
    pub(crate) fn is_form(self) -> bool {
        matches!(self, Self::Form | Self::Multipart)
    }
}

/// Returns the media type that is sent for a media type of a document. A range such as `*/*` is
/// replaced by a media type of the kind `kind`.
pub(crate) fn sent(media: &str, kind: MediaKind) -> &str {
    if !media.contains('*') {
        return media;
    }
    match kind {
        MediaKind::Json => "application/json",
        MediaKind::Text => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Returns the media type that is accepted for a media type of a response. A range that any content
/// fits is replaced by a media type of the kind `kind`.
pub(crate) fn accepted(media: &str, kind: MediaKind) -> &str {
    let is_any = matches!(media.split(';').next().unwrap_or_default().trim(), "*/*" | "application/*");
    if is_any { sent(media, kind) } else { media }
}

/// Returns the media type of a body or a response that the client uses, and its kind; `None` if
/// none is supported. JSON is preferred, `application/json` above all.
pub(crate) fn used(content: &Node, is_request: bool) -> Option<(&str, MediaKind)> {
    let kinds: &[MediaKind] = if is_request { &OF_REQUESTS } else { &OF_RESPONSES };
    let rank = |media: &str, kind: MediaKind| {
        let place = kinds.iter().position(|known| *known == kind)?;
        Some((place, media != "application/json"))
    };
    let members = content.as_map().into_iter().flat_map(Members::iter);
    let ranked = members.filter_map(|(media, content)| {
        let kind = MediaKind::new(media, content);
        Some((rank(media, kind)?, (media, kind)))
    });
    // Of several media types with the same rank, the first one is used.
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, used)| used)
}
