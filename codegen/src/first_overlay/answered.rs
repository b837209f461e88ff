//! The overlay of a draft from prose: the answers to its checklist that its documents suggest.

use venuekit_draft::Answer;
use venuekit_json::Tree;

use super::actions::{ROUNDS, declaration, removals};
use super::evidence::Evidence;
use super::money::decimals;
use super::yaml::{self, Action, Yaml};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{self, Node, Spec, decimal_fields};
use crate::{Failure, read_with_notes};

/// The comment at the beginning of the overlay.
const HEAD: &str = "Answers to the checklist in the report of the draft. Each is a guess with its reason: keep it, correct \
                    it, or remove it. `codegen` applies them to the draft.";

/// Returns the overlay of a draft: the answers, the decimals by their names and their examples, and
/// the removal of operations that cannot be generated. Returns `None` if there is nothing to state.
///
/// # Errors
/// Returns the findings on the draft if no client can be generated from it.
pub fn answered(spec: &Spec, overlay_name: &str, answers: &[Answer]) -> Result<Option<String>, Failure> {
    let document = source::load_with_notes(spec).map_err(Failure::Spec)?;
    let title = document.node("/info/title").and_then(Node::as_str).unwrap_or(document.venue());
    let title = format!("Answers for {}", title.trim());
    let with = |actions: &[Action]| {
        let text = (!actions.is_empty()).then(|| yaml::overlay(HEAD, &title, actions));
        let spec = match &text {
            Some(text) => spec.clone().with_overlay(overlay_name, text.clone()),
            None => spec.clone(),
        };
        (spec, text)
    };
    let first: Vec<Action> = answers.iter().map(action).collect();
    let mut left_out: Vec<Diagnostic> = Vec::new();
    let mut text = None;
    for _ in 0..ROUNDS {
        let removals = removals(&document, &left_out);
        let mut actions = first.clone();
        actions.retain(|action| !removals.iter().any(|removal| action.target.starts_with(&removal.target)));
        actions.extend(removals);
        let shown = source::load_with_notes(&with(&actions).0).map_err(Failure::Spec)?;
        let (named, _) = decimals(&decimal_fields(&shown), &Evidence::of(shown.root()));
        actions.extend(declaration(&named));
        let (spec, own) = with(&actions);
        text = own;
        let reading = read_with_notes(&spec).map_err(Failure::Spec)?;
        let more: Vec<Diagnostic> =
            reading.notes.of_level(Level::LeftOut).filter(|own| own.left_out.is_some()).cloned().collect();
        if more.is_empty() {
            break;
        }
        left_out.extend(more);
    }
    Ok(text)
}

fn action(answer: &Answer) -> Action {
    Action { target: answer.target.clone(), description: answer.reason.clone(), update: Some(value(&answer.update)) }
}

fn value(tree: &Tree) -> Yaml {
    match tree {
        Tree::Object(members) => Yaml::map(members.iter().map(|(key, own)| (key.as_str(), value(own)))),
        Tree::Array(elements) => Yaml::List(elements.iter().map(|own| (value(own), None)).collect()),
        Tree::Bool(flag) => Yaml::Flag(*flag),
        Tree::Text(text) => Yaml::text(text.as_str()),
        Tree::Number(_) | Tree::Null => Yaml::text(tree.scalar().unwrap_or_default()),
    }
}
