/*
 * The syntax of a regular expression: Oniguruma's own, as Hugging Face's
 * tokenizers use it, less what is refused.
 */
#ifndef TRX_TOKENIZER_REGEX_PARSE_H
#define TRX_TOKENIZER_REGEX_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/tokenizer/regex_set.h"

#define TRX_REGEX_INFINITE UINT32_MAX

enum {
	TRX_REGEX_BYTES_MAX = 8192, /* of a pattern */
	TRX_REGEX_SETS_MAX = 400,
	TRX_REGEX_DEPTH_MAX = 50, /* groups in groups, quantifiers included */
};

enum trx_regex_kind {
	TRX_REGEX_EMPTY,  /* matches, and takes nothing */
	TRX_REGEX_SET,	  /* one character of a set */
	TRX_REGEX_CAT,	  /* the children, one after the other */
	TRX_REGEX_ALT,	  /* the first of the children that will do */
	TRX_REGEX_REPEAT, /* the child min to max times */
	TRX_REGEX_ATOMIC, /* the child, whose first match is final */
	TRX_REGEX_LOOK,	  /* does the child match here? */
	TRX_REGEX_ASSERT
};

enum trx_regex_assert {
	TRX_REGEX_LINE_BEGIN,
	TRX_REGEX_LINE_END,
	TRX_REGEX_TEXT_BEGIN,
	TRX_REGEX_TEXT_END,
	TRX_REGEX_LAST_LINE_END, /* as the former, or before a last newline */
	TRX_REGEX_WORD_EDGE,
	TRX_REGEX_NO_WORD_EDGE
};

struct trx_regex_node {
	enum trx_regex_kind kind;
	struct trx_regex_node *child; /* the first */
	struct trx_regex_node *next;  /* the next child of the same parent */
	uint32_t set;		      /* its place in the tree's sets */
	uint32_t min, max;	      /* REPEAT */
	bool lazy;
	bool negative; /* LOOK */
	bool behind;   /* LOOK: the child ends here, and takes */
	uint32_t back; /* this many characters */
	enum trx_regex_assert assert;
	bool opaque; /* a group that quantifiers don't see into */
	bool empty;  /* may it match without taking anything? */
	/*
	 * Whether case is ignored somewhere in it, and which letters, as bits,
	 * may so stand first and last: some pairs of letters equal one
	 * character, as "ss" does.
	 */
	bool folds;
	uint32_t first, last;
};

struct trx_regex_tree {
	struct trx_regex_node *root;
	const struct trx_regex_set *sets; /* nsets different ones */
	size_t nsets;
	uint32_t word; /* the set of \w, where there is a \b or \B */
};

/*
 * Parse pattern; the tree is a's.  Returns 0, or -1 with err set: memory, or
 * TRX_INPUT with the pattern and what about it is not supported.
 */
int trx_regex_parse(struct trx_str pattern, struct trx_arena *a,
    struct trx_regex_tree *out, struct trx_error *err);

#endif
