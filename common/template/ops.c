#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/ops.h"
#include "common/template/percent.h"

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
int_op(struct trx_run *run, enum trx_op op, int64_t a, int64_t b,
    struct trx_value *out)
{
	int64_t v = 0;
	bool over = false;

	if ((op == TRX_OP_DIV || op == TRX_OP_FLOORDIV || op == TRX_OP_MOD) &&
	    b == 0)
		return trx_run_fail(run, "%s",
		    op == TRX_OP_DIV   ? "division by zero"
		    : op == TRX_OP_MOD ? "integer modulo by zero"
				       : "integer division or modulo by zero");
	switch (op) {
	case TRX_OP_ADD:
		over = __builtin_add_overflow(a, b, &v);
		break;
	case TRX_OP_SUB:
		over = __builtin_sub_overflow(a, b, &v);
		break;
	case TRX_OP_MUL:
		over = __builtin_mul_overflow(a, b, &v);
		break;
	case TRX_OP_FLOORDIV:
		over = a == INT64_MIN && b == -1;
		if (!over)
			v = a / b - (a % b != 0 && (a < 0) != (b < 0));
		break;
	case TRX_OP_MOD:
		v = b == -1 ? 0 : a % b;
		v += v != 0 && (v < 0) != (b < 0) ? b : 0;
		break;
	case TRX_OP_DIV:
		/* Beyond 2^53 Python rounds once, doubles would twice. */
		over = a > (1LL << 53) || a < -(1LL << 53) || b > (1LL << 53) ||
		       b < -(1LL << 53);
		if (!over) {
			*out = trx_value_float((double)a / (double)b);
			return 0;
		}
		break;
	default:
		return trx_run_refuse(run, "the operator **");
	}
	if (over)
		return trx_run_refuse(run, "so large an integer");
	*out = trx_value_int(v);
	return 0;
}

static int
float_op(struct trx_run *run, enum trx_op op, double a, double b,
    struct trx_value *out)
{
	double v, whole;

	if ((op == TRX_OP_DIV || op == TRX_OP_FLOORDIV || op == TRX_OP_MOD) &&
	    b == 0)
		return trx_run_fail(run, "%s",
		    op == TRX_OP_DIV	    ? "float division by zero"
		    : op == TRX_OP_FLOORDIV ? "float floor division by zero"
					    : "float modulo");
	v = op == TRX_OP_ADD   ? a + b
	    : op == TRX_OP_SUB ? a - b
	    : op == TRX_OP_MUL ? a * b
			       : a / b;
	if (op == TRX_OP_FLOORDIV || op == TRX_OP_MOD) {
		v = fmod(a, b);
		whole = (a - v) / b;
		if (v != 0 && (b < 0) != (v < 0)) {
			v += b;
			whole -= 1;
		} else if (v == 0) {
			v = copysign(0.0, b);
		}
		if (op == TRX_OP_FLOORDIV)
			v = whole != 0
				? floor(whole) + (whole - floor(whole) > 0.5)
				: copysign(0.0, a / b);
	} else if (op == TRX_OP_POW) {
		return trx_run_refuse(run, "the operator **");
	}
	*out = trx_value_float(v);
	return 0;
}

/* v as a float, where arithmetic takes it: false for what is no number. */
static int
as_float(struct trx_run *run, const struct trx_value *v, double *out)
{
	int64_t i;

	if (v->kind == TRX_V_FLOAT)
		*out = v->u.real;
	else if (trx_value_integer(v, &i))
		*out = (double)i;
	else
		return trx_run_refuse(run, "so large an integer");
	return 0;
}

static bool
is_number(const struct trx_value *v)
{
	return v->kind == TRX_V_INT || v->kind == TRX_V_BOOL ||
	       v->kind == TRX_V_FLOAT || v->kind == TRX_V_BIG;
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
	*out = trx_value_str((struct trx_str){ .p = p, .n = a.n + b.n });
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
		return join_text(run, a->u.str, b->u.str, out);
	if ((a->kind == TRX_V_LIST || a->kind == TRX_V_TUPLE) &&
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
		*out = trx_value_str(
		    (struct trx_str){ .p = p, .n = count * size });
	else
		*out = trx_value_seq((enum trx_kind)v->kind, (void *)p,
		    count * size / sizeof(*out));
	return 0;
}

static bool
repeats(const struct trx_value *v)
{
	return v->kind == TRX_V_STR || v->kind == TRX_V_LIST ||
	       v->kind == TRX_V_TUPLE;
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
	int64_t i, j;
	double d = 0, e = 0;

	if (op == TRX_OP_MOD && a->kind == TRX_V_STR)
		return trx_percent(run, a, b, out);
	if (a->kind == TRX_V_STR && a->safe)
		return trx_run_refuse(run, "an operator with Markup");
	if (b->kind == TRX_V_STR && b->safe)
		return trx_run_refuse(run, "an operator with Markup");
	if (a->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, a);
	if (b->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, b);
	if (trx_value_integer(a, &i) && trx_value_integer(b, &j))
		return int_op(run, op, i, j, out);
	if (is_number(a) && is_number(b)) {
		if (a->kind == TRX_V_BIG || b->kind == TRX_V_BIG)
			return trx_run_refuse(run, "so large an integer");
		if (as_float(run, a, &d) == -1 || as_float(run, b, &e) == -1)
			return -1;
		return float_op(run, op, d, e, out);
	}
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
	int64_t i;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (trx_value_integer(v, &i)) {
		if (minus && i == INT64_MIN)
			return trx_run_refuse(run, "so large an integer");
		*out = trx_value_int(minus ? -i : i);
	} else if (v->kind == TRX_V_FLOAT) {
		*out = trx_value_float(minus ? -v->u.real : v->u.real);
	} else if (v->kind == TRX_V_BIG) {
		return trx_run_refuse(run, "the sign of so large an integer");
	} else {
		return trx_run_fail(run, "bad operand type for unary %c: '%s'",
		    minus ? '-' : '+', trx_value_type(v));
	}
	return 0;
}
