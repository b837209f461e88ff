//! Reads the specification extensions of the root, of operations and of schemas. `specs/README.md`
//! describes them.
//!
//! A reader refuses a value whose form differs from its description (`shapes`). The check calls
//! those readers that check more than the form. The lowering calls all of them, and uses the values
//! that they return.

mod api;
mod auth;
mod errors;
mod operation;
mod pagination;
mod parameter_names;
mod rate_limits;
mod schema;
mod subscription;

pub(crate) use api::*;
pub(crate) use auth::*;
pub use errors::CodeRule;
pub(crate) use errors::*;
pub(crate) use operation::*;
pub use pagination::PagedBy;
pub(crate) use pagination::*;
pub(crate) use parameter_names::*;
pub use rate_limits::Per;
pub(crate) use rate_limits::*;
pub(crate) use schema::*;
pub(crate) use subscription::*;
pub use subscription::{Content, Topics};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::constraints::STATED_BY;
    use crate::source::evidence::KINDS;
    use crate::source::market_rules::{ORDER_VALUES, RULE_KINDS};
    use crate::source::root::ENVIRONMENTS;
    use crate::source::shapes::extensions::{
        CONSTRAINT_SHAPE, MARKET_RULE_SHAPE, RATE_LIMIT_SHAPE, SERVER_TIME_SHAPE, TIME_SHAPE,
    };
    use crate::source::shapes::grammar::{EVIDENCE_SHAPE, Form, Shape};
    use crate::source::shapes::subscriptions::SUBSCRIPTION_SHAPE;
    use crate::source::shapes::{openapi, openrpc};
    use crate::source::times::{UNITS, ZONES};

    fn described(shape: &Shape, key: &str) -> Vec<&'static str> {
        match shape.key(key).map(|key| key.form) {
            Some(Form::Choice(choices)) => choices.to_vec(),
            _ => panic!("`{key}` is not described as a choice"),
        }
    }

    fn names<T: Copy>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
        choices.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn the_readers_accept_exactly_the_choices_that_are_described() {
        assert_eq!(described(&RATE_LIMIT_SHAPE, "per"), names(&PER));
        assert_eq!(described(&RATE_LIMIT_SHAPE, "counts"), names(&COUNTS));
        assert_eq!(described(&SUBSCRIPTION_SHAPE, "content"), names(&CONTENTS));
        assert_eq!(described(&SUBSCRIPTION_SHAPE, "topics"), names(&TOPICS));
        assert_eq!(described(&SERVER_TIME_SHAPE, "unit"), names(&UNITS));
        assert_eq!(described(&TIME_SHAPE, "unit"), names(&UNITS));
        assert_eq!(described(&TIME_SHAPE, "zone"), names(&ZONES));
        assert_eq!(described(&MARKET_RULE_SHAPE, "of"), names(&ORDER_VALUES));
        assert_eq!(described(&MARKET_RULE_SHAPE, "is"), names(&RULE_KINDS));
        assert_eq!(described(&CONSTRAINT_SHAPE, "stated-by"), names(&STATED_BY));
        assert_eq!(described(&EVIDENCE_SHAPE, "kind"), names(&KINDS));
        assert_eq!(described(&openapi::SERVER, "x-environment"), names(&ENVIRONMENTS));
        assert_eq!(described(&openrpc::SERVER, "x-environment"), names(&ENVIRONMENTS));
    }
}
