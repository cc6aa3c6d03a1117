/* What stands for sets of characters in a regular expression: \s, \p{L}, [...]
 */
#ifndef TRX_TOKENIZER_REGEX_CLASS_H
#define TRX_TOKENIZER_REGEX_CLASS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/tokenizer/regex_set.h"

/* Where a pattern is being read. */
struct trx_regex_cursor {
	const uint8_t *p, *end; /* well-formed UTF-8 */
	struct trx_arena *a;
	struct trx_regex_runs runs; /* made when first needed */
	const char *refused;	    /* what is not supported; NULL: memory */
};

/* Take what begins with literal, if it stands here. */
bool trx_regex_take(struct trx_regex_cursor *c, const char *literal);

/*
 * These return 0, or -1 with c->refused set (NULL: memory ran out).
 *
 * An escape, after its backslash, in a class or not: either a set, or the one
 * code point *cp, where *is_set says which.
 */
int trx_regex_escape(struct trx_regex_cursor *c, bool in_class, bool *is_set,
    uint32_t *cp, struct trx_regex_set *out);

/* A class, after its '['; fold: case is ignored. */
int trx_regex_class(
    struct trx_regex_cursor *c, bool fold, struct trx_regex_set *out);

/* The set of \w, in a class or not: they are not the same. */
int trx_regex_word(
    struct trx_regex_cursor *c, bool in_class, struct trx_regex_set *out);

/*
 * The characters that equal cp where case is ignored; refused where there may
 * be more to it.
 */
int trx_regex_fold(
    struct trx_regex_cursor *c, uint32_t cp, struct trx_regex_set *out);

#endif
