"""The `keywright` command."""

from __future__ import annotations

import signal
import sys

from keywright import _native


def main() -> None:
    """Run the command with the program's arguments and end with its status."""
    # Ctrl-C ends a command at once, as in any other program.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(_native.run_cli(sys.argv))


if __name__ == "__main__":
    main()
