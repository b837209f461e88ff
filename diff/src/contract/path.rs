//! Templates of paths.

/// Returns `/orders/{}` for `/orders/{id}`: the name of a segment is not sent.
pub(crate) fn template(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            c => out.push(c),
        }
    }
    out
}

/// Returns the index of `{name}` among the parameters of a path.
pub(super) fn index_in_path(path: &str, name: &str) -> Option<usize> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).position(|other| other == name)
}
