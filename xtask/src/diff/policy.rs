//! Reads `specs/diff.toml`: the levels that a project overrides, and the changes that it accepts.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;
use venuekit_diff::policy::{Exception, Override, Policy};
use venuekit_diff::render::{Origin, Report};
use venuekit_diff::{Level, Rule, rules};

use super::git::Git;

/// The path in the repository.
pub(crate) const PATH: &str = "specs/diff.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    level: Vec<LevelEntry>,
    #[serde(default)]
    accept: Vec<AcceptEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelEntry {
    rule: Spanned<String>,
    case: Option<String>,
    venue: Option<String>,
    wire: Option<LevelName>,
    source: Option<LevelName>,
    why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptEntry {
    rule: Spanned<String>,
    venue: Option<String>,
    place: String,
    until: Spanned<Datetime>,
    why: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Safe,
    Risky,
    Breaking,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Safe => Self::Safe,
            LevelName::Risky => Self::Risky,
            LevelName::Breaking => Self::Breaking,
        }
    }
}

/// Returns the text of a policy with its name: the file that the user names, or `specs/diff.toml`
/// of the new revision. Returns `None` if the new revision has none.
pub(crate) fn find(named: Option<&Path>, head: &Origin, git: Option<&Git>) -> Result<Option<(String, String)>, String> {
    if let Some(path) = named {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
        return Ok(Some((shown, text)));
    }
    let Some(git) = git else { return Ok(None) };
    let bytes = match head {
        Origin::Commit { id, .. } => match git.find(id, PATH)? {
            Some(entry) if entry.is_link() => return Err(format!("{PATH}: a symbolic link is not followed")),
            Some(entry) => git.blob(&entry.id)?,
            None => return Ok(None),
        },
        _ => {
            let path = git.root().join(PATH);
            if path.is_symlink() {
                return Err(format!("{PATH}: a symbolic link is not followed"));
            }
            if !path.exists() {
                return Ok(None);
            }
            fs::read(&path).map_err(|error| format!("{PATH}: cannot be read: {error}"))?
        }
    };
    let text = String::from_utf8(bytes).map_err(|_| format!("{PATH}: this is not UTF-8"))?;
    Ok(Some((PATH.to_owned(), text)))
}

/// Reads a policy and applies it to a report.
pub(crate) fn apply(file: &str, text: &str, report: &mut Report) -> Result<(), String> {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let today = now.get(..10).unwrap_or_default();
    read(file, text)?.apply(report, today);
    Ok(())
}

fn read(file: &str, text: &str) -> Result<Policy, String> {
    let parsed: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        format!("{file}:{line}: {}", error.message())
    })?;
    let mut policy = Policy::default();
    for entry in parsed.level {
        let stated_at = format!("{file}:{}", line_of(text, entry.rule.span().start));
        let rule = rule(&stated_at, entry.rule.get_ref())?;
        if let Some(case) = &entry.case
            && !rule.cases.iter().any(|known| known.name == case)
        {
            let known: Vec<&str> = rule.cases.iter().map(|case| case.name).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("{stated_at}: `{case}` is not a case of `{}`; help: its cases: {known}", rule.id));
        }
        if entry.wire.is_none() && entry.source.is_none() {
            return Err(format!("{stated_at}: no level is given; help: write `wire = \"risky\"`, or `source`"));
        }
        let LevelEntry { case, venue, wire, source, .. } = entry;
        let why = why(&stated_at, entry.why)?;
        let (wire, source) = (wire.map(Level::from), source.map(Level::from));
        policy.overrides.push(Override { rule, case, venue, wire, source, why, stated_at });
    }
    for entry in parsed.accept {
        let stated_at = format!("{file}:{}", line_of(text, entry.rule.span().start));
        let rule = rule(&stated_at, entry.rule.get_ref())?;
        let until = date(&format!("{file}:{}", line_of(text, entry.until.span().start)), entry.until.get_ref())?;
        let why = why(&stated_at, entry.why)?;
        policy.exceptions.push(Exception { rule, venue: entry.venue, place: entry.place, until, why, stated_at });
    }
    Ok(policy)
}

fn rule(stated_at: &str, id: &str) -> Result<&'static Rule, String> {
    rules::by_id(id).ok_or_else(|| {
        let near = rules::all().map(|rule| rule.id);
        let near =
            near.max_by(|a, b| strsim::jaro_winkler(a, id).total_cmp(&strsim::jaro_winkler(b, id))).unwrap_or_default();
        format!("{stated_at}: `{id}` is not a rule; help: did you mean `{near}`? docs/spec-changes.md lists them")
    })
}

fn why(stated_at: &str, why: String) -> Result<String, String> {
    if why.trim().is_empty() {
        return Err(format!("{stated_at}: `why` is empty; help: write the reason in a sentence"));
    }
    Ok(why)
}

/// Returns a date without a time as text.
fn date(stated_at: &str, until: &Datetime) -> Result<String, String> {
    match (until.date, until.time, until.offset) {
        (Some(date), None, None) => Ok(date.to_string()),
        _ => Err(format!("{stated_at}: `{until}` is not a date; help: write `until = 2026-08-01`")),
    }
}

/// Returns the line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_file_have_a_line_and_help() {
        let fault = |text: &str| read("specs/diff.toml", text).map(|_| ()).expect_err("it is refused");
        let accept = "[[accept]]\nrule = \"operation-removed\"\nplace = \"ping\"\nuntil = 2026-08-01\nwhy = \"x\"\n";
        for (text, said) in [
            (
                accept.replace("removed", "remvoed"),
                "specs/diff.toml:2: `operation-remvoed` is not a rule; help: did you mean `operation-removed`?",
            ),
            (
                accept.replace("2026-08-01", "2026-08-01T10:00:00Z"),
                "specs/diff.toml:4: `2026-08-01T10:00:00Z` is not a date; help: write `until = 2026-08-01`",
            ),
            (accept.replace("2026-08-01", "\"soon\""), "specs/diff.toml:4: "),
            (accept.replace("\"x\"", "\" \""), "specs/diff.toml:2: `why` is empty"),
            (accept.replace("place = \"ping\"\n", ""), "missing field `place`"),
            (accept.replace("place", "palce"), "specs/diff.toml:3: unknown field `palce`"),
            (
                "[[level]]\nrule = \"operation-removed\"\nwhy = \"x\"\n".to_owned(),
                "specs/diff.toml:2: no level is given",
            ),
            (
                "[[level]]\nrule = \"operation-removed\"\nwire = \"bad\"\nwhy = \"x\"\n".to_owned(),
                "specs/diff.toml:3: unknown variant `bad`",
            ),
            (
                "[[level]]\nrule = \"operation-removed\"\ncase = \"none-such\"\nwire = \"safe\"\nwhy = \"x\"\n"
                    .to_owned(),
                "`none-such` is not a case of `operation-removed`; help: its cases: ",
            ),
            ("[accept\n".to_owned(), "specs/diff.toml:1: "),
        ] {
            assert!(fault(&text).contains(said), "{}\nexpected {said}", fault(&text));
        }
        assert_eq!(read("specs/diff.toml", accept).expect("it is read").exceptions.len(), 1);
        assert!(read("specs/diff.toml", "").expect("it is read").exceptions.is_empty());
    }
}
