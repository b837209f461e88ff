//! Checks security schemes, and the operations that require them.

use super::sites::Sites;
use crate::source::findings::Findings;
use crate::source::security::{SchemeIn, SchemeKind, Schemes};
use crate::source::shapes::grammar::ObjectKind;
use crate::source::standard::Standard;

pub(super) fn check(sites: &Sites<'_>, findings: &mut Findings<'_>) {
    for scheme in sites.all(ObjectKind::SecurityScheme) {
        let kind = scheme.text("type").and_then(|_| findings.take(SchemeKind::read(&scheme)));
        if scheme.text("in").is_some() && matches!(kind, None | Some(SchemeKind::Key)) {
            findings.take(SchemeIn::read(&scheme));
        }
    }
    let schemes = Schemes::new(&sites.view);
    let kind = match sites.view.standard {
        Standard::OpenApi => ObjectKind::Operation,
        Standard::OpenRpc => ObjectKind::Method,
    };
    let key = schemes.key;
    let root = sites.root().get(key);
    if let Some(root) = &root {
        schemes.requirements(root).1.into_iter().for_each(|refusal| findings.refuse(refusal));
    }
    for operation in sites.all(kind) {
        match operation.get(key) {
            Some(own) => schemes.requirements(&own).1.into_iter().for_each(|refusal| findings.refuse(refusal)),
            None if root.is_none() && !schemes.is_empty() => {
                let help = format!("list the schemes that it needs, or write {key}: []");
                findings.at(&operation.pointer, format!("{} has no `{key}`, nor has the root", kind.name()), help);
            }
            None => {}
        }
    }
}
