//! Describes the objects that OpenAPI and OpenRPC share.

use super::grammar::{DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, ObjectKind, Shape, optional, refused, required};

pub(in crate::source) static INFO: Shape = Shape {
    kind: ObjectKind::Info,
    keys: &[
        required("title", Form::NonEmpty, "title: Acme Spot API"),
        required("version", Form::NonEmpty, "version: '1.0'"),
        DESCRIPTION,
        optional("termsOfService", Form::Text),
        optional("contact", Form::Object(&CONTACT)),
        optional("license", Form::Object(&LICENSE)),
        EVIDENCE,
        refused("summary", "`info.summary` is part of OpenAPI 3.1", "make it the first line of the description"),
    ],
};

pub(in crate::source) static CONTACT: Shape = Shape {
    kind: ObjectKind::Contact,
    keys: &[optional("name", Form::Text), optional("url", Form::Text), optional("email", Form::Text)],
};

pub(in crate::source) static LICENSE: Shape = Shape {
    kind: ObjectKind::License,
    keys: &[required("name", Form::NonEmpty, "name: MIT"), optional("url", Form::Text)],
};

pub(in crate::source) static EXTERNAL_DOCS: Shape = Shape {
    kind: ObjectKind::ExternalDocs,
    keys: &[required("url", Form::NonEmpty, "url: https://docs.example.com"), DESCRIPTION],
};

pub(in crate::source) const INFO_KEY: Key =
    required("info", Form::Object(&INFO), "info: {title: Acme Spot API, version: '1.0'}");

pub(in crate::source) const EXTERNAL_DOCS_KEY: Key = optional("externalDocs", Form::Object(&EXTERNAL_DOCS));

pub(in crate::source) static SECURITY_SCHEME: Shape = Shape {
    kind: ObjectKind::SecurityScheme,
    keys: &[
        required("type", Form::Text, "type: apiKey"),
        required("in", Form::Text, "in: header"),
        required("name", Form::NonEmpty, "name: X-API-KEY, the header's or parameter's name on the wire"),
        DESCRIPTION,
        optional("x-signature", Form::Flag),
        optional("x-fills", Form::List(&Form::NonEmpty)),
        DEVIATION,
        EVIDENCE,
        optional("scheme", Form::Text),
        optional("bearerFormat", Form::Text),
        optional("flows", Form::Data),
        optional("openIdConnectUrl", Form::Text),
    ],
};

/// A list of security requirements. Each is an object that maps the names of schemes to lists of
/// scopes.
pub(in crate::source) const REQUIREMENTS: Form = Form::List(&Form::Map(&Form::List(&Form::Text)));
