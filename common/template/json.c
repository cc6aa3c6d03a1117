#include <math.h>
#include <string.h>

#include "common/template/sort.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

static void
json_escape(uint32_t cp, struct trx_buf *b)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const char *p;

	for (p = shorts; *p != '\0'; p += 2)
		if ((unsigned char)*p == cp) {
			trx_buf_addc(b, '\\');
			trx_buf_addc(b, p[1]);
			return;
		}
	if (cp < 0x10000) {
		trx_buf_addf(b, "\\u%04x", (unsigned)cp);
		return;
	}
	cp -= 0x10000;
	trx_buf_addf(b, "\\u%04x\\u%04x", 0xd800 + (unsigned)(cp >> 10),
	    0xdc00 + (unsigned)(cp & 0x3ff));
}

static void
json_str(struct trx_str s, bool ensure_ascii, struct trx_buf *b)
{
	size_t i, from = 0, width;
	unsigned char c;

	trx_buf_addc(b, '"');
	for (i = 0; i < s.n; i += width) {
		c = (unsigned char)s.p[i];
		width = trx_unicode_width(s.p + i);
		if (c >= 0x20 && c != '"' && c != '\\' &&
		    (!ensure_ascii || c < 0x7f))
			continue;
		trx_buf_add(b, s.p + from, i - from);
		json_escape(trx_unicode_get(s.p + i), b);
		from = i + width;
	}
	trx_buf_add(b, s.p + from, s.n - from);
	trx_buf_addc(b, '"');
}

/* What JSON calls a number, None or bool, as json.dumps spells it. */
static int
json_scalar(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_str s;

	if (v->kind == TRX_V_NONE) {
		s = TRX_STR("null");
	} else if (v->kind == TRX_V_BOOL) {
		s = v->u.boolean ? TRX_STR("true") : TRX_STR("false");
	} else if (v->kind == TRX_V_FLOAT && isnan(v->u.real)) {
		s = TRX_STR("NaN");
	} else if (v->kind == TRX_V_FLOAT && isinf(v->u.real)) {
		s = v->u.real < 0 ? TRX_STR("-Infinity") : TRX_STR("Infinity");
	} else if (trx_text_str(run, v, &s) == -1) {
		return -1;
	}
	trx_buf_adds(b, s);
	return 0;
}

static bool
is_scalar(const struct trx_value *v)
{
	return v->kind == TRX_V_NONE || v->kind == TRX_V_BOOL ||
	       v->kind == TRX_V_INT || v->kind == TRX_V_BIG ||
	       v->kind == TRX_V_FLOAT;
}

static void
new_line(struct trx_run *run, const struct trx_text_json *how, unsigned level,
    struct trx_buf *b)
{
	unsigned i;

	if (!how->indented)
		return;
	trx_buf_addc(b, '\n');
	for (i = 0; i < level; i++)
		trx_buf_adds(b, how->indent);
	run->left -= (int64_t)(level * how->indent.n / 8);
}

static int json_value(struct trx_run *run, const struct trx_value *v,
    const struct trx_text_json *how, unsigned level, struct trx_buf *b);

static int
json_array(struct trx_run *run, const struct trx_value *v,
    const struct trx_text_json *how, unsigned level, struct trx_buf *b)
{
	size_t i;

	if (v->u.seq.n == 0) {
		trx_buf_addz(b, "[]");
		return 0;
	}
	trx_buf_addc(b, '[');
	for (i = 0; i < v->u.seq.n; i++) {
		if (i != 0)
			trx_buf_adds(b, how->item_separator);
		new_line(run, how, level + 1, b);
		if (json_value(run, &v->u.seq.at[i], how, level + 1, b) == -1)
			return -1;
	}
	new_line(run, how, level, b);
	trx_buf_addc(b, ']');
	return 0;
}

static int
json_key(struct trx_run *run, const struct trx_value *key, bool ensure_ascii,
    struct trx_buf *b)
{
	if (key->kind == TRX_V_STR) {
		json_str(key->u.str, ensure_ascii, b);
		return 0;
	}
	if (!is_scalar(key))
		return trx_run_fail(run,
		    "keys must be str, int, float, bool or None, not %s",
		    trx_value_type(key));
	trx_buf_addc(b, '"');
	if (json_scalar(run, key, b) == -1)
		return -1;
	trx_buf_addc(b, '"');
	return 0;
}

static int
json_object(struct trx_run *run, const struct trx_dict *d,
    const struct trx_text_json *how, unsigned level, struct trx_buf *b)
{
	const struct trx_pair *pairs = d->pairs;
	size_t i;

	if (d->n == 0) {
		trx_buf_addz(b, "{}");
		return 0;
	}
	if (how->sort_keys &&
	    (pairs = trx_sort_dict(run, d, trx_sort_less)) == NULL)
		return -1;
	trx_buf_addc(b, '{');
	for (i = 0; i < d->n; i++) {
		if (i != 0)
			trx_buf_adds(b, how->item_separator);
		new_line(run, how, level + 1, b);
		if (json_key(run, &pairs[i].key, how->ensure_ascii, b) == -1)
			return -1;
		trx_buf_adds(b, how->key_separator);
		if (json_value(run, &pairs[i].value, how, level + 1, b) == -1)
			return -1;
	}
	new_line(run, how, level, b);
	trx_buf_addc(b, '}');
	return 0;
}

static int
json_value(struct trx_run *run, const struct trx_value *v,
    const struct trx_text_json *how, unsigned level, struct trx_buf *b)
{
	int rc;

	if (trx_run_charge(run, 1) == -1)
		return -1;
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	if (v->kind == TRX_V_STR) {
		json_str(v->u.str, how->ensure_ascii, b);
		return trx_run_charge(run, v->u.str.n / 32);
	}
	if (is_scalar(v))
		return json_scalar(run, v, b);
	if (v->kind != TRX_V_LIST && v->kind != TRX_V_TUPLE &&
	    v->kind != TRX_V_DICT)
		return trx_run_fail(run,
		    "Object of type %s is not JSON serializable",
		    trx_value_type(v));
	if (trx_run_enter(run) == -1)
		return -1;
	rc = v->kind == TRX_V_DICT ? json_object(run, v->u.dict, how, level, b)
				   : json_array(run, v, how, level, b);
	trx_run_leave(run);
	return rc;
}

int
trx_text_json(struct trx_run *run, const struct trx_value *v,
    const struct trx_text_json *how, struct trx_buf *b)
{
	return json_value(run, v, how, 0, b);
}
