#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/template/arith.h"
#include "common/template/bytes.h"
#include "common/template/iter.h"
#include "common/template/number.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

enum codec { UTF8, ASCII, LATIN1 };

enum handler { STRICT, IGNORE, REPLACE, BACKSLASH, XML, SURROGATE_PASS };

static const char *const handlers[] = { "strict", "ignore", "replace",
	"backslashreplace", "xmlcharrefreplace", "surrogatepass" };

/* The codec of a name, which Python reads without regard to case and - _. */
static int
find_codec(struct trx_run *run, struct trx_str name, enum codec *out)
{
	static const struct {
		const char *name;
		enum codec codec;
	} names[] = { { "utf8", UTF8 }, { "u8", UTF8 }, { "utf", UTF8 },
		{ "ascii", ASCII }, { "usascii", ASCII }, { "646", ASCII },
		{ "latin1", LATIN1 }, { "latin", LATIN1 }, { "l1", LATIN1 },
		{ "iso88591", LATIN1 } };
	char plain[16];
	size_t i, n = 0;

	for (i = 0; i < name.n && n < sizeof(plain) - 1; i++)
		if (name.p[i] != '-' && name.p[i] != '_' && name.p[i] != ' ')
			plain[n++] = (char)tolower((unsigned char)name.p[i]);
	plain[n] = '\0';
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(plain, names[i].name) == 0) {
			*out = names[i].codec;
			return 0;
		}
	return trx_run_fail(run, "trx does not support the encoding '%.*s'",
	    (int)(name.n > 100 ? 100 : name.n), name.p);
}

/* (encoding='utf-8', errors='strict') */
static int
read_arguments(struct trx_run *run, const struct trx_call *call,
    enum codec *codec, enum handler *handler)
{
	static const char *const names[] = { "encoding", "errors" };
	struct trx_value args[2];
	struct trx_str text;
	size_t i;

	*codec = UTF8;
	*handler = STRICT;
	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (args[0].kind != TRX_V_MISSING &&
	    (trx_call_str(run, call, &args[0], &text) == -1 ||
		find_codec(run, text, codec) == -1))
		return -1;
	if (args[1].kind == TRX_V_MISSING)
		return 0;
	if (trx_call_str(run, call, &args[1], &text) == -1)
		return -1;
	for (i = 0; i < sizeof(handlers) / sizeof(*handlers); i++)
		if (trx_str_is(text, handlers[i])) {
			*handler = (enum handler)i;
			return i == SURROGATE_PASS
				   ? trx_run_refuse(run, "surrogatepass")
				   : 0;
		}
	return trx_run_fail(run,
	    "trx does not support the error handler '%.*s'",
	    (int)(text.n > 100 ? 100 : text.n), text.p);
}

/* Make BYTES of what is in b, which is freed. */
static int
take(struct trx_run *run, struct trx_buf *b, struct trx_value *out)
{
	struct trx_value *at = NULL;
	size_t i, n = b->len;

	if (b->failed)
		trx_error_memory(run->err);
	else if (trx_run_charge(run, n / 4) == 0)
		at = trx_run_calloc(run, n, sizeof(*at));
	for (i = 0; at != NULL && i < n; i++)
		at[i] = trx_value_int((unsigned char)b->data[i]);
	trx_buf_free(b);
	*out = trx_value_seq(TRX_V_BYTES, at, n);
	return at == NULL ? -1 : 0;
}

int
trx_bytes_raw(
    struct trx_run *run, const struct trx_value *v, struct trx_str *out)
{
	char *p = trx_run_alloc(run, v->u.seq.n);
	size_t i;

	if (p == NULL || trx_run_charge(run, v->u.seq.n / 4) == -1)
		return -1;
	for (i = 0; i < v->u.seq.n; i++)
		p[i] = (char)v->u.seq.at[i].u.integer;
	*out = (struct trx_str){ p, v->u.seq.n };
	return 0;
}

