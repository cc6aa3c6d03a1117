/* JSON written: canonical (headers, ledgers, manifests), and as it stood. */
#ifndef TRX_JSON_CANONICAL_H
#define TRX_JSON_CANONICAL_H

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/json/value.h"

/*
 * Append v in canonical form: no white space, object keys in byte order,
 * strings in UTF-8 with only '"', '\\' and U+0000-U+001F escaped (\b \t \n \f
 * \r short, the rest \u00xx in lower case), numbers integers as their digits.
 * Returns 0; -1 with err set (TRX_INPUT) where a number is no plain integer.
 * Failure of memory shows in b->failed.
 */
int trx_json_canonical(
    const struct trx_json *v, struct trx_buf *b, struct trx_error *err);

/* Append s as a JSON string, escaped as above. */
void trx_json_quote(struct trx_buf *b, struct trx_str s);

/*
 * Append raw, the text of a valid JSON value, less the white space between
 * its tokens: everything else byte for byte.
 */
void trx_json_minify(struct trx_buf *b, struct trx_str raw);

#endif
