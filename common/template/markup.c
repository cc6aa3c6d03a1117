#include "common/template/markup.h"

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
trx_markup_escaped(struct trx_run *run, struct trx_str s, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;

	if (s.n > TRX_TEMPLATE_OUTPUT / 8)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, s.n / 16) == -1)
		return -1;
	trx_markup_escape(s, &b);
	return trx_run_take(run, &b, out);
}
