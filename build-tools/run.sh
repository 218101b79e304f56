#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh PROGRAM DATA PORT: makes the demonstration when there is none, says how to sign in, serves.
set -eu
program=$1 data=$2 port=$3
if [ ! -e "$data/thuocdo.conf" ] || [ -e "$data/unfinished" ]; then
  echo "Making the demonstration in $data"
  "$program" init --data "$data" --demo
fi
echo
echo "  http://localhost:$port            public site (English: http://localhost:$port/en/)"
echo "  http://localhost:$port/console    console; sign in as:"
echo
cat "$data/sign-in.txt"
echo
echo "  Ctrl-C stops the server; the data stays in $data."
exec "$program" serve --data "$data" --listen "127.0.0.1:$port"
