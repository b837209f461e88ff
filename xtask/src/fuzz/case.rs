//! A case: a document that is changed at random.

use std::sync::mpsc;
use std::time::Duration;

use fastrand::Rng;
use venuekit_codegen::{Failure, Spec, generate_with_notes};
use venuekit_json::Tree;

use super::mutate::{mutate_bytes, mutate_tree};

/// A document to change.
pub(super) struct Original {
    pub(super) name: String,
    pub(super) text: String,
    /// The parsed document; `None` if the text cannot be parsed.
    pub(super) tree: Option<Tree>,
}

/// A changed document.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The name of the original.
    pub(super) name: String,
    /// The index of the original.
    pub(super) original: usize,
    /// The kind of change.
    pub(super) change: &'static str,
    pub(super) file: &'static str,
    pub(super) text: String,
}

pub(super) enum Outcome {
    Generated,
    Refused,
    Failed(String),
}

impl Case {
    pub(super) fn new(originals: &[Original], seed: u64, number: u64) -> Self {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number));
        let empty = Original { name: String::new(), text: String::new(), tree: None };
        let index = rng.usize(..originals.len().max(1));
        let original = originals.get(index).unwrap_or(&empty);
        let other = originals.get(rng.usize(..originals.len().max(1))).unwrap_or(&empty);
        let name = original.name.clone();
        match &original.tree {
            Some(tree) if rng.u8(..4) > 0 => {
                let mut tree = tree.clone();
                for _ in 0..=rng.usize(..8) {
                    mutate_tree(&mut rng, &mut tree, other.tree.as_ref());
                }
                Self { name, original: index, change: "a changed tree", file: "mutant.json", text: tree.to_json() }
            }
            _ => {
                let text = mutate_bytes(&mut rng, &original.text, &other.text);
                let file = if original.name.ends_with(".json") { "mutant.json" } else { "mutant.yaml" };
                Self { name, original: index, change: "changed bytes", file, text }
            }
        }
    }

    /// Generates a crate on a new thread. The thread goes on running if it takes longer than
    /// `bound`.
    pub(super) fn run(&self, bound: Duration) -> Outcome {
        let (sender, receiver) = mpsc::channel();
        let spec = Spec::new(self.file, self.text.clone());
        let spawned = std::thread::Builder::new().spawn(move || {
            let outcome = match generate_with_notes(&spec) {
                Ok(_) => Outcome::Generated,
                Err(Failure::Spec(_)) => Outcome::Refused,
                Err(Failure::Emit(error)) => Outcome::Failed(format!("the emitter failed: {error}")),
            };
            // Sending fails if the time is over, because the receiver is gone then.
            let _ = sender.send(outcome);
        });
        if let Err(error) = spawned {
            return Outcome::Failed(format!("no thread could be started: {error}"));
        }
        match receiver.recv_timeout(bound) {
            Ok(outcome) => outcome,
            Err(mpsc::RecvTimeoutError::Timeout) => Outcome::Failed(format!("no result after {} s", bound.as_secs())),
            // The thread ended without a result. The message of the panic was printed.
            Err(mpsc::RecvTimeoutError::Disconnected) => Outcome::Failed("the generator panicked".to_owned()),
        }
    }
}
