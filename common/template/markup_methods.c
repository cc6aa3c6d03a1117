#include <string.h>

#include "common/template/html.h"
#include "common/template/iter.h"
#include "common/template/markup.h"
#include "common/template/markup_methods.h"
#include "common/template/text.h"
#include "common/template/trace.h"

/* The methods of str whose text (or texts) Markup makes Markup. */
static const struct override {
	const char *name;
	size_t escaped; /* the argument that is escaped, from 1; or 0 */
} overrides[] = {
	{ "capitalize", 0 },
	{ "casefold", 0 },
	{ "center", 2 },
	{ "expandtabs", 0 },
	{ "ljust", 2 },
	{ "lower", 0 },
	{ "lstrip", 0 },
	{ "partition", 0 },
	{ "removeprefix", 0 },
	{ "removesuffix", 0 },
	{ "replace", 2 },
	{ "rjust", 2 },
	{ "rpartition", 0 },
	{ "rsplit", 0 },
	{ "rstrip", 0 },
	{ "split", 0 },
	{ "splitlines", 0 },
	{ "strip", 0 },
	{ "swapcase", 0 },
	{ "title", 0 },
	{ "translate", 0 },
	{ "upper", 0 },
	{ "zfill", 0 },
};

static const struct override *
find_override(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(overrides) / sizeof(*overrides); i++)
		if (strcmp(overrides[i].name, name) == 0)
			return &overrides[i];
	return NULL;
}

int
trx_markup_repr_method(
    struct trx_run *run, const struct trx_bound *bound, struct trx_buf *b)
{
	const char *name = bound->method->name;

	if (bound->self.kind != TRX_V_STR || !bound->self.safe ||
	    (bound->method->of != TRX_METHOD_MARKUP &&
		find_override(name) == NULL))
		return 0;
	trx_buf_addf(b, "<bound method Markup.%s of ", name);
	if (strcmp(name, "escape") == 0)
		trx_buf_addz(b, "<class 'markupsafe.Markup'>");
	else if (trx_text_repr(run, &bound->self, b) == -1)
		return -1;
	trx_buf_addc(b, '>');
	return 1;
}

/* The positional arguments, with number `which` (from 1) escaped. */
static int
escape_argument(struct trx_run *run, struct trx_call *call, size_t which)
{
	struct trx_value *args;

	if (which == 0 || call->nargs < which)
		return 0;
	if ((args = trx_run_calloc(run, call->nargs, sizeof(*args))) == NULL)
		return -1;
	memcpy(args, call->args, call->nargs * sizeof(*args));
	call->args = args;
	return trx_markup_of(run, &args[which - 1], &args[which - 1]);
}

/* Markup.removesuffix alone lets its argument be named. */
static void
unname_suffix(struct trx_call *call)
{
	if (strcmp(call->name, "removesuffix") != 0 || call->nargs != 0 ||
	    call->nkw != 1 || !trx_str_is(call->kw[0].name, "suffix"))
		return;
	call->args = &call->kw[0].value;
	call->nargs = 1;
	call->nkw = 0;
}

/* A text, or a list or tuple of texts, as Markup. */
static int
make_markup(struct trx_run *run, struct trx_value *v)
{
	struct trx_value *at;
	size_t i;

	if (v->kind == TRX_V_STR)
		v->safe = true;
	if (v->kind != TRX_V_LIST && v->kind != TRX_V_TUPLE)
		return 0;
	if ((at = trx_run_calloc(run, v->u.seq.n, sizeof(*at))) == NULL ||
	    trx_run_charge(run, v->u.seq.n / 8) == -1)
		return -1;
	for (i = 0; i < v->u.seq.n; i++) {
		at[i] = v->u.seq.at[i];
		at[i].safe = true;
	}
	v->u.seq.at = at;
	return 0;
}

/* str.partition(sep) gives sep itself where it found it: Markup, maybe. */
static int
keep_separator(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_value *at;

	if ((strcmp(call->name, "partition") != 0 &&
		strcmp(call->name, "rpartition") != 0) ||
	    out->u.seq.at[1].u.str.n == 0)
		return 0;
	if ((at = trx_run_calloc(run, 3, sizeof(*at))) == NULL)
		return -1;
	memcpy(at, out->u.seq.at, 3 * sizeof(*at));
	at[1].safe = true;
	out->u.seq.at = at;
	return 0;
}

int
trx_markup_call(struct trx_run *run, const struct trx_method *m,
    struct trx_call *call, struct trx_value *out)
{
	const struct override *o;

	if (call->self.kind != TRX_V_STR || m->of != TRX_V_STR)
		return m->call(run, call, out);
	if (!call->self.safe) {
		if (m->call(run, call, out) == -1)
			return -1;
		return call->nargs == 1 && call->args[0].safe
			   ? keep_separator(run, call, out)
			   : 0;
	}
	if ((o = find_override(m->name)) == NULL)
		return m->call(run, call, out);
	unname_suffix(call);
	if (escape_argument(run, call, o->escaped) == -1 ||
	    m->call(run, call, out) == -1)
		return -1;
	return make_markup(run, out);
}

int
trx_markup_join(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*iterable" };
	struct trx_value arg, item;
	struct trx_text text;
	struct trx_iter it;
	bool first = true;
	int more;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_iter_open(run, &arg, &it) == -1)
		return -1;
	trx_text_begin(run, &text);
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (trx_markup_of(run, &item, &item) == -1 ||
		    (!first &&
			trx_text_add(run, &text, call->self.u.str) == -1) ||
		    trx_text_add(run, &text, item.u.str) == -1)
			break;
		first = false;
	}
	if (more != 0) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = true;
	return trx_text_take(run, &text, &out->u.str);
}

int
trx_markup_escape_method(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*s" };
	struct trx_value s;

	if (trx_call_bind(run, call, names, 1, 1, &s) == -1)
		return -1;
	return trx_markup_of(run, &s, out);
}

int
trx_markup_striptags_method(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_markup_striptags(run, call->self.u.str, &out->u.str);
}

int
trx_markup_unescape_method(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_html_unescape(run, call->self.u.str, &out->u.str);
}
