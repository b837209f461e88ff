//! Reads the names and folders of the workspace's packages from their manifests. Generated crates
//! are left out, except the facade.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};
use venuekit_codegen::{FACADE_DIR, Workspace};

/// The folder of the generated crates.
const GENERATED: &str = "generated";

/// Reads the manifests; `None` if `root` has no `Cargo.toml`.
pub(crate) fn read(root: &Path) -> Result<Option<Workspace>, String> {
    let path = root.join("Cargo.toml");
    if !path.is_file() {
        return Ok(None);
    }
    let manifest = table(&path)?;
    let workspace = manifest.get("workspace");
    let dependencies = workspace.and_then(|workspace| workspace.get("dependencies")).and_then(Value::as_table);
    let members = workspace.and_then(|workspace| workspace.get("members")).and_then(Value::as_array);
    let members = members.into_iter().flatten().filter_map(Value::as_str);
    let mut packages = vec![(venuekit_codegen::FACADE.to_owned(), format!("{GENERATED}/{FACADE_DIR}"))];
    for folder in members.filter(|member| !member.starts_with(GENERATED)).flat_map(|member| folders(root, member)) {
        let manifest = root.join(&folder).join("Cargo.toml");
        if !manifest.is_file() {
            continue;
        }
        let manifest = table(&manifest)?;
        let name = manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
        packages.extend(name.map(|name| (name.to_owned(), folder.display().to_string().replace('\\', "/"))));
    }
    // A dependency without a path comes from a registry.
    let foreign = dependencies.into_iter().flatten().filter(|(_, dependency)| dependency.get("path").is_none());
    let names = packages.iter().map(|(name, _)| name).chain(foreign.map(|(name, _)| name));
    let mut signers: Vec<String> =
        names.filter_map(|name| name.strip_prefix("venuekit-auth-")).map(str::to_owned).collect();
    signers.sort();
    Ok(Some(Workspace { signers, packages }))
}

fn table(path: &Path) -> Result<Table, String> {
    let cannot = |error: &dyn std::fmt::Display| format!("{} cannot be read: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| cannot(&error))?;
    text.parse().map_err(|error| cannot(&error))
}

/// Returns the folders that an entry of `members` names: one folder, or all entries of a folder
/// (`auth/*`).
fn folders(root: &Path, member: &str) -> Vec<PathBuf> {
    let Some(parent) = member.strip_suffix("/*") else { return vec![PathBuf::from(member)] };
    let entries = fs::read_dir(root.join(parent)).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| Path::new(parent).join(entry.file_name())).collect();
    folders.sort();
    folders
}
