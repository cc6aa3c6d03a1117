#include <string.h>

#include "common/template/call.h"

/* The parameter that a keyword names, or n. */
static size_t
parameter(const char *const *names, size_t n, struct trx_str name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (trx_str_is(name, names[i]))
			break;
	return i;
}

int
trx_call_bind_some(struct trx_run *run, const struct trx_call *call,
    const char *const *names, size_t n, size_t required, struct trx_value *out)
{
	size_t i, at;

	if (call->nargs > n)
		return trx_run_fail(run,
		    "%s() takes at most %zu arguments (%zu given)", call->name,
		    n, call->nargs);
	for (i = 0; i < call->nargs; i++)
		out[i] = call->args[i];
	for (; i < n; i++)
		out[i] = (struct trx_value){ .kind = TRX_V_MISSING };
	for (i = 0; i < call->nkw; i++) {
		at = parameter(names, n, call->kw[i].name);
		if (at == n)
			return trx_run_fail(run,
			    "%s() got an unexpected keyword argument '%.*s'",
			    call->name, (int)call->kw[i].name.n,
			    call->kw[i].name.p);
		if (out[at].kind != TRX_V_MISSING)
			return trx_run_fail(run,
			    "%s() got multiple values for argument '%s'",
			    call->name, names[at]);
		out[at] = call->kw[i].value;
	}
	for (i = 0; i < required; i++)
		if (out[i].kind == TRX_V_MISSING)
			return trx_run_fail(run,
			    "%s() missing a required argument: '%s'",
			    call->name, names[i] + (names[i][0] == '*'));
	return 0;
}

int
trx_call_str(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *v, struct trx_str *out)
{
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind != TRX_V_STR)
		return trx_run_fail(run, "%s() needs a str and not %s",
		    call->name, trx_value_type(v));
	*out = v->u.str;
	return 0;
}

int
trx_call_int(struct trx_run *run, const struct trx_value *v, int64_t *out)
{
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_BIG)
		return trx_run_refuse(run, "so large an integer");
	if (!trx_value_integer(v, out))
		return trx_run_fail(run,
		    "'%s' object cannot be interpreted as an integer",
		    trx_value_type(v));
	return 0;
}

int
trx_call_c_int(struct trx_run *run, const struct trx_value *v, int64_t *out)
{
	if (trx_call_int(run, v, out) == -1)
		return -1;
	if (*out > INT32_MAX || *out < INT32_MIN)
		return trx_run_fail(
		    run, "Python int too large to convert to C int");
	return 0;
}
