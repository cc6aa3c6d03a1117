#include "common/template/markup.h"
#include "common/template/text.h"

/* The entity of c, or NULL where it stands for itself. */
static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&#34;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
trx_markup_escape(struct trx_str s, struct trx_buf *b)
{
	size_t from = 0, i;
	const char *as;

	for (i = 0; i < s.n; i++) {
		if ((as = entity(s.p[i])) == NULL)
			continue;
		trx_buf_add(b, s.p + from, i - from);
		trx_buf_addz(b, as);
		from = i + 1;
	}
	if (s.n != 0)
		trx_buf_add(b, s.p + from, s.n - from);
}

int
trx_markup_text(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_str s;

	/* A namespace may be given an attribute of any name. */
	if (v->kind == TRX_V_NAMESPACE &&
	    (trx_dict_get_str(run, v->u.dict, TRX_STR("__html__")) != NULL ||
		trx_dict_get_str(run, v->u.dict, TRX_STR("__html_format__")) !=
		    NULL))
		return trx_run_refuse(run, "a namespace with __html__");
	if (trx_text_str(run, v, &s) == -1 ||
	    trx_run_charge(run, s.n / 32) == -1)
		return -1;
	if (v->safe)
		trx_buf_adds(b, s);
	else
		trx_markup_escape(s, b);
	return 0;
}
