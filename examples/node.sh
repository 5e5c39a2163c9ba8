# Installs an example's packages and keywright itself, from KEYWRIGHT_PACKAGE (a tarball) or else from
# this repository, which is built for it. Sourced by each Node example's `run`, in its folder.
set -euo pipefail
package=${KEYWRIGHT_PACKAGE:-../../node}
if [ "$package" = ../../node ] && [ ! -d ../../node/dist ]; then
    (cd ../../node && npm ci --silent --no-audit --no-fund && npm run --silent build) >&2
fi
wanted=$(cat package.json; cksum "$package" 2>/dev/null || echo "$package")
if [ "$wanted" != "$(cat node_modules/.installed 2>/dev/null)" ]; then
    npm install --silent --no-audit --no-fund --no-save --no-package-lock "$package" >&2
    echo "$wanted" > node_modules/.installed
fi