/* What stands for a character that the codec does not have. */
static int
encode_other(
    struct trx_run *run, uint32_t cp, enum handler handler, struct trx_buf *b)
{
	switch (handler) {
	case IGNORE:
		return 0;
	case REPLACE:
		trx_buf_addc(b, '?');
		return 0;
	case BACKSLASH:
		trx_buf_addf(b,
		    cp < 0x100	   ? "\\x%02x"
		    : cp < 0x10000 ? "\\u%04x"
				   : "\\U%08x",
		    (unsigned)cp);
		return 0;
	case XML:
		trx_buf_addf(b, "&#%u;", (unsigned)cp);
		return 0;
	default:
		return trx_run_fail(run,
		    "the encoding can't encode the character U+%04X",
		    (unsigned)cp);
	}
}

int
trx_bytes_encode(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const uint32_t limits[] = { 0x110000, 0x80, 0x100 };
	struct trx_str s = call->self.u.str;
	struct trx_buf b = TRX_BUF_INIT;
	enum handler handler;
	enum codec codec;
	size_t i, width;
	uint32_t cp;

	if (read_arguments(run, call, &codec, &handler) == -1)
		return -1;
	for (i = 0; i < s.n; i += width) {
		cp = trx_unicode_get(s.p + i);
		width = trx_unicode_width(s.p + i);
		if (cp >= limits[codec] ||
		    (codec == UTF8 && cp >= 0xd800 && cp <= 0xdfff)) {
			if (encode_other(run, cp, handler, &b) == -1) {
				trx_buf_free(&b);
				return -1;
			}
		} else if (codec == UTF8) {
			trx_buf_add(&b, s.p + i, width);
		} else {
			trx_buf_addc(&b, (char)cp);
		}
	}
	return take(run, &b, out);
}

/* What stands for n bytes that are no character. */
static int
decode_other(struct trx_run *run, struct trx_str bad, enum handler handler,
    struct trx_buf *b)
{
	size_t i;

	switch (handler) {
	case IGNORE:
		return 0;
	case REPLACE:
		trx_buf_addz(b, "\xef\xbf\xbd");
		return 0;
	case BACKSLASH:
		for (i = 0; i < bad.n; i++)
			trx_buf_addf(b, "\\x%02x", (unsigned char)bad.p[i]);
		return 0;
	case XML:
		return trx_run_fail(
		    run, "don't know how to handle a decoding error");
	default:
		return trx_run_fail(run,
		    "the encoding can't decode byte 0x%02x",
		    (unsigned char)bad.p[0]);
	}
}

/*
 * The bytes at s that are a character of UTF-8, or, with *bad, those that
 * Python takes together for an error: the most that could have begun one.
 */
static size_t
utf8_step(struct trx_str s, bool *bad)
{
	unsigned char c = (unsigned char)s.p[0];
	unsigned char low = 0x80, high = 0xbf, d;
	size_t need = c < 0x80		       ? 1
		      : c >= 0xc2 && c <= 0xdf ? 2
		      : c >= 0xe0 && c <= 0xef ? 3
		      : c >= 0xf0 && c <= 0xf4 ? 4
					       : 0;
	size_t i;

	*bad = need == 0;
	if (need == 0)
		return 1;
	low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : low;
	high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : high;
	for (i = 1; i < need; i++, low = 0x80, high = 0xbf) {
		d = i < s.n ? (unsigned char)s.p[i] : 0;
		if (d < low || d > high) {
			*bad = true;
			return i;
		}
	}
	return need;
}

