//! Reads and raises the versions in the `Cargo.toml` of the workspace.
//!
//! Versions are replaced in the text, line by line, so that all other text stays unchanged. `toml`
//! then checks the result. `toml_edit` would be a second parser beside `toml`.

use semver::Version;
use toml::Table;

/// Returns the version in `[workspace.package]`, which packages can inherit.
pub(super) fn workspace_version(text: &str) -> Result<Version, String> {
    let manifest: Table = text.parse().map_err(|error| format!("Cargo.toml cannot be read: {error}"))?;
    let version = manifest.get("workspace").and_then(|workspace| workspace.get("package")?.get("version")?.as_str());
    let version = version.ok_or("Cargo.toml has no version in [workspace.package]")?;
    Version::parse(version).map_err(|error| format!("Cargo.toml: `{version}` is not a version: {error}"))
}

/// Returns whether the manifest of a package inherits the workspace's version. Returns false if it
/// cannot be parsed.
pub(super) fn inherits_version(text: &str) -> bool {
    let manifest: Option<Table> = text.parse().ok();
    let version = manifest.as_ref().and_then(|manifest| manifest.get("package")?.get("version"));
    version.and_then(|version| version.get("workspace")) == Some(&toml::Value::Boolean(true))
}

/// Returns the manifest of the workspace with a new version, in `[workspace.package]` and in the
/// dependencies on the packages in `inheriting`. All other text stays, byte for byte.
///
/// Returns an error if a version is written in a form that cannot be replaced.
pub(super) fn with_version(text: &str, version: &Version, inheriting: &[String]) -> Result<String, String> {
    let mut section = "";
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            section = trimmed;
        }
        let key = line.split(['=', '.']).next().unwrap_or_default().trim().trim_matches('"');
        let has_it = match section {
            "[workspace.package]" => key == "version",
            "[workspace.dependencies]" => inheriting.iter().any(|name| name == key) && line.contains("path"),
            _ => false,
        };
        out.push_str(&if has_it {
            replaced(line, version).unwrap_or_else(|| line.to_owned())
        } else {
            line.to_owned()
        });
    }
    check(&out, version, inheriting)?;
    Ok(out)
}

/// Returns the line with the new version in `version = ".."`; `None` if the line has no such text.
fn replaced(line: &str, version: &Version) -> Option<String> {
    let (before, rest) = line.split_at(line.find("version")?);
    let (key, rest) = rest.split_once('"')?;
    let (_, after) = rest.split_once('"')?;
    Some(format!("{before}{key}\"{version}\"{after}"))
}

/// Returns an error if a version was not replaced because of its form.
fn check(text: &str, version: &Version, inheriting: &[String]) -> Result<(), String> {
    let found = workspace_version(text)?;
    if found != *version {
        return Err(format!("the version in [workspace.package] is still {found}; write it in one line"));
    }
    let manifest: Table = text.parse().map_err(|error| format!("Cargo.toml cannot be read: {error}"))?;
    let dependencies = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies")?.as_table());
    for (name, dependency) in dependencies.into_iter().flatten() {
        let required = dependency.get("version").and_then(toml::Value::as_str);
        let is_ours = inheriting.contains(name) && dependency.get("path").is_some();
        if is_ours && required.is_some_and(|required| required != version.to_string()) {
            return Err(format!(
                "the version of `{name}` in [workspace.dependencies] is still {}; write it in one line",
                required.unwrap_or_default()
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{inherits_version, with_version, workspace_version};

    const MANIFEST: &str = r#"[workspace.package]
version = "0.1.0" # of all
rust-version = "1.88"

[workspace.dependencies]
venuekit = { version = "0.1.0", path = "runtime" }
venuekit-auth = { path = "auth/core", version = "0.1.0" }
venuekit-tiny = { version = "0.1.0", path = "generated/tiny" }
serde = { version = "1", features = ["derive"] }

[profile.dev]
version = "0.1.0"
"#;

    fn ours() -> Vec<String> {
        ["venuekit", "venuekit-auth"].map(str::to_owned).to_vec()
    }

    #[test]
    fn only_versions_of_packages_that_inherit_theirs_change() {
        let new = with_version(MANIFEST, &Version::new(0, 2, 0), &ours()).unwrap();
        let changed: Vec<&str> =
            new.lines().zip(MANIFEST.lines()).filter(|(new, old)| new != old).map(|(new, _)| new).collect();
        let expected = [
            "version = \"0.2.0\" # of all",
            "venuekit = { version = \"0.2.0\", path = \"runtime\" }",
            "venuekit-auth = { path = \"auth/core\", version = \"0.2.0\" }",
        ];
        assert_eq!(changed, expected);
        assert_eq!(workspace_version(&new), Ok(Version::new(0, 2, 0)));
    }

    #[test]
    fn a_version_that_cannot_be_replaced_in_its_line_is_an_error() {
        let table = MANIFEST.replace(
            "venuekit = { version = \"0.1.0\", path = \"runtime\" }\n",
            "\n[workspace.dependencies.venuekit]\nversion = \"0.1.0\"\npath = \"runtime\"\n\n[workspace.dependencies]\n",
        );
        assert!(with_version(&table, &Version::new(0, 2, 0), &ours()).is_err());
        let dotted = "[workspace]\npackage.version = \"0.1.0\"\n";
        let said = with_version(dotted, &Version::new(0, 2, 0), &[]).unwrap_err();
        assert_eq!(said, "the version in [workspace.package] is still 0.1.0; write it in one line");
        assert!(workspace_version("[workspace]").is_err());
    }

    #[test]
    fn a_package_inherits_its_version_in_either_form() {
        assert!(inherits_version("[package]\nversion.workspace = true"));
        assert!(inherits_version("[package]\nversion = { workspace = true }"));
        assert!(!inherits_version("[package]\nversion = \"0.1.0\""));
        assert!(!inherits_version("[package"));
    }
}
