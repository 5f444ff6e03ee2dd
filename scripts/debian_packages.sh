#!/usr/bin/env bash
# Installs a Debian package only where it is missing. Without root it prints the one command for someone who has it.
set -eu
need() {  # need <test command> <packages ...>
  local check=$1; shift
  if bash -c "$check" >/dev/null 2>&1; then return 0; fi
  if [ "$(id -u)" = 0 ]; then
    echo "Installing Debian packages: $* ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    echo "Missing: $*. Please ask someone who may install packages to run:" >&2
    echo "    sudo apt-get install -y $*" >&2
    exit 1
  fi
}
want() {  # as need, but without them things go on, less well
  (need "$@") || echo "Going on without: papers may lack letters of some scripts." >&2
}
case "$1" in
  python)  need "python3 -c 'import ensurepip, venv'" python3-venv ;;
  browser)
    # Debian's Chromium without its windows: a page opens in a third of the time. Where it cannot be had, the whole one.
    (need "command -v chromium-headless-shell" chromium-headless-shell fonts-dejavu-core) ||
      need "command -v chromium" chromium fonts-dejavu-core ;;
  documents)
    # What WeasyPrint loads.
    need "python3 -c 'import ctypes
for name in (\"pango-1.0.so.0\", \"pangoft2-1.0.so.0\", \"harfbuzz-subset.so.0\"): ctypes.CDLL(\"lib\" + name)'" \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    # Letters for names and own words in most scripts, with emoji that print in black.
    want "fc-list -q 'Noto Sans' && fc-list -q 'Noto Naskh Arabic' && fc-list -q 'Droid Sans Fallback' &&
      fc-list -q 'Symbola' && fc-list -q 'DejaVu Sans Mono'" \
      fontconfig fonts-noto-core fonts-droid-fallback fonts-symbola fonts-dejavu-core ;;
  postgresql) need "ls /usr/lib/postgresql/*/bin/initdb" postgresql ;;
  *) echo "usage: $0 python|browser|documents|postgresql" >&2; exit 2 ;;
esac
