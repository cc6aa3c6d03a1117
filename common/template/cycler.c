#include <string.h>

#include "common/template/cycler.h"

static int
make(struct trx_run *run, enum trx_kind kind, const struct trx_value *items,
    size_t n, struct trx_value *out)
{
	struct trx_cycler *c = trx_run_alloc(run, sizeof(*c));
	struct trx_value *at = trx_run_calloc(run, n, sizeof(*at));

	if (c == NULL || at == NULL)
		return -1;
	memcpy(at, items, n * sizeof(*at));
	*c = (struct trx_cycler){ .items = trx_value_seq(TRX_V_TUPLE, at, n) };
	*out = (struct trx_value){ .kind = (uint8_t)kind, .u.cycler = c };
	return 0;
}

int
trx_cycler_new(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (call->nkw != 0)
		return trx_run_fail(
		    run, "cycler() got an unexpected keyword argument");
	if (call->nargs == 0)
		return trx_run_fail(
		    run, "at least one item has to be provided");
	return make(run, TRX_V_CYCLER, call->args, call->nargs, out);
}

int
trx_joiner_new(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "sep" };
	struct trx_value sep;

	if (trx_call_bind(run, call, names, 1, 0, &sep) == -1)
		return -1;
	if (sep.kind == TRX_V_MISSING)
		sep = trx_value_str(TRX_STR(", "));
	return make(run, TRX_V_JOINER, &sep, 1, out);
}

int
trx_cycler_next(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_cycler *c = call->self.u.cycler;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = c->items.u.seq.at[c->pos];
	c->pos = (c->pos + 1) % c->items.u.seq.n;
	return 0;
}

int
trx_cycler_reset(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	call->self.u.cycler->pos = 0;
	*out = trx_value_none();
	return 0;
}

int
trx_joiner_call(struct trx_run *run, struct trx_cycler *joiner,
    const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = joiner->pos == 0 ? trx_value_str(TRX_STR(""))
				: joiner->items.u.seq.at[0];
	joiner->pos = 1;
	return 0;
}

int
trx_cycler_attr(
    const struct trx_value *v, struct trx_str name, struct trx_value *out)
{
	const struct trx_cycler *c = v->u.cycler;
	bool joiner = v->kind == TRX_V_JOINER;

	if (joiner && trx_str_is(name, "sep"))
		*out = c->items.u.seq.at[0];
	else if (joiner && trx_str_is(name, "used"))
		*out = trx_value_bool(c->pos != 0);
	else if (!joiner && trx_str_is(name, "items"))
		*out = c->items;
	else if (!joiner && trx_str_is(name, "pos"))
		*out = trx_value_int((int64_t)c->pos);
	else if (!joiner && trx_str_is(name, "current"))
		*out = c->items.u.seq.at[c->pos];
	else
		return 0;
	return 1;
}
