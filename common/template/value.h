/*
 * The values of a running template: Python's, as far as templates see them.
 * Everything lives in the arena of one rendering, or in the compiled template.
 */
#ifndef TRX_TEMPLATE_VALUE_H
#define TRX_TEMPLATE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"
#include "common/json/value.h"
#include "common/template/run.h"

enum trx_kind {
	TRX_V_MISSING, /* no value at all: an unset slot, an absent argument */
	TRX_V_UNDEFINED,
	TRX_V_NONE,
	TRX_V_BOOL,
	TRX_V_INT,
	TRX_V_BIG, /* an integer outside int64, by its decimal digits */
	TRX_V_FLOAT,
	TRX_V_STR,
	TRX_V_LIST,
	TRX_V_TUPLE,
	TRX_V_BYTES, /* a sequence of INT */
	TRX_V_DICT,
	TRX_V_KEYS, /* views of a dict */
	TRX_V_VALUES,
	TRX_V_ITEMS,
	TRX_V_RANGE,
	TRX_V_GENERATOR, /* iterates once */
	TRX_V_NAMESPACE,
	TRX_V_LOOP,
	TRX_V_MACRO,
	TRX_V_METHOD,	/* bound */
	TRX_V_FUNCTION, /* a global */
	TRX_V_CYCLER,
	TRX_V_JOINER,
	TRX_V_SELF,  /* the template, to reach its blocks */
	TRX_V_BLOCK, /* one of them */
	TRX_V_NKINDS
};

/* Why a value is undefined: how its message reads. */
enum trx_undefined {
	TRX_UNDEF_NAME,	   /* 'text' is undefined */
	TRX_UNDEF_ATTR,	   /* 'KIND object' has no attribute 'text' */
	TRX_UNDEF_ELEMENT, /* KIND object has no element text */
	TRX_UNDEF_HINT,	   /* text */
	TRX_UNDEF_UNSAFE   /* attribute text of KIND is not for templates */
};

struct trx_dict;
struct trx_range;
struct trx_iter;
struct trx_loop;
struct trx_macro;
struct trx_bound;
struct trx_function;
struct trx_cycler;
struct trx_node;
struct trx_context;

struct trx_value {
	uint8_t kind;	   /* enum trx_kind */
	uint8_t undefined; /* enum trx_undefined, of an undefined one */
	uint8_t owner;	   /* enum trx_kind that KIND above names */
	bool safe;	   /* of a string: Markup, made by |safe */
	bool group;	   /* of a pair: |groupby's, with .grouper and .list */
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct trx_str str; /* UTF-8; STR, BIG, UNDEFINED */
		struct {
			const struct trx_value *at;
			size_t n;
		} seq;		       /* LIST, TUPLE, BYTES */
		struct trx_dict *dict; /* DICT, its views, NAMESPACE */
		const struct trx_range *range;
		struct trx_iter *iter; /* GENERATOR */
		struct trx_loop *loop;
		const struct trx_macro *macro;
		const struct trx_bound *bound;
		const struct trx_function *function;
		struct trx_cycler *cycler; /* and JOINER */
		struct {
			const struct trx_node *node;
			const struct trx_context *context;
		} block; /* BLOCK; without a node SELF */
	} u;
};

struct trx_pair {
	struct trx_value key;
	struct trx_value value;
};

struct trx_dict {
	struct trx_pair *pairs; /* in insertion order */
	size_t n;
	size_t cap;
};

/* Integers of any size; range.h reads it. */
struct trx_range {
	struct trx_value start;
	struct trx_value stop; /* as asked for */
	struct trx_value step;
	int64_t n;
};

struct trx_method;

struct trx_bound {
	struct trx_value self;
	const struct trx_method *method;
};

static inline struct trx_value
trx_value_none(void)
{
	return (struct trx_value){ .kind = TRX_V_NONE };
}

static inline struct trx_value
trx_value_bool(bool b)
{
	return (struct trx_value){ .kind = TRX_V_BOOL, .u.boolean = b };
}

static inline struct trx_value
trx_value_int(int64_t i)
{
	return (struct trx_value){ .kind = TRX_V_INT, .u.integer = i };
}

static inline struct trx_value
trx_value_float(double d)
{
	return (struct trx_value){ .kind = TRX_V_FLOAT, .u.real = d };
}

