#include "common/template/range.h"
#include "common/template/arith.h"
#include "common/template/number.h"
#include "common/template/text.h"

#define RANGE_MAX 100000 /* the sandbox's */

/* How many items from low on are below high, `step` (above 0) apart. */
static int
count(struct trx_run *run, const struct trx_value *low,
    const struct trx_value *high, const struct trx_value *step, int64_t *out)
{
	const struct trx_value one = trx_value_int(1);
	struct trx_value n;

	*out = 0;
	if (trx_number_compare(low, high) >= 0)
		return 0;
	if (trx_arith_binary(run, TRX_OP_SUB, high, low, &n) == -1 ||
	    trx_arith_binary(run, TRX_OP_SUB, &n, &one, &n) == -1 ||
	    trx_arith_binary(run, TRX_OP_FLOORDIV, &n, step, &n) == -1 ||
	    trx_arith_binary(run, TRX_OP_ADD, &n, &one, &n) == -1)
		return -1;
	return trx_number_index(run, &n, out);
}

static int
measure(struct trx_run *run, struct trx_range *r)
{
	const struct trx_value zero = trx_value_int(0);
	struct trx_value step;
	int sign = trx_number_compare(&r->step, &zero);

	if (sign == 0)
		return trx_run_fail(run, "range() arg 3 must not be zero");
	if (sign > 0)
		return count(run, &r->start, &r->stop, &r->step, &r->n);
	if (trx_number_negate(run, &r->step, &step) == -1)
		return -1;
	return count(run, &r->stop, &r->start, &step, &r->n);
}

/* An argument as the plain integer that it is. */
static int
bound(struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	int64_t i;

	if (trx_number_index(run, v, &i) == -1)
		return -1;
	*out = v->kind == TRX_V_BIG ? *v : trx_value_int(i);
	return 0;
}

int
trx_range(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*start", "*stop", "*step" };
	struct trx_value args[3], v[3];
	struct trx_range *r;
	size_t i;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1)
		return -1;
	for (i = 0; i < call->nargs; i++)
		if (bound(run, &args[i], &v[i]) == -1)
			return -1;
	if ((r = trx_run_alloc(run, sizeof(*r))) == NULL)
		return -1;
	r->start = call->nargs == 1 ? trx_value_int(0) : v[0];
	r->stop = v[call->nargs > 1];
	r->step = call->nargs < 3 ? trx_value_int(1) : v[2];
	if (measure(run, r) == -1)
		return -1;
	if (r->n > RANGE_MAX)
		return trx_run_fail(run,
		    "Range too big. The sandbox blocks ranges larger than "
		    "MAX_RANGE (100000).");
	*out = (struct trx_value){ .kind = TRX_V_RANGE, .u.range = r };
	return 0;
}

int
trx_range_item(struct trx_run *run, const struct trx_range *r, int64_t i,
    struct trx_value *out)
{
	const struct trx_value index = trx_value_int(i);
	struct trx_value offset;

	if (trx_arith_binary(run, TRX_OP_MUL, &r->step, &index, &offset) == -1)
		return -1;
	return trx_arith_binary(run, TRX_OP_ADD, &r->start, &offset, out);
}

int
trx_range_slice(struct trx_run *run, const struct trx_range *r, int64_t start,
    int64_t stop, const struct trx_value *step, int64_t n,
    struct trx_value *out)
{
	struct trx_range *part = trx_run_alloc(run, sizeof(*part));

	if (part == NULL)
		return -1;
	*part = (struct trx_range){ .step = r->step, .n = n };
	if (trx_range_item(run, r, start, &part->start) == -1 ||
	    trx_range_item(run, r, stop, &part->stop) == -1 ||
	    (step->kind != TRX_V_NONE &&
		trx_arith_binary(
		    run, TRX_OP_MUL, &r->step, step, &part->step) == -1))
		return -1;
	*out = (struct trx_value){ .kind = TRX_V_RANGE, .u.range = part };
	return 0;
}

int
trx_range_repr(
    struct trx_run *run, const struct trx_range *r, struct trx_buf *b)
{
	const struct trx_value *parts[] = { &r->start, &r->stop, &r->step };
	size_t i,
	    n = r->step.kind == TRX_V_INT && r->step.u.integer == 1 ? 2 : 3;
	struct trx_str s;

	for (i = 0; i < n; i++) {
		if (trx_text_str(run, parts[i], &s) == -1)
			return -1;
		trx_buf_addz(b, i == 0 ? "range(" : ", ");
		trx_buf_adds(b, s);
	}
	trx_buf_addc(b, ')');
	return 0;
}
