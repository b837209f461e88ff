//! Asks for confirmation before operations that cannot be undone.

use std::io::{self, BufRead, IsTerminal, Write};

use venuekit::operation::{Idempotent, Operation, Security};
use venuekit::wire::Json;
use venuekit_json::Tree;

use crate::failure::Failure;
use crate::{output, secrets};

/// Returns whether to ask before an operation with real money: orders, withdrawals, transfers and
/// cancels of all orders.
///
/// These operations move funds by their spec, or they need credentials and must not be sent twice.
/// The need of a key alone counts, because some venues sign nothing. An
/// operation that may be sent twice with a certain value, such as the id of one order, needs no
/// confirmation if the value is given. `given` returns whether the parameter of a name, or the
/// property of the body, has a value.
pub(crate) fn is_needed(operation: &Operation, given: impl Fn(&str) -> bool) -> bool {
    let must_not_be_repeated = match operation.idempotent() {
        Idempotent::Always => false,
        Idempotent::WhenPresent(names) => !names.iter().any(|name| given(name)),
        _ => true,
    };
    operation.moves_funds() || operation.security() != Security::Public && must_not_be_repeated
}

/// Returns whether a value is given: null, a text that is empty or consists of whitespace, and a
/// list without any other element do not count. The client has the same rule for whether a request
/// may be sent again.
pub(crate) fn has_value(value: &Json) -> bool {
    Tree::parse(value.get()).is_ok_and(|tree| is_filled(&tree))
}

/// Returns whether the body has a property of this name with a value that is given. If the property
/// is repeated, all its values must be given.
pub(crate) fn has_property(body: &Json, wanted: &str) -> bool {
    let Ok(Tree::Object(members)) = Tree::parse(body.get()) else { return false };
    let mut values = members.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value).peekable();
    values.peek().is_some() && values.all(is_filled)
}

fn is_filled(tree: &Tree) -> bool {
    match tree {
        Tree::Array(elements) => elements.iter().any(is_scalar_given),
        _ => is_scalar_given(tree),
    }
}

fn is_scalar_given(tree: &Tree) -> bool {
    match tree {
        Tree::Null => false,
        Tree::Text(text) => !text.chars().all(char::is_whitespace),
        Tree::Bool(_) | Tree::Number(_) | Tree::Array(_) | Tree::Object(_) => true,
    }
}

/// Returns whether the user can be asked: stdin and stderr are terminals.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for confirmation on the terminal. Returns an error for any answer except yes.
pub(crate) fn ask(what: &str) -> Result<(), Failure> {
    if agrees(what, io::stdin().lock(), io::stderr()).unwrap_or(false) {
        Ok(())
    } else {
        Err(Failure::NotSent("not sent: you did not answer yes".to_owned()))
    }
}

fn agrees(what: &str, mut answers: impl BufRead, mut questions: impl Write) -> io::Result<bool> {
    write!(questions, "{}\nDo that on production? [y/N] ", secrets::redact(&output::harmless(what)))?;
    questions.flush()?;
    let mut answer = String::new();
    answers.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use venuekit_venues::VENUES;

    use super::*;

    #[test]
    fn only_y_and_yes_confirm() {
        for (answer, expected) in
            [("y\n", true), ("YES\n", true), ("\n", false), ("", false), ("n\n", false), ("yep\n", false)]
        {
            let mut asked = Vec::new();
            assert_eq!(agrees("place an order", answer.as_bytes(), &mut asked).unwrap(), expected, "{answer:?}");
            assert_eq!(String::from_utf8(asked).unwrap(), "place an order\nDo that on production? [y/N] ");
        }
    }

    #[test]
    fn placing_withdrawing_and_cancelling_all_need_confirmation_and_reads_and_cancels_by_id_do_not() {
        let mut asked = String::new();
        for venue in VENUES {
            for meta in venue.operations.iter().filter(|meta| is_needed(meta.operation, |_| false)) {
                asked.push_str(&format!("{} {}", venue.venue.name(), meta.operation.id()));
                if let (Idempotent::WhenPresent(names), false) =
                    (meta.operation.idempotent(), is_needed(meta.operation, |_| true))
                {
                    asked.push_str(&format!(" unless {} is given", names.join(" or ")));
                }
                asked.push('\n');
            }
        }
        insta::assert_snapshot!(asked);
    }

    #[test]
    fn operations_that_move_funds_always_need_confirmation() {
        let credit = Operation::rpc("credit", "credit").with_security(Security::Signed);
        assert!(!is_needed(&credit.with_idempotent(Idempotent::Always), |_| true));
        for idempotent in [Idempotent::Always, Idempotent::Never, Idempotent::WhenPresent(&["id"])] {
            let credit = Operation::rpc("credit", "credit").with_idempotent(idempotent).with_moves_funds();
            assert!(is_needed(&credit, |_| true), "{idempotent:?}");
        }
    }

    #[test]
    fn an_empty_value_counts_as_missing() {
        for (value, expected) in [
            ("\"x\"", true),
            ("0", true),
            ("false", true),
            ("[1]", true),
            ("{}", true),
            (" null ", false),
            ("\"\"", false),
            ("[ ]", false),
            (r#"" \u00a0\t""#, false),
            (r#"[null, " "]"#, false),
            (r#"[" ", 0]"#, true),
            ("[[]]", true),
        ] {
            let json = |text: &str| Json::parse(text).unwrap();
            assert_eq!(has_value(&json(value)), expected, "{value}");
            assert_eq!(has_property(&json(&format!(r#"{{"a":1,"id":{value}}}"#)), "id"), expected, "{value}");
            assert!(!has_property(&json(&format!(r#"{{"a":{{"id":{value}}}}}"#)), "id"), "{value}");
            assert!(!has_property(&json(&format!(r#"{{"id":null,"id":{value}}}"#)), "id"), "{value}");
        }
    }
}
