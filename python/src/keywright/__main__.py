"""`python -m keywright` is the `keywright` command."""

from keywright._cli import main_of_module

if __name__ == "__main__":
    main_of_module()
