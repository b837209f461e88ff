//! A package of the workspace, with the data of a release.

use std::path::PathBuf;

use semver::Version;

/// A package that is published to a registry.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) readme: Option<String>,
    /// The version in the working tree.
    pub(super) old_version: Version,
    /// The version of this release.
    pub(super) version: Version,
    /// True if the package takes the version of the workspace.
    pub(super) inherits_version: bool,
    pub(super) tag: String,
    /// True if the tag of this version exists.
    pub(super) is_released: bool,
    /// The packages of this workspace that this package depends on.
    pub(super) requirements: Vec<Requirement>,
}

#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) package: String,
    /// The required version; `*` if the manifest gives none.
    pub(super) version: String,
    pub(super) is_dev: bool,
}
