//! `CHANGELOG.md`, in the format of Keep a Changelog.
//!
//! This is own code because `parse-changelog` only reads, and a release has to move a section.

const UNRELEASED: &str = "## [Unreleased]";

/// Returns the changelog of a release: the unreleased changes become the section of `version`, and
/// the links to `repository` are added. Returns an error if there are no unreleased changes, or if
/// the version has a section already.
pub(super) fn release(text: &str, version: &str, date: &str, repository: &str) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.iter().any(|line| line.starts_with(&format!("## [{version}]"))) {
        return Err(format!("CHANGELOG.md has a section [{version}] already"));
    }
    let Some(start) = lines.iter().position(|line| line.trim_end() == UNRELEASED) else {
        return Err(format!("CHANGELOG.md has no section `{UNRELEASED}`"));
    };
    let (before, rest) = lines.split_at(start + 1);
    let end = rest.iter().position(|line| line.starts_with("## ") || link(line).is_some()).unwrap_or(rest.len());
    let (section, after) = rest.split_at(end);
    if !section.iter().any(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        return Err(format!("CHANGELOG.md has no entry below `{UNRELEASED}`"));
    }
    let links = [
        format!("[Unreleased]: {repository}/compare/v{version}...HEAD"),
        format!("[{version}]: {repository}/releases/tag/v{version}"),
    ];
    let heading = format!("## [{version}] - {date}");
    let mut out: Vec<&str> = before.to_vec();
    out.extend(["", heading.as_str()]);
    out.extend(section);
    let mut has_links = false;
    for line in after {
        if link(line) == Some("Unreleased") {
            out.extend(links.iter().map(String::as_str));
            has_links = true;
        } else {
            out.push(line);
        }
    }
    if !has_links {
        if out.last().is_some_and(|line| link(line).is_none() && !line.is_empty()) {
            out.push("");
        }
        out.extend(links.iter().map(String::as_str));
    }
    Ok(out.join("\n") + "\n")
}

/// Returns the name of the link that a line defines (`[name]: ..`).
fn link(line: &str) -> Option<&str> {
    Some(line.strip_prefix('[')?.split_once("]: ")?.0)
}

#[cfg(test)]
mod tests {
    use super::release;

    const REPOSITORY: &str = "https://example.com/r";

    #[test]
    fn the_unreleased_section_becomes_the_section_of_the_version() {
        let text = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- This.\n\n## [0.1.0] - 2025-01-01\n\n- That.\n\n\
                    [Unreleased]: https://example.com/r/compare/v0.1.0...HEAD\n[0.1.0]: https://example.com/r/old\n";
        let expected = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-26\n\n### Added\n\n- This.\n\n\
                        ## [0.1.0] - 2025-01-01\n\n- That.\n\n\
                        [Unreleased]: https://example.com/r/compare/v0.2.0...HEAD\n\
                        [0.2.0]: https://example.com/r/releases/tag/v0.2.0\n[0.1.0]: https://example.com/r/old\n";
        assert_eq!(release(text, "0.2.0", "2026-11-26", REPOSITORY).as_deref(), Ok(expected));
    }

    #[test]
    fn links_are_added_to_a_changelog_without_links() {
        let expected = "## [Unreleased]\n\n## [0.1.0] - 2026-11-26\n- This.\n\n\
                        [Unreleased]: https://example.com/r/compare/v0.1.0...HEAD\n\
                        [0.1.0]: https://example.com/r/releases/tag/v0.1.0\n";
        assert_eq!(release("## [Unreleased]\n- This.\n", "0.1.0", "2026-11-26", REPOSITORY).as_deref(), Ok(expected));
    }

    #[test]
    fn a_changelog_without_new_entries_or_with_the_version_already_is_refused() {
        let refused = |text: &str| release(text, "0.1.0", "2026-11-26", REPOSITORY).unwrap_err();
        assert_eq!(refused(""), "CHANGELOG.md has no section `## [Unreleased]`");
        for text in
            ["## [Unreleased]", "## [Unreleased]\n\n### Added\n\n## [0.0.1]\n- Old.\n", "## [Unreleased]\n[a]: b\n"]
        {
            assert_eq!(refused(text), "CHANGELOG.md has no entry below `## [Unreleased]`", "{text}");
        }
        let again = "## [Unreleased]\n- This.\n## [0.1.0] - 2025-01-01\n";
        assert_eq!(refused(again), "CHANGELOG.md has a section [0.1.0] already");
    }
}
