#include <limits.h>

#include "common/template/number.h"
#include "common/template/numeral.h"
#include "common/template/real.h"
#include "common/template/spec.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

#define NO_CHAR UINT32_MAX /* after the end of a specification */

/* [[fill]align][sign][z][#][0][width][grouping][.precision][type] */
struct spec {
	uint32_t fill;
	char align; /* < > ^ or = */
	char sign;  /* + - space, or 0 */
	bool no_minus_zero;
	bool alternate;
	char separator; /* of groups of digits, or 0 */
	unsigned group; /* digits in one */
	int64_t width;	/* these two: -1 where not given */
	int64_t precision;
	uint32_t type;
};

/* A number's text in parts. */
struct number {
	bool minus;
	struct trx_str prefix;
	struct trx_str digits; /* what may be grouped */
	struct trx_str rest;   /* from the decimal point on */
};

int
trx_spec_fill(struct trx_run *run, uint32_t cp, int64_t n, struct trx_buf *b)
{
	char utf8[4];
	size_t width = trx_unicode_put(utf8, cp);

	if (n <= 0)
		return 0;
	if ((uint64_t)n > TRX_TEMPLATE_OUTPUT / width)
		return trx_run_fail(run, "the template takes too much memory");
	if (trx_run_charge(run, (size_t)n / 16) == -1)
		return -1;
	while (n-- > 0)
		trx_buf_add(b, utf8, width);
	return 0;
}

int
trx_spec_char(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	char utf8[4];
	int64_t cp;

	if (!trx_value_integer(v, &cp) || cp < 0 || cp > 0x10ffff)
		return trx_run_fail(run, "%%c arg not in range(0x110000)");
	run->surrogates |= cp >= 0xd800 && cp <= 0xdfff;
	trx_buf_add(b, utf8, trx_unicode_put(utf8, (uint32_t)cp));
	return 0;
}

void
trx_spec_ascii(struct trx_str s, struct trx_buf *b)
{
	uint32_t cp;
	size_t i;

	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		cp = trx_unicode_get(s.p + i);
		if (cp < 0x80)
			trx_buf_addc(b, (char)cp);
		else
			trx_buf_addf(b,
			    cp < 0x100	   ? "\\x%02x"
			    : cp < 0x10000 ? "\\u%04x"
					   : "\\U%08x",
			    (unsigned)cp);
	}
}

/* The first code point of s, or NO_CHAR. */
static uint32_t
peek(struct trx_str s)
{
	return s.n == 0 ? NO_CHAR : trx_unicode_get(s.p);
}

static void
skip(struct trx_str *s)
{
	size_t width = trx_unicode_width(s->p);

	s->p += width;
	s->n -= width;
}

static bool
take(struct trx_str *s, uint32_t cp)
{
	if (peek(*s) != cp)
		return false;
	skip(s);
	return true;
}

/* Read an integer, if one is there, into *out. */
static int
take_integer(struct trx_run *run, struct trx_str *s, int64_t *out)
{
	int64_t n = 0;
	int digit;

	while (s->n != 0 && (digit = trx_unicode_decimal(peek(*s))) != -1) {
		if (n > (INT64_MAX - digit) / 10)
			return trx_run_fail(
			    run, "Too many decimal digits in format string");
		n = n * 10 + digit;
		*out = n;
		skip(s);
	}
	return 0;
}

static bool
is_align(uint32_t cp)
{
	return cp == '<' || cp == '>' || cp == '=' || cp == '^';
}

/* Read fill, alignment, sign and flags. */
static void
take_flags(struct trx_str *s, struct spec *spec)
{
	char preset = spec->align;
	struct trx_str after = *s;
	uint32_t first = peek(*s);
	bool fill = false;

	if (s->n != 0)
		skip(&after);
	if (is_align(peek(after))) {
		spec->fill = first;
		spec->align = (char)peek(after);
		fill = true;
		skip(&after);
		*s = after;
	} else if (is_align(first)) {
		spec->align = (char)first;
		*s = after;
		preset = 0;
	}
	first = peek(*s);
	if (first == ' ' || first == '+' || first == '-') {
		spec->sign = (char)first;
		skip(s);
	}
	spec->no_minus_zero = take(s, 'z');
	spec->alternate = take(s, '#');
	if (!fill && take(s, '0')) {
		spec->fill = '0';
		if (preset == '>')
			spec->align = '=';
	}
}

