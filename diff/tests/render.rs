//! Renders comparisons that are built by hand.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod reports;

use venuekit_diff::render::text::{self, Colours};
use venuekit_diff::render::{FailedVenue, Links, Report, changelog, json, markdown};
use venuekit_diff::{Change, Level, Subject, Verdict};

use reports::{HOSTILE, added, comparison, everything, findings, hostile, limited, removed, repeated, report, verdict};

#[test]
fn equal_changes_are_one_line_with_their_places_and_name_the_operations() {
    insta::assert_snapshot!(text::render(&repeated(), Colours::Plain));
}

#[test]
fn equal_changes_are_one_item_of_a_comment() {
    insta::assert_snapshot!(markdown::render(&repeated(), &Links::default()));
}

/// A member that is gone under one name and new under another, at three places.
#[test]
fn a_renamed_member_is_one_finding_with_its_places() {
    let file = "specs/tiny.yaml";
    let at = |operation: &str, name: &str, change: Change, other: &str| Change {
        subject: Subject {
            operations: vec![operation.to_owned()],
            within: format!("body .{name}"),
            ..Subject::default()
        },
        renamed: Some(other.to_owned()),
        routes: vec![format!("POST /{operation}")],
        methods: vec![operation.to_owned()],
        ..change
    };
    let changes = ["place", "amend", "test"].into_iter().zip(1..).flat_map(|(operation, line)| {
        [
            at(operation, "price", removed(file, line), "limit_price"),
            at(operation, "limit_price", added(file, line + 10), "price"),
        ]
    });
    let report = report(vec![comparison("tiny", changes.collect())]);
    let shown = text::render(&report, Colours::Plain);
    assert_eq!(shown.matches("renamed ").count(), 1, "{shown}");
    insta::assert_snapshot!(shown);
    let comment = markdown::render(&report, &Links::default());
    assert_eq!(comment.matches("renamed ").count(), 1, "{comment}");
    // Each change counts, and programs get all of them.
    assert!(shown.contains("wire: 3 breaking, 0 risky, 3 safe"), "{shown}");
    let value: serde_json::Value = serde_json::from_str(&json::render(&report).unwrap()).unwrap();
    assert_eq!(value["venues"][0]["changes"].as_array().map(Vec::len), Some(6));
}

