# SPDX-License-Identifier: AGPL-3.0-or-later
# The face of the project: meson and ninja do the work. `make help` lists what there is.
PORT ?= 8080
DATA ?= demo-data
BUILD ?= build
TIME ?= 60
N ?=

.PHONY: help run build test check bench fuzz fuzz-replay test-faults test-hostile test-peers cover sanitize format clean

help:            ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

build:           ## install what is missing and build build/thuocdo
	@build-tools/install.sh build
	@test -d $(BUILD) || meson setup $(BUILD) >/dev/null
	@ninja -C $(BUILD)

run: build       ## everything from nothing to a working demonstration (PORT=8080, DATA=demo-data)
	@build-tools/run.sh $(BUILD)/thuocdo $(DATA) $(PORT)

test: build      ## every test, on SQLite and PostgreSQL, with browser and accessibility tests
	@build-tools/install.sh test
	@ninja -C $(BUILD)
	@tests/run.sh $(BUILD)

check:           ## lints: layers, headers alone, banned functions, routes and rights, lengths, formats
	@build-tools/install.sh build
	@python3 build-tools/check.py
	@python3 build-tools/make_sipas_form.py --check

bench: build     ## figures as ratios to a yardstick of the same run
	@build-tools/install.sh test
	@tests/bench/run.sh $(BUILD)

fuzz:            ## make fuzz T=csv TIME=60: one target with libFuzzer
	@build-tools/install.sh test
	@tests/fuzz.sh "$(T)" "$(TIME)"

fuzz-replay: build ## saved corpora through every target
	@tests/fuzz_replay.sh $(BUILD)

test-faults: build ## the long fault runs (kill -9, disk full)
	@build-tools/install.sh test
	@tests/faults.sh $(BUILD) long

test-hostile: build ## the long hostile runs (payload crawl, slow clients, floods)
	@build-tools/install.sh test
	@tests/hostile.sh $(BUILD) long

test-peers: build ## other programs on our files and ours on theirs (PSPP, R …), where installed
	@build-tools/install.sh peers
	@tests/peers.sh $(BUILD)

sanitize:        ## the unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@build-tools/install.sh test
	@test -d build-asan || meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=false >/dev/null
	@ninja -C build-asan && ASAN_OPTIONS=detect_leaks=0 build-asan/unit-tests

cover:           ## line coverage of the unit tests
	@build-tools/install.sh test
	@test -d build-cover || meson setup build-cover -Db_coverage=true >/dev/null
	@ninja -C build-cover && build-cover/unit-tests && ninja -C build-cover coverage-text && tail -40 build-cover/meson-logs/coverage.txt

clean:           ## remove what the build made (never the data)
	@rm -rf build build-asan build-cover build-fuzz
