//! What OpenAPI and OpenRPC have in common.

use crate::spec::check::grammar::{DESCRIPTION, DEVIATION, EVIDENCE, Form, Key, Shape, Sort, may, must, not};

pub(super) static INFO: Shape = Shape {
    sort: Sort::Info,
    keys: &[
        must("title", Form::Words, "title: Acme Spot API"),
        must("version", Form::Words, "version: '1.0'"),
        DESCRIPTION,
        may("termsOfService", Form::Text),
        may("contact", Form::Object(&CONTACT)),
        may("license", Form::Object(&LICENSE)),
        EVIDENCE,
        not("summary", "`info.summary` is OpenAPI 3.1's", "make it the first line of the description"),
    ],
};

static CONTACT: Shape =
    Shape { sort: Sort::Contact, keys: &[may("name", Form::Text), may("url", Form::Text), may("email", Form::Text)] };

static LICENSE: Shape =
    Shape { sort: Sort::License, keys: &[must("name", Form::Words, "name: MIT"), may("url", Form::Text)] };

pub(super) static EXTERNAL_DOCS: Shape =
    Shape { sort: Sort::ExternalDocs, keys: &[must("url", Form::Words, "url: https://docs.example.com"), DESCRIPTION] };

pub(super) const INFO_KEY: Key = must("info", Form::Object(&INFO), "info: {title: Acme Spot API, version: '1.0'}");

pub(super) const EXTERNAL_DOCS_KEY: Key = may("externalDocs", Form::Object(&EXTERNAL_DOCS));

pub(super) static SECURITY_SCHEME: Shape = Shape {
    sort: Sort::SecurityScheme,
    keys: &[
        must("type", Form::Text, "type: apiKey"),
        must("in", Form::Text, "in: header"),
        must("name", Form::Words, "name: X-API-KEY, the header's or parameter's name on the wire"),
        DESCRIPTION,
        may("x-signature", Form::Flag),
        DEVIATION,
        EVIDENCE,
        not("scheme", "HTTP authentication is not supported", AS_API_KEY),
        not("bearerFormat", "HTTP authentication is not supported", AS_API_KEY),
        not("flows", "OAuth is not supported", AS_API_KEY),
        not("openIdConnectUrl", "OpenID Connect is not supported", AS_API_KEY),
    ],
};

const AS_API_KEY: &str = "describe the header that carries it: type: apiKey, in: header, name: Authorization";

/// A list of requirements, each an object from a scheme's name to scopes.
pub(super) const REQUIREMENTS: Form = Form::List(&Form::Map(&Form::List(&Form::Text)));
