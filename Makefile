# Atrium. `make run` and `make test` do everything on a fresh machine; what was
# done before is not done again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
export LEPTOS_OUTPUT_NAME := atrium

CARGO_TEST := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo "cargo nextest run --no-fail-fast" || echo "cargo test --no-fail-fast")

.PHONY: help run test test-rust test-browser dev check bench site server-debug

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: ## Build, make a demo on an empty database, and serve it beside a stand-in for Stripe
	@scripts/tools build
	@echo "Building Atrium…"
	@cargo leptos build --release --precompress
	@target/release/atrium seed --if-empty
	@exec scripts/serve target/release/atrium

test: test-rust test-browser ## Run all tests: Rust on SQLite and PostgreSQL, then the browser

test-rust: site
	@scripts/tools postgres smtp s3 api
	@echo "Testing on SQLite…"
	@TEST_DATABASE_URL= $(CARGO_TEST) --workspace --features ssr
	@echo "Testing on PostgreSQL…"
	@scripts/with-postgres $(CARGO_TEST) --features ssr --test atrium

test-browser: site server-debug
	@scripts/tools browser
	@echo "Testing in the browser…"
	@cd end2end && ../node_modules/.bin/tsc --noEmit && ../node_modules/.bin/playwright test $(PLAYWRIGHT)

# The front end as it ships; the server of the tests is a debug build.
site:
	@scripts/tools build
	@echo "Building the front end…"
	@cargo leptos build --release --precompress --frontend-only

server-debug:
	@echo "Building the server…"
	@cargo build --features ssr
	@cp target/release/hash.txt target/debug/hash.txt

dev: ## Rebuild and reload on every change
	@scripts/tools build
	@cargo leptos watch

check: ## Format and lint, for both builds
	@cargo fmt --all --check
	@cargo clippy --workspace --features ssr --all-targets -- -D warnings
	@cargo clippy --lib --features hydrate --target wasm32-unknown-unknown -- -D warnings

bench: ## Measure, and print ratios
	@scripts/tools build browser
	@cargo leptos build --release --precompress
	@cargo bench --features ssr --bench pages --bench api --bench streams
	@node benches/first-load.mjs
