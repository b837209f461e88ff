//! Compares the public API of each venue with a snapshot. A reviewer reads it first when a spec
//! changes.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use venuekit_codegen::Spec;

#[test]
fn the_public_api_of_each_venue_is_as_reviewed() {
    for venue in venuekit_venues::VENUES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(venue.spec);
        let text = std::fs::read_to_string(file).unwrap();
        let api = venuekit_codegen::read(&Spec::new(venue.spec, text)).unwrap();
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots/outline" }, {
            insta::assert_snapshot!(venue.venue.name(), venuekit_codegen::model::outline(&api));
        });
    }
}
