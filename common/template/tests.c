/* The tests: `x is name(args)`. */
#include "common/template/call.h"
#include "common/template/iter.h"
#include "common/template/markup.h"
#include "common/template/number.h"
#include "common/template/ops.h"
#include "common/template/same.h"
#include "common/template/strings.h"
#include "common/template/text.h"

#define K(kind) ((uint64_t)1 << TRX_V_##kind)
#define K_INTEGERS (K(INT) | K(BIG))
#define K_SEQUENCES \
	(K(UNDEFINED) | K(STR) | K(LIST) | K(TUPLE) | K(BYTES) | K(DICT) | \
	    K(RANGE))

/* A test without arguments of more than the kind of value. */
#define SIMPLE_TEST(name, condition) \
	static int name(struct trx_run *run, const struct trx_call *call, \
	    struct trx_value *out) \
	{ \
		const struct trx_value *v = &call->self; \
\
		if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1) \
			return -1; \
		*out = trx_value_bool(condition); \
		return 0; \
	}

SIMPLE_TEST(test_escaped, trx_markup_is(run, v))
SIMPLE_TEST(test_true, v->kind == TRX_V_BOOL && v->u.boolean)
SIMPLE_TEST(test_false, v->kind == TRX_V_BOOL && !v->u.boolean)

/* self op the one argument */
static int
compare(struct trx_run *run, const struct trx_call *call, enum trx_op op,
    struct trx_value *out)
{
	static const char *const names[] = { "*b" };
	struct trx_value other;
	int rc;

	if (trx_call_bind(run, call, names, 1, 1, &other) == -1)
		return -1;
	if ((rc = trx_ops_compare(run, op, &call->self, &other)) == -1)
		return -1;
	*out = trx_value_bool(rc == 1);
	return 0;
}

#define COMPARISON(name, op) \
	static int name(struct trx_run *run, const struct trx_call *call, \
	    struct trx_value *out) \
	{ \
		return compare(run, call, op, out); \
	}

COMPARISON(test_eq, TRX_OP_EQ)
COMPARISON(test_ne, TRX_OP_NE)
COMPARISON(test_lt, TRX_OP_LT)
COMPARISON(test_le, TRX_OP_LE)
COMPARISON(test_gt, TRX_OP_GT)
COMPARISON(test_ge, TRX_OP_GE)

static int
test_in(struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "seq" };
	struct trx_value seq;
	int rc;

	if (trx_call_bind(run, call, names, 1, 1, &seq) == -1)
		return -1;
	if ((rc = trx_value_contains(run, &seq, &call->self)) == -1)
		return -1;
	*out = trx_value_bool(rc == 1);
	return 0;
}

/* self % by == rest */
static int
remainder_is(struct trx_run *run, const struct trx_value *self,
    const struct trx_value *by, int64_t rest, struct trx_value *out)
{
	const struct trx_value want = trx_value_int(rest);
	struct trx_value got;
	int rc;

	if (trx_ops_binary(run, TRX_OP_MOD, self, by, &got) == -1 ||
	    (rc = trx_value_equal(run, &got, &want)) == -1)
		return -1;
	*out = trx_value_bool(rc == 1);
	return 0;
}

static int
test_parity(struct trx_run *run, const struct trx_call *call, int64_t rest,
    struct trx_value *out)
{
	const struct trx_value two = trx_value_int(2);

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return remainder_is(run, &call->self, &two, rest, out);
}

static int
test_even(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_parity(run, call, 0, out);
}

static int
test_odd(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_parity(run, call, 1, out);
}

static int
test_divisibleby(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "num" };
	struct trx_value num;

	if (trx_call_bind(run, call, names, 1, 1, &num) == -1)
		return -1;
	return remainder_is(run, &call->self, &num, 0, out);
}

static int
test_case(struct trx_run *run, const struct trx_call *call,
    enum trx_unicode_class wanted, enum trx_unicode_class other,
    struct trx_value *out)
{
	struct trx_str s;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_text_str(run, &call->self, &s) == -1)
		return -1;
	*out = trx_value_bool(trx_strings_is_cased(s, wanted, other));
	return 0;
}

