#include <limits.h>

#include "common/template/markup.h"
#include "common/template/number.h"
#include "common/template/numeral.h"
#include "common/template/percent.h"
#include "common/template/real.h"
#include "common/template/spec.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

struct percent {
	struct trx_run *run;
	struct trx_str rest;		 /* of the format, not read yet */
	bool markup;			 /* arguments are to be escaped */
	const struct trx_value *mapping; /* NULL where the operand is none */
	const struct trx_value *args;	 /* the next of nargs */
	size_t nargs;
	struct trx_buf b;
};

/* %[(key)][flags][width][.precision][h, l or L]type */
struct conversion {
	bool left;
	bool plus;
	bool blank;
	bool alternate;
	bool zero;
	int64_t width; /* -1 where not given, as precision */
	int64_t precision;
	uint32_t type;
};

static const struct trx_value *
next_argument(struct percent *p)
{
	if (p->nargs == 0) {
		trx_run_fail(p->run, "not enough arguments for format string");
		return NULL;
	}
	p->nargs--;
	return p->args++;
}

static int
incomplete(struct percent *p)
{
	return trx_run_fail(p->run, "incomplete format");
}

static void
skip(struct percent *p, size_t n)
{
	p->rest.p += n;
	p->rest.n -= n;
}

/* Is the next byte c? */
static bool
at(const struct percent *p, char c)
{
	return p->rest.n != 0 && p->rest.p[0] == c;
}

static bool
at_digit(const struct percent *p)
{
	return p->rest.n != 0 && p->rest.p[0] >= '0' && p->rest.p[0] <= '9';
}

