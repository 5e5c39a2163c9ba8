# Installs an example's packages and keywright itself, from KEYWRIGHT_PACKAGE (a wheel) or else from this
# repository, into .venv. Sourced by each Python example's `run`, in its folder.
set -euo pipefail
package=${KEYWRIGHT_PACKAGE:-../../python}
wanted=$(cat requirements.txt; cksum "$package" 2>/dev/null || echo "$package")
if [ "$wanted" != "$(cat .venv/.installed 2>/dev/null)" ]; then
    python3 -m venv .venv >&2
    .venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt >&2
    .venv/bin/pip install --quiet --disable-pip-version-check --force-reinstall "$package" >&2
    echo "$wanted" > .venv/.installed
fi