static int
test_lower(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_case(run, call, TRX_UNICODE_LOWER, TRX_UNICODE_UPPER, out);
}

static int
test_upper(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_case(run, call, TRX_UNICODE_UPPER, TRX_UNICODE_LOWER, out);
}

static int
test_sameas(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "other" };
	struct trx_value other;
	int same;

	if (trx_call_bind(run, call, names, 1, 1, &other) == -1 ||
	    (same = trx_same(run, &call->self, &other)) == -1)
		return -1;
	*out = trx_value_bool(same == 1);
	return 0;
}

/* The name that a test of names is about: empty where it can be none. */
static int
tested_name(
    struct trx_run *run, const struct trx_call *call, struct trx_str *name)
{
	*name = TRX_STR("");
	if (call->self.kind == TRX_V_STR)
		*name = call->self.u.str;
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return trx_value_hashable(run, &call->self);
}

static int
test_filter(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_str name;

	if (tested_name(run, call, &name) == -1)
		return -1;
	*out = trx_value_bool(trx_filter_find(name) != NULL);
	return 0;
}

static int
test_test(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_str name;

	if (tested_name(run, call, &name) == -1)
		return -1;
	*out = trx_value_bool(trx_test_find(name) != NULL);
	return 0;
}

static const struct trx_test tests[] = {
	{ "!=", test_ne, 0 },
	{ "<", test_lt, 0 },
	{ "<=", test_le, 0 },
	{ "==", test_eq, 0 },
	{ ">", test_gt, 0 },
	{ ">=", test_ge, 0 },
	{ "boolean", NULL, K(BOOL) },
	{ "callable", NULL,
	    K(UNDEFINED) | K(LOOP) | K(MACRO) | K(METHOD) | K(FUNCTION) |
		K(JOINER) | K(BLOCK) },
	{ "defined", NULL, ~K(UNDEFINED) },
	{ "divisibleby", test_divisibleby, 0 },
	{ "eq", test_eq, 0 },
	{ "equalto", test_eq, 0 },
	{ "escaped", test_escaped, 0 },
	{ "even", test_even, 0 },
	{ "false", test_false, 0 },
	{ "filter", test_filter, 0 },
	{ "float", NULL, K(FLOAT) },
	{ "ge", test_ge, 0 },
	{ "greaterthan", test_gt, 0 },
	{ "gt", test_gt, 0 },
	{ "in", test_in, 0 },
	{ "integer", NULL, K_INTEGERS },
	{ "iterable", NULL,
	    K_SEQUENCES | K(KEYS) | K(VALUES) | K(ITEMS) | K(GENERATOR) |
		K(LOOP) | K(SELF) },
	{ "le", test_le, 0 },
	{ "lessthan", test_lt, 0 },
	{ "lower", test_lower, 0 },
	{ "lt", test_lt, 0 },
	{ "mapping", NULL, K(DICT) },
	{ "ne", test_ne, 0 },
	{ "none", NULL, K(NONE) },
	{ "number", NULL, K(BOOL) | K_INTEGERS | K(FLOAT) },
	{ "odd", test_odd, 0 },
	{ "sameas", test_sameas, 0 },
	{ "sequence", NULL, K_SEQUENCES },
	{ "string", NULL, K(STR) },
	{ "test", test_test, 0 },
	{ "true", test_true, 0 },
	{ "undefined", NULL, K(UNDEFINED) },
	{ "upper", test_upper, 0 },
};

const struct trx_test *
trx_test_find(struct trx_str name)
{
	size_t i;

	for (i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (trx_str_is(name, tests[i].name))
			return &tests[i];
	return NULL;
}

int
trx_test_run(struct trx_run *run, const struct trx_test *test,
    const struct trx_call *call, struct trx_value *out)
{
	if (test->kinds == 0)
		return test->call(run, call, out);
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_bool(test->kinds >> call->self.kind & 1);
	return 0;
}
