//! Holds the output that `docs/review-a-spec-change.md` shows. The example change is made to the
//! specs of today, and the commands of the page are run. With `INSTA_UPDATE=always`, the page gets
//! the output.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod repository;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repository::{Repository, alone, temporary};
use venuekit_codegen::Spec;

/// The texts that the example change replaces in `specs/jex-spot.yaml`, with the new texts. Each is
/// looked for after the one before it.
const EDITS: &[(&str, &str)] = &[
    ("  /wapi/v1/depositAddress:\n", "  /sapi/v1/capital/deposit/address:\n"),
    (
        "        - name: asset
          in: query
          required: true
          description: The asset to deposit.
          schema: {type: string}
          example: BTC
",
        "        - name: coin
          in: query
          required: true
          description: The asset to deposit.
          schema: {type: string}
          example: BTC
        - name: network
          in: query
          description: The chain; the usual one when left out.
          schema: {type: string}
          example: BTC
",
    ),
    (
        "                asset: BTC
                success: true
",
        "                coin: BTC
                tag: ''
                url: https://explorer.example/do-not-pay-this-is-an-example
",
    ),
    ("  /wapi/v1/depositHistory:\n", "  /sapi/v1/capital/deposit/hisrec:\n"),
    ("      x-weight: 5\n", "      x-weight: 1\n"),
    (
        "        - {$ref: '#/components/parameters/AssetFilter'}\n",
        "        - name: coin
          in: query
          description: Only this asset; all when left out.
          schema: {type: string}
          example: BTC
",
    ),
    (ROW, NEW_ROW),
    (ROW, NEW_ROW),
    ("      required: [address, asset, success]\n", "      required: [address, coin, tag, url]\n"),
    (
        "        asset: {type: string, description: The asset.}
        success: {type: boolean, description: 'By its name, whether the address could be had.'}
",
        "        coin: {type: string, description: The asset.}
        tag: {type: string, description: 'What has to be stated beside the address; else empty.'}
        url: {type: string, description: A page about the address.}
",
    ),
    (
        "      required: [insertTime, amount, asset, address, status]\n",
        "      required: [insertTime, amount, coin, network, address, addressTag, status]\n",
    ),
    ("        amount: {type: number, format: decimal,", "        amount: {type: string, format: decimal,"),
    (
        "        asset: {type: string, description: The asset.}\n",
        "        coin: {type: string, description: The asset.}
        network: {type: string, description: The chain.}
        addressTag: {type: string, description: 'What was stated beside the address; else empty.'}
        confirmTimes: {type: string, description: 'Confirmations, and how many are needed: `12/12`.'}
",
    ),
    ("      enum: [0, 1, 2]\n", "      enum: [0, 1, 2, 6]\n"),
    (
        "      x-enum-varnames: [Pending, Success, Undocumented]\n",
        "      x-enum-varnames: [Pending, Success, Undocumented, CreditedLocked]\n",
    ),
    (
        "        - Occurs in the sample of the document; its meaning is not known.\n",
        "        - Occurs in the sample of the document; its meaning is not known.
        - Credited, but not yet free to be withdrawn.
",
    ),
];

const ROW: &str = "                  amount: 1
                  asset: BTC
";
const NEW_ROW: &str = "                  amount: '1'
                  coin: BTC
                  network: BTC
                  addressTag: ''
                  confirmTimes: 2/2
";

const SPEC: &str = "jex-spot.yaml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the spec with the example change.
fn changed(spec: &str) -> String {
    let (mut done, mut rest) = (String::new(), spec);
    for (old, new) in EDITS {
        let (before, after) =
            rest.split_once(old).unwrap_or_else(|| panic!("specs/{SPEC} does not have this text any more:\n{old}"));
        done.push_str(before);
        done.push_str(new);
        rest = after;
    }
    done + rest
}

/// Returns a repository with the specs of this one on `main`.
fn repository() -> (Repository, String) {
    let repository = Repository::new("review", &[]);
    let mut jex = String::new();
    for entry in fs::read_dir(root().join("specs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read_to_string(&path).unwrap();
            repository.write(name, &text);
            if name == SPEC {
                jex = text;
            }
        }
    }
    repository.commit("the specs of today", &[]);
    (repository, jex)
}

/// The page, with the blocks that are compared.
struct Page {
    text: String,
    stale: Vec<String>,
}

