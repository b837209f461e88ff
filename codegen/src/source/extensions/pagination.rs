//! Reads `x-pagination`: the pages in which an operation returns a long list.

use super::parameter_names::ParameterNames;
use crate::source::findings::{Later, leave_out};
use crate::source::located::Located;
use crate::source::nearest::did_you_mean;
use crate::source::object::Object;
use crate::source::pointer::pointer_join;
use crate::source::refusal::Refusal;
use crate::source::shapes::extensions::PAGINATION_SHAPE;

/// The value with which the next page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagedBy {
    /// The number of items before it.
    Offset,
    /// The number of the page.
    Number,
    /// A value of the response before.
    Cursor,
    /// A value of the last item before.
    LastItem,
}

/// The choices of `by`.
pub(crate) const PAGED_BY: [(&str, PagedBy); 4] = [
    ("offset", PagedBy::Offset),
    ("number", PagedBy::Number),
    ("cursor", PagedBy::Cursor),
    ("last-item", PagedBy::LastItem),
];

/// `x-pagination`.
pub(crate) struct Pagination<'a> {
    /// The JSON pointer of the list in the response.
    pub(crate) items: &'a str,
    pub(crate) by: PagedBy,
    /// The index of the parameter with which a page is asked for.
    pub(crate) parameter: usize,
    /// The JSON pointer of the value that leads to the next page: in the response for a cursor and
    /// for the number of the page, in the item for the last item. Empty if there is none.
    pub(crate) value: &'a str,
    /// The number of the first page.
    pub(crate) first: u32,
    /// True if a page begins with the last item of the page before.
    pub(crate) repeats: bool,
}

impl<'a> Pagination<'a> {
    /// Reads the `x-pagination` of an operation. `parameters` are the names of its parameters.
    ///
    /// # Errors
    /// Returns a refusal if the value has a wrong form, if the operation lacks the named parameter,
    /// or if a key has no effect on pages of this kind.
    pub(crate) fn read(at: Located<'a>, parameters: &ParameterNames<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at, &PAGINATION_SHAPE);
        let by = object.need_choice("by", &PAGED_BY)?;
        let name = object.need_text("parameter")?;
        let parameter = parameters.position(name).ok_or_else(|| {
            let known: Vec<&'a str> = parameters.iter().collect();
            let help = Later(move || did_you_mean(name, known, "write the name of one of its parameters").into());
            Refusal::new(
                pointer_join(&object.at.pointer, "parameter"),
                format!("`{name}` is not a parameter of the operation"),
                help,
            )
        })?;
        let unused = |key: &str, only: &str| {
            let message = format!("`{key}` has no effect on pages by this value");
            let help = leave_out(format!("leave it out: it is for `by: {only}`"));
            Refusal::new(pointer_join(&object.at.pointer, key), message, help).on_key()
        };
        let value = match by {
            PagedBy::Cursor | PagedBy::LastItem => object.need_text("value")?,
            PagedBy::Number => object.text("value")?.unwrap_or_default(),
            PagedBy::Offset if object.at.get("value").is_some() => {
                return Err(unused("value", "number, cursor or last-item"));
            }
            PagedBy::Offset => "",
        };
        if by != PagedBy::Number && object.at.get("first").is_some() {
            return Err(unused("first", "number"));
        }
        if by != PagedBy::LastItem && object.at.get("repeats").is_some() {
            return Err(unused("repeats", "last-item"));
        }
        Ok(Self {
            items: object.need_text("items")?,
            by,
            parameter,
            value,
            first: object.count("first")?.unwrap_or(1),
            repeats: object.flag("repeats")?,
        })
    }
}
