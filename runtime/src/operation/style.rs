//! The style in which a parameter is written into a request.

/// The style in which a parameter is written: how an array or an object becomes text.
///
/// These are the styles of OpenAPI. The examples show the array `[a, b]` and the object
/// `{x: 1, y: 2}` of a parameter `p`, first joined and then exploded.
///
/// | style | in | joined | exploded |
/// |---|---|---|---|
/// | `Simple` | path, header | `a,b`; `x,1,y,2` | `a,b`; `x=1,y=2` |
/// | `Label` | path | `.a,b`; `.x,1,y,2` | `.a.b`; `.x=1.y=2` |
/// | `Matrix` | path | `;p=a,b`; `;p=x,1,y,2` | `;p=a;p=b`; `;x=1;y=2` |
/// | `Form` | query | `p=a,b`; `p=x,1,y,2` | `p=a&p=b`; `x=1&y=2` |
/// | `Form` | cookie | `p=a,b`; `p=x,1,y,2` | `p=a; p=b`; `x=1; y=2` |
/// | `SpaceDelimited` | query | `p=a%20b`; `p=x%201%20y%202` | as `Form` |
/// | `PipeDelimited` | query | `p=a%7Cb`; `p=x%7C1%7Cy%7C2` | as `Form` |
/// | `DeepObject` | query | | `p%5B0%5D=a&p%5B1%5D=b`; `p%5Bx%5D=1&p%5By%5D=2` |
/// | `Json` | all | `p=%5B%22a%22%2C%22b%22%5D` | |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Values, separated by commas.
    Simple,
    /// Values, each after a period. Joined values are separated by commas, after one period.
    Label,
    /// Pairs of a name and a value, each after a semicolon.
    Matrix,
    /// Pairs of a name and a value, as a form is written.
    Form,
    /// Values that are separated by spaces.
    SpaceDelimited,
    /// Values that are separated by vertical bars.
    PipeDelimited,
    /// One pair for each scalar inside an object or a list, with the path to it in brackets:
    /// `p[x][y]=1`, and `p[0]=a` for an element of a list.
    DeepObject,
    /// The JSON text of the value.
    Json,
}
