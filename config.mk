# Defaults; put your own into config.local.mk, which git ignores.
VERSION ?= 0.1.0

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man

PKG_CONFIG ?= pkg-config
INSTALL ?= install
CLANG_FORMAT ?= clang-format
CFLAGS ?= -O3 -g

# trx-gpuload loads into GPU memory where it is built with CUDA; force 0 or 1.
CUDA_HOME ?= /usr/local/cuda
HAVE_CUDA ?= $(if $(wildcard $(CUDA_HOME)/include/cuda_runtime_api.h),1,0)
