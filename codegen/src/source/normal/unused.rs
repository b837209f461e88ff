//! Notes the parts of a document that no operation uses.

use super::notes::Notes;
use crate::diagnostic::{Diagnostic, Effect, Level};
use crate::source::unused::unused;
use crate::source::view::View;

/// Adds a warning for each security scheme, limit and extension about signing that no operation of
/// the document uses.
pub fn note_unused(view: &View<'_>, notes: &mut Notes) {
    for refusal in unused(view) {
        let finding = refusal.into_finding(view.document);
        notes.push(Diagnostic { level: Level::Warning, effect: Some(Effect::Ignored), ..finding });
    }
}
