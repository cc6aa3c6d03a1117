#include <string.h>

#include "common/base/utf8.h"
#include "common/template/bytes.h"
#include "common/template/filters_html.h"
#include "common/template/iter.h"
#include "common/template/markup.h"
#include "common/template/text.h"

int
trx_filter_escape(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	return trx_markup_of(run, &call->self, out);
}

/* str(v), which is not for what writes itself as HTML in its own way. */
static int
html_text(struct trx_run *run, const struct trx_value *v, struct trx_str *out)
{
	if (v->kind != TRX_V_STR && trx_markup_is(run, v))
		return trx_run_refuse(run, "a namespace with __html__");
	return trx_text_str(run, v, out);
}

int
trx_filter_forceescape(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_str s;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    html_text(run, &call->self, &s) == -1 ||
	    trx_markup_escaped(run, s, &s) == -1)
		return -1;
	*out = trx_value_str(s);
	out->safe = true;
	return 0;
}

int
trx_filter_striptags(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_str s;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    html_text(run, &call->self, &s) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_markup_striptags(run, s, &out->u.str);
}

/* Append str(v), or bytes, as a URL has them: in a query '/' too is quoted. */
static int
quote(struct trx_run *run, const struct trx_value *v, bool query,
    struct trx_buf *b)
{
	struct trx_str s;
	size_t i;
	char c;

	if ((v->kind == TRX_V_BYTES ? trx_bytes_raw(run, v, &s)
				    : trx_text_str(run, v, &s)) == -1 ||
	    trx_run_charge(run, 1 + s.n / 8) == -1)
		return -1;
	if (v->kind != TRX_V_BYTES && run->surrogates && !trx_utf8_valid(s))
		return trx_run_fail(
		    run, "urlencode() cannot encode a surrogate");
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c == '/' && !query) ||
		    c == '_' || c == '.' || c == '-' || c == '~')
			trx_buf_addc(b, c);
		else if (c == ' ' && query)
			trx_buf_addc(b, '+');
		else
			trx_buf_addf(b, "%%%02X", (unsigned char)c);
	}
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	return 0;
}

/* Append the key=value pairs that v's items are. */
static int
quote_pairs(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_value items = *v, pair, two;
	struct trx_iter it;
	bool first = true;
	int more;

	if (v->kind == TRX_V_DICT)
		items.kind = TRX_V_ITEMS;
	if (trx_iter_open(run, &items, &it) == -1)
		return -1;
	while ((more = trx_iter_next(run, &it, &pair)) == 1) {
		if (trx_iter_list(run, &pair, &two) == -1)
			return -1;
		if (two.u.seq.n != 2)
			return trx_run_fail(run,
			    "urlencode() needs pairs and not %zu values",
			    two.u.seq.n);
		if (!first)
			trx_buf_addc(b, '&');
		first = false;
		if (quote(run, &two.u.seq.at[0], true, b) == -1)
			return -1;
		trx_buf_addc(b, '=');
		if (quote(run, &two.u.seq.at[1], true, b) == -1)
			return -1;
	}
	return more;
}

int
trx_filter_urlencode(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *v = &call->self;
	bool pairs = v->kind == TRX_V_UNDEFINED || v->kind == TRX_V_LOOP ||
		     (v->kind > TRX_V_STR && v->kind <= TRX_V_GENERATOR);
	struct trx_buf b = TRX_BUF_INIT;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	if ((pairs ? quote_pairs(run, v, &b) : quote(run, v, false, &b)) ==
	    -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

/* May this be the name of an attribute?  Fails where it may not. */
static int
check_name(struct trx_run *run, const struct trx_value *key)
{
	size_t i;

	if (key->kind != TRX_V_STR)
		return trx_run_fail(run,
		    "expected string as the name of an attribute, got '%s'",
		    trx_value_type(key));
	for (i = 0; i < key->u.str.n; i++)
		if (key->u.str.p[i] != '\0' &&
		    strchr(" \t\n\r\f\v/>=", key->u.str.p[i]) != NULL)
			return trx_run_fail(run,
			    "Invalid character in attribute name: '%.*s'",
			    (int)(key->u.str.n > 300 ? 300 : key->u.str.n),
			    key->u.str.p);
	return 0;
}

/* Append a pair as an attribute, with a blank before it. */
static int
add_attribute(
    struct trx_run *run, const struct trx_pair *pair, struct trx_buf *b)
{
	struct trx_value key, value;

	if (check_name(run, &pair->key) == -1 ||
	    trx_markup_of(run, &pair->key, &key) == -1 ||
	    trx_markup_of(run, &pair->value, &value) == -1)
		return -1;
	trx_buf_addc(b, ' ');
	trx_buf_adds(b, key.u.str);
	trx_buf_addz(b, "=\"");
	trx_buf_adds(b, value.u.str);
	trx_buf_addc(b, '"');
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	return trx_run_charge(run, 1 + value.u.str.n / 32);
}

int
trx_filter_xmlattr(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "autospace" };
	struct trx_buf b = TRX_BUF_INIT;
	const struct trx_dict *d;
	struct trx_value autospace;
	size_t i;

	if (trx_call_bind(run, call, names, 1, 0, &autospace) == -1 ||
	    trx_dict_of(run, &call->self, &d) == -1)
		return -1;
	for (i = 0; i < d->n; i++)
		if (d->pairs[i].value.kind != TRX_V_NONE &&
		    d->pairs[i].value.kind != TRX_V_UNDEFINED &&
		    add_attribute(run, &d->pairs[i], &b) == -1) {
			trx_buf_free(&b);
			return -1;
		}
	*out = trx_value_str(TRX_STR(""));
	out->safe = run->autoescape;
	if (trx_run_take(run, &b, &out->u.str) == -1)
		return -1;
	if (autospace.kind != TRX_V_MISSING && !trx_value_truth(&autospace) &&
	    out->u.str.n != 0) {
		out->u.str.p++;
		out->u.str.n--;
	}
	return 0;
}
