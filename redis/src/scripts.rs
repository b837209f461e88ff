//! The scripts. Each one is sent once to a server, and again if the server forgot it.

use redis::Script;

#[derive(Debug)]
pub(crate) struct Scripts {
    pub(crate) reserve: Script,
    pub(crate) notice: Script,
    pub(crate) read: Script,
}

impl Scripts {
    pub(crate) fn new() -> Self {
        let script = |text| Script::new(&[include_str!("scripts/common.lua"), text].concat());
        Self {
            reserve: script(include_str!("scripts/reserve.lua")),
            notice: script(include_str!("scripts/notice.lua")),
            read: script(include_str!("scripts/read.lua")),
        }
    }
}
