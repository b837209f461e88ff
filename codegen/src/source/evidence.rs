//! `x-evidence`: the sources of statements that the venue's document does not make.

use super::located::Located;
use super::object::Object;
use super::refusal::Refusal;
use super::shapes::grammar::EVIDENCE_SHAPE;

/// A source other than the venue's document.
pub(crate) struct Evidence<'a> {
    /// The publication, or the repository, commit and file.
    pub(crate) source: &'a str,
    /// True if the source is a publication of the venue itself about this API.
    pub(crate) is_proof: bool,
}

/// The choices of `kind`; true if the source is a publication of the venue itself about this API.
pub(crate) const KINDS: [(&str, bool); 2] = [("proof", true), ("hint", false)];

impl<'a> Evidence<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &EVIDENCE_SHAPE);
        Ok(Self { source: object.need_text("source")?, is_proof: object.need_choice("kind", &KINDS)? })
    }
}

/// Returns true if an object has evidence, and no source of it is a publication of the venue
/// itself. The form of the evidence is checked elsewhere.
pub(crate) fn has_hints_only(holder: &Located<'_>) -> bool {
    let mut sources = holder.list("x-evidence").peekable();
    sources.peek().is_some() && sources.all(|source| source.text("kind") != Some("proof"))
}

/// Reads the evidence on an object.
///
/// # Errors
/// Returns the refusal of the first value that does not have the required form.
pub(super) fn evidence<'a>(holder: &Object<'a>) -> Result<Vec<Evidence<'a>>, Refusal<'a>> {
    holder.list("x-evidence")?.into_iter().map(Evidence::read).collect()
}
