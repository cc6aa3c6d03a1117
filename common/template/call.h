/* Calls of filters, tests, methods and globals: arguments as Python binds. */
#ifndef TRX_TEMPLATE_CALL_H
#define TRX_TEMPLATE_CALL_H

#include <stddef.h>

#include "common/base/str.h"
#include "common/template/value.h"

struct trx_keyword {
	struct trx_str name;
	struct trx_value value;
};

struct trx_call {
	const char *name;      /* of the callee, for messages */
	struct trx_value self; /* the filtered, tested or owning value */
	const struct trx_value *args;
	size_t nargs;
	const struct trx_keyword *kw;
	size_t nkw;
};

/* What every callee is: *out is its result.  Returns 0 or -1. */
typedef int trx_call_fn(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out);

/* trx_call_bind where arguments are given, or must be. */
int trx_call_bind_some(struct trx_run *run, const struct trx_call *call,
    const char *const *names, size_t n, size_t required, struct trx_value *out);

/*
 * Put the arguments into out[0..n) by the parameter names[0..n), MISSING where
 * one is not given; the first `required` must be.  A name that begins with '*'
 * is positional only.  Returns 0, or -1 as Python's TypeError.
 */
static inline int
trx_call_bind(struct trx_run *run, const struct trx_call *call,
    const char *const *names, size_t n, size_t required, struct trx_value *out)
{
	size_t i;

	if (call->nargs + call->nkw + required != 0)
		return trx_call_bind_some(run, call, names, n, required, out);
	for (i = 0; i < n; i++)
		out[i] = (struct trx_value){ .kind = TRX_V_MISSING };
	return 0;
}

/* Was argument v given, and not None? */
static inline bool
trx_call_given(const struct trx_value *v)
{
	return v->kind != TRX_V_MISSING && v->kind != TRX_V_NONE;
}

/* v as a str, an int (bool too): 0, or -1 as Python's TypeError. */
int trx_call_str(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *v, struct trx_str *out);
int trx_call_int(struct trx_run *run, const struct trx_value *v, int64_t *out);

/* The same where Python wants an int of C: OverflowError as well. */
int trx_call_c_int(
    struct trx_run *run, const struct trx_value *v, int64_t *out);

/* The tables of names: NULL where Jinja has none of that name. */

struct trx_filter {
	const char *name;
	trx_call_fn *call;
};

/* A test of nothing but the kind of value has kinds in place of a function. */
struct trx_test {
	const char *name;
	trx_call_fn *call; /* gives a BOOL */
	uint64_t kinds;	   /* bits 1 << enum trx_kind; 0: call */
};

/* In place of a kind: Markup, which has the methods of str as well. */
#define TRX_METHOD_MARKUP TRX_V_NKINDS

/* May templates use it? */
enum trx_method_use { TRX_METHOD_KNOWN, TRX_METHOD_UNSAFE };

struct trx_method {
	const char *name;
	enum trx_kind of; /* the type; entries of one name stand together */
	enum trx_method_use use;
	trx_call_fn *call;
};

struct trx_function {
	const char *name;
	trx_call_fn *call;
};

const struct trx_filter *trx_filter_find(struct trx_str name);
const struct trx_test *trx_test_find(struct trx_str name);

/* *out is a test's BOOL.  Returns 0 or -1. */
int trx_test_run(struct trx_run *run, const struct trx_test *test,
    const struct trx_call *call, struct trx_value *out);

/* What a name is where no variable has it: a global or MISSING. */
struct trx_value trx_function_value(struct trx_str name);

/* The first entry of that name, for any type. */
const struct trx_method *trx_method_find(struct trx_str name);

/* The entry for v among those of its name, or NULL; first may be NULL. */
const struct trx_method *trx_method_of(
    const struct trx_method *first, const struct trx_value *v);

#endif
