//! The order of publication: a package comes after all packages that it depends on, except
//! dev-dependencies without a version.

use std::collections::BTreeSet;

use semver::VersionReq;

use super::package::{Package, Requirement};

/// Sorts packages into the order of publication, and by name where the order is free. Returns an
/// error if packages depend on each other.
pub(super) fn sort(mut rest: Vec<Package>) -> Result<Vec<Package>, String> {
    rest.sort_by(|a, b| a.name.cmp(&b.name));
    let mut sorted = Vec::new();
    while !rest.is_empty() {
        let waiting: BTreeSet<&str> = rest.iter().map(|package| package.name.as_str()).collect();
        let is_ready = |package: &Package| {
            !package.requirements.iter().any(|needed| is_published(needed) && waiting.contains(needed.package.as_str()))
        };
        let Some(next) = rest.iter().position(is_ready) else {
            let names: Vec<&str> = waiting.into_iter().collect();
            return Err(format!(
                "there is no order of publication, because these depend on each other: {}\n\
                 help: leave out the version of a dev-dependency; it is not published then",
                names.join(", ")
            ));
        };
        sorted.push(rest.remove(next));
    }
    Ok(sorted)
}

/// Returns whether cargo keeps a requirement in the published manifest. Cargo drops
/// dev-dependencies without a version.
fn is_published(requirement: &Requirement) -> bool {
    !(requirement.is_dev && requirement.version == "*")
}

/// Returns a message for each requirement that the packages of this release do not meet.
pub(super) fn faults(packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages {
        for needed in package.requirements.iter().filter(|needed| is_published(needed)) {
            let (name, on, version) = (&package.name, &needed.package, &needed.version);
            let Some(found) = packages.iter().find(|package| package.name == *on) else {
                faults.push(format!("{name} needs {on}, which is not published"));
                continue;
            };
            if version == "*" {
                faults.push(format!("{name} needs {on} without a version"));
            } else if !VersionReq::parse(version).is_ok_and(|required| required.matches(&found.version)) {
                faults.push(format!("{name} needs {on} {version}, but the release has {}", found.version));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use semver::Version;

    use super::{faults, sort};
    use crate::release::package::{Package, Requirement};

    fn package(name: &str, requirements: &[(&str, &str, bool)]) -> Package {
        let requirement = |(package, version, is_dev): &(&str, &str, bool)| Requirement {
            package: (*package).to_owned(),
            version: (*version).to_owned(),
            is_dev: *is_dev,
        };
        Package {
            name: name.to_owned(),
            folder: PathBuf::new(),
            readme: None,
            old_version: Version::new(0, 1, 0),
            version: Version::new(0, 1, 0),
            inherits_version: true,
            tag: String::new(),
            is_released: false,
            requirements: requirements.iter().map(requirement).collect(),
        }
    }

    fn names(packages: &[Package]) -> Vec<&str> {
        packages.iter().map(|package| package.name.as_str()).collect()
    }

    #[test]
    fn a_package_comes_after_its_dependencies() {
        let packages = vec![
            package("a", &[("c", "^0.1.0", false)]),
            package("b", &[("d", "^0.1.0", true), ("a", "^0.1.0", false)]),
            package("c", &[("b", "*", true)]),
            package("d", &[]),
        ];
        assert_eq!(names(&sort(packages).unwrap()), ["c", "a", "d", "b"]);
    }

    #[test]
    fn packages_that_depend_on_each_other_are_named() {
        let packages =
            vec![package("a", &[("b", "^0.1.0", false)]), package("b", &[("a", "^0.1.0", true)]), package("c", &[])];
        let said = sort(packages).unwrap_err();
        assert!(
            said.starts_with("there is no order of publication, because these depend on each other: a, b\n"),
            "{said}"
        );
    }

    #[test]
    fn requirements_that_no_registry_can_meet_are_errors() {
        let packages = [
            package("a", &[("b", "^0.2.0", false), ("b", "*", false), ("b", "*", true), ("b", "^0.1.0", true)]),
            package("b", &[("tests", "*", true), ("tests", "^0.1.0", true), ("tests", "*", false)]),
        ];
        let expected = [
            "a needs b ^0.2.0, but the release has 0.1.0",
            "a needs b without a version",
            "b needs tests, which is not published",
            "b needs tests, which is not published",
        ];
        assert_eq!(faults(&packages), expected);
    }
}
