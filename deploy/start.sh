#!/bin/sh
# The first thing in the container: puts what the image was built with into the home where that is missing there, and
# becomes `finops-bot` with whatever it is told. What lies in the home stays as it is.
set -eu

prepared="$(dirname "$0")/../prepared"

if ! draft="$(mktemp -d "$FINOPS_HOME/.draft-XXXXXX" 2>/dev/null)"; then
    echo "The home $FINOPS_HOME cannot be written to: mount a volume there that the user with the id $(id -u) may write to." >&2
    exit 2
fi
trap 'rm -rf "$draft"' EXIT

cd "$prepared"
for part in index meaning/* models/*; do
    if [ -e "$part" ] && [ ! -e "$FINOPS_HOME/$part" ]; then
        # Whole or not at all, as the container may be killed at any time; another one may have been faster.
        mkdir -p "$FINOPS_HOME/$(dirname "$part")"
        cp -R "$part" "$draft/new"
        mv -T "$draft/new" "$FINOPS_HOME/$part" 2>/dev/null || [ -e "$FINOPS_HOME/$part" ]
        rm -rf "$draft/new"
    fi
done

rm -rf "$draft"
trap - EXIT
cd "$FINOPS_HOME"
exec finops-bot "$@"
