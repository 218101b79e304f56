# SPDX-License-Identifier: AGPL-3.0-or-later
# packages FOLDER: the packages of package-lock.json, once, in a folder of the build; sourced. False without npm or a network.
packages() {
  local here; here=$(dirname "${BASH_SOURCE[0]}")
  command -v npm >/dev/null 2>&1 || return 1
  mkdir -p "$1"
  cmp -s "$here/package-lock.json" "$1/package-lock.json" && [ -e "$1/.stamp" ] && return 0
  rm -f "$1/.stamp"
  cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$1/"
  (cd "$1" && timeout 400 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && touch "$1/.stamp"
}