static int
check_separator(struct trx_run *run, struct spec *spec)
{
	uint32_t type = spec->type;
	bool binary = type == 'b' || type == 'o' || type == 'x' || type == 'X';

	if (spec->separator == '_' && binary) {
		spec->group = 4;
		return 0;
	}
	if (type < 0x80 && memchr("defgEG%F", (int)type, 9) != NULL)
		return 0;
	return trx_run_fail(run, "Cannot specify '%c' with '%c'.",
	    spec->separator, type > 32 && type < 0x7f ? (char)type : '?');
}

/* Read s into *spec, which holds the type's own type and alignment. */
static int
parse(struct trx_run *run, struct trx_str s, struct spec *spec)
{
	spec->fill = ' ';
	spec->width = spec->precision = -1;
	take_flags(&s, spec);
	if (take_integer(run, &s, &spec->width) == -1)
		return -1;
	if (take(&s, ','))
		spec->separator = ',';
	if (take(&s, '_')) {
		if (spec->separator != 0)
			return trx_run_fail(
			    run, "Cannot specify both ',' and '_'.");
		spec->separator = '_';
	}
	if (spec->separator == '_' && peek(s) == ',')
		return trx_run_fail(run, "Cannot specify both ',' and '_'.");
	if (take(&s, '.')) {
		if (take_integer(run, &s, &spec->precision) == -1)
			return -1;
		if (spec->precision == -1)
			return trx_run_fail(
			    run, "Format specifier missing precision");
	}
	if (s.n != 0) {
		spec->type = peek(s);
		skip(&s);
	}
	if (s.n != 0)
		return trx_run_fail(run, "Invalid format specifier");
	spec->group = 3;
	return spec->separator == 0 ? 0 : check_separator(run, spec);
}

static int
unknown_type(
    struct trx_run *run, const struct spec *spec, const struct trx_value *v)
{
	char utf8[4];
	int n = (int)trx_unicode_put(utf8, spec->type);

	return trx_run_fail(run,
	    "Unknown format code '%.*s' for object of type '%s'", n, utf8,
	    trx_value_type(v));
}

static int
not_allowed(struct trx_run *run, const char *what, const char *of)
{
	return trx_run_fail(
	    run, "%s not allowed in %s format specifier", what, of);
}

static int
format_str(struct trx_run *run, const struct trx_value *v, struct spec *spec,
    struct trx_buf *b)
{
	struct trx_str s = v->u.str;
	int64_t n, pad, left = 0;

	if (spec->type != 's')
		return unknown_type(run, spec, v);
	if (spec->sign != 0)
		return not_allowed(run, "Sign", "string");
	if (spec->no_minus_zero)
		return not_allowed(run, "Negative zero coercion (z)", "string");
	if (spec->alternate)
		return not_allowed(run, "Alternate form (#)", "string");
	if (spec->align == '=')
		return not_allowed(run, "'=' alignment", "string");
	if (trx_run_charge(run, s.n / 32) == -1)
		return -1;
	n = (int64_t)trx_unicode_length(s);
	if (spec->precision >= 0 && n > spec->precision) {
		n = spec->precision;
		s.n = trx_unicode_offset(s, (size_t)n);
	}
	pad = spec->width > n ? spec->width - n : 0;
	if (spec->align != '<')
		left = spec->align == '>' ? pad : pad / 2;
	if (trx_spec_fill(run, spec->fill, left, b) == -1)
		return -1;
	trx_buf_adds(b, s);
	return trx_spec_fill(run, spec->fill, pad - left, b);
}

/*
 * The bytes of n digits, zeros before them up to width, in groups from the
 * right.  In the last group a zero may make the text longer than width.  Where
 * end is not NULL they are written, up to it.
 */
