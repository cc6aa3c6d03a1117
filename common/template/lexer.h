/* Tokens of a template, with Jinja's white-space rules already applied. */
#ifndef TRX_TEMPLATE_LEXER_H
#define TRX_TEMPLATE_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"

enum trx_token_type {
	TRX_T_EOF,
	TRX_T_ERROR, /* the rest is none: `LINE: cause` */
	TRX_T_DATA,
	TRX_T_BLOCK_BEGIN,
	TRX_T_BLOCK_END,
	TRX_T_PRINT_BEGIN,
	TRX_T_PRINT_END,
	TRX_T_NAME,
	TRX_T_STRING,
	TRX_T_INTEGER,
	TRX_T_FLOAT,
	TRX_T_OPERATOR
};

struct trx_token {
	enum trx_token_type type;
	uint32_t line;
	/* Data; a name; a string unescaped; a number; an operator; a cause. */
	struct trx_str text;
};

/*
 * Split source (its newlines are normalised here) into *tokens, n of them, the
 * last of type EOF or, where what follows cannot be split, ERROR: it counts
 * only once the parser comes to it.  They and their text are allocated in a.
 * Returns 0, or -1 with err `LINE: cause`.
 */
int trx_lexer_run(struct trx_str source, struct trx_arena *a,
    struct trx_token **tokens, size_t *n, struct trx_error *err);

#endif
