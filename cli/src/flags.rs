//! The names of operations and parameters on the command line.

use clap::Arg;
use clap::builder::PossibleValuesParser;
use heck::ToKebabCase;
use venuekit::meta::{OperationMeta, ParameterMeta, VenueMeta};
use venuekit_venues::VENUES;

/// The names that no parameter has as its flag: the flags of every call, `body`, `help` and
/// `version`.
pub(crate) const GLOBAL: &[&str] = &[
    "all",
    "base-url",
    "check-bounds",
    "color",
    "columns",
    "curl",
    "dry-run",
    "egress",
    "env",
    "explain",
    "local-time",
    "output",
    "profile",
    "raw",
    "recv-window",
    "retries",
    "stale-after",
    "state",
    "sync-clock",
    "timeout",
    "verbose",
    "watch",
    "width",
    "yes",
    "body",
    "help",
    "version",
];

/// Returns an operation's name: its id in kebab-case, `order-put-limit` for `order.put_limit`.
pub(crate) fn operation(venue: &VenueMeta, wanted: &OperationMeta) -> String {
    let name = wanted.operation.id().to_kebab_case();
    let earlier = venue.operations.iter().take_while(|other| !std::ptr::eq(*other, wanted));
    // If an earlier id is equal in kebab-case, the operation gets the name of its generated method,
    // which is unique.
    if earlier.clone().any(|other| other.operation.id().to_kebab_case() == name) {
        return wanted.method.to_kebab_case();
    }
    name
}

/// Returns the flags of parameters, without dashes, in their order. A flag is the name on the wire
/// in kebab-case. It gets the prefix `param-` if it is in [`GLOBAL`].
pub(crate) fn parameters(parameters: &[ParameterMeta]) -> Vec<String> {
    let mut flags: Vec<String> = Vec::new();
    for parameter in parameters {
        let mut flag = parameter.name.to_kebab_case();
        if GLOBAL.contains(&flag.as_str()) {
            flag = format!("param-{flag}");
        }
        // The parameters `e` and `E` would have the same flag. Their setters in the generated
        // operation have different names.
        if flags.contains(&flag) {
            flag = parameter.setter.to_kebab_case();
        }
        flags.push(flag);
    }
    flags
}

/// Returns the flags that send null in place of the values of `flags`, in the same order:
/// `market-null` for `market`. None of them is in `flags`.
pub(crate) fn nulls(flags: &[String]) -> Vec<String> {
    let mut nulls: Vec<String> = Vec::new();
    for flag in flags {
        let mut null = format!("{flag}-null");
        while GLOBAL.contains(&null.as_str()) || flags.contains(&null) || nulls.contains(&null) {
            null.push_str("-null");
        }
        nulls.push(null);
    }
    nulls
}

/// Returns an argument that takes the name of a venue.
pub(crate) fn venue_argument(id: &'static str) -> Arg {
    Arg::new(id)
        .value_name("VENUE")
        .value_parser(PossibleValuesParser::new(VENUES.iter().map(|meta| meta.venue.name())))
}

/// Returns the name of an environment variable of a venue: `BTSE_SPOT_KEY`.
pub(crate) fn variable(venue: &VenueMeta, what: &str) -> String {
    format!("{}_{what}", venue.venue.name().to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use venuekit_venues::VENUES;

    use super::*;

    #[test]
    fn operations_and_flags_have_unique_names() {
        for venue in VENUES {
            let mut names = BTreeSet::new();
            for meta in venue.operations {
                let name = operation(venue, meta);
                assert!(names.insert(name.clone()), "{} {name} twice", venue.venue.name());
                let mut flags = BTreeSet::from_iter(GLOBAL.iter().map(|flag| (*flag).to_owned()));
                for flag in parameters(meta.parameters) {
                    assert!(flags.insert(flag.clone()), "{} {name} --{flag} twice", venue.venue.name());
                }
            }
        }
    }

    #[test]
    fn flags_are_the_names_on_the_wire_in_kebab_case_unless_they_are_taken() {
        let parameter = |name, setter| ParameterMeta::new(name, setter, "{}");
        let of = [
            parameter("limit_asks", "limit_asks"),
            parameter("StartDate", "start_date"),
            parameter("timeout", "timeout"),
            parameter("e", "e"),
            parameter("E", "e_2"),
        ];
        assert_eq!(parameters(&of), ["limit-asks", "start-date", "param-timeout", "e", "e-2"]);
    }

    #[test]
    fn a_flag_for_null_is_the_flag_of_no_parameter() {
        let flags = ["market", "market-null", "side"].map(str::to_owned);
        assert_eq!(nulls(&flags), ["market-null-null", "market-null-null-null", "side-null"]);
    }
}
