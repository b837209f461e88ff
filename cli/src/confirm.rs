//! Asking before something that cannot be taken back.

use std::io::{self, BufRead, IsTerminal, Write};

use venuekit::operation::{Idempotent, Operation, Security};

use crate::failure::Failure;
use crate::output;

/// Whether to ask before an operation where real money is: orders, withdrawals, transfers and cancelling all have to be signed and must
/// not be sent twice. With a member that makes a withdrawal unique, it still is one.
pub(crate) fn is_needed(operation: &Operation) -> bool {
    operation.security() == Security::Signed && operation.idempotent() != Idempotent::Always
}

/// Whether there is somebody to ask.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks on the terminal.
pub(crate) fn ask(what: &str) -> Result<(), Failure> {
    if agrees(what, io::stdin().lock(), io::stderr()).unwrap_or(false) {
        Ok(())
    } else {
        Err(Failure::NotSent("not sent: you did not say yes".to_owned()))
    }
}

fn agrees(what: &str, mut answers: impl BufRead, mut questions: impl Write) -> io::Result<bool> {
    write!(questions, "{}\nDo that on production? [y/N] ", output::harmless(what))?;
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
    fn only_yes_is_yes() {
        for (answer, expected) in
            [("y\n", true), ("YES\n", true), ("\n", false), ("", false), ("n\n", false), ("yep\n", false)]
        {
            let mut asked = Vec::new();
            assert_eq!(agrees("place an order", answer.as_bytes(), &mut asked).unwrap(), expected, "{answer:?}");
            assert_eq!(String::from_utf8(asked).unwrap(), "place an order\nDo that on production? [y/N] ");
        }
    }

    #[test]
    fn what_places_withdraws_or_cancels_all_is_asked_for_and_reads_and_cancels_by_id_are_not() {
        let mut asked = String::new();
        for venue in VENUES {
            for meta in venue.operations.iter().filter(|meta| is_needed(meta.operation)) {
                asked.push_str(&format!("{} {}\n", venue.venue.name(), meta.operation.id()));
            }
        }
        insta::assert_snapshot!(asked);
    }
}
