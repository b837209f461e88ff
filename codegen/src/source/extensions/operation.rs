//! The extensions of an operation or a method.

use super::errors::{CodeRule, Condition, code_rules, conditions, open_statuses};
use super::pagination::Pagination;
use super::parameter_names::ParameterNames;
use super::rate_limits::LimitNames;
use super::subscription::Subscription;
use crate::source::constraints::{Constraint, constraints};
use crate::source::findings::Later;
use crate::source::located::Located;
use crate::source::nearest::did_you_mean_key;
use crate::source::object::{Object, count, elements, members, text};
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::{BATCH_SHAPE, IDEMPOTENT_SHAPE, WEIGHT_SHAPE};

/// The extensions of an operation or a method.
pub(crate) struct OperationExtensions<'a> {
    /// `x-weight`.
    pub(crate) weight: Weight,
    /// `x-limits`, by index into the rate limits; `None` if the limits of the root apply.
    pub(crate) limits: Option<Vec<usize>>,
    /// `x-reads-only`; `None` if the HTTP method decides.
    pub(crate) reads_only: Option<bool>,
    /// `x-moves-funds`.
    pub(crate) moves_funds: bool,
    /// `x-cancels`; `None` if the HTTP method and the id decide.
    pub(crate) cancels: Option<bool>,
    /// `x-constraints`.
    pub(crate) constraints: Vec<Constraint<'a>>,
    /// `x-idempotent`; `None` if the HTTP method decides.
    pub(crate) idempotent: Option<Idempotent<'a>>,
    /// `x-done-codes`.
    pub(crate) done_codes: Vec<CodeRule>,
    /// `x-gone-codes`.
    pub(crate) gone_codes: Vec<CodeRule>,
    /// `x-unknown-codes`.
    pub(crate) unknown_codes: Vec<CodeRule>,
    /// `x-unknown-statuses`.
    pub(crate) unknown_statuses: Vec<u16>,
    /// `x-refused-codes`.
    pub(crate) refused_codes: Vec<CodeRule>,
    /// `x-failed-when` (OpenAPI).
    pub(crate) failed_when: Vec<Condition<'a>>,
    /// `x-batch` (OpenAPI).
    pub(crate) batch: Option<Batch<'a>>,
    /// `x-pagination`.
    pub(crate) pagination: Option<Pagination<'a>>,
    /// `x-method` (OpenRPC): the name on the wire.
    pub(crate) method: Option<&'a str>,
    /// `x-subscription` (OpenRPC).
    pub(crate) subscription: Option<Subscription<'a>>,
    /// `x-rust-name`.
    pub(crate) rust_name: Option<&'a str>,
    /// `x-doc-deviation`.
    pub(crate) doc_deviation: Option<&'a str>,
}

impl<'a> OperationExtensions<'a> {
    /// Reads the extensions of an operation. `parameters` are the names of its parameters, in their
    /// order.
    ///
    /// # Errors
    /// Returns the refusal of the first value that has a wrong form, or that names something that
    /// does not exist.
    pub(in crate::source) fn read(
        operation: &Object<'a>,
        names: &LimitNames<'a>,
        parameters: &ParameterNames<'a>,
    ) -> Result<Self, Refusal<'a>> {
        let at = &operation.at;
        Ok(Self {
            weight: at.get("x-weight").map_or(Ok(Weight::Fixed(1)), |weight| Weight::read(weight, parameters))?,
            limits: at.get("x-limits").map(|_| names.list(operation)).transpose()?,
            reads_only: at.get("x-reads-only").map(|_| operation.flag("x-reads-only")).transpose()?,
            moves_funds: operation.flag("x-moves-funds")?,
            cancels: at.get("x-cancels").map(|_| operation.flag("x-cancels")).transpose()?,
            constraints: constraints(operation)?,
            idempotent: at.get("x-idempotent").map(Idempotent::read).transpose()?,
            done_codes: code_rules(operation, "x-done-codes")?,
            gone_codes: code_rules(operation, "x-gone-codes")?,
            unknown_codes: code_rules(operation, "x-unknown-codes")?,
            unknown_statuses: open_statuses(operation)?,
            refused_codes: code_rules(operation, "x-refused-codes")?,
            failed_when: conditions(operation, "x-failed-when")?,
            batch: at.get("x-batch").map(Batch::read).transpose()?,
            pagination: at.get("x-pagination").map(|at| Pagination::read(at, parameters)).transpose()?,
            method: operation.text("x-method")?,
            subscription: at.get("x-subscription").map(Subscription::read).transpose()?,
            rust_name: operation.text("x-rust-name")?,
            doc_deviation: operation.text("x-doc-deviation")?,
        })
    }
}

