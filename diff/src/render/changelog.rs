//! Entries for the changelog of each crate, in the words of its users: methods, types and fields.
//!
//! Changes that break code come first, with what breaks. Changes of the venue that only break
//! clients of older versions follow, because users have to take the new version in time.

use indexmap::IndexMap;
use venuekit_codegen::model::names::Words;

use crate::comparison::{Change, Comparison};
use crate::level::Level;

use super::phrases::{count, equal, few, level, rename};
use super::report::Report;
use super::untrusted::{code, prose};

/// The maximum number of columns.
const COLUMNS: usize = 100;
/// The maximum number of characters of a name or a value.
const NAME: usize = 120;
/// The maximum number of characters of a sentence.
const SENTENCE: usize = 400;

/// The headings in their order, each with an explanation.
const SECTIONS: [(&str, &str); 4] = [
    ("Breaking", ""),
    ("Broken in older versions", "The venue no longer serves older versions here. Programs need this version."),
    ("Added", ""),
    ("Changed", ""),
];

/// Returns the entries of all venues as Markdown.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for failed in &report.failed {
        // A comment of HTML ends at two hyphens and an angle.
        out.push_str(&format!("<!-- {} -->\n", failed.in_a_line().replace(['<', '>'], " ")));
    }
    for venue in &report.venues {
        out.push_str(&entries(venue, report.least));
    }
    if out.is_empty() { "No entry is needed: nothing changed.\n".to_owned() } else { out }
}

fn entries(venue: &Comparison, least: Level) -> String {
    let version = venue.version();
    let number = version.needed.filter(|_| version.fault.is_some()).or(version.new).unwrap_or_default();
    let name = format!("venuekit-{} {number}", venue.venue);
    let mut out = format!("## {}\n", prose(name.trim_end(), NAME));
    match (&venue.old, &venue.new) {
        (None, _) => return out + "\nThe first release.\n\n",
        (_, None) => return out + "\nThe crate is not kept up to date any more: its spec is gone.\n\n",
        _ => {}
    }
    let shown: Vec<&Change> = venue.changes.iter().filter(|change| level(change) >= least).collect();
    let mut sections: IndexMap<&str, Vec<String>> = IndexMap::new();
    for group in equal(&shown) {
        let Some(first) = group.first() else { continue };
        sections.entry(section(first)).or_default().push(entry(first, &group));
    }
    if let (Some(old), Some(new)) = (&venue.old, &venue.new)
        && let (Some(was), Some(is)) = (&old.api_version, &new.api_version)
        && was != is
    {
        let text =
            format!("The spec follows version {} of the venue's API ({} before).", code(is, NAME), code(was, NAME));
        sections.entry("Changed").or_default().push(text);
    }
    if venue.documentation > 0 {
        let changed = count(venue.documentation, "description or example", "descriptions or examples");
        sections.entry("Changed").or_default().push(format!("{changed} of the documentation."));
    }
    for (heading, explanation) in SECTIONS {
        let Some(entries) = sections.get(heading) else { continue };
        out.push_str(&format!("\n### {heading}\n\n"));
        if !explanation.is_empty() {
            out.push_str(&wrapped("", explanation));
            out.push('\n');
        }
        entries.iter().for_each(|entry| out.push_str(&wrapped("- ", entry)));
    }
    out + "\n"
}

fn section(change: &Change) -> &'static str {
    match (change.source.level, change.wire.level) {
        (Level::Breaking, _) => "Breaking",
        (_, Level::Breaking) => "Broken in older versions",
        _ if change.adds => "Added",
        _ => "Changed",
    }
}

fn entry(change: &Change, group: &[&Change]) -> String {
    let mut said =
        format!("{}: {}", subject(change), lower(&prose(change.rule.meaning.trim_end_matches('.'), SENTENCE)));
    said.push_str(&match (&change.was, &change.is) {
        (Some(was), Some(is)) => format!(" ({} → {})", code(was, NAME), code(is, NAME)),
        (Some(was), None) => format!(" (was {})", code(was, NAME)),
        (None, Some(is)) => format!(" ({})", code(is, NAME)),
        (None, None) => String::new(),
    });
    let mut reasons = Vec::new();
    if change.source.level > Level::Safe {
        reasons.push(&change.source.reason);
    }
    if change.wire.level > Level::Safe && change.wire.reason != change.source.reason {
        reasons.push(&change.wire.reason);
    }
    reasons.iter().for_each(|reason| said.push_str(&format!("; {}", prose(reason, SENTENCE))));
    said.push('.');
    if let Some(question) = rename(change, &|name| code(name, NAME)) {
        said.push_str(&format!(" Was it {question}"));
    }
    let others: Vec<String> = group.iter().skip(1).map(|other| subject(other)).collect();
    if !others.is_empty() {
        said.push_str(&format!(" The same holds for {}.", few(&others)));
    }
    said
}

