"""`python -m keywright` is the `keywright` command."""

from keywright._cli import main

if __name__ == "__main__":
    main()
