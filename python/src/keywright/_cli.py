"""The `keywright` command."""

from __future__ import annotations

import shlex
import signal
import sys

from keywright import _native


def main(called: str | None = None) -> None:
    """Run the command with the program's arguments and end with its status."""
    # Ctrl-C ends a command at once, as in any other program.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_native.run_cli(sys.argv, called))


def main_of_module() -> None:
    """Run it as `python -m keywright`, which is how hints then name it."""
    main(f"{shlex.quote(sys.orig_argv[0])} -m keywright")
