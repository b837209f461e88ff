//! Describes the extensions of an API that is called over a socket.

use super::grammar::{Form, Key, ObjectKind, Shape, optional, required};
use super::schema::SCHEMA;
use crate::source::references::ComponentKind;

pub(in crate::source) const SOCKET: Key = optional("x-socket", Form::Object(&SOCKET_SHAPE));
pub(in crate::source) const SUBSCRIPTION: Key = optional("x-subscription", Form::Object(&SUBSCRIPTION_SHAPE));

pub(in crate::source) static SOCKET_SHAPE: Shape = Shape {
    kind: ObjectKind::Socket,
    keys: &[
        optional("login", Form::NonEmpty),
        optional("other-logins", Form::List(&Form::NonEmpty)),
        optional("ping", Form::NonEmpty),
        optional("ping-interval", Form::Text),
    ],
};

pub(in crate::source) static SUBSCRIPTION_SHAPE: Shape = Shape {
    kind: ObjectKind::Subscription,
    keys: &[
        required("name", Form::NonEmpty, "name: depth"),
        required("notification", Form::NonEmpty, "notification: depth.update"),
        required(
            "params",
            Form::OrRef(ComponentKind::Schema, &SCHEMA),
            "params: {$ref: '#/components/schemas/DepthUpdate'}",
        ),
        required("unsubscribe", Form::NonEmpty, "unsubscribe: depth.unsubscribe"),
        required(
            "content",
            Form::Choice(&["states", "deltas", "events"]),
            "content: states, content: deltas, or content: events",
        ),
        optional("topics", Form::Choice(&["single", "list", "rows", "rows-or-single", "ids"])),
        optional("empty-list", Form::Choice(&["all"])),
        optional("topic-at", Form::Text),
        optional("topic-keys-at", Form::Text),
        optional("snapshot-flag", Form::Text),
        optional("first-is-snapshot", Form::Flag),
        optional("elements", Form::Object(&ELEMENTS_SHAPE)),
        optional("entity", Form::Object(&ENTITY_SHAPE)),
        optional("recovery", Form::Object(&RECOVERY_SHAPE)),
        optional("promised-interval", Form::Text),
    ],
};

pub(in crate::source) static ELEMENTS_SHAPE: Shape = Shape {
    kind: ObjectKind::Elements,
    keys: &[
        required("at", Form::Text, "at: /1"),
        required("id", Form::Text, "id: /id"),
        optional("change", Form::Flag),
    ],
};

pub(in crate::source) static ENTITY_SHAPE: Shape = Shape {
    kind: ObjectKind::Entity,
    keys: &[
        optional("at", Form::Text),
        optional("id", Form::Text),
        optional("members-of", Form::Text),
        optional("done-at", Form::Text),
        optional("done", Form::Data),
    ],
};

pub(in crate::source) static RECOVERY_SHAPE: Shape = Shape {
    kind: ObjectKind::Recovery,
    keys: &[
        required("query", Form::NonEmpty, "query: deals.query"),
        required("as", Form::NonEmpty, "as: '[$topic,[$elements]]'"),
        optional("topic", Form::NonEmpty),
        optional("topic-list", Form::Flag),
        optional("values", Form::Map(&Form::Data)),
        optional("own", Form::Map(&Form::NonEmpty)),
        optional("last-id", Form::NonEmpty),
        optional("times", Form::Object(&TIMES_SHAPE)),
        optional("full-at", Form::Count),
        optional("pages", Form::Object(&PAGES_SHAPE)),
        optional("elements-at", Form::Text),
        optional("id-at", Form::Text),
    ],
};

pub(in crate::source) static TIMES_SHAPE: Shape = Shape {
    kind: ObjectKind::Times,
    keys: &[
        required("unit", Form::Choice(&["s", "ms"]), "unit: s, or unit: ms"),
        required("now", Form::NonEmpty, "now: end, the name of a parameter"),
    ],
};

pub(in crate::source) static PAGES_SHAPE: Shape = Shape {
    kind: ObjectKind::Pages,
    keys: &[
        required("offset", Form::NonEmpty, "offset: offset, the name of a parameter"),
        required("limit", Form::NonEmpty, "limit: limit, the name of a parameter"),
        required("size", Form::Count, "size: 100"),
    ],
};
