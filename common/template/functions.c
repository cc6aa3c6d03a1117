/* The globals: namespace(), range() and what transformers adds. */
#include "common/template/call.h"
#include "common/template/cycler.h"
#include "common/template/date.h"
#include "common/template/iter.h"
#include "common/template/range.h"
#include "common/template/text.h"

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
	static const char *const names[] = { "format" };
	struct trx_value format;
	struct trx_str text;

	if (trx_call_bind(run, call, names, 1, 1, &format) == -1 ||
	    trx_call_str(run, call, &format, &text) == -1)
		return -1;
	if (run->input->now == NULL)
		return trx_run_fail(run,
		    "the template asks for today's date (strftime_now): give "
		    "one by --now");
	*out = trx_value_str(TRX_STR(""));
	return trx_date_format(run, run->input->now, text, &out->u.str);
}

/* Put the pairs of a mapping, or else those that v iterates over, into d. */
static int
add_pairs(struct trx_run *run, struct trx_dict *d, const struct trx_value *v)
{
	struct trx_value item, two;
	struct trx_iter it;
	size_t i;
	int more;

	/* Python asks for the attribute `keys` first. */
	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_NAMESPACE &&
	    trx_dict_get_str(run, v->u.dict, TRX_STR("keys")) != NULL)
		return trx_run_refuse(run, "dict() of a namespace");
	for (i = 0; v->kind == TRX_V_DICT && i < v->u.dict->n; i++)
		if (trx_dict_set(run, d, &v->u.dict->pairs[i].key,
			&v->u.dict->pairs[i].value) == -1)
			return -1;
	if (v->kind == TRX_V_DICT)
		return 0;
	if (trx_iter_open(run, v, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (trx_iter_list(run, &item, &two) == -1)
			return -1;
		if (two.u.seq.n != 2)
			return trx_run_fail(run,
			    "an item of the dict has length %zu; 2 is required",
			    two.u.seq.n);
		if (trx_dict_set(run, d, &two.u.seq.at[0], &two.u.seq.at[1]) ==
		    -1)
			return -1;
	}
	return more;
}

/* dict(mapping or pairs, key=value...) */
static int
make_dict(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, call->nkw);
	struct trx_value key;
	size_t i;

	if (d == NULL)
		return -1;
	if (call->nargs > 1)
		return trx_run_fail(run,
		    "dict expected at most 1 argument, got %zu", call->nargs);
	if (call->nargs == 1 && add_pairs(run, d, &call->args[0]) == -1)
		return -1;
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
	{ "range", trx_range },
	{ "strftime_now", strftime_now },
};

struct trx_value
trx_function_value(struct trx_str name)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (trx_str_is(name, functions[i].name))
			return (struct trx_value){ .kind = TRX_V_FUNCTION,
				.u.function = &functions[i] };
	return (struct trx_value){ .kind = TRX_V_MISSING };
}