/// Returns the changed part in the words of Rust: `Order::tag`, or a method with its parameter.
fn subject(change: &Change) -> String {
    let within = change.subject.within.as_str();
    if let Some(schema) = &change.subject.schema {
        let name = pascal(schema);
        return code(&if within.is_empty() { name } else { format!("{name}::{}", path(within)) }, NAME);
    }
    let methods: Vec<String> = change.methods.iter().map(|method| code(method, NAME)).collect();
    let methods = if methods.is_empty() { "the API".to_owned() } else { few(&methods) };
    match within.split_once(' ') {
        _ if within.is_empty() => methods,
        Some((kind, name)) => format!("{methods}, {} {}", prose(kind, NAME), code(&path(name), NAME)),
        None => format!("{methods}, {}", code(&path(within), NAME)),
    }
}

/// Returns a path of properties with the names of their fields.
fn path(within: &str) -> String {
    let names = within.split('.').map(|name| {
        let (name, rest) = name.find(['[', '{', ' ']).and_then(|at| name.split_at_checked(at)).unwrap_or((name, ""));
        let snake = Words::parse(name).map_or_else(|_| name.to_owned(), |words| words.snake());
        format!("{snake}{rest}")
    });
    names.collect::<Vec<_>>().join(".")
}

fn pascal(name: &str) -> String {
    Words::parse(name).map_or_else(|_| name.to_owned(), |words| words.pascal())
}

/// Returns a sentence with a small first letter.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_lowercase(), chars.as_str()))
}

/// Returns a paragraph in lines of at most 100 columns. Later lines are indented by the width of
/// `bullet`. No line begins with a character that could begin a list, a heading or a quote.
fn wrapped(bullet: &str, text: &str) -> String {
    let (mut out, mut column) = (bullet.to_owned(), bullet.chars().count());
    for (index, atom) in atoms(text).into_iter().enumerate() {
        let width = atom.chars().count();
        let is_word = atom.starts_with(|c: char| c.is_alphabetic() || c == '`' || c == '(');
        if index > 0 && is_word && column + 1 + width > COLUMNS {
            out.push_str(&format!("\n{:1$}", "", bullet.chars().count()));
            column = bullet.chars().count();
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(atom);
        column += width;
    }
    out + "\n"
}

/// Splits a paragraph at its spaces, but not inside of code.
fn atoms(text: &str) -> Vec<&str> {
    let (mut atoms, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let fence = rest.len() - rest.trim_start_matches('`').len();
        if fence > 0 {
            at += fence;
            at += text.get(at..).and_then(|inner| end_of_code(inner, fence)).unwrap_or_default();
        } else if rest.starts_with(' ') {
            atoms.extend(text.get(start..at));
            at += 1;
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    atoms.extend(text.get(start..));
    atoms
}

/// Returns the end of code that begins after a fence of this many backticks; `None` if it has no
/// end.
fn end_of_code(inner: &str, fence: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        at += inner.get(at..)?.find('`')?;
        let rest = inner.get(at..)?;
        let run = rest.len() - rest.trim_start_matches('`').len();
        at += run;
        if run == fence {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_not_broken_in_code() {
        assert_eq!(atoms("a `b c` d"), ["a", "`b c`", "d"]);
        assert_eq!(atoms("``a ` b``, c"), ["``a ` b``,", "c"]);
        assert_eq!(atoms("a ` b"), ["a", "`", "b"]);
        assert_eq!(atoms(""), [""]);
        let text = format!("{} `# {}` - c", "a".repeat(60), "b ".repeat(30));
        assert_eq!(wrapped("- ", &text), format!("- {}\n  `# {}` - c\n", "a".repeat(60), "b ".repeat(30)));
    }
}
