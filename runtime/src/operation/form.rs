//! The way in which a property of a form is written.

/// The way in which a property of a form is written. Each property of the form is a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormStyle {
    /// A scalar is written as its text, an array of scalars repeats the name, and any other value
    /// is written as JSON.
    Plain,
    /// An array of scalars is joined by this text: `a=1,2`.
    Joined(&'static str),
    /// An object has a field per member, which is named after the member alone.
    Members,
    /// Members and elements are named by their path in brackets: `a[b][0]=1`.
    Brackets,
    /// Any value is written as JSON.
    Json,
    /// A file, or a list of files, in a multipart form. This media type is sent unless the file
    /// states one.
    File(&'static str),
}
