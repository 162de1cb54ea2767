# make run · make test · make check · make format · make bench · make torture · make fuzz · make calls · make help
PORT ?= 8080
DATA ?= data
DATABASE ?=
ROUNDS ?= 50
MINUTES ?= 10
CALLS ?= 20000
PROPERTIES ?=
SWIFT_BUILD_FLAGS ?= --explicit-target-dependency-import-check error
ifneq ($(DATABASE),)
export TONGBAN_DATABASE := $(DATABASE)
endif

.PHONY: run test check format bench torture fuzz calls help build release deps test-deps browser

help:  ## What there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: deps  ## Build, fill with demonstration data, serve http://127.0.0.1:8080 (PORT, DATA, DATABASE)
	@Scripts/run.sh "$(PORT)" "$(DATA)"

deps:
	@Scripts/deps.sh run

test-deps:
	@Scripts/deps.sh test

release: deps  ## Release build only
	swift build -c release --product tongban

build: deps  ## Debug build only
	swift build $(SWIFT_BUILD_FLAGS)

test: test-deps  ## All Swift tests on SQLite and PostgreSQL, then browser and API tests
	@Scripts/test.sh

check: deps  ## Format, lint, architecture tests
	@Scripts/check.sh
	swift build --build-tests $(SWIFT_BUILD_FLAGS)
	swift test --skip-build --filter ArchitectureTests

format: deps  ## Format the sources
	swift format format -i --recursive --parallel Sources Tests Benchmarks Fuzz Package.swift

torture: test-deps  ## kill -9 under load, ROUNDS (50) times each way; nothing acknowledged may be missing
	@Scripts/torture.sh "$(ROUNDS)"

fuzz: deps  ## libFuzzer on what reads bytes, MINUTES (10) each; PROPERTIES="rules pack …" chooses
	@Scripts/fuzz.sh "$(MINUTES)" $(PROPERTIES)

calls: test-deps  ## CALLS (20000) made up from the API's description, on SQLite and PostgreSQL, by every kind of caller
	@Scripts/calls.sh --calls "$(CALLS)"

bench: deps  ## Speed as ratios measured in one run
	@Scripts/bench.sh
