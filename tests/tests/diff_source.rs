//! The comparison's verdicts on users' source code, checked by the compiler.
//!
//! A case is a folder. It is named `diff_source/RULE` or `diff_source/RULE--WHAT`, `several--WHAT`
//! for a case of several rules, or `nothing--WHAT` if no rule applies. Its files are:
//!
//! - `specs.yaml`: a pair of tiny specs in one file. A line that ends with `#-` is in the old spec
//!   only; a line that ends with `#+` is in the new spec only.
//! - `old.rs`: a program that uses the crate of the old spec, as `acme`. With the crate of the new
//!   spec, exactly the lines that end with `// breaks: RULE` do not compile. The comparison must
//!   call exactly these rules breaking.
//! - `new.rs`: a program that uses the crate of the new spec. It has the same marks for the lines
//!   that do not compile with the crate of the old spec.
//!
//! One program is enough, but a case can have several, such as `old.rs` and `old-what.rs`. Each
//! breaking rule must break a line in at least one program of the direction. Several programs are
//! needed if some lines use missing names and others have wrong types, because the compiler reports
//! missing names before it checks types.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::Workspace;
use venuekit_diff::{Change, Comparison, Level, Revision, Spec, compare, rules};

/// The rules that are in no case, because no case can show them.
const WITHOUT_CASE: &[&str] = &[
    // The crate of an API over a socket needs the feature `ws` of the runtime.
    "socket-added",
    "socket-removed",
    "socket-changed",
    "subscription-added",
    "subscription-removed",
    "subscription-changed",
    "token-login-added",
    "token-login-removed",
    // A case compares two specs of one venue.
    "venue-added",
    "venue-removed",
    // Programs compile with both crates, but read another value, send another envelope or get
    // another outcome.
    "spelling-moved",
    "envelope-changed",
    "unknown-status-added",
    "unknown-status-removed",
    "batch-added",
    "batch-changed",
    "batch-removed",
    "pagination-changed",
    // These rules are for documents from which no crate is generated.
    "alternatives-became-exclusive",
    "alternatives-became-inclusive",
    "calls-by-name-allowed",
    "calls-by-name-refused",
    "calls-by-position-allowed",
    "calls-by-position-refused",
    "condition-added",
    "condition-changed",
    "condition-removed",
    "discriminator-changed",
    "discriminator-value-added",
    "discriminator-value-moved",
    "discriminator-value-removed",
    "encoding-changed",
    "header-schema-added",
    "header-schema-removed",
    "header-style-changed",
    "int64-omitted",
    "int64-stated",
    "parameter-schema-added",
    "parameter-schema-removed",
    "position-added",
    "position-removed",
    "required-name-added",
    "required-name-removed",
    "security-scheme-added",
    "security-scheme-removed",
    "security-scope-added",
    "security-scope-removed",
    "server-prefix-moved",
    "server-variable-value-added",
    "server-variable-value-removed",
    "webhook-added",
    "webhook-removed",
    // No crate is generated from a spec with these parts.
    "body-schema-added",
    "body-schema-removed",
    "bound-changed",
    "keyword-changed",
    "property-became-readable",
    "property-became-write-only",
    "requirement-added",
    "requirement-removed",
];

/// The first line of a spec whose crate is generated although the generator has notes on it.
const WITH_NOTES: &str = "# The generator has notes on this document.";

/// A folder of `diff_source`.
struct Case {
    name: String,
    old: Version,
    new: Version,
}

/// One of the two specs of a case, and the programs that use its crate.
struct Version {
    revision: Revision,
    spec: String,
    programs: Vec<Program>,
}

