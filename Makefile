# Two commands are enough on a fresh machine with a Swift toolchain: `make demo` and `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local

# What the program links from the system: a header to look for, and the Debian package that brings it.
SYSTEM_PACKAGES = yaml.h:libyaml-dev sqlite3.h:libsqlite3-dev curl/curl.h:libcurl4-openssl-dev zlib.h:zlib1g-dev
# The authorities that an https gateway is trusted by.
SYSTEM_FILES = /etc/ssl/certs/ca-certificates.crt:ca-certificates
# What the tests use besides.
TEST_PROGRAMS = openssl:openssl strace:strace
# What the checks by Python use besides: a module of it, and the Debian package that brings both.
PYTHON_MODULES = ensurepip:python3-venv
# What the look at a report uses besides.
REPORT_PROGRAMS = chromium:chromium
# What the walk through the guide uses besides.
GUIDE_PROGRAMS = git:git python3:python3 sqlite3:sqlite3
# What the check of the examples uses besides.
EXAMPLES_PROGRAMS = crontab:cron systemd-analyze:systemd jq:jq promtool:prometheus
# What the benchmarks use besides.
BENCH_PROGRAMS = nginx:nginx wrk:wrk cc:gcc curl:curl objdump:binutils
# How many tests run side by side. All at once, on a small machine, those with real connections run out of their time.
TEST_OPTIONS ?= --experimental-maximum-parallelization-width 6
# What the check of the installation uses besides.
INSTALL_PROGRAMS = man:man-db groff:groff mandoc:mandoc bash:bash zsh:zsh fish:fish
# What `make install` installs, built once for whoever may write there.
BUILT = .build-install/built
# At how many moments the crash test kills.
POINTS ?= 300

.PHONY: help deps build release install uninstall check-install-deps check-install demo test test-deps crash contract \
    contract-deps schemas check-schemas examples-deps check-examples check-report-deps check-report guide-deps check-guide fuzz \
    sanitize bench-deps bench lint format clean
.DEFAULT_GOAL := help

help: ## Show what can be made.
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

# Whoever builds first and installs as root builds nothing as root.
$(BUILT): Package.swift README.md $(shell find Sources packaging -type f) | deps
	@SWIFT="$(SWIFT)" packaging/build

release: $(BUILT) ## Build what install installs: the program, completions and the manual.

install: $(BUILT) ## Install below PREFIX, /usr/local by default; DESTDIR goes before it.
	@while read -r mode file; do \
	    install -D -m "$$mode" ".build-install/tree/$$file" "$(DESTDIR)$(PREFIX)/$$file" || exit; \
	done <packaging/files

uninstall: ## Take away what install has installed, and nothing else.
	@while read -r mode file; do rm -f "$(DESTDIR)$(PREFIX)/$$file" || exit; done <packaging/files

check-install-deps: EXTRA_PROGRAMS = $(INSTALL_PROGRAMS)
check-install-deps: deps

check-install: check-install-deps $(BUILT) ## Install into a folder of its own, look at all of it, uninstall.
	@Tests/Install/run

demo: deps ## Plan and apply a small school's policy against a simulated gateway; touches nobody.
	@SWIFT="$(SWIFT)" examples/demo

test: test-deps ## Run every test.
	$(SWIFT) test $(TEST_OPTIONS)

crash: test-deps ## Kill apply at POINTS random moments, 300 by default, and say what it was doing.
	ROLLCALL_CRASH_POINTS=$(POINTS) $(SWIFT) test --filter CrashTests

contract-deps: EXTRA_MODULES = $(PYTHON_MODULES)
contract-deps: deps

contract: contract-deps ## Hold the simulated gateway against its OpenAPI contract; needs a package index for Python.
	@SWIFT="$(SWIFT)" Tests/Contract/run

schemas: ## Write the files of the folder schemas into the program.
	schemas/embed

check-schemas: contract-deps ## Hold the schemas against the readers; needs a package index for Python.
	@SWIFT="$(SWIFT)" Tests/Schemas/run

check-report-deps: EXTRA_MODULES = $(PYTHON_MODULES)
check-report-deps: EXTRA_PROGRAMS = $(REPORT_PROGRAMS)
check-report-deps: deps

check-report: check-report-deps ## Look at a large report in Chromium, with axe-core; needs a package index for Python.
	@SWIFT="$(SWIFT)" Tests/Report/run

examples-deps: EXTRA_PROGRAMS = $(EXAMPLES_PROGRAMS)
examples-deps: EXTRA_MODULES = $(PYTHON_MODULES)
examples-deps: deps

check-examples: examples-deps ## Check what examples/running has for cron, systemd, pipelines and clusters.
	@SWIFT="$(SWIFT)" Tests/Examples/run

guide-deps: EXTRA_PROGRAMS = $(GUIDE_PROGRAMS)
guide-deps: deps

check-guide: guide-deps ## Do all that docs/guide.md and the README say to a newcomer, and compare what comes.
	@SWIFT="$(SWIFT)" Tests/Guide/run

# Which readers are fuzzed, and for how many seconds each.
TARGET ?= policy table configuration gateway
SECONDS ?= 60

fuzz: deps ## Fuzz the readers of foreign bytes: TARGET=policy SECONDS=600, or each for a minute.
	@SWIFT="$(SWIFT)" TARGETS="$(TARGET)" SECONDS_EACH="$(SECONDS)" Tests/Fuzz/run

# Which sanitizer the tests are run under.
SANITIZER ?= address

sanitize: test-deps ## Run every test under the address sanitizer, or with SANITIZER=thread.
	@SWIFT="$(SWIFT)" SANITIZERS="$(SANITIZER)" Tests/Sanitizers/run

# What is told to the harness; `make bench ARGUMENTS="--quick --only plan"` takes a quick look at one work.
ARGUMENTS ?= --write

bench-deps: EXTRA_PROGRAMS = $(BENCH_PROGRAMS)
bench-deps: EXTRA_MODULES = $(PYTHON_MODULES)
# Where nginx lies, and not everybody looks.
bench-deps: export PATH := $(PATH):/usr/sbin
bench-deps: deps

bench: bench-deps ## Measure beside yardsticks, and write the table of docs/performance.md; needs a package index for Python.
	@SWIFT="$(SWIFT)" Benchmarks/run $(ARGUMENTS)

lint: ## Check the shape of the code.
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks

format: ## Bring the code into shape.
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks

clean: ## Remove what was built.
	rm -rf .build .build-install .build-contract .build-schemas .build-examples .build-report .build-fuzz .build-address .build-thread .build-bench
