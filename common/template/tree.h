/* A compiled template: the tree that the parser builds and eval.c walks. */
#ifndef TRX_TEMPLATE_TREE_H
#define TRX_TEMPLATE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/template/value.h"

enum trx_node_kind {
	/* Expressions. */
	TRX_N_CONST,   /* value */
	TRX_N_NAME,    /* name, slot */
	TRX_N_LIST,    /* list */
	TRX_N_TUPLE,   /* list */
	TRX_N_DICT,    /* list: key, value, key, value ... */
	TRX_N_GETATTR, /* child[0].name; op: enum trx_item */
	TRX_N_GETITEM, /* child[0][child[1]]; op: likewise */
	TRX_N_SLICE,   /* child[0][child[1]:child[2]:child[3]] */
	TRX_N_CALL,    /* child[0](list) */
	TRX_N_KEYWORD, /* in a call's list, after the others: name=child[0] */
	TRX_N_SPREAD,  /* likewise, last but one: *child[0] */
	TRX_N_SPREAD_KEYWORDS, /* likewise, last: **child[0] */
	TRX_N_FILTER, /* child[0] (NULL: a block's text) | filter(list) */
	TRX_N_TEST,   /* child[0] is test(list) */
	TRX_N_NOT,
	TRX_N_NEG,
	TRX_N_POS,
	TRX_N_AND,	/* list */
	TRX_N_OR,	/* list */
	TRX_N_COND,	/* child[1] if child[0] else child[2] (may be NULL) */
	TRX_N_BINARY,	/* child[0] op child[1] */
	TRX_N_CONCAT,	/* list joined by ~ */
	TRX_N_COMPARE,	/* child[0], then list */
	TRX_N_RELATION, /* a COMPARE of two: child[0] op child[1] */
	TRX_N_OPERAND,	/* of a comparison: op child[0] */
	TRX_N_KIND,	/* child[0], a NAME, is a value of kinds */
	TRX_N_NOT_DEFINED, /* an infinity or NaN that Jinja wrote as a name */
	/* Targets. */
	TRX_N_STORE,   /* name, slot */
	TRX_N_NSREF,   /* name (slot) . more */
	TRX_N_TARGETS, /* list */
	/* Statements. */
	TRX_N_BODY,  /* list */
	TRX_N_DATA,  /* name */
	TRX_N_PRINT, /* child[0]; list and sum: its terms, of a sum */
	TRX_N_IF,    /* child[0]: child[1]; list of elif; child[2] */
	/* child: target, iter, test, body; list: else; op: recursive? */
	TRX_N_FOR,
	TRX_N_SET,	    /* child[0] = child[1] */
	TRX_N_SET_BLOCK,    /* child[0] = child[1] (filter or NULL) child[2] */
	TRX_N_FILTER_BLOCK, /* child[0] filter, child[1] body */
	/* name (slot), list of parameters, child[0] body; op: anonymous? */
	TRX_N_MACRO,
	TRX_N_PARAM,	  /* name (slot) = child[0] (may be NULL) */
	TRX_N_CALL_BLOCK, /* child[0] the call, child[1] a MACRO, caller */
	TRX_N_GENERATION, /* child[0], a MACRO without parameters */
	TRX_N_BREAK,
	TRX_N_CONTINUE,
	TRX_N_WITH,	  /* list: target, value ...; child[0] body */
	TRX_N_AUTOESCAPE, /* child[0] whether, child[1] body */
	TRX_N_BLOCK,	  /* name, child[0] a MACRO; op: enum trx_block */
	TRX_N_LOAD	  /* of another template: child[0]; list: STOREs */
};

enum trx_op {
	TRX_OP_ADD,
	TRX_OP_SUB,
	TRX_OP_MUL,
	TRX_OP_DIV,
	TRX_OP_FLOORDIV,
	TRX_OP_MOD,
	TRX_OP_POW,
	TRX_OP_EQ,
	TRX_OP_NE,
	TRX_OP_LT,
	TRX_OP_LE,
	TRX_OP_GT,
	TRX_OP_GE,
	TRX_OP_IN,
	TRX_OP_NOT_IN
};

/* Is it first of all a dict's item `name`?  NEAR: of a NAME's dict. */
enum trx_item { TRX_ITEM_SOUGHT, TRX_ITEM_OWN, TRX_ITEM_NEAR };

/* What a BLOCK is, as flags. */
enum trx_block { TRX_BLOCK_SCOPED = 1, TRX_BLOCK_REQUIRED = 2 };

/*
 * Is text that is printed, joined or returned here escaped?  Jinja decides when
 * it compiles, but where the condition of an autoescape is no constant.
 */
