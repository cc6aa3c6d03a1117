#include <string.h>

#include "common/template/arith.h"
#include "common/template/markup.h"
#include "common/template/number.h"
#include "common/template/ops.h"
#include "common/template/percent.h"
#include "common/template/trace.h"

static const char *const signs[] = { "+", "-", "*", "/", "//", "%",
	"** or pow()" };

static int
unsupported(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b)
{
	return trx_run_fail(run,
	    "unsupported operand type(s) for %s: '%s' and '%s'", signs[op],
	    trx_value_type(a), trx_value_type(b));
}

static int
join_text(struct trx_run *run, struct trx_str a, struct trx_str b,
    struct trx_value *out)
{
	char *p;

	if (a.n + b.n > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, (a.n + b.n) / 64) == -1 ||
	    (p = trx_run_alloc(run, a.n + b.n)) == NULL)
		return -1;
	if (a.n != 0)
		memcpy(p, a.p, a.n);
	if (b.n != 0)
		memcpy(p + a.n, b.p, b.n);
	if (trx_trace_copy(run, p, a) == -1 ||
	    trx_trace_copy(run, p + a.n, b) == -1)
		return -1;
	*out = trx_value_str((struct trx_str){ .p = p, .n = a.n + b.n });
	return 0;
}

/* Beside Markup a plain string is escaped, and the sum is Markup. */
static int
join_strings(struct trx_run *run, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	struct trx_str s = a->u.str, t = b->u.str;
	bool safe = a->safe || b->safe;

	if ((safe && !a->safe && trx_markup_escaped(run, s, &s) == -1) ||
	    (safe && !b->safe && trx_markup_escaped(run, t, &t) == -1) ||
	    join_text(run, s, t, out) == -1)
		return -1;
	out->safe = safe;
	return 0;
}

static int
join_items(struct trx_run *run, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	size_t n = a->u.seq.n, m = b->u.seq.n;
	struct trx_value *at = trx_run_calloc(run, n + m, sizeof(*at));

	if (at == NULL || trx_run_charge(run, n + m) == -1)
		return -1;
	if (n != 0)
		memcpy(at, a->u.seq.at, n * sizeof(*at));
	if (m != 0)
		memcpy(at + n, b->u.seq.at, m * sizeof(*at));
	*out = trx_value_seq((enum trx_kind)a->kind, at, n + m);
	return 0;
}

static int
add(struct trx_run *run, const struct trx_value *a, const struct trx_value *b,
    struct trx_value *out)
{
	if (a->kind == TRX_V_STR && b->kind == TRX_V_STR)
		return join_strings(run, a, b, out);
	if ((a->kind == TRX_V_LIST || a->kind == TRX_V_TUPLE ||
		a->kind == TRX_V_BYTES) &&
	    a->kind == b->kind)
		return join_items(run, a, b, out);
	if (a->kind == TRX_V_STR || a->kind == TRX_V_LIST ||
	    a->kind == TRX_V_TUPLE)
		return trx_run_fail(run,
		    "can only concatenate %s (not \"%s\") to %s",
		    trx_value_type(a), trx_value_type(b), trx_value_type(a));
	return unsupported(run, TRX_OP_ADD, a, b);
}

/* A str, list or tuple n times. */
static int
repeat(struct trx_run *run, const struct trx_value *v, int64_t n,
    struct trx_value *out)
{
	size_t size =
	    v->kind == TRX_V_STR ? v->u.str.n : v->u.seq.n * sizeof(*out);
	const void *from =
	    v->kind == TRX_V_STR ? (const void *)v->u.str.p : v->u.seq.at;
	size_t count = n <= 0 || size == 0 ? 0 : (size_t)n, i;
	char *p;

	if (size != 0 && count > TRX_TEMPLATE_OUTPUT / size)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, count + count * size / 64) == -1 ||
	    (p = trx_run_alloc(run, count * size)) == NULL)
		return -1;
	for (i = 0; i < count; i++)
		memcpy(p + i * size, from, size);
	if (v->kind == TRX_V_STR)
		*out = (struct trx_value){ .kind = TRX_V_STR,
			.safe = v->safe,
			.u.str = { .p = p, .n = count * size } };
	else
		*out = trx_value_seq((enum trx_kind)v->kind, (void *)p,
		    count * size / sizeof(*out));
	return 0;
}

static bool
repeats(const struct trx_value *v)
{
	return v->kind == TRX_V_STR || v->kind == TRX_V_LIST ||
	       v->kind == TRX_V_TUPLE || v->kind == TRX_V_BYTES;
}

static int
multiply(struct trx_run *run, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	int64_t n;

	if (repeats(a) && trx_value_integer(b, &n))
		return repeat(run, a, n, out);
	if (repeats(b) && trx_value_integer(a, &n))
		return repeat(run, b, n, out);
	if ((repeats(a) && b->kind == TRX_V_BIG) ||
	    (repeats(b) && a->kind == TRX_V_BIG))
		return trx_run_fail(
		    run, "cannot fit 'int' into an index-sized integer");
	if (repeats(a) || repeats(b))
		return trx_run_fail(run,
		    "can't multiply sequence by non-int of type '%s'",
		    trx_value_type(repeats(a) ? b : a));
	return unsupported(run, TRX_OP_MUL, a, b);
}

int
trx_ops_binary(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b, struct trx_value *out)
{
	if (a->kind == TRX_V_INT && b->kind == TRX_V_INT)
		return trx_arith_binary(run, op, a, b, out);
	if (op == TRX_OP_MOD && a->kind == TRX_V_BYTES)
		return trx_run_refuse(run, "the operator % on bytes");
	if (op == TRX_OP_MOD && a->kind == TRX_V_STR)
		return trx_percent(run, a, b, out);
	if (a->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, a);
	if (b->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, b);
	if (trx_number_is(a) && trx_number_is(b))
		return trx_arith_binary(run, op, a, b, out);
	if ((a->kind == TRX_V_KEYS || a->kind == TRX_V_ITEMS) &&
	    op == TRX_OP_SUB)
		return trx_run_refuse(run, "the difference of such views");
	if (op == TRX_OP_ADD)
		return add(run, a, b, out);
	if (op == TRX_OP_MUL)
		return multiply(run, a, b, out);
	return unsupported(run, op, a, b);
}

int
trx_ops_compare(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b)
{
	int rc;

	switch (op) {
	case TRX_OP_EQ:
		return trx_value_equal(run, a, b);
	case TRX_OP_NE:
		rc = trx_value_equal(run, a, b);
		return rc == -1 ? -1 : !rc;
	case TRX_OP_LT:
		return trx_value_order(run, TRX_LT, a, b);
	case TRX_OP_LE:
		return trx_value_order(run, TRX_LE, a, b);
	case TRX_OP_GT:
		return trx_value_order(run, TRX_GT, a, b);
	case TRX_OP_GE:
		return trx_value_order(run, TRX_GE, a, b);
	case TRX_OP_IN:
		return trx_value_contains(run, b, a);
	default:
		rc = trx_value_contains(run, b, a);
		return rc == -1 ? -1 : !rc;
	}
}

int
trx_ops_sign(struct trx_run *run, bool minus, const struct trx_value *v,
    struct trx_value *out)
{
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (!trx_number_is(v))
		return trx_run_fail(run, "bad operand type for unary %c: '%s'",
		    minus ? '-' : '+', trx_value_type(v));
	if (minus)
		return trx_arith_negate(run, v, out);
	return trx_arith_plain(v, out);
}
