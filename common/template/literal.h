/* Literals of an expression, as Jinja's lexer reads them. */
#ifndef TRX_TEMPLATE_LITERAL_H
#define TRX_TEMPLATE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/template/value.h"

/* Bytes of the number that begins at s, 0 if none; *real: is it a float? */
size_t trx_literal_number(struct trx_str s, bool after_dot, bool *real);

/*
 * The value of a number (real: a float).  Returns 0; -1 with err set, too for
 * an integer of more digits than Python reads.
 */
int trx_literal_value(struct trx_str s, bool real, struct trx_arena *a,
    struct trx_value *out, struct trx_error *err);

/* Bytes of the quoted string that begins at s, 0 if it has no end. */
size_t trx_literal_quoted(struct trx_str s);

/* The inside of a quoted string, its escapes resolved as Python does. */
int trx_literal_unescape(struct trx_str s, struct trx_arena *a,
    struct trx_str *out, struct trx_error *err);

#endif