/// A program that uses the crate of a spec.
struct Program {
    /// The name of the file without `.rs`: `old` for `old.rs`.
    name: String,
    path: PathBuf,
    /// The lines that break with the crate of the other spec, and the rules that break them.
    marks: BTreeMap<usize, Vec<String>>,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(folder.join("specs.yaml")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let version = |revision| {
            let absent = if revision == Revision::Old { "#+" } else { "#-" };
            let keep = |line: &str| if line.trim_end().ends_with(absent) { String::new() } else { line.to_owned() };
            let spec = text.lines().map(|line| keep(line) + "\n").collect();
            let programs = paths(folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
            let programs = programs.map(Program::read).filter(|program| program.name.starts_with(word(revision)));
            Version { revision, spec, programs: programs.collect() }
        };
        let case = Self { old: version(Revision::Old), new: version(Revision::New), name };
        // A file that is not one of these would be ignored.
        let read = 1 + case.old.programs.len() + case.new.programs.len();
        assert!(read > 1 && read == paths(folder).len(), "{}: no program, or a file that is not a program", case.name);
        case
    }

    /// Returns both directions of the comparison: from old to new, and from new to old.
    fn ways(&self) -> [(&Version, &Version); 2] {
        [(&self.old, &self.new), (&self.new, &self.old)]
    }

    /// Returns the name of the crate of one of the specs.
    fn crate_of(&self, version: &Version) -> String {
        format!("venuekit-{}-{}", self.slug(), word(version.revision))
    }

    /// Returns the name of the package that builds a program with the crate of one of the specs.
    fn package(&self, program: &Program, with: &Version) -> String {
        format!("{}-{}-with-{}", self.slug(), program.name, word(with.revision))
    }

    /// Returns the case's name without double hyphens, which crate names must not have.
    fn slug(&self) -> String {
        self.name.replace("--", "-")
    }
}

impl Program {
    fn read(path: PathBuf) -> Self {
        let mut marks = BTreeMap::new();
        for (index, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if let Some((code, rules)) = line.split_once("// breaks: ") {
                // rustfmt moves a comment after a brace to a separate line, before the next line.
                let line = if code.trim().is_empty() { index } else { index + 1 };
                marks.insert(line, rules.split(", ").map(str::to_owned).collect());
            }
        }
        Self { name: path.file_stem().unwrap().to_str().unwrap().to_owned(), path, marks }
    }
}

fn word(revision: Revision) -> &'static str {
    match revision {
        Revision::Old => "old",
        Revision::New => "new",
    }
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff_source");
    paths(&folder).iter().map(|folder| Case::read(folder)).collect()
}

fn compared(old: &Version, new: &Version) -> Comparison {
    let [old, new] = [old, new].map(|version| Spec::new("specs/acme.yaml", &version.spec));
    compare(Some(&old), Some(&new)).unwrap_or_else(|findings| panic!("{findings}"))
}

/// The compiler's result for a package.
#[derive(Default)]
struct Outcome {
    compiled: bool,
    errors: Vec<CompilerError>,
}

struct CompilerError {
    line: usize,
    text: String,
}