enum trx_escape { TRX_ESCAPE_NO, TRX_ESCAPE_YES, TRX_ESCAPE_ASK };

/* A variable of the running function (up = 0) or of one around it. */
struct trx_slot {
	uint16_t up;
	uint16_t index;
};

/* What a variable is set to when its scope is entered. */
enum trx_load_action {
	TRX_LOAD_MISSING,
	TRX_LOAD_RESOLVE,
	TRX_LOAD_ALIAS,
	TRX_LOAD_CONTEXT /* as RESOLVE, but first from the block's context */
};

struct trx_load {
	enum trx_load_action action;
	uint16_t to;		    /* slot of the running function */
	struct trx_slot from;	    /* for ALIAS */
	struct trx_str name;	    /* for RESOLVE, CONTEXT */
	uint64_t bit;		    /* trx_load_bit() of it */
	struct trx_value otherwise; /* where no variable has that name */
};

/* One of 64 bits for a name: where no variable sets it, none has that name. */
static inline uint64_t
trx_load_bit(struct trx_str name)
{
	unsigned mixed = (unsigned)name.n * 29;

	if (name.n != 0)
		mixed += (unsigned char)name.p[0] * 7U +
			 (unsigned char)name.p[name.n - 1];
	return (uint64_t)1 << mixed % 64;
}

/* All of loads is set before what is missing. */
struct trx_scope {
	struct trx_load *loads; /* none is MISSING */
	uint16_t *missing;	/* slots */
	uint16_t *leave;	/* slots that are missing again afterwards */
	size_t n, nmissing, nleave;
};

/* The variables that a block may see of what stands around it. */
struct trx_exports {
	struct {
		struct trx_str name;
		struct trx_slot slot; /* from where the block stands */
	} * at;
	size_t n;
};

/* What a BODY (the root), FOR, MACRO, SET_BLOCK or FILTER_BLOCK adds. */
struct trx_inside {
	struct trx_scope *scope;      /* of the body */
	struct trx_scope *test_scope; /* FOR: of its test and its else */
	struct trx_scope *else_scope;
	uint16_t nslots; /* MACRO: of its function */
	int32_t loop;	 /* FOR: the slot of loop, -1 if not mentioned */
	int32_t caller;	 /* MACRO: likewise, of its special variables */
	int32_t kwargs;
	int32_t varargs;
	int32_t self;	      /* the root, a block's MACRO: likewise */
	int32_t parent;	      /* a block's MACRO: likewise, of super */
	bool explicit_caller; /* MACRO: caller is one of its parameters */
	struct trx_exports *exports; /* the root, a scoped block's MACRO */
};

#define TRX_SUM_SPARE 32 /* bytes that may be read behind a text */

/* Texts in a sum, and their size: before each term and behind the last. */
struct trx_sum {
	struct trx_str *texts; /* p is NULL where there is none */
	size_t size;
};

struct trx_filter;
struct trx_test;
struct trx_method;

struct trx_node {
	uint8_t kind;	/* enum trx_node_kind */
	uint8_t op;	/* enum trx_op */
	uint16_t depth; /* of the tree below */
	uint32_t line : 24;
	uint32_t escape : 8; /* enum trx_escape, of what writes text */
	struct trx_str name; /* DATA: its text */
	union {
		struct trx_value value;		 /* CONST */
		const struct trx_filter *filter; /* NULL: unknown to Jinja */
		const struct trx_test *test;	 /* likewise */
		uint64_t kinds;			 /* KIND: as of a test */
		const struct trx_sum *sum;	 /* PRINT: NULL if it is none */
		struct {
			/* Of that name, if any. */
			const struct trx_method *method;
			uint8_t loop; /* enum trx_loop_attribute */
		} attr;		      /* GETATTR */
		struct trx_slot slot; /* NAME, STORE, NSREF, MACRO, PARAM */
		uint32_t before;      /* SET, WITH, AUTOESCAPE: see place.h */
	} u;
	struct trx_node *child[4]; /* most have two, in one line of cache */
	struct trx_node **list;
	size_t n;
	struct trx_str more;   /* NSREF: its attribute */
	struct trx_inside *in; /* of what has a body with a scope */
};

struct trx_template {
	char *name;
	struct trx_node *body;	  /* BODY, with the root scope */
	struct trx_node **blocks; /* every BLOCK */
	size_t nblocks;
	uint16_t nslots;
	struct trx_error late;	/* Python refuses what Jinja made of it */
	bool mutates;		/* may it set an item of a dict? */
	bool surrogates;	/* may its literals hold some? */
	bool asks_date;		/* before constants were folded */
	struct trx_arena arena; /* owns all of the above */
};

#endif
