#include <stdlib.h>

#include "common/json/canonical.h"

void
trx_json_quote(struct trx_buf *b, struct trx_str s)
{
	static const char hex[] = "0123456789abcdef";
	static const char shorts[32] = { ['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r' };
	size_t i, done = 0;

	if (s.n == 0)
		s = TRX_STR(""); /* its pointer may be NULL */
	trx_buf_addc(b, '"');
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		trx_buf_add(b, s.p + done, i - done);
		done = i + 1;
		trx_buf_addc(b, '\\');
		if (c >= 0x20)
			trx_buf_addc(b, (char)c);
		else if (shorts[c] != 0)
			trx_buf_addc(b, shorts[c]);
		else {
			trx_buf_addz(b, "u00");
			trx_buf_addc(b, hex[c >> 4]);
			trx_buf_addc(b, hex[c & 15]);
		}
	}
	trx_buf_add(b, s.p + done, s.n - done);
	trx_buf_addc(b, '"');
}

static bool
is_integer(struct trx_str s)
{
	size_t i = s.n > 1 && s.p[0] == '-';

	if (i == s.n || (s.p[i] == '0' && s.n > 1))
		return false;
	for (; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static int
compare_members(const void *a, const void *b)
{
	const struct trx_json_member *const *x = a, *const *y = b;

	return trx_str_compare((*x)->key, (*y)->key);
}

static int
put_object(const struct trx_json *v, struct trx_buf *b, struct trx_error *err)
{
	size_t i, n = v->u.object.n;
	const struct trx_json_member **sorted = calloc(n + 1, sizeof(*sorted));
	int rc = 0;

	if (sorted == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		sorted[i] = &v->u.object.members[i];
	qsort(sorted, n, sizeof(*sorted), compare_members);
	trx_buf_addc(b, '{');
	for (i = 0; i < n && rc == 0; i++) {
		if (i > 0)
			trx_buf_addc(b, ',');
		trx_json_quote(b, sorted[i]->key);
		trx_buf_addc(b, ':');
		rc = trx_json_canonical(&sorted[i]->value, b, err);
	}
	trx_buf_addc(b, '}');
	free(sorted);
	return rc;
}

static int
put_array(const struct trx_json *v, struct trx_buf *b, struct trx_error *err)
{
	size_t i;

	trx_buf_addc(b, '[');
	for (i = 0; i < v->u.array.n; i++) {
		if (i > 0)
			trx_buf_addc(b, ',');
		if (trx_json_canonical(&v->u.array.items[i], b, err) == -1)
			return -1;
	}
	trx_buf_addc(b, ']');
	return 0;
}

int
trx_json_canonical(
    const struct trx_json *v, struct trx_buf *b, struct trx_error *err)
{
	switch (v->type) {
	case TRX_JSON_NULL:
		trx_buf_addz(b, "null");
		return 0;
	case TRX_JSON_BOOL:
		trx_buf_addz(b, v->u.boolean ? "true" : "false");
		return 0;
	case TRX_JSON_NUMBER:
		if (!is_integer(v->u.number))
			return trx_error_set(err, TRX_INPUT,
			    "the number %.*s has no canonical form",
			    (int)(v->u.number.n < 40 ? v->u.number.n : 40),
			    v->u.number.n > 0 ? v->u.number.p : "");
		trx_buf_adds(b, v->u.number);
		return 0;
	case TRX_JSON_STRING:
		trx_json_quote(b, v->u.string);
		return 0;
	case TRX_JSON_ARRAY:
		return put_array(v, b, err);
	default:
		return put_object(v, b, err);
	}
}

/* The end of the string that begins at raw.p[i]. */
static size_t
string_end(struct trx_str raw, size_t i)
{
	for (i++; i < raw.n && raw.p[i] != '"'; i++)
		if (raw.p[i] == '\\')
			i++;
	return i < raw.n ? i + 1 : raw.n;
}

void
trx_json_minify(struct trx_buf *b, struct trx_str raw)
{
	size_t i = 0, from = 0;

	while (i < raw.n) {
		char c = raw.p[i];

		if (c == '"')
			i = string_end(raw, i);
		else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			trx_buf_add(b, raw.p + from, i - from);
			from = ++i;
		} else
			i++;
	}
	trx_buf_add(b, raw.p + from, raw.n - from);
}