int
trx_bytes_decode(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	enum handler handler;
	enum codec codec;
	struct trx_str s;
	char utf8[4];
	size_t n = 1;
	bool bad;

	if (read_arguments(run, call, &codec, &handler) == -1 ||
	    trx_bytes_raw(run, &call->self, &s) == -1)
		return -1;
	for (; s.n != 0; s.p += n, s.n -= n) {
		if (codec == UTF8)
			n = utf8_step(s, &bad);
		else
			bad = codec == ASCII && (unsigned char)*s.p >= 0x80;
		if (bad && decode_other(run, (struct trx_str){ s.p, n },
			       handler, &b) == -1) {
			trx_buf_free(&b);
			return -1;
		}
		if (!bad && codec == UTF8)
			trx_buf_add(&b, s.p, n);
		else if (!bad)
			trx_buf_add(&b, utf8,
			    trx_unicode_put(utf8, (unsigned char)*s.p));
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

int
trx_bytes_hex(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	const struct trx_value *v = &call->self;
	struct trx_buf b = TRX_BUF_INIT;
	size_t i;

	if (call->nargs + call->nkw != 0)
		return trx_run_refuse(run, "a separator of hex()");
	for (i = 0; i < v->u.seq.n; i++)
		trx_buf_addf(&b, "%02x", (unsigned)v->u.seq.at[i].u.integer);
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

void
trx_bytes_repr(const struct trx_value *v, struct trx_buf *b)
{
	static const char shorts[] = "\tt\nn\rr\\\\";
	bool single = false, twice = false;
	const char *p;
	size_t i;
	char c;

	for (i = 0; i < v->u.seq.n; i++) {
		single |= v->u.seq.at[i].u.integer == '\'';
		twice |= v->u.seq.at[i].u.integer == '"';
	}
	single = single && !twice; /* then " stand around it */
	trx_buf_addz(b, single ? "b\"" : "b'");
	for (i = 0; i < v->u.seq.n; i++) {
		c = (char)v->u.seq.at[i].u.integer;
		for (p = shorts; *p != '\0' && *p != c;)
			p += 2;
		if (*p != '\0')
			trx_buf_addf(b, "\\%c", p[1]);
		else if (c == '\'' && !single)
			trx_buf_addz(b, "\\'");
		else if (c < ' ' || c > '~')
			trx_buf_addf(b, "\\x%02x", (unsigned char)c);
		else
			trx_buf_addc(b, c);
	}
	trx_buf_addc(b, single ? '"' : '\'');
}

int
trx_bytes_contain(struct trx_run *run, const struct trx_value *v,
    const struct trx_value *item)
{
	struct trx_str s, part;
	int64_t i;

	if (item->kind == TRX_V_BYTES) {
		if (trx_bytes_raw(run, v, &s) == -1 ||
		    trx_bytes_raw(run, item, &part) == -1)
			return -1;
		return part.n == 0 || memmem(s.p, s.n, part.p, part.n) != NULL;
	}
	if (!trx_number_integral(item))
		return trx_run_fail(run,
		    "a bytes-like object is required, not '%s'",
		    trx_value_type(item));
	if (!trx_value_integer(item, &i) || i < 0 || i > 255)
		return trx_run_fail(run, "byte must be in range(0, 256)");
	if (trx_bytes_raw(run, v, &s) == -1)
		return -1;
	return s.n != 0 && memchr(s.p, (int)i, s.n) != NULL;
}

/* byteorder: is the most significant byte the first? */
static int
read_order(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *v, bool *big)
{
	struct trx_str order = TRX_STR("big");

	if (v->kind != TRX_V_MISSING &&
	    trx_call_str(run, call, v, &order) == -1)
		return -1;
	*big = trx_str_is(order, "big");
	if (!*big && !trx_str_is(order, "little"))
		return trx_run_fail(
		    run, "byteorder must be either 'little' or 'big'");
	return 0;
}

static void
reverse(char *p, size_t n)
{
	size_t i;
	char c;

	for (i = 0; i < n / 2; i++) {
		c = p[i];
		p[i] = p[n - 1 - i];
		p[n - 1 - i] = c;
	}
}

/* Two's complement of a number whose most significant byte is the first. */
static void
complement(char *p, size_t n)
{
	bool carry = true;

	while (n-- > 0) {
		p[n] = (char)(~p[n] + carry);
		carry = carry && p[n] == 0;
	}
}

/* n bytes of 0; Python takes -1 for no byte at all as well. */
static int
take_zero(struct trx_run *run, bool minus, size_t n, struct trx_value *out)
{
	struct trx_buf b = TRX_BUF_INIT;

	if (!minus)
		trx_buf_addzeros(&b, n);
	return take(run, &b, out);
}

int
trx_bytes_of_int(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "length", "byteorder", "signed" };
	bool minus = trx_number_negative(&call->self), is_signed, big;
	struct trx_buf hex = TRX_BUF_INIT, b = TRX_BUF_INIT;
	size_t length, set, i, bits;
	struct trx_value args[3];
	int64_t n = 1;

	if (call->nargs > 2)
		return trx_run_fail(
		    run, "to_bytes() takes at most 2 positional arguments");
	if (trx_call_bind(run, call, names, 3, 0, args) == -1 ||
	    (args[0].kind != TRX_V_MISSING &&
		trx_call_int(run, &args[0], &n) == -1) ||
	    read_order(run, call, &args[1], &big) == -1 ||
	    trx_number_bits(run, &call->self, &length, &set) == -1)
		return -1;
	is_signed = args[2].kind != TRX_V_MISSING && trx_value_truth(&args[2]);
	if (n < 0)
		return trx_run_fail(
		    run, "length argument must be non-negative");
	if ((size_t)n > TRX_TEMPLATE_OUTPUT / 64)
		return trx_run_fail(run, "the template takes too much memory");
	if (minus && !is_signed)
		return trx_run_fail(
		    run, "can't convert negative int to unsigned");
	/* The least number of n bytes is a power of two below zero. */
	bits = length + (is_signed && !(minus && set == 1));
	if (length == 0 || (n == 0 && minus && length == 1))
		return take_zero(run, minus, (size_t)n, out);
	if (bits > (size_t)n * 8)
		return trx_run_fail(run, "int too big to convert");
	if (trx_number_digits(run, &call->self, 16, &hex) == -1) {
		trx_buf_free(&hex);
		return -1;
	}
	for (i = (hex.len + 1) / 2; i < (size_t)n; i++)
		trx_buf_addc(&b, 0);
	for (i = 0; i < hex.len;) {
		char pair[3] = { '0', 0, 0 };
		unsigned byte;

		if ((hex.len - i) % 2 == 0)
			pair[0] = hex.data[i++];
		pair[1] = hex.data[i++];
		sscanf(pair, "%x", &byte);
		trx_buf_addc(&b, (char)byte);
	}
	b.failed |= hex.failed;
	trx_buf_free(&hex);
	if (!b.failed && minus)
		complement(b.data, b.len);
	if (!b.failed && !big)
		reverse(b.data, b.len);
	return take(run, &b, out);
}

int
trx_bytes_to_int(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "bytes", "byteorder", "signed" };
	struct trx_buf hex = TRX_BUF_INIT;
	struct trx_value args[3], list;
	bool big, minus;
	struct trx_str s;
	size_t i;
	int rc;

	if (call->nargs > 2)
		return trx_run_fail(
		    run, "from_bytes() takes at most 2 positional arguments");
	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    read_order(run, call, &args[1], &big) == -1)
		return -1;
	if (args[0].kind == TRX_V_STR)
		return trx_run_fail(
		    run, "cannot convert 'str' object to bytes");
	if (trx_iter_list(run, &args[0], &list) == -1)
		return -1;
	for (i = 0; i < list.u.seq.n; i++)
		if (!trx_number_integral(&list.u.seq.at[i]) ||
		    !trx_value_integer(&list.u.seq.at[i], &(int64_t){ 0 }) ||
		    list.u.seq.at[i].u.integer < 0 ||
		    list.u.seq.at[i].u.integer > 255)
			return trx_run_fail(
			    run, "bytes must be in range(0, 256)");
	if (trx_bytes_raw(run, &list, &s) == -1)
		return -1;
	if (!big)
		reverse((char *)(uintptr_t)s.p, s.n);
	minus = args[2].kind != TRX_V_MISSING && trx_value_truth(&args[2]) &&
		s.n != 0 && ((unsigned char)s.p[0] & 0x80) != 0;
	if (minus)
		complement((char *)(uintptr_t)s.p, s.n);
	trx_buf_addz(&hex, minus ? "-0" : "0");
	for (i = 0; i < s.n; i++)
		trx_buf_addf(&hex, "%02x", (unsigned char)s.p[i]);
	rc = trx_number_from_base(
	    trx_buf_str(&hex), 16, run->arena, out, run->err);
	trx_buf_free(&hex);
	return rc;
}
