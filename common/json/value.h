/* A JSON value: a tree in an arena, read by common/json/reader.h or built. */
#ifndef TRX_JSON_VALUE_H
#define TRX_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/str.h"

enum trx_json_type {
	TRX_JSON_NULL,
	TRX_JSON_BOOL,
	TRX_JSON_NUMBER,
	TRX_JSON_STRING,
	TRX_JSON_ARRAY,
	TRX_JSON_OBJECT
};

struct trx_json_member;

struct trx_json {
	enum trx_json_type type;
	/*
	 * The value as it stood in the document, quotes and inner white space
	 * included; borrowed from the text that was read.  Empty in a value
	 * that was built.
	 */
	struct trx_str raw;
	union {
		bool boolean;
		struct trx_str
		    number; /* its text: 1e400 and big integers too */
		struct trx_str string; /* unescaped UTF-8, may hold NUL */
		struct {
			struct trx_json *items; /* n of them, in order */
			size_t n;
		} array;
		struct {
			struct trx_json_member *members; /* in document order */
			size_t n;
		} object;
	} u;
};

struct trx_json_member {
	struct trx_str key;	/* unescaped */
	struct trx_str raw_key; /* as it stood, quotes included; may be empty */
	struct trx_json value;
};

/* The member's value, or NULL where v is no object or has no such key. */
const struct trx_json *trx_json_get(const struct trx_json *v, const char *key);

/*
 * The member's value if it is a string (an integer from 0 to 2^63-1), into
 * *out.  Returns 1, 0 where there is none (or null), -1 where it is another
 * thing.
 */
int trx_json_get_string(
    const struct trx_json *v, const char *key, struct trx_str *out);
int trx_json_get_uint(const struct trx_json *v, const char *key, uint64_t *out);

/* v as an integer from 0 to 2^63-1.  Returns 0, or -1 where it is none. */
int trx_json_to_uint(const struct trx_json *v, uint64_t *out);

/*
 * The double that is nearest to a number, as strtod has it; NaN where its text
 * is longer than 500 bytes.
 */
double trx_json_to_double(const struct trx_json *number);

/* The member's value, or null where trx_json_get finds none. */
struct trx_json trx_json_get_or_null(const struct trx_json *v, const char *key);

/* Is v (may be NULL) the string of that text? */
static inline bool
trx_json_is(const struct trx_json *v, const char *literal)
{
	return v != NULL && v->type == TRX_JSON_STRING &&
	       trx_str_is(v->u.string, literal);
}

/* Is v what Python calls true: not null, false, zero or empty? */
bool trx_json_truth(const struct trx_json *v);

/* Is v null, or not there at all (NULL)? */
static inline bool
trx_json_is_null(const struct trx_json *v)
{
	return v == NULL || v->type == TRX_JSON_NULL;
}

/*
 * Building: the strings are borrowed, the tree is the arena's.  trx_json_set
 * replaces a member of that key or adds it; it and trx_json_push copy value's
 * top node.  They return the stored node, or NULL when memory runs out.
 */
struct trx_json trx_json_object(void);
struct trx_json trx_json_array(void);
struct trx_json trx_json_string(struct trx_str s);
struct trx_json trx_json_bool(bool b);
/* Where memory runs out the number's text is empty, which no writer accepts. */
struct trx_json trx_json_uint(struct trx_arena *a, uint64_t v);
struct trx_json *trx_json_set(struct trx_arena *a, struct trx_json *object,
    const char *key, struct trx_json value);
struct trx_json *trx_json_push(
    struct trx_arena *a, struct trx_json *array, struct trx_json value);

/*
 * v without those members of its objects, at any depth, that are null; strings
 * are shared with v, the tree is the arena's.  Returns 0, or -1 when memory
 * runs out.
 */
int trx_json_drop_null(
    const struct trx_json *v, struct trx_arena *a, struct trx_json *out);

#endif
