# SPDX-License-Identifier: GPL-2.0-or-later
#
# make            sets up what is missing, builds jars, AOT caches and examples; then every command runs as bin/NAME
# make demo       a tour, under a minute
# make test       every check and test; fetches Debian's kernel packages for the tests that load its modules
# make oracle     every module of Debian's tree against GNU ld, byte for byte (make test: a sample)
# make faults     clients killed, stopped, cut off and stalled at every frame and byte of their conversations (make test: a sample)
# make soak       HOURS=1: sixteen clients load and remove sixty modules, a third killed; ends with the daemon's own figures
#                 both once with symbols in the kernel and once without; SYMBOLS=kernel or SYMBOLS=userspace for one of these
# make fuzz       MINUTES=20: Jazzer on the ELF reader and the linker; WHAT=requests: on what clients may send; WHAT=cpu: that, on the CPU
# make bench      the measurements of docs/BENCHMARKS.md; PARTS='startup load' for some of them
# make dist       build/linkout-VERSION.tar.gz: its install takes a PREFIX; needs a JDK, not Maven or gcc
# make image      the container image linkout, of build/linkout-VERSION.tar.gz: BASE= JDK= IMAGE=
# make install    PREFIX=/usr/local DESTDIR=; make uninstall the same
# make debian     fetches and unpacks Debian's kernel packages, prints where
# make clean      removes what was built; make distclean also what was fetched into this directory
#
# LINKOUT_JAVA_HOME=DIR names a JDK of 25 or later, LINKOUT_UNICORN=PATH names libunicorn.so.2, where they are not found.

PREFIX ?= /usr/local

SOURCES := $(shell find pom.xml .mvn proto kernel-sim/pom.xml insmod-client/pom.xml kernel-sim/src/main \
	insmod-client/src/main -name target -prune -o -path '*/src/test' -prune -o -type f -print)
SCRIPTS := scripts/build-jars scripts/assemble scripts/start-kernel scripts/right-client scripts/find-jdk scripts/find-unicorn

all: build/caches.stamp

# What the host has. Written only when it changes, so that what depends on it is made again only then.
build/host: FORCE
	@mkdir -p build
	@jdk=$$(scripts/find-jdk) || exit 1; unicorn=$$(scripts/find-unicorn) || :; \
	printf '%s\n' "jdk='$$jdk'" "unicorn='$$unicorn'" >build/host.new; \
	if cmp -s build/host.new build/host; then rm build/host.new; else mv build/host.new build/host; fi

build/jars.stamp: build/host $(SOURCES) $(SCRIPTS)
	@echo "  MVN     proto kernel-sim insmod-client"
	@. build/host && scripts/build-jars "$$jdk" "$$unicorn"
	@touch $@

build/examples.stamp: FORCE
	@$(MAKE) -s --no-print-directory -C examples
	@mkdir -p build && [ -e $@ ] || touch $@

build/caches.stamp: build/jars.stamp build/examples.stamp scripts/train bin/linkout
	@echo "  TRAIN   AOT caches"
	@scripts/train
	@touch $@

examples: build/examples.stamp

demo: all
	@scripts/demo

test: all
	@scripts/run-tests

oracle: all
	@scripts/run-tests -pl proto,insmod-client -Dtest=GnuLdOracleTest -Dsurefire.failIfNoSpecifiedTests=false \
		-Dlinkout.oracle.modules=all test

fuzz: all
	@scripts/fuzz $(or $(MINUTES),20) $(or $(WHAT),link)

faults: all
	@modes=$$(SYMBOLS="$(SYMBOLS)" scripts/symbol-modes) && \
	scripts/run-tests -pl proto,kernel-sim,insmod-client,docker -Dtest=FaultMatrixTest \
		-Dsurefire.failIfNoSpecifiedTests=false -Dlinkout.faults=all $$modes test

soak: all
	@SYMBOLS="$(SYMBOLS)" scripts/soak $(or $(HOURS),1) $(SEED)

build/bench.stamp: build/jars.stamp $(shell find bench -path bench/target -prune -o -name '*.java' -print) bench/pom.xml scripts/build-bench
	@echo "  MVN     bench"
	@. build/host && scripts/build-bench "$$jdk"
	@touch $@

bench: all build/bench.stamp
	@LINKOUT_DEBIAN=$${LINKOUT_DEBIAN:-$$(scripts/debian-kernel)} bench/run $(PARTS)

debian:
	@scripts/debian-kernel

install: all
	@scripts/stage build/stage caches
	@DESTDIR="$(DESTDIR)" build/stage/install "$(PREFIX)"
	@rm -rf build/stage

uninstall:
	@"$(DESTDIR)$(PREFIX)/lib/linkout/uninstall"

dist: all
	@scripts/dist

image: dist
	@scripts/image

clean:
	rm -rf build target */target
	@$(MAKE) --no-print-directory -C examples clean

distclean: clean
	rm -rf .cache

FORCE:

.PHONY: all examples demo test oracle fuzz faults soak bench debian install uninstall dist image clean distclean FORCE
