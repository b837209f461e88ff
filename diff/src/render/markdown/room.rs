//! Fills a comment of limited length, the most important items first.

use std::collections::{BTreeMap, BTreeSet};

use crate::level::Level;

use super::lengths::SENTENCE;
use crate::render::phrases::count;
use crate::render::untrusted::code;

/// The importance of an item. The most important one comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Note,
    Breaking,
    Risky,
    Safe,
}

impl From<Level> for Group {
    fn from(level: Level) -> Self {
        match level {
            Level::Breaking => Self::Breaking,
            Level::Risky => Self::Risky,
            Level::Safe => Self::Safe,
        }
    }
}

impl Group {
    const ALL: [Self; 4] = [Self::Note, Self::Breaking, Self::Risky, Self::Safe];

    /// Returns the text before and after the items of a section.
    fn frame(self, number: usize) -> (String, &'static str) {
        match self {
            Self::Note => ("\n".to_owned(), ""),
            Self::Breaking => ("\n**Breaking**\n\n".to_owned(), ""),
            Self::Risky => ("\n**Risky**\n\n".to_owned(), ""),
            Self::Safe => {
                let changes = count(number, "safe change", "safe changes");
                (format!("\n<details><summary>{changes}</summary>\n\n"), "\n</details>\n")
            }
        }
    }

    /// Returns `12 breaking`.
    fn left_out(self, number: usize) -> String {
        match self {
            Self::Note => count(number, "note", "notes"),
            Self::Breaking => format!("{number} breaking"),
            Self::Risky => format!("{number} risky"),
            Self::Safe => format!("{number} safe"),
        }
    }
}

/// The section of a venue.
pub(super) struct Section {
    pub(super) heading: String,
    /// The items in the order within their groups.
    pub(super) items: Vec<Item>,
}

/// An item of a list.
pub(super) struct Item {
    pub(super) group: Group,
    pub(super) text: String,
}

/// Returns as many items of the sections as fit. No item is left out in favour of a less important
/// item.
pub(super) fn fill(sections: &[Section], room: usize, command: &str) -> String {
    let missing = |counts: &BTreeMap<Group, usize>| {
        let counts = counts.iter().map(|(group, number)| group.left_out(*number)).collect::<Vec<_>>().join(", ");
        format!(
            "\nLeft out to keep the comment short enough, the least important first: {counts}. To see all: {}\n",
            code(command, SENTENCE)
        )
    };
    // The space for the line is reserved with the largest numbers.
    let largest = Group::ALL.into_iter().map(|group| (group, sections.iter().map(|section| section.items.len()).sum()));
    let mut room = room.saturating_sub(missing(&largest.collect()).len());

    let mut chosen = BTreeSet::new();
    let (mut headed, mut framed) = (BTreeSet::new(), BTreeSet::new());
    let queue = queue(sections);
    for (group, _, venue, place) in &queue {
        let Some(section) = sections.get(*venue) else { continue };
        let Some(item) = section.items.get(*place) else { continue };
        let mut cost = line(item).len();
        if !headed.contains(venue) {
            cost += heading(section).len();
        }
        if !framed.contains(&(*venue, *group)) {
            let (before, after) = group.frame(section.items.len());
            cost += before.len() + after.len();
        }
        if cost > room {
            break;
        }
        room -= cost;
        headed.insert(*venue);
        framed.insert((*venue, *group));
        chosen.insert((*venue, *place));
    }

    let mut out = String::new();
    let mut left: BTreeMap<Group, usize> = BTreeMap::new();
    for (group, _, venue, place) in &queue {
        if !chosen.contains(&(*venue, *place)) {
            *left.entry(*group).or_default() += 1;
        }
    }
    if !left.is_empty() {
        out.push_str(&missing(&left));
    }
    for (venue, section) in sections.iter().enumerate() {
        if !headed.contains(&venue) {
            continue;
        }
        out.push_str(&heading(section));
        for group in Group::ALL {
            let items = section.items.iter().enumerate().filter(|(_, item)| item.group == group);
            let number = items.clone().count();
            let shown: String =
                items.filter(|(place, _)| chosen.contains(&(venue, *place))).map(|(_, item)| line(item)).collect();
            if !shown.is_empty() {
                let (before, after) = group.frame(number);
                out.push_str(&before);
                out.push_str(&shown);
                out.push_str(after);
            }
        }
    }
    out
}

/// Returns the items by importance: by group, then the first one of every venue, then the second
/// one of every venue.
fn queue(sections: &[Section]) -> Vec<(Group, usize, usize, usize)> {
    let mut queue = Vec::new();
    for (venue, section) in sections.iter().enumerate() {
        let mut ranks: BTreeMap<Group, usize> = BTreeMap::new();
        for (place, item) in section.items.iter().enumerate() {
            let rank = ranks.entry(item.group).or_default();
            queue.push((item.group, *rank, venue, place));
            *rank += 1;
        }
    }
    queue.sort_unstable();
    queue
}

fn heading(section: &Section) -> String {
    format!("\n### {}\n", section.heading)
}

fn line(item: &Item) -> String {
    format!("- {}\n", item.text)
}
