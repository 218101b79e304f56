#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# install.sh build|test|peers: installs the Debian and npm packages that are missing, and nothing else.
set -eu
cd "$(dirname "$0")/.."
build_packages="
  clang
  fonts-croscore
  fonts-liberation
  fonts-noto-core
  gcc
  libcairo2-dev
  libclang-rt-14-dev-wasm32
  libcurl4-openssl-dev
  libexpat1-dev
  libicu-dev
  libmagic-dev
  libmicrohttpd-dev
  liboath-dev
  libpango1.0-dev
  libpq-dev
  libqrencode-dev
  libsodium-dev
  libsqlite3-dev
  libxlsxwriter-dev
  libzip-dev
  lld
  meson
  nettle-dev
  ninja-build
  pkg-config
  python3
  wasi-libc
  zlib1g-dev
"
test_packages="
  age
  chromium
  curl
  gcovr
  jq
  libclang-rt-14-dev
  libxml2-dev
  poppler-utils
  postgresql-15
"
peer_packages="
  libreoffice-calc-nogui
  libreoffice-writer-nogui
  pspp
  python3-openpyxl
  r-base-core
  r-cran-foreign
  r-cran-haven
  r-cran-jsonlite
  r-cran-mass
  r-cran-survey
"

missing=""
need() {
  for p in "$@"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
  done
}
need $build_packages
command -v npm >/dev/null 2>&1 || need nodejs npm
if [ "${1:-build}" = test ]; then need $test_packages; fi
if [ "${1:-build}" = peers ]; then need $test_packages $peer_packages; fi
if [ -n "$missing" ]; then
  echo "Installing:$missing"
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  # The test server is started by the tests themselves; Debian's own cluster is not wanted.
  $sudo mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
if [ -f package.json ] && { [ ! -e node_modules/.stamp ] || [ package-lock.json -nt node_modules/.stamp ]; }; then
  echo "Installing npm packages of package-lock.json"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.stamp
fi
if [ -x build-tools/fonts.sh ]; then build-tools/fonts.sh; fi
