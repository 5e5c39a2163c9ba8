//! `cargo xtask screenshots`: the keys page in every state, as pictures to look at.

use crate::machine::{self, CHROMIUM};
use crate::process::{Job, target};
use crate::{steps, suite, tools};

/// From the `FastAPI` example, with the package as it is shipped.
pub(crate) fn run() -> Result<(), String> {
    if let Some(why) = CHROMIUM.missing() {
        return Err(format!(
            "{} ({why}); install it: {}",
            CHROMIUM.name, CHROMIUM.install
        ));
    }
    suite::only("wheel")?;
    let folder = target().join("screenshots");
    Job::new(tools::venv_python())
        .args(["tests/e2e/_screenshots.py".as_ref(), folder.as_os_str()])
        .env("E2E_WHEEL", steps::wheel()?)
        .env("E2E_CHROMIUM", machine::chromium())
        .run()
        .map(drop)
}
