//! Tests the contents and the features of the packages of this workspace, as cargo lists them.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the packages that `cargo metadata` lists without a `publish` key, so that they can be
/// published.
fn published() -> Vec<Value> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1", "--offline"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.filter(|package| package["publish"].is_null()).cloned().collect()
}

#[test]
fn each_published_package_has_both_licences_and_a_readme() {
    let packages = published();
    assert!(packages.len() > 10, "{} published packages (expected more than 10)", packages.len());
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        let listed = cargo(&["package", "--list", "--allow-dirty", "--offline", "-p", name]);
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "README.md"] {
            assert!(listed.lines().any(|line| line == file), "{name} has no {file}");
        }
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let ours = fs::read(repository().join(licence)).unwrap();
            assert_eq!(fs::read(folder.join(licence)).unwrap(), ours, "{name}: {licence} has another text");
        }
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        assert_eq!(package["readme"], "README.md", "{name}");
    }
}

#[test]
fn docs_rs_shows_all_features_of_each_published_package() {
    for package in published() {
        assert_eq!(package["metadata"]["docs"]["rs"]["all-features"], true, "{}", package["name"]);
    }
}

/// Without its default features, a client has no HTTP library, and the user brings a transport.
#[test]
fn a_client_without_its_default_features_does_not_depend_on_reqwest() {
    for package in published() {
        let name = package["name"].as_str().unwrap();
        if !name.starts_with("venuekit-") || !package["features"].as_object().unwrap().contains_key("reqwest") {
            continue;
        }
        let tree = |more: &[&str]| {
            let tree = ["tree", "--offline", "--edges=normal", "--prefix=none", "--package", name];
            cargo(&[&tree, more].concat())
        };
        let has_reqwest = |tree: &str| tree.lines().any(|line| line.starts_with("reqwest "));
        assert!(has_reqwest(&tree(&[])), "{name}");
        assert!(!has_reqwest(&tree(&["--no-default-features"])), "{name}");
    }
}
