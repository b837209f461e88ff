//! Emits the constraints between values: as statics and as documentation.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{
    Constraint, Count, Field, NestedConstraints, Operation, PlacedConstraint, Rule, ValueAt, When, Within,
};

use super::markdown;

/// Returns the call of the setter that takes the constraints of an operation; `None` if there are
/// none.
pub(super) fn statics(nested: &NestedConstraints<'_>, operation: &Operation) -> Option<TokenStream> {
    let all = nested.of_operation(operation).placed;
    let all: Vec<TokenStream> = all.iter().map(constraint).collect();
    (!all.is_empty()).then(|| quote!(.with_constraints(&[#(#all),*])))
}

fn constraint(placed: &PlacedConstraint<'_>) -> TokenStream {
    let PlacedConstraint { within, constraint, .. } = placed;
    let sentence = constraint.to_string();
    let listed = values(constraint.rule.listed());
    let start = match &constraint.rule {
        Rule::Count(count, _) => {
            let rule = match count {
                Count::ExactlyOne => quote!(exactly_one_of),
                Count::AtLeastOne => quote!(at_least_one_of),
                Count::AtMostOne => quote!(at_most_one_of),
                Count::AllOrNone => quote!(all_or_none),
            };
            quote!(::venuekit::operation::Constraint::#rule(#sentence, #listed))
        }
        Rule::Needed(_, when) => {
            let when = match when {
                When::Present(at) => {
                    let at = value(at);
                    quote!(present(#at))
                }
                When::Absent(at) => {
                    let at = value(at);
                    quote!(absent(#at))
                }
                When::Equals(cases) => {
                    let cases = cases.iter().map(|(at, scalars)| {
                        let at = value(at);
                        quote!((#at, &[#(#scalars),*]))
                    });
                    quote!(equals(&[#(#cases),*]))
                }
            };
            quote!(::venuekit::operation::Constraint::needed(#sentence, #listed, ::venuekit::operation::When::#when))
        }
    };
    let within = within.as_ref().map(|Within { parameter, pointer }| match parameter {
        Some(parameter) => quote!(.within_parameter(#parameter, #pointer)),
        None => quote!(.within_body(#pointer)),
    });
    let evidence = constraint.by_evidence.then(|| quote!(.stated_by_evidence()));
    let widens = constraint.widens.then(|| quote!(.widens()));
    let description = constraint.description.iter().map(|text| quote!(.with_description(#text)));
    quote!(#start #within #evidence #widens #(#description)*)
}

fn values(values: &[ValueAt]) -> TokenStream {
    let values = values.iter().map(value);
    quote!(&[#(#values),*])
}

fn value(value: &ValueAt) -> TokenStream {
    match value {
        ValueAt::Parameter(name) => quote!(::venuekit::operation::ValueAt::Parameter(#name)),
        ValueAt::Pointer(pointer) => quote!(::venuekit::operation::ValueAt::Pointer(#pointer)),
    }
}

/// Returns the paragraph on the constraints of an operation and of its values; `None` if there are
/// none.
pub(super) fn of_operation(nested: &NestedConstraints<'_>, operation: &Operation) -> Option<String> {
    let placed = nested.of_operation(operation).placed;
    section(placed.iter().map(|placed| {
        let PlacedConstraint { within, constraint, fields } = placed;
        let Some(within) = within else {
            return (*constraint, sentence(constraint, &|value| setter(operation, value)));
        };
        let holder = match &within.parameter {
            Some(wire) => markdown::code(&setter(operation, &ValueAt::Parameter(wire.clone()))),
            None => "the body".to_owned(),
        };
        let text = constraint.sentence(&|value| field_name(fields, value), &markdown::code);
        let text = match within.pointer.as_str() {
            "" => format!("In {holder}: {text}"),
            pointer => format!("In {holder} at {}: {text}", markdown::code(pointer)),
        };
        (*constraint, text)
    }))
}

/// Returns the paragraph on the constraints between the properties of an object; `None` if there
/// are none.
pub(super) fn of_object(constraints: &[Constraint], fields: &[Field]) -> Option<String> {
    let own = |constraint| (constraint, sentence(constraint, &|value| field_name(fields, value)));
    section(constraints.iter().map(own))
}

/// Returns the sentences on the constraints that a parameter has to keep.
pub(super) fn of_parameter(operation: &Operation, wire: &str) -> Vec<String> {
    let own = ValueAt::Parameter(wire.to_owned());
    of_value(&operation.constraints, &own, &|value| setter(operation, value))
}

/// Returns the sentences on the constraints that a property has to keep.
pub(super) fn of_field(constraints: &[Constraint], fields: &[Field], field: &Field) -> Vec<String> {
    let is_own = |value: &&ValueAt| value.property().as_ref() == Some(&field.wire);
    let own = constraints.iter().flat_map(Constraint::values).find(is_own);
    own.map(|own| of_value(constraints, own, &|value| field_name(fields, value))).unwrap_or_default()
}

fn of_value(constraints: &[Constraint], own: &ValueAt, name: &dyn Fn(&ValueAt) -> String) -> Vec<String> {
    let about = constraints.iter().filter(|constraint| constraint.values().contains(&own));
    about.map(|constraint| format!("{} ({})", sentence(constraint, name), certainty(constraint))).map(closed).collect()
}

fn certainty(constraint: &Constraint) -> &'static str {
    if constraint.is_checked() {
        "checked before sending"
    } else {
        "not stated by the venue's document, and not checked"
    }
}

/// Returns constraints as lists of sentences: first those that the client checks, then the others.
fn section<'c>(constraints: impl Iterator<Item = (&'c Constraint, String)>) -> Option<String> {
    let (checked, others): (Vec<_>, Vec<_>) = constraints.partition(|(constraint, _)| constraint.is_checked());
    let lists = [
        ("Checked before sending; a call that breaks one of them ends as `NotSent`:", checked),
        ("Not stated by the venue's document, and not checked:", others),
    ];
    let lists = lists.into_iter().filter(|(_, constraints)| !constraints.is_empty()).map(|(title, constraints)| {
        let lines: String = constraints.into_iter().map(|(constraint, sentence)| line(constraint, sentence)).collect();
        format!("{title}\n{lines}")
    });
    let lists: Vec<String> = lists.collect();
    (!lists.is_empty()).then(|| format!("# Constraints\n{}", lists.join("\n\n")))
}

fn line(constraint: &Constraint, sentence: String) -> String {
    let widens = if constraint.widens { " A request that breaks it may do more than intended." } else { "" };
    let description = constraint.description.as_ref().map(|text| format!(" {}", markdown::line(text)));
    format!("\n- {}{widens}{}", closed(sentence), description.unwrap_or_default())
}

/// Returns the sentence with an upper case letter at its start.
fn sentence(constraint: &Constraint, name: &dyn Fn(&ValueAt) -> String) -> String {
    let text = constraint.sentence(name, &markdown::code);
    match text.strip_prefix(|first: char| first.is_ascii_lowercase()) {
        Some(rest) => format!("{}{rest}", text.chars().take(1).collect::<String>().to_uppercase()),
        None => text,
    }
}

fn closed(sentence: String) -> String {
    format!("{sentence}.")
}

/// Returns the setter of a parameter, or the name of a value in the body.
fn setter(operation: &Operation, value: &ValueAt) -> String {
    match value {
        ValueAt::Parameter(wire) => {
            let parameter = operation.parameters.iter().find(|parameter| parameter.wire == *wire);
            parameter.map_or_else(|| wire.clone(), |parameter| parameter.name.clone())
        }
        ValueAt::Pointer(_) => value.to_string(),
    }
}

fn field_name(fields: &[Field], value: &ValueAt) -> String {
    let wire = value.to_string();
    fields.iter().find(|field| field.wire == wire).map_or(wire.clone(), |field| field.name.clone())
}
