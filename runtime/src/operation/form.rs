//! The way in which a property of a form is written.

/// The way in which a property of a form is written. Each property of the form is a parameter.
///
/// A property that is null is left out. A property that is an empty list is an error, except in the
/// style `Json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormStyle {
    /// A scalar is written as its text, an array of scalars repeats the name, and any other value
    /// is written as JSON.
    Plain,
    /// An array of scalars is joined by this text: `a=1,2`. An array with other elements, or with
    /// this text in an element, is an error. Any other value is written as in `Plain`.
    Joined(&'static str),
    /// An object has a field per member, which is named after the member alone. A member that is
    /// null is left out. Any other value is written as in `Plain`.
    Members,
    /// Each scalar inside the value has a field, which is named by its path in brackets:
    /// `a[b][0]=1`. Null has no field. A value without fields is an error.
    Brackets,
    /// Any value is written as JSON.
    Json,
    /// A file, or a list of files, in a multipart form. This media type is sent unless the file
    /// states one.
    File(&'static str),
}
