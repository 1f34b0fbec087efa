# On a fresh machine with a Swift toolchain, start with `make demo` and `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local

# System libraries that the program links: a header to look for, and the Debian package that provides it.
SYSTEM_PACKAGES = yaml.h:libyaml-dev sqlite3.h:libsqlite3-dev curl/curl.h:libcurl4-openssl-dev zlib.h:zlib1g-dev
# The certificate authorities for https gateways.
SYSTEM_FILES = /etc/ssl/certs/ca-certificates.crt:ca-certificates
# Programs that the tests also need.
TEST_PROGRAMS = openssl:openssl strace:strace
# A module that the Python checks also need, and the Debian package that provides it and Python.
PYTHON_MODULES = ensurepip:python3-venv
# Programs that `make check-report` also needs.
REPORT_PROGRAMS = chromium:chromium
# Programs that `make check-guide` also needs.
GUIDE_PROGRAMS = git:git python3:python3 sqlite3:sqlite3
# Programs that `make check-examples` also needs.
EXAMPLES_PROGRAMS = crontab:cron systemd-analyze:systemd jq:jq promtool:prometheus
# Programs that `make bench` also needs.
BENCH_PROGRAMS = nginx:nginx wrk:wrk cc:gcc curl:curl objdump:binutils
# Tests run in parallel, but not all at once: on a small machine, those with real connections would time out.
TEST_OPTIONS ?= --experimental-maximum-parallelization-width 6
# Programs that `make check-install` also needs.
INSTALL_PROGRAMS = man:man-db groff:groff mandoc:mandoc bash:bash zsh:zsh fish:fish
# Stamp of the build that `make install` installs.
BUILT = .build-install/built
# How many times `make crash` kills apply.
POINTS ?= 300

.PHONY: help deps build release install uninstall check-install-deps check-install demo test test-deps crash contract \
    contract-deps check-schemas examples-deps check-examples check-report-deps check-report guide-deps check-guide fuzz \
    sanitize bench-deps bench lint format clean
.DEFAULT_GOAL := help

help: ## List these targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

deps: ## Install the system packages that are missing, or say how.
	@missing=; \
	for pair in $(SYSTEM_PACKAGES); do \
	    found=; \
	    for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include; do \
	        if [ -e "$$folder/$${pair%%:*}" ]; then found=yes; fi; \
	    done; \
	    [ -n "$$found" ] || missing="$$missing $${pair##*:}"; \
	done; \
	for pair in $(SYSTEM_FILES); do \
	    [ -e "$${pair%%:*}" ] || missing="$$missing $${pair##*:}"; \
	done; \
	for pair in $(EXTRA_PROGRAMS); do \
	    command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	for pair in $(EXTRA_MODULES); do \
	    python3 -c "import $${pair%%:*}" 2>/dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then run=; \
	elif command -v apt-get >/dev/null && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then run=sudo; \
	else echo "These system packages are missing. Install them, then run make again:"; \
	    echo "  sudo apt-get install$$missing"; exit 1; fi; \
	echo "installing$$missing"; \
	$$run apt-get update -qq && $$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing

test-deps: EXTRA_PROGRAMS = $(TEST_PROGRAMS)
test-deps: deps

build: deps ## Build both programs.
	$(SWIFT) build

# If you build first and then install as root, nothing is built as root.
$(BUILT): Package.swift README.md $(shell find Sources packaging -type f) | deps
	@SWIFT="$(SWIFT)" packaging/build

release: $(BUILT) ## Build what `make install` installs: the program, completions and the manual.

install: $(BUILT) ## Install below PREFIX, /usr/local by default; DESTDIR is prepended.
	@while read -r mode file; do \
	    install -D -m "$$mode" ".build-install/tree/$$file" "$(DESTDIR)$(PREFIX)/$$file" || exit; \
	done <packaging/files

