//! The differences between the two clients that are documented, with their reasons.

use std::collections::BTreeMap;

macro_rules! differences {
    ($($name:ident: $reason:literal,)*) => {
        /// A documented difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Difference {
            $(#[doc = $reason] $name,)*
        }

        impl Difference {
            const ALL: &[(Self, &str)] = &[$((Self::$name, $reason),)*];
        }
    };
}

differences! {
    Signed: "venuekit signs the request; progenitor knows no signatures",
    UserAgent: "venuekit names itself in `user-agent`; progenitor leaves that to its user",
    AcceptEncoding: "venuekit asks for a response without compression, unless `gzip` is on",
    ApiVersion: "progenitor sends the version of the document in a header that no document has",
    ContentType: "AltMarket's signer sends `content-type` without a body too, as the document says",
    Order: "progenitor sends query parameters by their names, venuekit in the order of the document",
    Numbers: "progenitor sends and keeps decimals as floats: 5 is written as 5.0",
    Times: "progenitor writes a time anew: .5 seconds as .500; venuekit sends the given text",
    Null: "progenitor does not tell null from an absent member, and leaves both out",
    Empty: "progenitor leaves out empty lists and objects when it writes a value that may be absent",
    Joined: "progenitor repeats a parameter with `explode: false`, which the document joins with commas",
    Comma: "venuekit refuses a comma inside a value of a joined list, since the list would be another",
    Dots: "venuekit refuses `.`, `..` and blanks as values in a path; progenitor's URL loses the dots",
    Backslash: "progenitor sends `\\` in a path unencoded, and the URL then has `/` in its place",
    Stated: "a success that states a failure by the document's extensions is an error in venuekit",
    Counted: "a batch without a result for each of its orders is an error in venuekit",
}

/// The number of times that each documented difference was seen.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<Difference, usize>);

impl Ledger {
    /// Notes a difference.
    pub fn saw(&mut self, difference: Difference) {
        *self.0.entry(difference).or_default() += 1;
    }

    /// Notes a difference if there is one.
    pub fn saw_if(&mut self, is_there: bool, difference: Difference) {
        if is_there {
            self.saw(difference);
        }
    }

    /// Returns the differences that were never seen.
    pub fn unseen(&self) -> Vec<Difference> {
        Difference::ALL.iter().map(|(difference, _)| *difference).filter(|it| !self.0.contains_key(it)).collect()
    }

    pub fn print(&self) {
        for (difference, reason) in Difference::ALL {
            let count = self.0.get(difference).copied().unwrap_or_default();
            println!("  {:<15} {count:>7}  {reason}", format!("{difference:?}"));
        }
    }
}