impl Page {
    /// Compares the block that begins with `start` with the output, and replaces it.
    fn block(&mut self, start: &str, output: &str) {
        let at = self.text.find(start).unwrap_or_else(|| panic!("the page has no block that begins with {start}"));
        let from = at + start.len();
        let length = self.text.get(from..).unwrap().find("```").unwrap();
        let output = format!("{}\n", output.trim_end());
        if self.text.get(from..from + length).unwrap() != output {
            self.stale.push(format!("{start}{output}"));
            self.text.replace_range(from..from + length, &output);
        }
    }
}

/// Returns the output with a fixed commit, and as that of a clone.
fn shown(output: &str) -> String {
    let (first, rest) = output.split_once('\n').unwrap();
    assert!(first.starts_with("from main... (") && first.ends_with(") to the working tree"), "{first}");
    format!("from origin/HEAD... (9c3bc3dd83d1) to the working tree\n{rest}")
}

#[test]
fn the_page_about_reviews_shows_the_output_of_today() {
    let path = root().join("docs/review-a-spec-change.md");
    let mut page = Page { text: fs::read_to_string(&path).unwrap(), stale: Vec::new() };
    let (repository, old) = repository();
    let new = changed(&old);
    repository.write(SPEC, &new);
    let ran = repository.diff(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    page.block("```console\n$ cargo xtask diff\nfrom origin", shown(&ran.stdout).strip_prefix("from origin").unwrap());

    let changelog = words(&repository.diff(&["--format", "changelog"]).stdout);
    let ran = repository.diff(&["--check-versions"]);
    assert_eq!(ran.code, 1);
    page.block("```console\n$ cargo xtask diff --check-versions\n", &ran.stderr);
    let raised = new.replace("\nx-crate-version: 0.1.0\n", "\nx-crate-version: 0.2.0\n");
    repository.write(SPEC, &raised);
    let ran = repository.diff(&["--check-versions"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    page.block("```console\n$ cargo xtask diff --check-versions | sed -n 5p\n", ran.stdout.lines().nth(4).unwrap());

    page.block(
        "`INSTA_UPDATE=always cargo test --workspace`, then `git diff`):\n\n```diff\n",
        &outlines(&old, &raised),
    );
    let stale = std::mem::take(&mut page.stale);
    if !stale.is_empty() {
        assert!(
            std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always"),
            "docs/review-a-spec-change.md is stale; write it anew with INSTA_UPDATE=always, and read its text\n{}",
            stale.join("\n")
        );
        fs::write(&path, &page.text).unwrap();
    }

    // The page has some entries of the changelog, and the most important lines of the change.
    let entries = section(&page.text, "```markdown\n## venuekit-jex-spot");
    for entry in entries.split("\n- ").skip(1) {
        assert!(changelog.contains(&words(entry)), "the changelog has no entry\n{entry}\nin\n{changelog}");
    }
    for line in section(&page.text, "For the list of deposits:\n\n```diff\n").lines() {
        let (text, is_there) = match (line.strip_prefix('-'), line.strip_prefix('+')) {
            (Some(text), _) => (text, &old),
            (_, Some(text)) => (text, &new),
            _ => continue,
        };
        assert!(is_there.contains(text), "the change does not have the line\n{line}");
    }
}

/// Returns the rest of the block that begins with `start`.
fn section<'a>(page: &'a str, start: &str) -> &'a str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("the page has no block that begins with {start}"));
    rest.split_once("```").unwrap().0
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the changed lines of the outline.
fn outlines(old: &str, new: &str) -> String {
    let (folder, _temporary) = temporary("outlines");
    let file = |name: &str, text: &str| {
        let api = venuekit_codegen::read(&Spec::new("specs/jex-spot.yaml", text)).unwrap();
        fs::write(folder.join(name), venuekit_codegen::model::outline(&api)).unwrap();
    };
    file("old", old);
    file("new", new);
    let mut command = Command::new("git");
    command.current_dir(&folder).args(["diff", "--no-index", "--unified=0", "--no-color", "old", "new"]);
    let output = String::from_utf8(alone(&mut command).output().unwrap().stdout).unwrap();
    let is_changed =
        |line: &&str| line.starts_with(['-', '+']) && !line.starts_with("--- ") && !line.starts_with("+++ ");
    output.lines().filter(is_changed).map(|line| format!("{line}\n")).collect()
}
