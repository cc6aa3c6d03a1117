/* Sets of code points, for the classes of a regular expression. */
#ifndef TRX_TOKENIZER_REGEX_SET_H
#define TRX_TOKENIZER_REGEX_SET_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"

#define TRX_REGEX_CODE_POINTS 0x110000u

/*
 * The code points at which membership changes, rising: those from at[0] to
 * before at[1] are in the set, those from there to before at[2] are not.
 */
struct trx_regex_set {
	uint32_t *at; /* n of them, the arena's */
	size_t n;
};

enum trx_regex_set_op {
	TRX_REGEX_OR,
	TRX_REGEX_AND,
	TRX_REGEX_MINUS,
};

/*
 * All of these allocate in a and return 0, or -1 when memory runs out; out may
 * be one of the operands.
 */

/* The code points from first to last. */
int trx_regex_set_range(uint32_t first, uint32_t last, struct trx_arena *a,
    struct trx_regex_set *out);

/*
 * Where what is known of code points changes: from `from` on they have this
 * category, as a bit, and these properties.
 */
struct trx_regex_run {
	uint32_t from;
	uint32_t category;   /* 1 << enum trx_ucd_category */
	unsigned properties; /* enum trx_ucd_property */
};

struct trx_regex_runs {
	struct trx_regex_run *at; /* n of them, the arena's */
	size_t n;
};

int trx_regex_runs_new(struct trx_arena *a, struct trx_regex_runs *out);

/* The code points that have one of the categories or properties. */
int trx_regex_set_select(const struct trx_regex_runs *runs, uint32_t categories,
    unsigned properties, struct trx_arena *a, struct trx_regex_set *out);

int trx_regex_set_combine(const struct trx_regex_set *x,
    const struct trx_regex_set *y, enum trx_regex_set_op op,
    struct trx_arena *a, struct trx_regex_set *out);

/* All code points but those of x. */
int trx_regex_set_invert(const struct trx_regex_set *x, struct trx_arena *a,
    struct trx_regex_set *out);

#endif