static size_t
group_digits(
    const struct spec *spec, struct trx_str digits, int64_t width, char *end)
{
	int64_t left = (int64_t)digits.n, size, some;
	size_t total = 0;

	for (;;) {
		size = left > width ? left : width;
		size = size < 1 ? 1 : size;
		if (spec->separator != 0 && size > spec->group)
			size = spec->group;
		some = left < size ? left : size;
		if (end != NULL) {
			end -= some;
			memcpy(end, digits.p + left - some, (size_t)some);
			end -= size - some;
			memset(end, '0', (size_t)(size - some));
		}
		total += (size_t)size;
		left -= some;
		width -= size;
		if (left <= 0 && width <= 0)
			return total;
		if (end != NULL)
			*--end = spec->separator;
		total++;
		width--;
	}
}

/* Append a number: sign, prefix, digits and rest, padded. */
static int
put_number(struct trx_run *run, const struct spec *spec, const struct number *x,
    struct trx_buf *b)
{
	bool zeros = spec->fill == '0' && spec->align == '=';
	char sign = x->minus ? '-' : spec->sign == '-' ? 0 : spec->sign;
	int64_t width = spec->width, used, pad, left;
	size_t grouped = 0;
	char *to;

	if (width > (int64_t)TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	used =
	    (int64_t)(x->prefix.n + trx_unicode_length(x->rest)) + (sign != 0);
	if (x->digits.n != 0)
		grouped = group_digits(
		    spec, x->digits, zeros ? width - used : 0, NULL);
	pad = width - used - (int64_t)grouped;
	pad = pad < 0 ? 0 : pad;
	left = spec->align == '>' ? pad : spec->align == '^' ? pad / 2 : 0;
	if (trx_run_charge(run, 1 + grouped / 16) == -1 ||
	    trx_spec_fill(run, spec->fill, left, b) == -1)
		return -1;
	if (sign != 0)
		trx_buf_addc(b, sign);
	trx_buf_adds(b, x->prefix);
	if (spec->align == '=' && trx_spec_fill(run, spec->fill, pad, b) == -1)
		return -1;
	if (grouped != 0 && (to = trx_buf_reserve(b, grouped)) != NULL) {
		group_digits(
		    spec, x->digits, zeros ? width - used : 0, to + grouped);
		b->len += grouped;
	}
	trx_buf_adds(b, x->rest);
	if (spec->align == '=')
		return 0;
	return trx_spec_fill(run, spec->fill, pad - left, b);
}

static int
format_char(struct trx_run *run, const struct trx_value *v,
    const struct spec *spec, struct trx_buf *b)
{
	struct trx_buf text = TRX_BUF_INIT;
	struct number x = { 0 };
	int rc = -1;

	if (spec->sign != 0)
		return not_allowed(run, "Sign", "integer 'c'");
	if (spec->alternate)
		return not_allowed(run, "Alternate form (#)", "integer 'c'");
	if (trx_spec_char(run, v, &text) == 0) {
		x.rest = trx_buf_str(&text);
		rc = put_number(run, spec, &x, b);
	}
	b->failed |= text.failed;
	trx_buf_free(&text);
	return rc;
}

static int
format_int(struct trx_run *run, const struct trx_value *v,
    const struct spec *spec, struct trx_buf *b)
{
	struct trx_buf text = TRX_BUF_INIT;
	struct number x = { .minus = trx_number_negative(v) };
	int base = 10;
	size_t i;
	int rc = -1;

	if (spec->precision != -1)
		return not_allowed(run, "Precision", "integer");
	if (spec->no_minus_zero)
		return not_allowed(
		    run, "Negative zero coercion (z)", "integer");
	if (spec->type == 'c')
		return format_char(run, v, spec, b);
	x.prefix = TRX_STR("");
	if (spec->type == 'b') {
		base = 2;
		x.prefix = TRX_STR("0b");
	} else if (spec->type == 'o') {
		base = 8;
		x.prefix = TRX_STR("0o");
	} else if (spec->type != 'd' && spec->type != 'n') {
		base = 16;
		x.prefix = spec->type == 'X' ? TRX_STR("0X") : TRX_STR("0x");
	}
	if (!spec->alternate)
		x.prefix.n = 0;
	if (trx_number_digits(run, v, base, &text) == 0) {
		for (i = 0; spec->type == 'X' && i < text.len; i++)
			if (text.data[i] >= 'a')
				text.data[i] += 'A' - 'a';
		x.digits = trx_buf_str(&text);
		rc = put_number(run, spec, &x, b);
	}
	b->failed |= text.failed;
	trx_buf_free(&text);
	return rc;
}

/* The text of d by the type of spec: no type is repr(), or 'g' with digits. */
static int
real_text(
    struct trx_run *run, double d, const struct spec *spec, struct trx_buf *b)
{
	int64_t precision = spec->precision;
	unsigned flags = (spec->alternate ? TRX_REAL_ALTERNATE : 0) |
			 (spec->no_minus_zero ? TRX_REAL_NO_MINUS_ZERO : 0);
	char type = (char)spec->type;