/* Read "(key)", parentheses inside balanced: the argument is that item. */
static int
take_key(struct percent *p)
{
	const struct trx_value *from = p->mapping;
	struct trx_value *found;
	struct trx_str key = p->rest;
	size_t i, open = 1;

	if (from == NULL)
		return trx_run_fail(p->run, "format requires a mapping");
	for (i = 1; i < key.n; i++) {
		open += key.p[i] == '(';
		open -= key.p[i] == ')';
		if (open == 0)
			break;
	}
	if (open != 0)
		return trx_run_fail(p->run, "incomplete format key");
	skip(p, i + 1);
	key = (struct trx_str){ .p = key.p + 1, .n = i - 1 };
	if (from->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(p->run, from);
	if (from->kind != TRX_V_DICT)
		return trx_run_fail(p->run, "%s indices must be integers",
		    trx_value_type(from));
	if ((found = trx_dict_get_str(p->run, from->u.dict, key)) == NULL)
		return trx_run_fail(p->run, "no item '%.*s' for a format",
		    (int)(key.n > 300 ? 300 : key.n), key.p);
	p->args = found;
	p->nargs = 1;
	return 0;
}

static void
take_flags(struct percent *p, struct conversion *c)
{
	for (; p->rest.n != 0; skip(p, 1))
		switch (p->rest.p[0]) {
		case '-':
			c->left = true;
			break;
		case '+':
			c->plus = true;
			break;
		case ' ':
			c->blank = true;
			break;
		case '#':
			c->alternate = true;
			break;
		case '0':
			c->zero = true;
			break;
		default:
			return;
		}
}

/* Read digits, or "*" for an argument, into *out, if they are there. */
static int
take_size(struct percent *p, int64_t max, int64_t *out)
{
	const struct trx_value *v;
	int64_t n = 0;
	int digit;

	if (at(p, '*')) {
		skip(p, 1);
		if ((v = next_argument(p)) == NULL)
			return -1;
		if (p->markup || !trx_value_integer(v, out))
			return trx_run_fail(p->run, "* wants int");
		if (*out > max || (max == INT_MAX && *out < INT_MIN))
			return trx_run_fail(
			    p->run, "a size of a format is too big");
		return 0;
	}
	for (; at_digit(p); skip(p, 1)) {
		digit = p->rest.p[0] - '0';
		if (n > (max - digit) / 10)
			return trx_run_fail(
			    p->run, "a size of a format is too big");
		n = n * 10 + digit;
		*out = n;
	}
	return 0;
}

/* Read what follows a '%' into *c. */
static int
take_conversion(struct percent *p, struct conversion *c)
{
	*c = (struct conversion){ .width = -1, .precision = -1 };
	if (at(p, '(') && take_key(p) == -1)
		return -1;
	take_flags(p, c);
	if (at(p, '*')) {
		if (take_size(p, INT64_MAX, &c->width) == -1)
			return -1;
		c->left |= c->width < 0;
		/* The least integer has no negative: it stays below any. */
		if (c->width < 0 && c->width != INT64_MIN)
			c->width = -c->width;
	} else if (take_size(p, INT64_MAX, &c->width) == -1) {
		return -1;
	}
	if (at(p, '.')) {
		skip(p, 1);
		c->precision = 0;
		if (take_size(p, INT_MAX, &c->precision) == -1)
			return -1;
		if (c->precision < 0)
			c->precision = 0;
	}
	if (at(p, 'h') || at(p, 'l') || at(p, 'L'))
		skip(p, 1);
	if (p->rest.n == 0)
		return incomplete(p);
	c->type = trx_unicode_get(p->rest.p);
	skip(p, trx_unicode_width(p->rest.p));
	return 0;
}

/* Append str(v), repr(v) or ascii(v); escaped where the format is Markup. */
static int
add_text(struct percent *p, const struct trx_value *v, uint32_t type,
    struct trx_buf *b)
{
	struct trx_buf repr = TRX_BUF_INIT, escaped = TRX_BUF_INIT;
	struct trx_str s;
	int rc = -1;

	if (type == 's' && p->markup)
		return trx_markup_text(p->run, v, b);
	if (type == 's') {
		if (trx_text_str(p->run, v, &s) == -1)
			return -1;
		trx_buf_adds(b, s);
		return 0;
	}
	if (trx_text_repr(p->run, v, &repr) == 0 &&
	    trx_run_charge(p->run, repr.len / 8) == 0) {
		s = trx_buf_str(&repr);
		if (p->markup) {
			trx_markup_escape(s, &escaped);
			s = trx_buf_str(&escaped);
		}
		if (type == 'a')
			trx_spec_ascii(s, b);
		else
			trx_buf_adds(b, s);
		b->failed |= repr.failed || escaped.failed;
		rc = 0;
	}
	trx_buf_free(&repr);
	trx_buf_free(&escaped);
	return rc;
}

/* Append v as an integer, "0x" or "0o" before digits where asked for. */
static int
add_integer(struct percent *p, const struct trx_value *v,
    const struct conversion *c, struct trx_buf *b)
{
	bool decimal = c->type == 'd' || c->type == 'i' || c->type == 'u';
	struct trx_buf digits = TRX_BUF_INIT;
	struct trx_value n;
	size_t i;
	int rc = -1;

	if ((v->kind == TRX_V_STR && !p->markup) ||
	    (!decimal && (p->markup || v->kind == TRX_V_FLOAT)))
		return trx_run_fail(p->run,
		    "%%%c format: %s is required, not %s", (char)c->type,
		    decimal ? "a real number" : "an integer",
		    trx_value_type(v));
	if (trx_numeral_int(p->run, v, &n) == -1)
		return -1;
	if (trx_number_digits(p->run, &n,
		decimal		 ? 10
		: c->type == 'o' ? 8
				 : 16,
		&digits) == -1)
		goto end;
	if (trx_number_negative(&n))
		trx_buf_addc(b, '-');
	if (c->alternate && !decimal)
		trx_buf_addz(b, c->type == 'o' ? "0o" : "0x");
	if (trx_spec_fill(p->run, '0', c->precision - (int64_t)digits.len, b) ==
	    -1)
		goto end;
	trx_buf_adds(b, trx_buf_str(&digits));
	for (i = 0; c->type == 'X' && i < b->len; i++)
		if (b->data[i] >= 'a')
			b->data[i] += 'A' - 'a';
	b->failed |= digits.failed;
	rc = 0;
end:
	trx_buf_free(&digits);
	return rc;
}

static int
add_real(struct percent *p, const struct trx_value *v,
    const struct conversion *c, struct trx_buf *b)
{
	double d;

	if (v->kind == TRX_V_STR && !p->markup)
		return trx_run_fail(
		    p->run, "must be real number, not %s", trx_value_type(v));
	if (trx_numeral_float(p->run, v, &d) == -1)
		return -1;
	return trx_real_text(p->run, d, (char)c->type,
	    c->precision < 0 ? 6 : c->precision,
	    c->alternate ? TRX_REAL_ALTERNATE : 0, b);
}

static int
add_char(struct percent *p, const struct trx_value *v, struct trx_buf *b)
{
	if (!p->markup && v->kind == TRX_V_STR && v->u.str.n != 0 &&
	    trx_unicode_width(v->u.str.p) == v->u.str.n) {
		trx_buf_adds(b, v->u.str);
		return 0;
	}
	if (p->markup || (v->kind != TRX_V_INT && v->kind != TRX_V_BOOL &&
			     v->kind != TRX_V_BIG))
		return trx_run_fail(p->run, "%%c requires int or char");
	return trx_spec_char(p->run, v, b);
}

/* Append the text s of a conversion that is no number, cut and padded. */
static int
pad_text(struct percent *p, const struct conversion *c, struct trx_str s)
{
	int64_t n, pad;

	if (trx_run_charge(p->run, s.n / 32) == -1)
		return -1;
	n = (int64_t)trx_unicode_length(s);
	if (c->type != 'c' && c->precision >= 0 && n > c->precision) {
		n = c->precision;
		s.n = trx_unicode_offset(s, (size_t)n);
	}
	pad = c->width > n ? c->width - n : 0;
	if (!c->left && trx_spec_fill(p->run, ' ', pad, &p->b) == -1)
		return -1;
	trx_buf_adds(&p->b, s);
	return c->left ? trx_spec_fill(p->run, ' ', pad, &p->b) : 0;
}

/* Append the number s, with a sign and zeros or spaces where asked for. */
static int
pad_number(struct percent *p, const struct conversion *c, struct trx_str s)
{
	bool signs = s.n != 0 && s.p[0] == '-';
	char sign = signs ? '-' : c->plus ? '+' : c->blank ? ' ' : 0;
	struct trx_str prefix = { .p = s.p + signs, .n = 0 };
	int64_t pad, used;

	if (c->alternate &&
	    (c->type == 'x' || c->type == 'X' || c->type == 'o'))
		prefix.n = 2;
	s.p += signs + prefix.n;
	s.n -= signs + prefix.n;
	used = (int64_t)(s.n + prefix.n) + (sign != 0);
	pad = c->width > used ? c->width - used : 0;
	if (!c->left && !c->zero &&
	    trx_spec_fill(p->run, ' ', pad, &p->b) == -1)
		return -1;
	if (sign != 0)
		trx_buf_addc(&p->b, sign);
	trx_buf_adds(&p->b, prefix);
	if (!c->left && c->zero && trx_spec_fill(p->run, '0', pad, &p->b) == -1)
		return -1;
	trx_buf_adds(&p->b, s);
	return c->left ? trx_spec_fill(p->run, ' ', pad, &p->b) : 0;
}

static bool
is_one_of(const struct conversion *c, const char *types)
{
	return c->type != 0 && c->type < 0x80 &&
	       strchr(types, (int)c->type) != NULL;
}

/* Append the next argument by a conversion. */
static int
convert(struct percent *p, const struct conversion *c)
{
	const struct trx_value *v = next_argument(p);
	struct trx_buf text = TRX_BUF_INIT;
	bool number = true;
	int rc;

	if (v == NULL)
		return -1;
	if (is_one_of(c, "diuoxX")) {
		rc = add_integer(p, v, c, &text);
	} else if (is_one_of(c, "eEfFgG")) {
		rc = add_real(p, v, c, &text);
	} else if (is_one_of(c, "srac")) {
		number = false;
		rc = c->type == 'c' ? add_char(p, v, &text)
				    : add_text(p, v, c->type, &text);
	} else {
		rc = trx_run_fail(p->run,
		    "unsupported format character '%c' (0x%x)",
		    c->type > 31 && c->type < 127 ? (char)c->type : '?',
		    (unsigned)c->type);
	}
	if (rc == 0)
		rc = number ? pad_number(p, c, trx_buf_str(&text))
			    : pad_text(p, c, trx_buf_str(&text));
	p->b.failed |= text.failed;
	trx_buf_free(&text);
	return rc;
}

static int
format_all(struct percent *p)
{
	struct conversion c;
	const char *found;
	size_t n;

	while (p->rest.n != 0) {
		found = memchr(p->rest.p, '%', p->rest.n);
		n = found == NULL ? p->rest.n : (size_t)(found - p->rest.p);
		trx_buf_add(&p->b, p->rest.p, n);
		skip(p, n);
		if (trx_run_charge(p->run, 1 + n / 64) == -1)
			return -1;
		if (found == NULL)
			break;
		skip(p, 1);
		if (at(p, '%')) {
			trx_buf_addc(&p->b, '%');
			skip(p, 1);
			continue;
		}
		if (take_conversion(p, &c) == -1 || convert(p, &c) == -1)
			return -1;
		if (p->b.len > TRX_TEMPLATE_OUTPUT)
			return trx_run_fail(
			    p->run, "the template takes too much memory");
	}
	if (p->nargs != 0 && p->mapping == NULL)
		return trx_run_fail(p->run,
		    "not all arguments converted during string formatting");
	return 0;
}

/* Has v a type with items by key or index, beside str and tuple? */
static bool
is_mapping(const struct trx_value *v)
{
	return v->kind == TRX_V_DICT || v->kind == TRX_V_LIST ||
	       v->kind == TRX_V_RANGE || v->kind == TRX_V_UNDEFINED;
}

int
trx_percent(struct trx_run *run, const struct trx_value *format,
    const struct trx_value *args, struct trx_value *out)
{
	bool tuple = args->kind == TRX_V_TUPLE, markup = format->safe;
	struct percent p = {
		.run = run,
		.rest = format->u.str,
		.markup = markup,
		.mapping = is_mapping(args) ? args : NULL,
		.args = tuple ? args->u.seq.at : args,
		.nargs = tuple ? args->u.seq.n : 1,
	};

	if (format_all(&p) == -1) {
		trx_buf_free(&p.b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = markup;
	return trx_run_take(run, &p.b, &out->u.str);
}
