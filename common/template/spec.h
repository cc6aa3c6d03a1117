/* format(value, spec): Python's mini-language of format specifications. */
#ifndef TRX_TEMPLATE_SPEC_H
#define TRX_TEMPLATE_SPEC_H

#include "common/base/buf.h"
#include "common/template/value.h"

/* Append format(v, spec).  Returns 0, or -1 as Python's exceptions. */
int trx_spec_format(struct trx_run *run, const struct trx_value *v,
    struct trx_str spec, struct trx_buf *b);

/* Append the code point cp n times.  Returns 0, or -1: too long. */
int trx_spec_fill(
    struct trx_run *run, uint32_t cp, int64_t n, struct trx_buf *b);

/*
 * Append the character that the integer v stands for.  Returns 0, or -1 where
 * there is none.  A surrogate makes the rendering fail if it comes out.
 */
int trx_spec_char(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b);

/* Append s, which is a repr(), as ascii() has it: escapes for the rest. */
void trx_spec_ascii(struct trx_str s, struct trx_buf *b);

#endif
