/* What a regular expression is compiled to, for the matcher in regex.c. */
#ifndef TRX_TOKENIZER_REGEX_CODE_H
#define TRX_TOKENIZER_REGEX_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/tokenizer/regex_parse.h"

/*
 * Code points that no set of the expression tells apart are one kind; the end
 * of the text is a kind of its own, in no set.
 */
enum {
	TRX_REGEX_KINDS = 256,
	TRX_REGEX_CODE_MAX = 20000,
	TRX_REGEX_SLOTS = 128,
};

enum trx_regex_op {
	TRX_REGEX_OP_MATCH,
	TRX_REGEX_OP_SET,    /* take one character of table */
	TRX_REGEX_OP_RUN,    /* take min to max of them, as many as will do */
	TRX_REGEX_OP_OWN,    /* the same, and never take back one */
	TRX_REGEX_OP_LAZY,   /* the same, as few as will do */
	TRX_REGEX_OP_SPLIT,  /* go on at the next one, or else at to */
	TRX_REGEX_OP_JUMP,   /* to to */
	TRX_REGEX_OP_MARK,   /* note in slot the choices, and the place */
	TRX_REGEX_OP_CUT,    /* forget the choices since */
	TRX_REGEX_OP_RETURN, /* the same, and go back to the place */
	TRX_REGEX_OP_UNLESS, /* MARK, and go on at to where what follows fails
			      */
	TRX_REGEX_OP_FAIL,   /* forget the choices since slot; no match */
	TRX_REGEX_OP_BACK,   /* min characters back */
	TRX_REGEX_OP_ENTER,  /* note in slot the place, for this time round */
	TRX_REGEX_OP_LEAVE,  /* to to, where this time took nothing */
	TRX_REGEX_OP_NEXT,   /* is the next character in table? */
	TRX_REGEX_OP_ASSERT
};

/* Bits of the table of a SPLIT: which of the two ways may lead anywhere? */
enum {
	TRX_REGEX_HERE = 1,
	TRX_REGEX_THERE = 2,
};

struct trx_regex_code {
	uint8_t op;	/* enum trx_regex_op */
	uint8_t assert; /* enum trx_regex_assert */
	uint8_t slot;
	bool there_first; /* SPLIT: prefer to */
	uint32_t to;
	uint32_t min, max;
	const uint8_t *table; /* by kind */
	const uint8_t *next;  /* RUN, LAZY: by kind, may the rest match? */
};

struct trx_regex {
	struct trx_str pattern;
	const struct trx_regex_code *code;
	size_t nslots;
	const uint8_t *first; /* by kind: may a match begin so? */
	const uint8_t *word;  /* by kind, where there is a \b or \B */
	uint8_t end;	      /* the kind of the end */
	uint16_t index[TRX_REGEX_CODE_POINTS / 128];
	const uint8_t (*blocks)[128]; /* of kinds; ASCII's is the first */
};

/* Sets of kinds, while compiling. */
struct trx_regex_kinds {
	uint64_t bits[TRX_REGEX_KINDS / 64];
};

/*
 * Tell code points apart by the sets of tree: fills in r->index, blocks and
 * end.  of[i] is the kinds of set i.  Returns 0, or -1 with err set.
 */
int trx_regex_sort(const struct trx_regex_tree *tree, struct trx_regex *r,
    struct trx_arena *a, struct trx_regex_kinds *of, struct trx_error *err);

/* Compile tree into r, once sorted.  Returns 0, or -1 with err set. */
int trx_regex_compile(const struct trx_regex_tree *tree,
    const struct trx_regex_kinds *of, struct trx_regex *r, struct trx_arena *a,
    struct trx_error *err);

#endif