/// The weight of a call, for the limits that count weight.
pub(crate) enum Weight {
    /// The same for each call.
    Fixed(u32),
    /// The largest weight of the parameters that are present.
    ByParameter {
        /// The index and the weight of each parameter.
        when_present: Vec<(usize, u32)>,
        /// The weight of a call without any of these parameters.
        otherwise: u32,
    },
}

impl Weight {
    pub(super) fn read<'a>(at: Located<'a>, parameters: &ParameterNames<'a>) -> Result<Self, Refusal<'a>> {
        if at.node.as_map().is_none() {
            return Ok(Self::Fixed(count(&at)?));
        }
        let object = Object::new(at, &WEIGHT_SHAPE);
        let weights = object.need("when-present")?;
        let read = |(name, weight): (&'a str, Located<'a>)| {
            Ok((Self::parameter(&weights, name, &weight, parameters)?, count(&weight)?))
        };
        let when_present = members(&weights)?.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self::ByParameter { when_present, otherwise: object.need_count("otherwise")? })
    }

    /// Returns the index of the parameter that a key of `when-present` names.
    ///
    /// # Errors
    /// Returns a refusal if no parameter has the name.
    pub(crate) fn parameter<'a>(
        weights: &Located<'a>,
        name: &'a str,
        weight: &Located<'a>,
        parameters: &ParameterNames<'a>,
    ) -> Result<usize, Refusal<'a>> {
        parameters.index.get(name).copied().ok_or_else(|| {
            let (weights, known) = (weights.clone(), parameters.names.clone());
            let help = Later(move || {
                let free = known.iter().copied().filter(|known| weights.node.get(known).is_none());
                did_you_mean_key(name, free, "name a parameter of the operation").into()
            });
            Refusal::new(&*weight.pointer, format!("there is no parameter `{name}`"), help).on_key()
        })
    }
}

/// The lists of a batch, as JSON pointers into the bodies of the request and the response.
pub(crate) struct Batch<'a> {
    pub(crate) request: &'a str,
    pub(crate) response: &'a str,
}

impl<'a> Batch<'a> {
    fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &BATCH_SHAPE);
        let pointer = |key: &'static str| object.need(key).and_then(|found| text(&found));
        Ok(Self { request: pointer("request")?, response: pointer("response")? })
    }
}

/// The condition under which a request of unknown outcome may be sent again.
pub(crate) enum Idempotent<'a> {
    Always,
    Never,
    /// Only if one of these parameters or top-level properties of the body is present.
    WhenPresent(Vec<&'a str>),
}

impl<'a> Idempotent<'a> {
    pub(super) fn read(at: Located<'a>) -> Result<Self, Refusal<'a>> {
        match at.node.as_bool() {
            Some(true) => Ok(Self::Always),
            Some(false) => Ok(Self::Never),
            None => {
                let object = Object::new(at, &IDEMPOTENT_SHAPE);
                let names = object.need("when-present")?;
                Ok(Self::WhenPresent(match names.node.as_seq() {
                    Some(_) => elements(&names)?.iter().map(text).collect::<Result<_, _>>()?,
                    None => vec![text(&names)?],
                }))
            }
        }
    }
}
