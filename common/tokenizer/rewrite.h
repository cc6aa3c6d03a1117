/* A text that is made from another one: what is not replaced is copied. */
#ifndef TRX_TOKENIZER_REWRITE_H
#define TRX_TOKENIZER_REWRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/str.h"
#include "common/tokenizer/mapped.h"

struct trx_rewrite {
	struct trx_mapped *to; /* borrowed */
	struct trx_str from;   /* borrowed */
	size_t done;	       /* bytes of from that are copied or replaced */
	size_t end;	       /* the last of the ends */
	bool want_ends;
	bool changed;
};

/* Begin; to is emptied. */
void trx_rewrite_begin(struct trx_rewrite *w, struct trx_str from,
    bool want_ends, struct trx_mapped *to);

/*
 * Copy what stands before begin, and leave out the bytes from there to end; at
 * or behind the end of the last call.
 */
void trx_rewrite_cut(struct trx_rewrite *w, size_t begin, size_t end);

/* Append s, which comes from what ends at end. */
void trx_rewrite_add(struct trx_rewrite *w, struct trx_str s, size_t end);

/* Put s in the place of the bytes from begin to end. */
static inline void
trx_rewrite_put(
    struct trx_rewrite *w, size_t begin, size_t end, struct trx_str s)
{
	trx_rewrite_cut(w, begin, end);
	trx_rewrite_add(w, s, end);
}

/*
 * Copy the rest.  Returns 1; 0 where nothing was cut or added, and nothing
 * copied; -1 when memory runs out.
 */
int trx_rewrite_end(struct trx_rewrite *w);

#endif
