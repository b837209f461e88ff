//! The lists of venues outside generated/. `cargo xtask codegen` writes them from the repository.
//!
//! - The table of venues in `README.md`, from the specs.
//! - The signing crates in `[workspace.dependencies]` of `Cargo.toml`, from the folders in `auth/`.
//! - The profiles of the mock in `mock/src/venues/mod.rs`, from the files beside it.
//! - The features of the mock in `mock/Cargo.toml`, one per venue, from the specs.
//!
//! A list is not written if its file (or the folder `mock/src/venues`) does not exist, or if
//! `README.md` or `mock/Cargo.toml` has no marks for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use venuekit_codegen::model::{Protocol, Security};
use venuekit_codegen::{Api, Workspace};

use crate::specs::{self, Files};

const TABLE_BEGINS: &str = "<!-- `cargo xtask codegen` writes this table -->\n";
const TABLE_ENDS: &str = "<!-- end of the table -->\n";
const FEATURES_BEGIN: &str = "# `cargo xtask codegen` writes these features.\n";
const FEATURES_END: &str = "# The end of these features.\n";
const SIGNERS: &str = "venuekit-auth-";

/// Returns the files that have a list of venues, each with its wanted text.
pub(crate) fn files(
    root: &Path,
    specs: &BTreeMap<String, Files<PathBuf>>,
    workspace: Option<&Workspace>,
) -> Result<BTreeMap<String, String>, String> {
    let mut files = BTreeMap::new();
    if let Some(text) = read(&root.join("README.md"))?
        && let Some((before, rest)) = text.split_once(TABLE_BEGINS)
        && let Some((_, after)) = rest.split_once(TABLE_ENDS)
        && let Some(table) = table(root, specs)
    {
        files.insert("README.md".to_owned(), format!("{before}{TABLE_BEGINS}\n{table}\n{TABLE_ENDS}{after}"));
    }
    if let Some(text) = read(&root.join("Cargo.toml"))?
        && let Some(workspace) = workspace
    {
        files.insert("Cargo.toml".to_owned(), with_signers(&text, workspace));
    }
    let profiles = "mock/src/venues";
    if root.join(profiles).is_dir() {
        files.insert(format!("{profiles}/mod.rs"), registry(&root.join(profiles), specs)?);
    }
    if let Some(text) = read(&root.join("mock/Cargo.toml"))?
        && let Some((before, rest)) = text.split_once(FEATURES_BEGIN)
        && let Some((_, after)) = rest.split_once(FEATURES_END)
    {
        let features = features(specs);
        files.insert("mock/Cargo.toml".to_owned(), format!("{before}{FEATURES_BEGIN}{features}{FEATURES_END}{after}"));
    }
    Ok(files)
}

/// Returns the features of the mock: one per venue, and one for all.
fn features(specs: &BTreeMap<String, Files<PathBuf>>) -> String {
    let names: Vec<String> = specs.keys().map(|venue| format!("\"{venue}\"")).collect();
    let each: String = specs.keys().map(|venue| format!("{venue} = [\"venuekit-venues/{venue}\"]\n")).collect();
    format!("all-venues = [{}]\n{each}", names.join(", "))
}

/// Reads a file; `None` if it does not exist.
fn read(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// Returns the table of venues; `None` if a spec cannot be read. The fault is not reported here.
fn table(root: &Path, specs: &BTreeMap<String, Files<PathBuf>>) -> Option<String> {
    let mut table = "| venue | API | operations | public | crate |\n|---|---|---|---|---|\n".to_owned();
    for files in specs.values() {
        let api = venuekit_codegen::read(&specs::read(root, files).ok()?).ok()?;
        // Writing to a `String` cannot fail.
        let _ = writeln!(table, "{}", row(&api));
    }
    Some(table)
}

fn row(api: &Api) -> String {
    let venue = &api.venue;
    let remarks = [
        matches!(api.protocol, Protocol::JsonRpc(_)).then_some("JSON-RPC"),
        api.servers.is_empty().then_some("no public host"),
    ];
    let remarks: Vec<&str> = remarks.into_iter().flatten().collect();
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    let title = format!("{} {}{remarks}", venue.title, venue.api_version).replace('|', "\\|");
    let public = api.callable().filter(|operation| operation.security == Security::Public).count();
    let (name, package, count) = (&venue.name, &venue.package, api.callable().count());
    format!("| `{name}` | {title} | {count} | {public} | [`{package}`](generated/{name}/README.md) |")
}

/// Returns the manifest with one line for each signing crate of the workspace.
fn with_signers(text: &str, workspace: &Workspace) -> String {
    let version = text.parse::<toml::Table>().ok();
    let version =
        version.as_ref().and_then(|manifest| manifest.get("workspace")?.get("package")?.get("version")?.as_str());
    let version = version.map(|version| format!("version = \"{version}\", ")).unwrap_or_default();
    let mut wanted: Vec<String> = (workspace.packages.iter())
        .filter(|(name, _)| name.starts_with(SIGNERS))
        .map(|(name, folder)| format!("{name} = {{ {version}path = \"{folder}\" }}\n"))
        .collect();
    wanted.sort();
    let is_signer = |line: &str| line.starts_with(SIGNERS) && line.contains("path = ");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // The lines take the place of the first signing crate in the list. If the list has no signing
    // crate, they go below `venuekit-auth`, or to the beginning of the section.
    let section = lines.iter().position(|line| line.trim_end() == "[workspace.dependencies]");
    let place = lines.iter().position(|line| is_signer(line)).or_else(|| {
        let own = lines.iter().rposition(|line| line.starts_with("venuekit-auth ")).or(section)?;
        Some(own + 1)
    });
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if Some(index) == place {
            wanted.drain(..).for_each(|line| out.push_str(&line));
        }
        if !is_signer(line) {
            out.push_str(line);
        }
    }
    if place == Some(lines.len()) {
        wanted.drain(..).for_each(|line| out.push_str(&line));
    } else if place.is_none() && !wanted.is_empty() {
        out.push_str("\n[workspace.dependencies]\n");
        wanted.drain(..).for_each(|line| out.push_str(&line));
    }
    out
}

