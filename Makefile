# make help lists the targets.
#
# NGINX_SRC=dir   build against an unpacked nginx source, not nginx-dev; and
#                 test with it: it is built whole below build/
# CC=clang        the other compiler
# SANITIZE=1      with AddressSanitizer and UndefinedBehaviorSanitizer
# DEBUG=1         with crash points, for tests only
# FUZZ_SECONDS=n  of make fuzz, a target
# SPOOFS=n        of make spoof
# RACES=n         of make race
# SPENDS=n        of make spend
# REPEAT=n        of make test: each test file n times; FILES='t/a.t t/b.t'
# BASE=dir        of make test-install: a bootstrapped Debian 12 to copy
# BENCH='a b'     of make bench: these parts, of run, identify and page
# RECON_ROWS=n    of make test-recon: payments of the day, a million
# RECON_RATE=n    of make test-recon: payments a second beside it, 1500

MODULE = ngx_http_carrierpay_module.so
SPOOFS ?= 1000000
RACES ?= 10000
SPENDS ?= 100000
BENCH ?= run identify page
MODULES_PATH ?= /usr/lib/nginx/modules

ifeq ($(origin CC),default)
CC = gcc
endif

PARALLEL := $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# each variant has a folder of its own, so that changing one rebuilds nothing
# of another

VARIANT := $(if $(DEBUG),debug,release)$(if $(SANITIZE),-sanitize)
VARIANT := $(VARIANT)$(if $(filter-out gcc,$(CC)),-$(CC))
VARIANT := $(VARIANT)$(if $(NGINX_SRC),-$(notdir $(abspath $(NGINX_SRC))))
BUILD   ?= $(CURDIR)/build/$(VARIANT)

# nginx's configure adds -Wall -Wextra -Werror by itself, behind its own
# feature tests; here they would make those fail and change the binary
# interface

FLAGS_release  = -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIC
FLAGS_debug    = -O1 -DNGX_CARRIERPAY_CRASH_POINTS=1 -fPIC
FLAGS_sanitize = -fsanitize=address,undefined -fno-omit-frame-pointer

CC_OPT = $(FLAGS_$(if $(DEBUG),debug,release))
CC_OPT := $(if $(SANITIZE),$(filter-out -D_FORTIFY%,$(CC_OPT)) \
              $(FLAGS_sanitize),$(CC_OPT))
LD_OPT = -Wl,-z,relro -Wl,-z,now -fPIC $(if $(SANITIZE),$(FLAGS_sanitize))

# nginx-dev brings its configure and the flags Debian's nginx was built with;
# an upstream source is configured compatible with it

NGINX = $(abspath $(or $(NGINX_SRC),/usr/share/nginx/src))
NGINX_FLAGS = $(if $(NGINX_SRC),--with-compat --with-debug --with-threads \
    --with-http_ssl_module --with-http_v2_module --with-http_realip_module \
    $(if $(wildcard $(NGINX)/src/http/v3),--with-http_v3_module))
NGINX_BUILD = $(CURDIR)/build/$(notdir $(NGINX))
CONFIGURE = $$([ -f auto/configure ] && echo auto/configure || echo configure)

SOURCES := $(sort $(wildcard config ngx_carrierpay/*/*.[ch] \
             ngx_carrierpay/*/*/*.[ch] lua-free-handlers/*/*.[ch]))

.PHONY: build run stop test test-cells test-http3 test-install test-recon \
    fuzz spoof race spend bench install clean help nginx FORCE
.DELETE_ON_ERROR:

build: $(BUILD)/$(MODULE)  ## build the module

run:                       ## start everything below run/ and print what to try
	@conf/demo/run

stop:                      ## stop what make run started
	@conf/demo/stop

test:                      ## install what is missing, build, run every test
	@$(if $(REPEAT)$(FILES),t/repeat $(or $(REPEAT),1) $(FILES),t/run)

test-cells:                ## charge, crash and grow with several databases
	@conf/demo/packages run test
	@$(MAKE) -s DEBUG=1 SANITIZE=1 build
	@prove --timer -j2 t/long/cells_*.t

