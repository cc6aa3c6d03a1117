/* Options: one table a filter, from which parsing and --help both come. */
#ifndef TRX_CLI_OPTIONS_H
#define TRX_CLI_OPTIONS_H

#include <stdint.h>

#include "common/base/error.h"

enum trx_option_kind {
	TRX_OPTION_FLAG,  /* bool: set true */
	TRX_OPTION_TEXT,  /* const char *: the argument, borrowed from argv */
	TRX_OPTION_TEXTS, /* const char **: each of the arguments, then NULL */
	TRX_OPTION_COUNT, /* uint64_t: digits, then maybe K, M or G (of 1024) */
	TRX_OPTION_CHOICE /* int: the index of the argument in choices */
};

struct trx_option {
	char letter;	  /* 0: it has none */
	const char *name; /* long name, without the dashes; never abbreviated */
	enum trx_option_kind kind;
	void *value;	      /* where it goes, of the type that kind says */
	const char *argument; /* its name in the help; NULL for a flag */
	const char *help;
	const char *const *choices; /* TRX_OPTION_CHOICE: ends with NULL */
};

struct trx_program {
	const char *name;     /* trx-encode */
	const char *synopsis; /* what follows the name, as in the man page */
	const char *about;    /* one sentence */
	const struct trx_option *options; /* ends with one whose name is NULL */
	/* "name version" of each library used, for --version; ends with NULL */
	const char *(*const *libraries)(void);
};

/*
 * Parse argv; options and operands may be mixed, "--" ends options, --help
 * and --version are always there.  Also makes descriptors 0-2 valid, names the
 * program to trx_warn, and calls trx_progress_start.  Returns the index of the
 * first operand (operands are moved to the end of argv); 0 when help or
 * version was printed and the program should end with trx_output_finish(); -1
 * with err set: TRX_USAGE; TRX_MACHINE where there is no /dev/null for a
 * descriptor that is closed.
 */
int trx_options_parse(const struct trx_program *program, int argc, char **argv,
    struct trx_error *err);

/*
 * Parse text as a TRX_OPTION_COUNT.  Returns 0, or -1 where it is none or
 * passes 2^64 - 1.
 */
int trx_options_count(const char *text, uint64_t *out);

#endif
