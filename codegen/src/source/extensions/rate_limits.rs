//! Rate limits, and the names by which operations refer to them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::source::evidence::{Evidence, evidence};
use crate::source::findings::Later;
use crate::source::located::Located;
use crate::source::nearest::did_you_mean;
use crate::source::object::{Object, text};
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::RATE_LIMIT_SHAPE;

/// A rate limit of the venue.
pub(crate) struct RateLimit<'a> {
    pub(crate) name: &'a str,
    pub(crate) per: Per,
    pub(crate) window: Window,
    /// The number of requests, or the weight, that fits into a window.
    pub(crate) limit: u32,
    /// True if the limit counts weight, not requests.
    pub(crate) counts_weight: bool,
    /// The response header that states how much of the limit is used.
    pub(crate) header: Option<&'a str>,
    /// The longest time for which the venue closes the limit after a refusal.
    pub(crate) longest_closing: Option<Window>,
    /// `x-evidence`: the sources of a limit that the venue's document does not state.
    pub(crate) evidence: Vec<Evidence<'a>>,
}

/// The holder of the count of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// An IP address.
    Ip,
    /// A key.
    Key,
    /// A connection of a socket.
    Connection,
}

impl Per {
    /// Returns the text in a spec.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Key => "key",
            Self::Connection => "connection",
        }
    }
}

/// The choices of `per`.
pub(crate) const PER: [(&str, Per); 3] = [("ip", Per::Ip), ("key", Per::Key), ("connection", Per::Connection)];

/// The choices of `counts`; true if the limit counts weight.
pub(crate) const COUNTS: [(&str, bool); 2] = [("weight", true), ("requests", false)];

impl<'a> RateLimit<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &RATE_LIMIT_SHAPE);
        Ok(Self {
            name: object.need_text("name")?,
            per: object.need_choice("per", &PER)?,
            window: Window::read(&object.need("window")?)?,
            limit: object.need_count("limit")?,
            counts_weight: object.need_choice("counts", &COUNTS)?,
            header: object.text("header")?,
            longest_closing: object.at.get("longest-closing").map(|at| Window::read(&at)).transpose()?,
            evidence: evidence(&object)?,
        })
    }
}

/// The names of the rate limits.
pub(crate) struct LimitNames<'a> {
    /// The names in the order of the document. They are shared with the help texts of findings.
    names: Rc<Vec<&'a str>>,
    /// The index of the first limit of each name.
    index: HashMap<&'a str, usize>,
}

impl<'a> LimitNames<'a> {
    /// Reads the names of the rate limits at the root.
    pub(crate) fn new(root: &Located<'a>) -> Self {
        let (mut names, mut index) = (Vec::new(), HashMap::new());
        for (at, limit) in root.list("x-rate-limits").enumerate() {
            let Some(name) = limit.text("name") else { continue };
            names.push(name);
            index.entry(name).or_insert(at);
        }
        Self { names: Rc::new(names), index }
    }

    /// Returns the index of the rate limit that an element of `x-limits` names. `listed` are all
    /// names in that list; the help suggests none of them.
    ///
    /// # Errors
    /// Returns a refusal if no limit has the name.
    pub(crate) fn limit(&self, element: &Located<'a>, listed: &Rc<HashSet<&'a str>>) -> Result<usize, Refusal<'a>> {
        let name = text(element)?;
        self.index.get(name).copied().ok_or_else(|| {
            let (known, listed) = (self.names.clone(), listed.clone());
            let help = Later(move || {
                let free = known.iter().copied().filter(|known| !listed.contains(known));
                did_you_mean(name, free, "describe it under `x-rate-limits` at the root").into()
            });
            Refusal::new(&*element.pointer, format!("there is no limit `{name}`"), help)
        })
    }

    pub(super) fn list(&self, holder: &Object<'a>) -> Result<Vec<usize>, Refusal<'a>> {
        let listed = Rc::default();
        holder.list("x-limits")?.iter().map(|element| self.limit(element, &listed)).collect()
    }
}

/// A duration such as `5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The duration in seconds.
    pub(crate) seconds: u64,
}

impl Window {
    /// Reads a duration such as `1s`, `5m`, `2h` or `1d`.
    ///
    /// # Errors
    /// Returns a refusal if the value is not a text of this form.
    pub(crate) fn read<'a>(at: &Located<'a>) -> Result<Self, Refusal<'a>> {
        let written = text(at)?;
        Self::parse(written).ok_or_else(|| {
            let help = "write a whole number and s, m, h or d: 1s, 5m, 1d";
            Refusal::new(&*at.pointer, format!("`{written}` is not a window of time"), help)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let unit = match text.chars().next_back()? {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            _ => return None,
        };
        let digits = text.get(..text.len() - 1)?;
        if digits.is_empty() || digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let seconds = digits.parse::<u64>().ok()?.checked_mul(unit)?;
        Some(Self { seconds })
    }
}
