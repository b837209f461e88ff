//! The code in the repository's pages, compiled as doctests.

#[doc = include_str!("../../README.md")]
#[derive(Debug)]
pub struct Readme;

#[doc = include_str!("../../docs/add-a-venue.md")]
#[derive(Debug)]
pub struct AddAVenue;
