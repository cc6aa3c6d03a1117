/* The globals: namespace(), range() and what transformers adds. */
#include "common/template/call.h"
#include "common/template/cycler.h"
#include "common/template/iter.h"
#include "common/template/text.h"

#define RANGE_MAX 100000 /* the sandbox's */

static int
raise_exception(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "message" };
	struct trx_value message;
	struct trx_str text;

	(void)out;
	if (trx_call_bind(run, call, names, 1, 1, &message) == -1 ||
	    trx_text_str(run, &message, &text) == -1)
		return -1;
	return trx_run_fail(run, "%.*s", (int)(text.n > 700 ? 700 : text.n),
	    text.n == 0 ? "" : text.p);
}

static int
strftime_now(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	(void)call;
	(void)out;
	return trx_run_fail(run,
	    "the template asks for today's date (strftime_now), which is not "
	    "supported yet");
}

static int
range(struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*start", "*stop", "*step" };
	int64_t v[3] = { 0, 0, 1 };
	struct trx_value args[3];
	struct trx_range *r;
	size_t i;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1)
		return -1;
	for (i = 0; i < call->nargs; i++)
		if (trx_call_int(run, &args[i], &v[i]) == -1)
			return -1;
	if (call->nargs == 1) {
		v[1] = v[0];
		v[0] = 0;
	}
	for (i = 0; i < 3; i++)
		if (v[i] > INT64_MAX / 4 || v[i] < -(INT64_MAX / 4))
			return trx_run_refuse(run, "so large a range");
	if (v[2] == 0)
		return trx_run_fail(run, "range() arg 3 must not be zero");
	if ((r = trx_run_alloc(run, sizeof(*r))) == NULL)
		return -1;
	*r = (struct trx_range){ .start = v[0], .stop = v[1], .step = v[2] };
	if (v[2] > 0 && v[1] > v[0])
		r->n = (v[1] - v[0] - 1) / v[2] + 1;
	else if (v[2] < 0 && v[1] < v[0])
		r->n = (v[0] - v[1] - 1) / -v[2] + 1;
	if (r->n > RANGE_MAX)
		return trx_run_fail(run,
		    "Range too big. The sandbox blocks ranges larger than "
		    "MAX_RANGE (100000).");
	*out = (struct trx_value){ .kind = TRX_V_RANGE, .u.range = r };
	return 0;
}

/* dict(mapping, key=value...) */
static int
make_dict(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, call->nkw);
	const struct trx_dict *from;
	struct trx_value key;
	size_t i;

	if (d == NULL)
		return -1;
	if (call->nargs > 1)
		return trx_run_fail(run,
		    "dict expected at most 1 argument, got %zu", call->nargs);
	if (call->nargs == 1 && call->args[0].kind != TRX_V_DICT)
		return trx_run_fail(run, "%s() of a %s is not supported yet",
		    call->name, trx_value_type(&call->args[0]));
	if (call->nargs == 1) {
		from = call->args[0].u.dict;
		for (i = 0; i < from->n; i++)
			if (trx_dict_set(run, d, &from->pairs[i].key,
				&from->pairs[i].value) == -1)
				return -1;
	}
	for (i = 0; i < call->nkw; i++) {
		key = trx_value_str(call->kw[i].name);
		if (trx_dict_set(run, d, &key, &call->kw[i].value) == -1)
			return -1;
	}
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

static int
make_namespace(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (make_dict(run, call, out) == -1)
		return -1;
	out->kind = TRX_V_NAMESPACE;
	return 0;
}

static int
lipsum(struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	(void)call;
	(void)out;
	return trx_run_refuse(run, "lipsum(), whose text is random,");
}

static const struct trx_function functions[] = {
	{ "cycler", trx_cycler_new },
	{ "dict", make_dict },
	{ "joiner", trx_joiner_new },
	{ "lipsum", lipsum },
	{ "namespace", make_namespace },
	{ "raise_exception", raise_exception },
	{ "range", range },
	{ "strftime_now", strftime_now },
};

const struct trx_function *
trx_function_find(struct trx_str name)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (trx_str_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}
