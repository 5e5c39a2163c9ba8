# Installs an example's packages and keywright itself, from KEYWRIGHT_PACKAGE (a wheel) or else from this
# repository, into .venv. Sourced by each Python example's `run`, in its folder.
set -euo pipefail
package=${KEYWRIGHT_PACKAGE:-../../python}
if ! cmp -s <(echo "$package"; cat requirements.txt) .venv/.installed; then
    python3 -m venv .venv >&2
    .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt "$package" >&2
    { echo "$package"; cat requirements.txt; } > .venv/.installed
fi
