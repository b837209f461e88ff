//! Long lists that a venue returns in pages.
//!
//! An operation whose spec describes its pages (`x-pagination`) has a method `items()`, which
//! returns the items of all pages as a stream:
//!
//! ```no_run
//! # use venuekit::{Error, paging::Items};
//! # async fn run(mut items: Items<String>) -> Result<(), Error> {
//! // let mut items = client.asset_list().offset(0).limit(100).items();
//! while let Some(item) = items.next().await {
//!     println!("{}", item?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A page is asked for when the items before it were taken, by a call like any other: it keeps the
//! rate limits, and is sent again as a read is. The list ends with a page without items, or without
//! a value that leads to the next page. A list may move while its pages are read, so an item can
//! come twice, or not at all: [`Items::repeated`] counts the items that came twice. A page that
//! only repeats earlier items ends the stream with an error, so it never runs for ever.

mod items;
mod pager;

pub use items::Items;
pub use pager::Pager;
