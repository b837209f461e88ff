//! The code in the repository's Markdown pages, compiled as doctests.

#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;

#[doc = include_str!("../../docs/add-a-venue.md")]
#[derive(Debug)]
pub struct AddAVenue;

#[doc = include_str!("../../docs/times.md")]
#[derive(Debug)]
pub struct Times;

#[doc = include_str!("../../docs/signing.md")]
#[derive(Debug)]
pub struct Signing;

#[doc = include_str!("../../docs/partial-responses.md")]
#[derive(Debug)]
pub struct PartialResponses;
