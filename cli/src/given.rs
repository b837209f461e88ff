//! Finds options that may stand before a command or after it.

use clap::ArgMatches;
use clap::parser::ValueSource;

/// Returns whether the command line has an option.
pub(crate) fn is_given(matches: &ArgMatches, id: &str) -> bool {
    matches!(matches.try_contains_id(id), Ok(true)) && matches.value_source(id) == Some(ValueSource::CommandLine)
}

/// Returns the matches that have the value of an option: `own`, unless the option stands only
/// before the command.
pub(crate) fn at<'a>(root: &'a ArgMatches, own: &'a ArgMatches, id: &str) -> &'a ArgMatches {
    if is_given(root, id) && !is_given(own, id) { root } else { own }
}