	if (precision > INT_MAX)
		return trx_run_fail(run, "precision too big");
	if (type == 0) {
		flags |= TRX_REAL_FRACTION;
		type = precision < 0 ? 'r' : 'g';
	} else if (type == 'n') {
		type = 'g';
	} else if (type == '%') {
		type = 'f';
		d *= 100;
	}
	if (trx_real_text(
		run, d, type, precision < 0 ? 6 : precision, flags, b) == -1)
		return -1;
	if (spec->type == '%')
		trx_buf_addc(b, '%');
	return 0;
}

static int
format_float(
    struct trx_run *run, double d, const struct spec *spec, struct trx_buf *b)
{
	struct trx_buf text = TRX_BUF_INIT;
	struct number x = { .prefix = TRX_STR("") };
	int rc;

	if ((rc = real_text(run, d, spec, &text)) == 0) {
		struct trx_str s = trx_buf_str(&text);

		x.minus = s.n != 0 && s.p[0] == '-';
		s.p += x.minus;
		s.n -= x.minus;
		x.digits = (struct trx_str){ .p = s.p };
		while (x.digits.n < s.n && s.p[x.digits.n] >= '0' &&
		       s.p[x.digits.n] <= '9')
			x.digits.n++;
		x.rest = (struct trx_str){ .p = s.p + x.digits.n,
			.n = s.n - x.digits.n };
		rc = put_number(run, spec, &x, b);
	}
	b->failed |= text.failed;
	trx_buf_free(&text);
	return rc;
}

static bool
is_type(uint32_t type, const char *types)
{
	return type != 0 && type < 0x80 && strchr(types, (int)type) != NULL;
}

static int
format_number(struct trx_run *run, const struct trx_value *v, struct spec *spec,
    struct trx_buf *b)
{
	double d;

	if (v->kind == TRX_V_FLOAT && spec->type != 0 &&
	    !is_type(spec->type, "eEfFgGn%"))
		return unknown_type(run, spec, v);
	if (v->kind != TRX_V_FLOAT && is_type(spec->type, "bcdoxXn"))
		return format_int(run, v, spec, b);
	if (v->kind != TRX_V_FLOAT && !is_type(spec->type, "eEfFgG%"))
		return unknown_type(run, spec, v);
	if (trx_numeral_float(run, v, &d) == -1)
		return -1;
	return format_float(run, d, spec, b);
}

int
trx_spec_format(struct trx_run *run, const struct trx_value *v,
    struct trx_str spec, struct trx_buf *b)
{
	struct spec parsed = { .align = '>' };
	bool number = v->kind == TRX_V_BOOL || v->kind == TRX_V_INT ||
		      v->kind == TRX_V_BIG || v->kind == TRX_V_FLOAT;
	struct trx_str s;

	if (trx_run_charge(run, 1 + spec.n / 8) == -1)
		return -1;
	if (spec.n == 0) {
		if (trx_text_str(run, v, &s) == -1)
			return -1;
		trx_buf_adds(b, s);
		return 0;
	}
	if (!number && v->kind != TRX_V_STR)
		return trx_run_fail(run,
		    "unsupported format string passed to %s.__format__",
		    trx_value_type(v));
	if (v->kind == TRX_V_STR) {
		parsed.align = '<';
		parsed.type = 's';
	} else if (v->kind != TRX_V_FLOAT) {
		parsed.type = 'd';
	}
	if (parse(run, spec, &parsed) == -1)
		return -1;
	return number ? format_number(run, v, &parsed, b)
		      : format_str(run, v, &parsed, b);
}