test-install:              ## run docs/install.md on a fresh Debian, as root
	@BASE=$(BASE) t/install

test-http3:                ## pay once over HTTP/3, with NGINX_SRC
	@t/browser/http3/run

test-recon:                ## compare a million rows beside 1500 payments/s
	@conf/demo/packages run bench
	@$(MAKE) build
	@t/bench/recon

fuzz:                      ## fuzz what reads from outside, 10 minutes a target
	@conf/demo/packages fuzz
	@$(MAKE) -s -C t/fuzz run

spoof:                     ## forge a million enrichment headers
	@conf/demo/packages run test
	@$(MAKE) -s DEBUG=1 SANITIZE=1 build
	@SPOOFS=$(SPOOFS) prove -v t/spoof.t

race:                      ## guess ten thousand PINs, right and wrong at once
	@conf/demo/packages run test
	@$(MAKE) -s DEBUG=1 SANITIZE=1 build
	@RACES=$(RACES) prove -v t/pin_race.t

spend:                     ## charge a hundred thousand times about the limit
	@conf/demo/packages run test
	@$(MAKE) -s DEBUG=1 SANITIZE=1 build
	@SPENDS=$(SPENDS) prove -v t/spend.t

bench:                     ## measure carrierpay beside its rivals
	@conf/demo/packages run bench
	$(MAKE) build
	@set -e; for part in $(BENCH); do t/bench/$$part; done

install: build             ## install the module for the system's nginx
	install -D -m 644 $(BUILD)/$(MODULE) \
	    $(DESTDIR)$(MODULES_PATH)/$(MODULE)

clean:                     ## remove build/
	rm -rf build

help:                      ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/make \1	\2/p' \
	    Makefile | expand -t 21
	@sed -n '/^# [A-Z].*=/s/^# /  /p' Makefile

$(BUILD)/$(MODULE): $(BUILD)/Makefile $(SOURCES)
	@echo building $@
	+@$(MAKE) -s $(PARALLEL) -C $(NGINX) -f $(BUILD)/Makefile modules
	@touch $@

# the nginx of a source, whole, for tests; the source itself stays as it is

nginx: $(NGINX_BUILD)/nginx

$(NGINX_BUILD)/nginx:
	@echo building $@
	@mkdir -p $(NGINX_BUILD)
	@cd $(NGINX) && env -u CFLAGS bash $(CONFIGURE) $(NGINX_FLAGS) \
	        --prefix=$(NGINX_BUILD) \
	        --builddir=$(NGINX_BUILD) >$(NGINX_BUILD)/configure.log 2>&1 \
	    || { tail -n 20 $(NGINX_BUILD)/configure.log; exit 1; }
	+@$(MAKE) -s $(PARALLEL) -C $(NGINX) -f $(NGINX_BUILD)/Makefile binary

# configured again when a source joins or leaves, not when one changes

$(BUILD)/Makefile: config $(BUILD)/sources
	@echo configuring in $(BUILD)
	@cd $(NGINX) && { [ ! -f conf_flags ] || . ./conf_flags; } \
	    && ASAN_OPTIONS=detect_leaks=0 env -u CFLAGS bash $(CONFIGURE) \
	        "$${NGX_CONF_FLAGS[@]}" $(NGINX_FLAGS) --with-cc=$(CC) \
	        --with-cc-opt='$(strip $(CC_OPT))' \
	        --with-ld-opt='$(strip $(LD_OPT))' \
	        --add-dynamic-module=$(CURDIR) --builddir=$(BUILD) \
	        >$(BUILD)/configure.log 2>&1 \
	    || { tail -n 20 $(BUILD)/configure.log; exit 1; }

$(BUILD)/Makefile: SHELL = /bin/bash

$(BUILD)/sources: FORCE
	@mkdir -p $(BUILD)
	@echo '$(SOURCES)' | cmp -s - $@ || echo '$(SOURCES)' > $@
