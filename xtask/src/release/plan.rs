//! The plan of a release: its packages, tags and edits.

use std::fs;
use std::path::Path;

use semver::Version;

use crate::cargo::{self, Metadata};

use super::package::{Package, Requirement};
use super::{changelog, git, manifest, order};

/// A file that the release writes. The path is relative to the repository.
#[derive(Debug)]
pub(super) struct Edit {
    pub(super) path: &'static str,
    pub(super) old: String,
    pub(super) new: String,
}

#[derive(Debug)]
pub(super) struct Plan {
    /// The version of the workspace. The release is named after it.
    pub(super) version: Version,
    old_version: Version,
    /// The packages, in the order of publication.
    pub(super) packages: Vec<Package>,
    pub(super) edits: Vec<Edit>,
    /// The reason why the changelog has no edit; `None` if it has one.
    pub(super) changelog_fault: Option<String>,
}

impl Plan {
    pub(super) fn new(root: &Path, version: Option<&Version>, date: &str) -> Result<Self, String> {
        let old_manifest = read(root, "Cargo.toml")?;
        let old_version = manifest::workspace_version(&old_manifest)?;
        let version = version.unwrap_or(&old_version).clone();
        if version < old_version {
            return Err(format!("{version} is lower than {old_version}, the version in Cargo.toml"));
        }
        let metadata = Metadata::read(root)?;
        let packages = packages(root, &metadata, &old_version, &version)?;
        let mut edits = Vec::new();
        let repository = metadata.published().into_iter().find_map(|package| package.repository.clone());
        let repository = repository.ok_or("no published package names its `repository`")?;
        let old = fs::read_to_string(root.join("CHANGELOG.md")).unwrap_or_default();
        let changelog_fault = match changelog::release(&old, &version.to_string(), date, &repository) {
            Ok(new) => {
                edits.push(Edit { path: "CHANGELOG.md", old, new });
                None
            }
            Err(fault) => Some(fault),
        };
        if version != old_version {
            let inheriting: Vec<String> = packages
                .iter()
                .filter(|package| package.inherits_version)
                .map(|package| package.name.clone())
                .collect();
            let new = manifest::with_version(&old_manifest, &version, &inheriting)?;
            edits.push(Edit { path: "Cargo.toml", old: old_manifest, new });
        }
        Ok(Self { version, old_version, packages, edits, changelog_fault })
    }

    pub(super) fn has_new_version(&self) -> bool {
        self.version != self.old_version
    }

    /// Returns the packages that are not released at their version yet.
    pub(super) fn to_publish(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| !package.is_released)
    }

    /// Returns the tags of the packages to publish, without repetition.
    pub(super) fn tags(&self) -> Vec<&str> {
        let mut tags = Vec::new();
        for package in self.to_publish() {
            if !tags.contains(&package.tag.as_str()) {
                tags.push(&package.tag);
            }
        }
        tags
    }
}

fn packages(root: &Path, metadata: &Metadata, old: &Version, new: &Version) -> Result<Vec<Package>, String> {
    let tags = git::tags(root)?;
    let mut packages = Vec::new();
    for package in metadata.published() {
        let name = &package.name;
        let manifest = read(package.folder(), "Cargo.toml")?;
        let inherits_version = manifest::inherits_version(&manifest);
        let old_version =
            Version::parse(&package.version).map_err(|error| format!("the version of {name}: {error}"))?;
        let version = if inherits_version { new.clone() } else { old_version.clone() };
        let tag = if inherits_version { format!("v{version}") } else { format!("{name}-v{version}") };
        packages.push(Package {
            name: name.clone(),
            folder: package.folder().to_owned(),
            readme: package.readme.clone(),
            old_version,
            version,
            inherits_version,
            is_released: tags.contains(&tag),
            tag,
            requirements: package.dependencies.iter().filter_map(requirement).collect(),
        });
    }
    raise_requirements(&mut packages, old, new);
    order::sort(packages)
}

/// Returns the requirement of a dependency on a package of this workspace; `None` for any other.
fn requirement(dependency: &cargo::Dependency) -> Option<Requirement> {
    dependency.path.as_ref()?;
    Some(Requirement {
        package: dependency.name.clone(),
        version: dependency.req.clone(),
        is_dev: dependency.kind.as_deref() == Some("dev"),
    })
}

/// Raises the requirements `^old` on packages that inherit their version, as the release does in
/// `[workspace.dependencies]`.
fn raise_requirements(packages: &mut [Package], old: &Version, new: &Version) {
    let inheriting: Vec<String> =
        packages.iter().filter(|package| package.inherits_version).map(|package| package.name.clone()).collect();
    for requirement in packages.iter_mut().flat_map(|package| &mut package.requirements) {
        if inheriting.contains(&requirement.package) && requirement.version == format!("^{old}") {
            requirement.version = format!("^{new}");
        }
    }
}

fn read(folder: &Path, file: &str) -> Result<String, String> {
    let path = folder.join(file);
    fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
