//! Cases of several rules.

use super::rule::{Case, case};
use crate::level::Level::{Breaking, Risky, Safe};

pub(crate) static OLD_NAME_REUSED: Case =
    case("old-name-reused", "The old name in Rust stands for something else now.")
        .source(Breaking, "code compiles, but `{}` means something else now");

pub(crate) static MAY_MATCH_SEVERAL: Case =
    case("may-match-several", "Exactly one alternative has to match, and old values may match several.")
        .wire_in_requests(Risky, "what old clients send may match several alternatives, and exactly one may match");

pub(crate) static MATCHES_SEVERAL: Case =
    case("matches-several", "Exactly one alternative has to match, and old values match several.")
        .wire_in_requests(Breaking, "what old clients send matches several alternatives, and exactly one may match");

pub(crate) static NAME_STAYS: Case = case("name-stays", "Something else of the same type has the name in Rust now.")
    .source(Safe, "the name in Rust stays, and stands for `{}`");

pub(crate) static NAME_WAS_THERE: Case =
    case("name-was-there", "Something else of the same type had the name in Rust before.")
        .source(Safe, "the name in Rust was there, and stood for `{}`")
        .adds(false);

pub(crate) static BECOMES_MAYBE: Case =
    case("becomes-maybe", "It can be null and can be missing now.").source(Breaking, "it becomes a `Maybe`");

pub(crate) static WAS_MAYBE: Case =
    case("was-maybe", "It could be null and could be missing before.").source(Breaking, "it is not a `Maybe` any more");

pub(crate) static NOT_HELD: Case =
    case("not-held", "No field, setter or call has this type.").source(Safe, "nothing in the crate holds it");
