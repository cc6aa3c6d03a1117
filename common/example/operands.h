/* The files named on a command line, opened one after the other. */
#ifndef TRX_EXAMPLE_OPERANDS_H
#define TRX_EXAMPLE_OPERANDS_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/zstream/in.h"

struct trx_operands {
	char *const *files; /* borrowed */
	int n;		    /* 0: standard input alone */
	int next;
};

/* The operand's name in messages: "<stdin>" for standard input. */
const char *trx_operands_name(const struct trx_operands *o, int i);

/*
 * Open the next operand into *zin, its index into *i.  Binary input does not
 * come from a terminal.  Returns 1, 0 where there are no more, or -1 with err
 * set: TRX_INPUT where it cannot be opened.
 */
int trx_operands_next(struct trx_operands *o, bool binary, struct trx_zin **zin,
    int *i, struct trx_error *err);

#endif
