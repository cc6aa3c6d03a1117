# Build: make    Test: make check    With sanitizers: make check SANITIZE=address,undefined
-include config.local.mk
include config.mk

comma := ,
SANITIZE ?=
# One object folder for each flavour.
BUILD ?= build$(if $(filter clang%,$(CC)),-clang)$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))

# A filter is one file filters/NAME.c: dropping the file in adds the program.
FILTERS := $(patsubst filters/%.c,%,$(sort $(wildcard filters/*.c)))
BINS := $(FILTERS:%=$(BUILD)/%)
PIPELINES := $(sort $(wildcard pipelines/*))
COMMON_OBJ := $(patsubst %,$(BUILD)/%.o,$(sort $(wildcard common/*/*.c common/*/*.cc)))
# Programs that only tests run: tests/unit/NAME.c, tests/fuzz/NAME.c.
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c))))
MAN := $(sort $(wildcard filters/*.[1-9] pipelines/*.[1-9] common/*/*.[1-9]))
HEADERS := $(sort $(wildcard common/*/*.h))
SOURCES := $(sort $(wildcard filters/*.c common/*/*.c common/*/*.cc tests/unit/*.c tests/fuzz/*.c))
SCRIPTS := $(sort $(wildcard scripts/* pipelines/*[!0-9])) .ci/run

WARN := -Wall -Wextra -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
WARN_C := -Wshadow -Wstrict-prototypes -Wmissing-prototypes
SAN := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
ALL_CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DTRX_VERSION='"$(VERSION)"' -I. $(CPPFLAGS)
COMPILE = $(WARN) $(if $(WERROR),-Werror) -ffile-prefix-map=$(CURDIR)=. $(SAN) $(CFLAGS) -pthread
ALL_CFLAGS = -std=c11 $(WARN_C) $(COMPILE)
ALL_CXXFLAGS = -std=c++17 $(COMPILE)

# Asked only when a program that needs the library is linked.
pc_libs = $(or $(shell $(PKG_CONFIG) --libs $(1)),$(error pkg-config does not know $(1)))

all: $(BINS)

# Header dependencies and this stamp: a change of flags rebuilds, HAVE_CUDA too.
FLAGS = $(CC) $(CXX) $(ALL_CPPFLAGS) $(ALL_CFLAGS) CUDA=$(HAVE_CUDA)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(FLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(FLAGS))' >$@

$(BUILD)/libtrx.a: $(COMMON_OBJ)
	rm -f $@
	$(AR) rcD $@ $^

# What a program links beyond libtrx; the linker keeps what it calls.
LIBS = $(call pc_libs,simdjson libzstd libcrypto) $(LIBS_MORE)
$(BUILD)/trx-encode $(BUILD)/unit/encode $(BUILD)/unit/encode_speed $(BUILD)/fuzz/tokenizer $(BUILD)/fuzz/tokenizer_json: LIBS_MORE = $(call pc_libs,sentencepiece)
$(BUILD)/trx-pack $(BUILD)/trx-cat $(BUILD)/unit/archive $(BUILD)/unit/damage $(BUILD)/fuzz/archive $(BUILD)/fuzz/stream: LIBS_MORE = $(call pc_libs,libarchive)
CUDA_LIBS = $(if $(filter 1,$(HAVE_CUDA)),-L$(CUDA_HOME)/lib64 -lcudart_static -lrt -ldl)
$(BUILD)/trx-template $(BUILD)/unit/render $(BUILD)/unit/render_speed $(BUILD)/fuzz/template_parse $(BUILD)/fuzz/template_render $(BUILD)/fuzz/jsonl: LIBS_MORE = $(call pc_libs,gmp) -lunistring
$(BUILD)/trx-gpuload: LIBS_MORE = $(call pc_libs,libarchive) $(CUDA_LIBS)
$(BUILD)/unit/device: LIBS_MORE = $(CUDA_LIBS)
$(BUILD)/common/llama/%.cc.o: CPPFLAGS += -DSENTENCEPIECE_VERSION='"$(shell $(PKG_CONFIG) --modversion sentencepiece)"'
$(BUILD)/common/device/%.o: CPPFLAGS += $(if $(filter 1,$(HAVE_CUDA)),-DHAVE_CUDA -isystem $(CUDA_HOME)/include)

LINK = $(CXX) $(SAN) $(LDFLAGS) -pthread -Wl,--as-needed -Wl,--build-id -o $@ $^ $(LIBS)
$(BINS): $(BUILD)/%: $(BUILD)/filters/%.c.o $(BUILD)/libtrx.a
	$(LINK)
$(UNITS): $(BUILD)/unit/%: $(BUILD)/tests/unit/%.c.o $(BUILD)/libtrx.a
	@mkdir -p $(@D)
	$(LINK)
# A fuzz target with a main that replays files; scripts/fuzz links libFuzzer's.
$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.c.o $(BUILD)/tests/fuzz/replay.c.o $(BUILD)/libtrx.a
	@mkdir -p $(@D)
	$(LINK)

$(BUILD)/%.c.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/%.cc.o: %.cc $(BUILD)/flags
	@mkdir -p $(@D)
	$(CXX) $(ALL_CPPFLAGS) $(ALL_CXXFLAGS) -MMD -MP -c -o $@ $<

tests: $(UNITS) $(FUZZERS)

check: all tests
	TRX_BIN=$(CURDIR)/$(BUILD) TRX_UNIT=$(CURDIR)/$(BUILD)/unit TRX_FUZZ=$(CURDIR)/$(BUILD)/fuzz \
		bats $(if $(FILTER),--filter '$(FILTER)') $(BATS_FLAGS) tests

hdr-check:
	@for h in $(HEADERS); do \
		echo "#include \"$$h\"" | $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fsyntax-only -xc - || exit 1; \
	done

lint: hdr-check
	$(CLANG_FORMAT) --dry-run -Werror $(SOURCES) $(HEADERS)
	shellcheck -x $(SCRIPTS) tests/*.bats tests/*.bash
	mandoc -T lint -W warning $(MAN)

install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(foreach s,1 5 7,$(DESTDIR)$(MANDIR)/man$(s))
	$(INSTALL) -m 755 $(BINS) $(filter-out %.1,$(PIPELINES)) $(DESTDIR)$(BINDIR)
	for m in $(MAN); do $(INSTALL) -m 644 $$m $(DESTDIR)$(MANDIR)/man$${m##*.} || exit 1; done

uninstall:
	rm -f $(FILTERS:%=$(DESTDIR)$(BINDIR)/%) $(patsubst pipelines/%,$(DESTDIR)$(BINDIR)/%,$(filter-out %.1,$(PIPELINES)))
	rm -f $(foreach m,$(MAN),$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m)))

clean:
	rm -rf build build-*

FORCE:
.PHONY: all tests check hdr-check lint install uninstall clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
