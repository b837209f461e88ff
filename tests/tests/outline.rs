//! Compares the public API of each venue with a snapshot. A reviewer reads it first when a spec
//! changes.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/specs.rs"]
mod specs;

use std::fs;
use std::path::Path;

#[test]
fn the_public_api_of_each_venue_is_as_reviewed() {
    for venue in venuekit_venues::VENUES {
        let api = specs::api(venue);
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots/outline" }, {
            insta::assert_snapshot!(venue.venue.name(), venuekit_codegen::model::outline(&api));
        });
    }
}

#[test]
fn the_overlay_beside_a_spec_is_part_of_the_api() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spec_with_overlay");
    fs::create_dir_all(root.join("specs")).unwrap();
    let spec = "openapi: 3.0.3\ninfo: {title: Acme, version: '1'}\npaths:\n  /ping:\n    get:\n      \
                responses: {'200': {description: ok}}\n";
    let overlay = "overlay: 1.0.0\ninfo: {title: Acme, version: '1'}\nactions:\n  - target: $.paths['/ping'].get\n    \
                   update: {operationId: areYouThere}\n";
    fs::write(root.join("specs/acme.yaml"), spec).unwrap();
    fs::write(root.join("specs/acme.overlay.yaml"), overlay).unwrap();
    let api = specs::api_in(&root, "specs/acme.yaml");
    assert_eq!(api.operations[0].id, "areYouThere");
}
