//! What the generator makes of each tiny spec of its own tests compiles, and without a warning.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::Exclusive;

#[test]
fn what_comes_out_of_each_feature_compiles() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let _exclusive = Exclusive::folder("features");
    let workspace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    fs::create_dir_all(&workspace).unwrap();

    // A workspace like ours, with our locked versions, so that it shares what is built already.
    let manifest = fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap();
    let runtime = format!("path = {:?}", repository.join("runtime"));
    let manifest = manifest.replace(members, "members = [\"*\"]").replace("path = \"runtime\"", &runtime);
    // Profiles of single packages are of packages that are not here.
    let single = |part: &&str| part.contains("[profile.dev.package.") && !part.contains("package.\"*\"");
    let manifest: Vec<&str> = manifest.split("\n\n").filter(|part| !single(part)).collect();
    let manifest = manifest.join("\n\n");
    fs::write(workspace.join("Cargo.toml"), manifest).unwrap();
    fs::copy(repository.join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();

    for entry in fs::read_dir(repository.join("codegen/tests/features")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let files = venuekit_codegen::generate(&format!("specs/{name}.yaml"), &fs::read_to_string(&path).unwrap());
        for file in files.unwrap() {
            let path = workspace.join(name).join(file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, file.text).unwrap();
        }
    }
    let cargo = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--workspace", "--all-features", "--color=never"])
        .current_dir(&workspace)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&cargo.stderr);
    assert!(cargo.status.success() && !said.contains("warning"), "{said}");
}
