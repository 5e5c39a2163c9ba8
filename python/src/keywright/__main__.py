"""`python -m keywright` is the `keywright` command."""

from keywright._cli import main

main()
