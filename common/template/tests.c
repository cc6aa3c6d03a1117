/* The tests: `x is name(args)`. */
#include "common/template/call.h"
#include "common/template/iter.h"
#include "common/template/number.h"
#include "common/template/ops.h"
#include "common/template/strings.h"
#include "common/template/text.h"

/* A test without arguments, as a function of the kind of value. */
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

SIMPLE_TEST(test_defined, v->kind != TRX_V_UNDEFINED)
SIMPLE_TEST(test_undefined, v->kind == TRX_V_UNDEFINED)
SIMPLE_TEST(test_escaped, v->kind == TRX_V_STR && v->safe)
SIMPLE_TEST(test_none, v->kind == TRX_V_NONE)
SIMPLE_TEST(test_boolean, v->kind == TRX_V_BOOL)
SIMPLE_TEST(test_true, v->kind == TRX_V_BOOL && v->u.boolean)
SIMPLE_TEST(test_false, v->kind == TRX_V_BOOL && !v->u.boolean)
SIMPLE_TEST(test_integer, v->kind == TRX_V_INT || v->kind == TRX_V_BIG)
SIMPLE_TEST(test_float, v->kind == TRX_V_FLOAT)
SIMPLE_TEST(test_number, trx_number_is(v))
SIMPLE_TEST(test_string, v->kind == TRX_V_STR)
SIMPLE_TEST(test_mapping, v->kind == TRX_V_DICT)
SIMPLE_TEST(
    test_iterable, v->kind == TRX_V_UNDEFINED || v->kind == TRX_V_LOOP ||
		       (v->kind >= TRX_V_STR && v->kind <= TRX_V_GENERATOR))
SIMPLE_TEST(test_sequence, v->kind == TRX_V_UNDEFINED || v->kind == TRX_V_STR ||
			       v->kind == TRX_V_LIST ||
			       v->kind == TRX_V_TUPLE ||
			       v->kind == TRX_V_DICT || v->kind == TRX_V_RANGE)
SIMPLE_TEST(
    test_callable, v->kind == TRX_V_UNDEFINED || v->kind == TRX_V_LOOP ||
		       v->kind == TRX_V_MACRO || v->kind == TRX_V_METHOD ||
		       v->kind == TRX_V_FUNCTION)

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

/* Is self the name of a filter (of a test)?  What cannot be hashed fails. */
static int
test_known(struct trx_run *run, const struct trx_call *call, bool filter,
    struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, 0);
	const struct trx_value *v = &call->self;
	struct trx_value *found;

	if (d == NULL || trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_dict_get(run, d, v, &found) == -1)
		return -1;
	*out = trx_value_bool(
	    v->kind == TRX_V_STR && (filter ? trx_filter_find(v->u.str) != NULL
					    : trx_test_find(v->u.str) != NULL));
	return 0;
}

static int
test_filter(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_known(run, call, true, out);
}

static int
test_test(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return test_known(run, call, false, out);
}

/*
 * Are they one object of Python's?  Sure of None, booleans, undefined values
 * (each is its own) and things of different types or worth.
 */
static int
test_sameas(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "other" };
	const struct trx_value *v = &call->self;
	struct trx_value other;
	int64_t small;

	if (trx_call_bind(run, call, names, 1, 1, &other) == -1)
		return -1;
	*out = trx_value_bool(false);
	if (v->kind != other.kind)
		return 0;
	if (v->kind == TRX_V_NONE)
		*out = trx_value_bool(true);
	else if (v->kind == TRX_V_BOOL)
		*out = trx_value_bool(v->u.boolean == other.u.boolean);
	else if (v->kind == TRX_V_INT &&
		 (v->u.integer != other.u.integer ||
		     ((small = v->u.integer) >= -5 && small <= 256)))
		*out = trx_value_bool(v->u.integer == other.u.integer);
	else if (v->kind == TRX_V_STR && !trx_str_equal(v->u.str, other.u.str))
		return 0;
	else if (v->kind == TRX_V_NAMESPACE || v->kind == TRX_V_LOOP ||
		 v->kind == TRX_V_MACRO)
		*out = trx_value_bool(v->u.loop == other.u.loop);
	else
		return trx_run_refuse(run, "the identity of such values");
	return 0;
}

static const struct trx_test tests[] = {
	{ "!=", test_ne },
	{ "<", test_lt },
	{ "<=", test_le },
	{ "==", test_eq },
	{ ">", test_gt },
	{ ">=", test_ge },
	{ "boolean", test_boolean },
	{ "callable", test_callable },
	{ "defined", test_defined },
	{ "divisibleby", test_divisibleby },
	{ "eq", test_eq },
	{ "equalto", test_eq },
	{ "escaped", test_escaped },
	{ "even", test_even },
	{ "false", test_false },
	{ "filter", test_filter },
	{ "float", test_float },
	{ "ge", test_ge },
	{ "greaterthan", test_gt },
	{ "gt", test_gt },
	{ "in", test_in },
	{ "integer", test_integer },
	{ "iterable", test_iterable },
	{ "le", test_le },
	{ "lessthan", test_lt },
	{ "lower", test_lower },
	{ "lt", test_lt },
	{ "mapping", test_mapping },
	{ "ne", test_ne },
	{ "none", test_none },
	{ "number", test_number },
	{ "odd", test_odd },
	{ "sameas", test_sameas },
	{ "sequence", test_sequence },
	{ "string", test_string },
	{ "test", test_test },
	{ "true", test_true },
	{ "undefined", test_undefined },
	{ "upper", test_upper },
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