uninstall: ## Remove what install installed, and nothing else.
	@while read -r mode file; do rm -f "$(DESTDIR)$(PREFIX)/$$file" || exit; done <packaging/files

check-install-deps: EXTRA_PROGRAMS = $(INSTALL_PROGRAMS)
check-install-deps: deps

check-install: check-install-deps $(BUILT) ## Install into a temporary folder, check every file, uninstall.
	@Tests/Install/run

demo: deps ## Plan and apply a small school's policy against a simulated gateway; touches nobody.
	@SWIFT="$(SWIFT)" examples/demo

test: test-deps ## Run every test.
	$(SWIFT) test $(TEST_OPTIONS)

crash: test-deps ## Kill apply at POINTS random moments (default 300), and report what it was doing.
	ROLLCALL_CRASH_POINTS=$(POINTS) $(SWIFT) test --filter CrashTests

contract-deps: EXTRA_MODULES = $(PYTHON_MODULES)
contract-deps: deps

contract: contract-deps ## Check the simulated gateway against its OpenAPI contract; needs a Python package index.
	@SWIFT="$(SWIFT)" Tests/Contract/run

check-schemas: contract-deps ## Check the schemas against the readers; needs a Python package index.
	@SWIFT="$(SWIFT)" Tests/Schemas/run

check-report-deps: EXTRA_MODULES = $(PYTHON_MODULES)
check-report-deps: EXTRA_PROGRAMS = $(REPORT_PROGRAMS)
check-report-deps: deps

check-report: check-report-deps ## Check a large report in Chromium with axe-core; needs a Python package index.
	@SWIFT="$(SWIFT)" Tests/Report/run

examples-deps: EXTRA_PROGRAMS = $(EXAMPLES_PROGRAMS)
examples-deps: EXTRA_MODULES = $(PYTHON_MODULES)
examples-deps: deps

check-examples: examples-deps ## Check the files of examples/running for cron, systemd, pipelines and clusters.
	@SWIFT="$(SWIFT)" Tests/Examples/run

guide-deps: EXTRA_PROGRAMS = $(GUIDE_PROGRAMS)
guide-deps: deps

check-guide: guide-deps ## Run every command of docs/guide.md and of the README's first steps, and compare the output.
	@SWIFT="$(SWIFT)" Tests/Guide/run

# The readers to fuzz, and the seconds for each.
TARGET ?= policy table configuration gateway
SECONDS ?= 60

fuzz: deps ## Fuzz the readers of untrusted bytes: TARGET=policy SECONDS=600; by default each for a minute.
	@SWIFT="$(SWIFT)" TARGETS="$(TARGET)" SECONDS_EACH="$(SECONDS)" Tests/Fuzz/run

# The sanitizer for `make sanitize`.
SANITIZER ?= address

sanitize: test-deps ## Run every test under the address sanitizer, or under SANITIZER=thread.
	@SWIFT="$(SWIFT)" SANITIZERS="$(SANITIZER)" Tests/Sanitizers/run

# Arguments for the harness; `make bench ARGUMENTS="--quick --only plan"` measures one part quickly.
ARGUMENTS ?= --write

bench-deps: EXTRA_PROGRAMS = $(BENCH_PROGRAMS)
bench-deps: EXTRA_MODULES = $(PYTHON_MODULES)
# nginx is in /usr/sbin, which may be missing from PATH.
bench-deps: export PATH := $(PATH):/usr/sbin
bench-deps: deps

bench: bench-deps ## Measure beside yardsticks, and write the table of docs/performance.md; needs a Python package index.
	@SWIFT="$(SWIFT)" Benchmarks/run $(ARGUMENTS)

lint: ## Check the format of the code, and refuse retired words.
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks
	@Tests/Words/check

format: ## Format the code.
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks

clean: ## Remove what was built.
	rm -rf .build .build-install .build-contract .build-schemas .build-examples .build-report .build-fuzz .build-address .build-thread .build-bench