static inline struct trx_value
trx_value_str(struct trx_str s)
{
	return (struct trx_value){ .kind = TRX_V_STR, .u.str = s };
}

static inline struct trx_value
trx_value_seq(enum trx_kind kind, const struct trx_value *at, size_t n)
{
	return (struct trx_value){ .kind = (uint8_t)kind,
		.u.seq = { .at = at, .n = n } };
}

/* An undefined value; text is borrowed. */
static inline struct trx_value
trx_value_undefined(
    enum trx_undefined why, enum trx_kind owner, struct trx_str text)
{
	return (struct trx_value){ .kind = TRX_V_UNDEFINED,
		.undefined = (uint8_t)why,
		.owner = (uint8_t)owner,
		.u.str = text };
}

/* Python's name of v's type, such as "str" or "NoneType". */
const char *trx_value_type(const struct trx_value *v);

/* Is v a bool or an int64 (Python: isinstance(v, int)), and which? */
bool trx_value_integer(const struct trx_value *v, int64_t *out);

/*
 * The integer that digits are: zeros may stand in front, or a minus right
 * before a number without such zeros.  The digits are borrowed.
 */
struct trx_value trx_value_from_digits(struct trx_str digits);

/*
 * A JSON value as Python's json.loads gives it; strings are borrowed.
 * Returns 0, or -1 where the rendering's memory is used up.
 */
int trx_value_from_json(
    struct trx_run *run, const struct trx_json *json, struct trx_value *out);

/* bool(v). */
bool trx_value_truth(const struct trx_value *v);

/* a == b: 1 or 0, or -1 where the engine cannot tell exactly. */
int trx_value_equal(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b);

/*
 * a == b of two items, as Python's containers compare them: an object is
 * itself whatever == says, which only tells for NaN.  The same storage is the
 * same object; of two other NaN that cannot be known, and is refused.
 */
int trx_value_equal_items(
    struct trx_run *run, const struct trx_value *a, const struct trx_value *b);

enum trx_order { TRX_LT, TRX_LE, TRX_GT, TRX_GE };

/* a < b, a <= b, ...: 1 or 0, or -1 for types without an order. */
int trx_value_order(struct trx_run *run, enum trx_order order,
    const struct trx_value *a, const struct trx_value *b);

/* Fail with the message of the undefined value v.  Returns -1. */
int trx_value_fail_undefined(struct trx_run *run, const struct trx_value *v);

/* item in container: 1, 0 or -1. */
int trx_value_contains(struct trx_run *run, const struct trx_value *container,
    const struct trx_value *item);

/* len(v), or -1 for what has none. */
int64_t trx_value_length(struct trx_run *run, const struct trx_value *v);

/*
 * Room for one more value in an array of n, which holds *cap: at itself or a
 * larger copy of it, NULL with the rendering failed.
 */
struct trx_value *trx_value_grow(
    struct trx_run *run, struct trx_value *at, size_t n, size_t *cap);

/* -- dicts -- */

/* An empty one with room for cap pairs; NULL when memory is used up. */
struct trx_dict *trx_dict_new(struct trx_run *run, size_t cap);

/* *out is the pair's value, or NULL where there is none.  0 or -1. */
int trx_dict_get(struct trx_run *run, const struct trx_dict *d,
    const struct trx_value *key, struct trx_value **out);
static inline struct trx_value *
trx_dict_get_str(
    struct trx_run *run, const struct trx_dict *d, struct trx_str key)
{
	struct trx_pair *pair = d->pairs, *end = pair + d->n;

	run->left -= (int64_t)(d->n / 8 + d->n * (key.n / 64));
	for (; pair < end; pair++)
		if (pair->key.kind == TRX_V_STR &&
		    trx_str_equal(key, pair->key.u.str))
			return &pair->value;
	return NULL;
}

/* The dict whose items v.items() gives; fails where v is none.  0 or -1. */
int trx_dict_of(struct trx_run *run, const struct trx_value *v,
    const struct trx_dict **out);

/* Fails where Python cannot hash v.  0 or -1. */
int trx_value_hashable(struct trx_run *run, const struct trx_value *v);

/* Set key, refusing one that Python cannot hash.  0 or -1. */
int trx_dict_set(struct trx_run *run, struct trx_dict *d,
    const struct trx_value *key, const struct trx_value *value);

#endif
