//! Tests of the workspace as a whole: see `tests/tests`, one file a subject.