#[test]
fn changes_below_a_level_are_counted_and_not_shown() {
    let report = Report { least: Level::Breaking, ..repeated() };
    let shown = text::render(&report, Colours::Plain);
    assert!(shown.contains("8 changes below `breaking` not shown"), "{shown}");
    assert!(shown.contains("wire: 1 breaking, 0 risky, 8 safe"), "{shown}");
    assert!(!shown.contains("property-added") && !markdown::render(&report, &Links::default()).contains("X-KEY"));
    let value: serde_json::Value = serde_json::from_str(&json::render(&report).unwrap()).unwrap();
    assert_eq!(value["venues"][0]["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(value["wire"]["safe"], 8);
}

#[test]
fn a_terminal_shows_one_line_per_change_with_the_worst_first() {
    insta::assert_snapshot!(text::render(&everything(), Colours::Plain));
}

#[test]
fn a_comment_shows_what_breaks_and_folds_what_is_safe() {
    insta::assert_snapshot!(markdown::render(&everything(), &Links::default()));
}

#[test]
fn the_json_report_has_every_detail() {
    insta::assert_snapshot!(json::render(&everything()).unwrap());
}

#[test]
fn a_report_without_changes_says_so() {
    let mut nothing = report(vec![]);
    nothing.unchanged = vec!["tiny".to_owned()];
    assert_eq!(
        text::render(&nothing, Colours::Plain),
        "from origin/main... (aaaaaaaaaaaa) to feature (bbbbbbbbbbbb)\n\nnothing changed\n"
    );
    let comment = markdown::render(&nothing, &Links::default());
    assert!(comment.starts_with("<!-- venuekit spec diff -->\n**Nothing changed.**\n"), "{comment}");
    assert!(comment.contains("Unchanged: `tiny`."));
}

#[test]
fn the_verdict_claims_no_more_than_was_compared() {
    let verdict = |report: &Report| markdown::render(report, &Links::default()).lines().nth(1).unwrap().to_owned();
    let file = "specs/tiny.yaml";
    let of = |changes| report(vec![comparison("tiny", changes)]);
    assert_eq!(verdict(&of(vec![])), "**No change breaks anything.**");
    assert!(verdict(&of(vec![limited(file, 1)])).starts_with("**No change surely breaks anything; 1 may."));
    let on_the_wire = Change { source: verdict_safe(), ..removed(file, 1) };
    let in_source = Change { wire: verdict_safe(), ..removed(file, 1) };
    assert!(
        verdict(&of(vec![on_the_wire]))
            .starts_with("**1 change breaks clients on the wire, none breaks code that uses the crates.")
    );
    assert!(
        verdict(&of(vec![in_source]))
            .starts_with("**1 change breaks code that uses the crates, none breaks clients on the wire.")
    );
    let both = verdict(&of(vec![removed(file, 1), removed(file, 2)]));
    assert!(
        both.starts_with("**2 changes break clients on the wire, 2 break code that uses the crates. 1 crate needs"),
        "{both}"
    );
    let mut unnamed = of(vec![]);
    unnamed.venues[0].new.as_mut().unwrap().faults = Some(findings(file, 1));
    assert_eq!(
        verdict(&unnamed),
        "**No change that could be compared breaks anything. In 1 venue, names in Rust were not compared.**"
    );
    unnamed.venues.clear();
    unnamed.failed.push(FailedVenue { venue: "tiny".to_owned(), findings: vec![] });
    assert_eq!(verdict(&unnamed), "**1 spec could not be compared at all.**");
}

fn verdict_safe() -> Verdict {
    verdict(Level::Safe, "")
}

/// Returns a line of Markdown without its code.
fn without_code(line: &str) -> String {
    let (mut rest, mut out) = (line, String::new());
    while let Some(start) = rest.find('`') {
        out.push_str(&rest[..start]);
        let length = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inner = &rest[start + length..];
        let mut from = 0;
        let end = loop {
            let at = from + inner[from..].find('`').unwrap_or_else(|| panic!("code that does not end: {line}"));
            let run = inner[at..].bytes().take_while(|byte| *byte == b'`').count();
            if run == length {
                break at + run;
            }
            from = at + run;
        };
        out.push('C');
        rest = &inner[end..];
    }
    out + rest
}

#[test]
fn text_of_a_spec_has_no_meaning_in_a_comment() {
    let comment = markdown::render(&hostile(), &Links::default());
    assert_eq!(comment.matches("<details>").count(), HOSTILE.len());
    for (number, line) in comment.lines().enumerate().skip(1) {
        let rest = without_code(line).replace("<br>", "");
        if rest.starts_with('<') {
            let summary = ["<details><summary>1 safe change</summary>", "</details>"];
            assert!(summary.contains(&rest.as_str()), "{number}: {rest}");
            continue;
        }
        if rest.starts_with('|') {
            assert_eq!(line.matches('|').count(), 8, "{number}: {line}");
        } else {
            assert!(!rest.contains('|'), "{number}: {rest}");
        }
        assert!(
            !rest.contains(['@', '<', '[', ']', '#', '\\', '&', '$', '~', '_', '{'])
                || ["### C", "### (empty)"].contains(&rest.as_str()),
            "{number}: {rest}"
        );
        assert!(
            !rest.contains("://") && !rest.contains("www") && !rest.contains("GH-") && !rest.contains(":s"),
            "{rest}"
        );
        assert!(rest.is_empty() || rest.starts_with(['-', '#', '*', '|', 'F', 'U']), "{number}: {rest}");
    }
}

#[test]
fn text_of_a_spec_does_not_move_the_cursor_or_end_a_line() {
    let hostile = hostile();
    let said = text::render(&hostile, Colours::Plain);
    assert!(!said.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{200b}'));
    assert_eq!(said.lines().filter(|line| line.contains("optional-property-added")).count(), 3 * HOSTILE.len());
    assert!(!said.lines().any(|line| line.starts_with(':')));
    assert!(!hostile.failed[0].in_a_line().chars().any(char::is_control));
}

#[test]
fn long_values_are_cut() {
    let long = "€".repeat(100_000);
    let change = Change { was: Some(long.clone()), is: Some(long.clone()), ..removed(&long, 1) };
    let change = Change { source: verdict(Level::Breaking, &long), ..change };
    let long = report(vec![comparison("tiny", vec![change])]);
    assert!(text::render(&long, Colours::Plain).len() < 5000);
    let comment = markdown::render(&long, &Links::default());
    assert!(comment.contains("€…`") && comment.len() < 5000, "{comment}");
}

#[test]
fn a_comment_has_a_maximum_length_and_leaves_out_the_least_important() {
    let many = |venue: &str, number: usize, of: fn(&str, usize) -> Change| {
        let file = format!("specs/{venue}.yaml");
        (1..=number).map(|line| of(&file, line)).collect::<Vec<_>>()
    };
    // Equal changes would be one item.
    fn numbered(file: &str, line: usize) -> Change {
        Change { is: Some(format!("string of {line}")), ..added(file, line) }
    }
    let mixed = |venue: &str| {
        let changes = [many(venue, 3, removed), many(venue, 5, limited), many(venue, 10_000, numbered)].concat();
        comparison(venue, changes)
    };
    let comment = markdown::render(&report(vec![mixed("one"), mixed("two")]), &Links::default());
    assert!((50_000..60_000).contains(&comment.len()), "{}", comment.len());
    assert_eq!((comment.matches("`operation-removed`").count(), comment.matches("`limit-lowered`").count()), (6, 10));
    let left: Vec<&str> = comment.lines().filter(|line| line.starts_with("Left out")).collect();
    let shown = comment.matches("`optional-property-added`").count();
    assert_eq!(
        left,
        [format!(
            "Left out to keep the comment short enough, the least important first: {} safe. To see all: \
             `cargo xtask diff --base aaaaaaaaaaaa --head bbbbbbbbbbbb`",
            20_000 - shown
        )]
    );
    let balanced = comment.matches("<details>").count() == 2 && comment.matches("</details>").count() == 2;
    assert!(balanced && comment.contains("<summary>10000 safe changes</summary>"));

    // Breaking changes come first in every venue, even if there is no room for all of them.
    let worse = [many("one", 20_000, removed), many("one", 1, added)].concat();
    let worse = report(vec![comparison("one", worse), comparison("two", many("two", 1, removed))]);
    let comment = markdown::render(&worse, &Links::default());
    assert!((50_000..60_000).contains(&comment.len()), "{}", comment.len());
    assert!(comment.contains("`specs/two.yaml:1` (old)") && comment.contains(" breaking, 1 safe. To see all: "));
    assert!(!comment.contains("optional-property-added") && !comment.contains("<details>"));
    assert_eq!(
        text::render(&worse, Colours::Plain).lines().filter(|line| line.contains("  operation-removed  ")).count(),
        20_001
    );
}

#[test]
fn a_comment_has_a_maximum_length_for_any_number_of_venues() {
    let venues = (0..2000).map(|n| comparison(&format!("{}{n}", "`|€\\".repeat(50)), vec![removed("specs/`.yaml", 1)]));
    let mut report = report(venues.collect());
    report.unchanged = (0..2000).map(|n| format!("{}{n}", "€".repeat(500))).collect();
    report.failed =
        (0..2000).map(|n| FailedVenue { venue: format!("{n}"), findings: vec!["€".repeat(9000); 9] }).collect();
    let comment = markdown::render(&report, &Links::default());
    assert!((50_000..60_000).contains(&comment.len()), "{}", comment.len());
    let left = comment.lines().find(|line| line.starts_with("Left out")).unwrap();
    assert!(left.contains(" notes, 2000 breaking. ") && comment.contains("more venues.\n"), "{left}");
}

#[test]
fn the_changelog_has_entries_in_the_words_of_users() {
    insta::assert_snapshot!(changelog::render(&everything()));
}

#[test]
fn text_of_a_spec_has_no_meaning_in_a_changelog() {
    let said = changelog::render(&hostile());
    for line in said.lines().filter(|line| !line.starts_with("<!-- ")) {
        // Code does not go on in the next line.
        let prose = without_code(line);
        assert!(!prose.contains(['<', '@', '[', '|']), "{line}");
        assert!(!line.chars().any(char::is_control), "{line}");
    }
    for line in said.lines().filter(|line| line.starts_with("<!-- ")) {
        assert_eq!((line.matches("-->").count(), line.ends_with(" -->")), (1, true), "{line}");
    }
}
