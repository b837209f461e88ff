//! Describes the objects of overlays 1.0 and 1.1.

use super::grammar::{DESCRIPTION, Form, ObjectKind, Shape, optional, required};

pub(in crate::source) static OVERLAY: Shape = Shape {
    kind: ObjectKind::Overlay,
    keys: &[
        required("overlay", Form::Text, "overlay: 1.1.0"),
        required("info", Form::Object(&INFO), "info: {title: Extensions of Acme Spot, version: 1.0.0}"),
        optional("extends", Form::Text),
        required("actions", Form::List(&Form::Object(&ACTION)), "actions: [{target: $.info, update: {..}}]"),
    ],
};

static INFO: Shape = Shape {
    kind: ObjectKind::OverlayInfo,
    keys: &[
        required("title", Form::NonEmpty, "title: Extensions of Acme Spot"),
        required("version", Form::NonEmpty, "version: 1.0.0"),
        DESCRIPTION,
    ],
};

static ACTION: Shape = Shape {
    kind: ObjectKind::OverlayAction,
    keys: &[
        required("target", Form::NonEmpty, "target: $.paths['/v1/orders'].get"),
        DESCRIPTION,
        optional("update", Form::Data),
        optional("remove", Form::Flag),
        optional("copy", Form::NonEmpty),
    ],
};