/// Returns the source of the module that declares the profiles in a folder. Returns an error if a
/// profile belongs to no venue.
fn registry(folder: &Path, specs: &BTreeMap<String, Files<PathBuf>>) -> Result<String, String> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
    let mut profiles = BTreeMap::new();
    for path in entries.into_iter().map(|entry| entry.path()) {
        let Some(module) = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "mod") else {
            continue;
        };
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let venue = specs.keys().find(|venue| venue.replace(['-', '.'], "_") == module);
        let venue = venue.ok_or_else(|| {
            format!("{} is a profile without a venue\n  help: name it as the spec, or delete it", path.display())
        })?;
        profiles.insert(module.to_owned(), venue);
    }
    let modules: String =
        (profiles.iter()).map(|(module, venue)| format!("#[cfg(feature = \"{venue}\")]\nmod {module};\n")).collect();
    let arms: String = (profiles.iter())
        .map(|(module, venue)| {
            format!("        #[cfg(feature = \"{venue}\")]\n        \"{venue}\" => Some(&{module}::PROFILE),\n")
        })
        .collect();
    let all: String = specs.keys().map(|venue| format!("    (\"{venue}\", cfg!(feature = \"{venue}\")),\n")).collect();
    Ok(format!(
        "//! @generated by `cargo xtask codegen` from the files in this folder. Do not edit this file.

{modules}
use crate::profile::Profile;

/// All venues, and whether the feature of each is on.
pub(crate) const VENUES: &[(&str, bool)] = &[
{all}];

/// Returns the profile of a venue; `None` if it has none of its own, or if its feature is off.
pub(crate) fn profile_of(venue: &str) -> Option<&'static Profile> {{
    match venue {{
{arms}        _ => None,
    }}
}}
"
    ))
}

#[cfg(test)]
mod tests {
    use venuekit_codegen::Workspace;

    use super::with_signers;

    fn workspace(signers: &[&str]) -> Workspace {
        let package = |name: &&str| (format!("venuekit-auth-{name}"), format!("auth/{name}"));
        Workspace { signers: Vec::new(), packages: signers.iter().map(package).collect() }
    }

    #[test]
    fn a_manifest_lists_the_signing_crates_and_keeps_all_other_lines() {
        let manifest = "[workspace.package]
version = \"0.3.0\"

[workspace.dependencies]
venuekit = { path = \"runtime\" } # ours
venuekit-auth = { path = \"auth/core\" }
venuekit-auth-gone = { version = \"0.2.0\", path = \"auth/gone\" }
venuekit-auth-tiny = { version = \"0.2.0\", path = \"auth/tiny\" }
venuekit-auth-foreign = \"1\"
zeroize = \"1\"
";
        let expected = manifest
            .replace("venuekit-auth-gone = { version = \"0.2.0\", path = \"auth/gone\" }\n", "")
            .replace("venuekit-auth-tiny = { version = \"0.2.0\"", "venuekit-auth-odd = { version = \"0.3.0\", path = \"auth/odd\" }\nvenuekit-auth-tiny = { version = \"0.3.0\"");
        assert_eq!(with_signers(manifest, &workspace(&["tiny", "odd"])), expected);
        assert_eq!(with_signers(&expected, &workspace(&["tiny", "odd"])), expected);
    }

    #[test]
    fn the_first_signing_crate_is_listed_below_venuekit_auth_or_at_the_start_of_the_section() {
        let line = "venuekit-auth-tiny = { path = \"auth/tiny\" }\n";
        for (manifest, expected) in [
            ("[workspace]\n", format!("[workspace]\n\n[workspace.dependencies]\n{line}")),
            ("[workspace.dependencies]\n", format!("[workspace.dependencies]\n{line}")),
            (
                "[workspace.dependencies]\nvenuekit-auth = { path = \"a\" }\nz = \"1\"\n",
                format!("[workspace.dependencies]\nvenuekit-auth = {{ path = \"a\" }}\n{line}z = \"1\"\n"),
            ),
        ] {
            assert_eq!(with_signers(manifest, &workspace(&["tiny"])), expected);
            assert_eq!(with_signers(manifest, &workspace(&[])), manifest);
        }
    }
}
