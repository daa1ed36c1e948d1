# How Segmenta is built and tested. `make help` lists the targets.

SHELL := /bin/bash
STEP := scripts/step
CLUSTER_BIN = $(abspath $(or $(CARGO_TARGET_DIR),target))/cluster/segmenta
BIN = $(abspath $(or $(CARGO_TARGET_DIR),target))/release/segmenta

# What the Rust tests and the release build are built with, e.g. to do without Node.js:
# make test-rust FEATURES='--no-default-features --features api-docs'
FEATURES ?=

# A snapshot that differs is a failure here, never a new snapshot.
export INSTA_UPDATE ?= no

# The program takes its options from SEGMENTA_* as well; those of your shell are not for the tests.
unexport $(filter-out SEGMENTA_WEB_DIST,$(filter SEGMENTA_%,$(.VARIABLES)))

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help test tools test-format lint doc test-rust build web-packages test-web test-browser \
	test-api test-export test-cluster bench bench-peers bench-grouping bench-reading bench-scale bench-serving fmt deny advisories fuzz clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

test: tools test-format lint doc test-rust build test-web test-browser test-api test-export ## Run all tests, the quick ones first
	@printf '\nAll tests passed.\n'

tools: ## Check, and where possible install, what the rest needs
	@$(STEP) 'Tools' scripts/tools

test-format: ## Check the format of the Rust code
	@$(STEP) 'Format' cargo fmt --check

lint: ## Run Clippy, with and without the page and the API browser
	@$(STEP) 'Clippy' cargo clippy --locked --all-targets -- -D warnings
	@$(STEP) 'Clippy without the page' cargo clippy --locked --all-targets --no-default-features -- -D warnings

doc: ## Build the library's documentation
	@RUSTDOCFLAGS='-D warnings' $(STEP) 'Documentation' cargo doc --locked --no-deps --lib

test-rust: ## Run the Rust tests: unit, documentation, property, snapshot and API
	@$(STEP) 'Rust tests' cargo test --locked $(FEATURES)

build: ## Build the release binary
	@$(STEP) 'Release build' cargo build --locked --release $(FEATURES)

web-packages:
	@$(STEP) 'Packages of the page' npm --prefix web ci --ignore-scripts --no-audit --no-fund

test-web: web-packages ## Check the page's code, run its unit tests, and measure what a browser loads
	@$(STEP) 'Format and types of the page' npm --prefix web run check
	@$(STEP) 'Unit tests of the page' npm --prefix web test
	@$(STEP) 'Size of the page' npm --prefix web run size

test-browser: build web-packages ## Run the browser tests against the release binary
	@$(STEP) 'Browser tests' scripts/browser-tests $(BIN)

test-api: build ## Test the API of the release binary against its description
	@SEGMENTA_BIN=$(BIN) $(STEP) 'API against its description' scripts/schemathesis

test-export: build ## Compare exported models in other programs with the release binary
	@SEGMENTA_BIN=$(BIN) $(STEP) 'Exported models in other programs' scripts/export-check

# What the query engine and clusters are tested with: without the page, which has its own tests.
CLUSTER = --profile cluster --no-default-features --features api-docs,cluster

test-cluster: ## Test the query engine, object storage and clusters, which take long to build
	@$(STEP) 'Clippy with clusters' cargo clippy --locked --all-targets $(CLUSTER) -- -D warnings
	@$(STEP) 'Query engine and clusters' cargo test --locked $(CLUSTER) --lib --test engines_agree --test cluster
	@SEGMENTA_BIN=$(CLUSTER_BIN) $(STEP) 'Object storage' scripts/storage-check

bench: ## Run the benchmarks
	@$(STEP) 'Benchmarks' cargo bench --locked --no-default-features --bench pipeline --bench kmeans --bench rfm --bench scatter --bench while_training

bench-peers: ## Compare k-means with other libraries (QUICK=1: below a minute; PEERS='--help' for options)
	@$(STEP) 'Comparison with other libraries' benches/peers/run $(if $(QUICK),--quick) $(PEERS)

bench-grouping: ## Count how often the test for natural groups is right, on 100 data sets a kind (SETS=N)
	@$(STEP) 'Test for natural groups' cargo run --quiet --locked --release --no-default-features --example grouping -- $(SETS)

bench-reading: ## Read 10 million customers as CSV and Parquet beside polars and pandas (READING='--help' for options)
	@$(STEP) 'Reading beside other libraries' benches/reading/run $(READING)

bench-serving: ## Put the server beside the same service by FastAPI and scikit-learn (SERVING='--help' for options)
	@$(STEP) 'Serving beside FastAPI' benches/serving/run $(SERVING)

bench-scale: ## Learn from 100 million customers in passes (SCALE='--help' for options)
	@$(STEP) 'Learning in passes' benches/scale/run $(SCALE)

fmt: web-packages ## Format the Rust code and the page's
	cargo fmt
	npm --prefix web run format

deny: ## Check licences, bans and sources of all crates (needs cargo-deny)
	@cargo deny --version > /dev/null 2>&1 || { echo 'cargo-deny is missing: cargo install cargo-deny --locked' >&2; exit 1; }
	@$(STEP) 'Licences, bans and sources' cargo deny --locked check --hide-inclusion-graph licenses bans sources

advisories: ## Look for known weaknesses of all crates and npm packages (needs a network)
	@$(STEP) 'Advisories for crates' cargo deny --locked check --hide-inclusion-graph advisories
	@$(STEP) 'Advisories for npm packages' npm --prefix web audit

fuzz: ## Give each way in made-up bytes for a minute (SECONDS=N; needs cargo-fuzz)
	@cargo fuzz --version > /dev/null 2>&1 || { echo 'cargo-fuzz is missing: cargo install cargo-fuzz --locked' >&2; exit 1; }
	@$(STEP) 'Fuzzing' scripts/fuzz $(or $(SECONDS),60)

clean: ## Remove everything that was built or installed
	cargo clean
	rm -rf .venv .venv-export .venv-storage web/node_modules web/dist web/test-results web/playwright-report