/// Compiles all crates and programs of all cases in one workspace, with one cargo command.
fn check(cases: &[Case]) -> BTreeMap<String, Outcome> {
    let (mut members, mut faults) = (Vec::new(), String::new());
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for case in cases {
        for (own, other) in case.ways() {
            let name = case.crate_of(own);
            let spec = Spec::new(format!("{}.yaml", name.trim_start_matches("venuekit-")), &own.spec);
            let spec = if own.spec.starts_with(WITH_NOTES) { spec } else { spec.deny_warnings() };
            match venuekit_codegen::generate(&spec) {
                Ok(crate_files) => {
                    files.extend(crate_files.into_iter().map(|f| (Path::new(&name).join(f.path), f.text)));
                }
                Err(fault) => faults += &format!("{fault}\n"),
            }
            members.push(name);
            for (program, with) in own.programs.iter().flat_map(|program| [(program, own), (program, other)]) {
                let (name, uses) = (case.package(program, with), case.crate_of(with));
                let manifest = format!(
                    "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                     [lib]\npath = {:?}\n\n\
                     [dependencies]\nacme = {{ package = {uses:?}, path = \"../{uses}\" }}\n",
                    program.path,
                );
                files.push((Path::new(&name).join("Cargo.toml"), manifest));
                members.push(name);
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    let workspace = Workspace::open("diff_source", members.iter().map(String::as_str));
    files.iter().for_each(|(path, text)| workspace.write(path, text));
    // The crates are too small to gain from incremental compilation.
    let cargo = workspace
        .cargo(&["check", "--workspace", "--keep-going", "--message-format=json"], &[("CARGO_INCREMENTAL", "0")]);

    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for line in String::from_utf8(cargo.stdout).unwrap().lines() {
        let said: Value = serde_json::from_str(line).unwrap();
        let Some(manifest) = said["manifest_path"].as_str() else { continue };
        let package = Path::new(manifest).parent().unwrap().file_name().unwrap().to_str().unwrap();
        let outcome = outcomes.entry(package.to_owned()).or_default();
        match said["reason"].as_str() {
            Some("compiler-artifact") => outcome.compiled = true,
            Some("compiler-message") => outcome.errors.extend(error(&said["message"])),
            _ => {}
        }
    }
    // Programs that use a crate that does not compile are not checked; the fault is in that crate.
    let faulty = outcomes.iter().filter(|(name, outcome)| name.starts_with("venuekit-") && !outcome.compiled);
    let faults: String =
        faulty.flat_map(|(_, outcome)| outcome.errors.iter().map(|error| error.text.as_str())).collect();
    assert!(faults.is_empty(), "{faults}");
    let known = |outcome: &Outcome| outcome.compiled || !outcome.errors.is_empty();
    let missing: Vec<_> = members.iter().filter(|member| !outcomes.get(*member).is_some_and(known)).collect();
    assert!(missing.is_empty(), "not compiled: {missing:?}\n{}", String::from_utf8_lossy(&cargo.stderr));
    outcomes
}

/// Returns an error with its place. Returns `None` for a warning and for the summary of errors.
fn error(message: &Value) -> Option<CompilerError> {
    if message["level"] != "error" {
        return None;
    }
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let line = usize::try_from(span["line_start"].as_u64()?).ok()?;
    Some(CompilerError { line, text: message["rendered"].as_str()?.to_owned() })
}

#[test]
fn the_compiler_agrees_with_each_verdict() {
    let cases = cases();
    let outcomes = check(&cases);
    let mut faults = Vec::new();
    for case in &cases {
        for (own, other) in case.ways() {
            if own.programs.is_empty() {
                continue;
            }
            let comparison = compared(own, other);
            faults.extend(judge(case, (own, other), &comparison, &outcomes));
        }
    }
    assert!(faults.is_empty(), "{}\n{} disagreements", faults.join("\n"), faults.len());
}

/// Returns the disagreements between comparison, marks and compiler about the programs of `own`.
fn judge(
    case: &Case,
    (own, other): (&Version, &Version),
    comparison: &Comparison,
    outcomes: &BTreeMap<String, Outcome>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let breaking: BTreeSet<&str> =
        comparison.changes.iter().filter(|change| change.source.level == Level::Breaking).map(|c| c.rule.id).collect();
    let mut broken = BTreeSet::new();
    for program in &own.programs {
        let place = |line: usize| format!("{}/{}.rs:{line}", case.name, program.name);
        let outcome = &outcomes[&case.package(program, own)];
        for error in &outcome.errors {
            faults.push(format!("{}: does not compile with its own crate\n{}", place(error.line), error.text));
        }
        let outcome = &outcomes[&case.package(program, other)];
        for (line, rules) in &program.marks {
            if !outcome.errors.iter().any(|error| error.line == *line) {
                faults.push(format!("{}: breaks by {}, but compiles", place(*line), rules.join(", ")));
            }
            broken.extend(rules.iter().map(String::as_str));
        }
        for error in &outcome.errors {
            if !program.marks.contains_key(&error.line) {
                faults.push(format!("{}: breaks, but has no mark\n{}", place(error.line), error.text));
            }
        }
    }
    let way = format!("{}, from {} to {}", case.name, word(own.revision), word(other.revision));
    for rule in breaking.difference(&broken) {
        faults.push(format!("{way}: {rule} is called breaking, and breaks no line\n{}", say(&comparison.changes)));
    }
    for rule in broken.difference(&breaking) {
        faults.push(format!("{way}: {rule} breaks a line, and is not called breaking\n{}", say(&comparison.changes)));
    }
    faults
}

/// The file with a broken function for each rule. `Rule::witness` reads it.
const WITNESSES: &str = "diff/src/rules/witnesses.txt";

/// The breaking rules without a witness, sorted.
const WITHOUT_WITNESS: &[&str] = &[
    // Programs compile, and read another value.
    "enum-value-added",
    "spelling-removed",
];

/// Returns the functions of a program that have marked lines, with the rules that break them. The
/// marks are left out.
fn functions(program: &Program) -> Vec<(BTreeSet<String>, String)> {
    let text = fs::read_to_string(&program.path).unwrap();
    let (mut functions, mut code, mut broken) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (index, line) in text.lines().enumerate() {
        let (line, mark) = line.split_once("// breaks: ").map_or((line, None), |(line, rules)| (line, Some(rules)));
        broken.extend(mark.into_iter().flat_map(|rules| rules.split(", ")).map(str::to_owned));
        // The mark of the next line can be alone on its line.
        if mark.is_none() || !line.trim().is_empty() {
            code.push(line.trim_end().to_owned());
        }
        let ends = line.starts_with('}') || line.trim_end().ends_with(';') && !line.starts_with(' ');
        if ends || index + 1 == text.lines().count() {
            functions.push((std::mem::take(&mut broken), code.join("\n").trim().to_owned()));
            code.clear();
        }
    }
    functions.into_iter().filter(|(broken, _)| !broken.is_empty()).collect()
}

/// Returns the file with the witnesses: for each rule the shortest function that it breaks, of
/// those that it breaks alone if there are any.
fn witnesses(cases: &[Case]) -> String {
    let mut found: BTreeMap<String, (bool, usize, String)> = BTreeMap::new();
    for program in cases.iter().flat_map(|case| case.old.programs.iter().chain(&case.new.programs)) {
        for (broken, code) in functions(program) {
            for rule in &broken {
                // A `use` alone shows the least.
                let rank = (broken.len() > 1 || code.starts_with("use "), code.len(), code.clone());
                let best = found.entry(rule.clone()).or_insert_with(|| rank.clone());
                if rank < *best {
                    *best = rank;
                }
            }
        }
    }
    found
        .into_iter()
        .map(|(rule, (_, _, code))| format!("=== {rule}\n{code}\n\n"))
        .collect::<String>()
        .trim_end()
        .to_owned()
        + "\n"
}

#[test]
fn the_witness_of_each_rule_is_a_function_of_these_programs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(WITNESSES);
    let cases = cases();
    let expected = witnesses(&cases);
    if fs::read_to_string(&path).unwrap() != expected {
        assert!(
            std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always"),
            "{WITNESSES} is stale; write it anew with INSTA_UPDATE=always"
        );
        fs::write(&path, expected).unwrap();
        return;
    }
    // Each rule that is called breaking anywhere has a witness, except the listed ones. No other
    // rule has one.
    let mut breaking = BTreeSet::new();
    for (old, new) in cases.iter().flat_map(Case::ways) {
        let changes = compared(old, new).changes;
        breaking.extend(changes.iter().filter(|c| c.source.level == Level::Breaking).map(|c| c.rule.id));
    }
    // So has each rule that can be called breaking at all, if a crate can be generated then.
    let can_break = |rule: &&rules::Rule| {
        let usual = match rule.source {
            rules::Effect::Always(level, _) => level == Level::Breaking,
            rules::Effect::ByUse { request, response } => [request.0, response.0].contains(&Level::Breaking),
        };
        let of_cases = rule.cases.iter().flat_map(|case| [case.source.request, case.source.response]);
        usual || of_cases.flatten().any(|(level, _)| level == Level::Breaking)
    };
    breaking.extend(rules::all().filter(can_break).map(|rule| rule.id).filter(|id| !WITHOUT_CASE.contains(id)));
    let with: BTreeSet<&str> = rules::all().filter(|rule| rule.witness().is_some()).map(|rule| rule.id).collect();
    let without: Vec<&str> = breaking.difference(&with).copied().collect();
    assert_eq!(without, WITHOUT_WITNESS);
    assert!(with.is_subset(&breaking), "{with:?}");
}

fn say(changes: &[Change]) -> String {
    let line = |change: &Change| {
        format!("  {} {}: {} ({})\n", change.rule.id, change.subject, change.source.level, change.source.reason)
    };
    changes.iter().map(line).collect()
}

#[test]
fn each_rule_has_a_case_except_the_listed_ones() {
    let mut reported = BTreeSet::new();
    for case in cases() {
        let ids: BTreeSet<&str> = compared(&case.old, &case.new).changes.iter().map(|change| change.rule.id).collect();
        let as_named = match case.name.split("--").next().unwrap() {
            "several" => ids.len() > 1,
            "nothing" => ids.is_empty(),
            rule => ids.contains(rule),
        };
        assert!(as_named, "{}: the reported changes are {ids:?}", case.name);
        reported.extend(ids);
        reported.extend(compared(&case.new, &case.old).changes.iter().map(|change| change.rule.id));
    }
    let without: BTreeSet<&str> = rules::all().map(|rule| rule.id).filter(|id| !reported.contains(id)).collect();
    assert_eq!(without, WITHOUT_CASE.iter().copied().collect());
}
