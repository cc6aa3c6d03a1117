#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/bytes.h"
#include "common/template/eval.h"
#include "common/template/loop.h"
#include "common/template/markup_methods.h"
#include "common/template/number.h"
#include "common/template/range.h"
#include "common/template/text.h"

/* Make the last digit of d.ddde+dd one more; false where all are nines. */
static bool
step_up(char *text)
{
	char *p = strchr(text, 'e') - 1;

	for (; p >= text; p--) {
		if (*p == '.')
			continue;
		if (*p != '9') {
			++*p;
			return true;
		}
		*p = '0';
	}
	return false;
}

/*
 * The fewest digits of d >= 0 that read back as it, and its decimal exponent.
 * The 15 digits that a double surely holds are tried first: fewer show as
 * zeros at their end.  Those below the normal floats hold less.  Above a power
 * of two the next float is twice as far as the one below it: there digits that
 * are not the nearest may do.
 */
static int
shortest(double d, char digits[20], int *exponent)
{
	int precision = d < DBL_MIN ? 0 : DBL_DIG - 1, n = 0;
	bool power = frexp(d, &(int){ 0 }) == 0.5;
	char text[40];
	const char *p;

	for (; precision < DBL_DECIMAL_DIG; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, d);
		if (strtod(text, NULL) == d ||
		    (power && step_up(text) && strtod(text, NULL) == d))
			break;
	}
	for (p = text; *p != 'e'; p++)
		if (*p != '.')
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	*exponent = atoi(p + 1);
	return n;
}

/* Digits in plain notation; 16 >= exponent >= -4. */
static size_t
plain_float(const char *digits, int n, int exponent, char *to)
{
	char *p = to;
	int i;

	if (exponent < 0) {
		*p++ = '0';
		*p++ = '.';
		for (i = -1; i > exponent; i--)
			*p++ = '0';
		memcpy(p, digits, (size_t)n);
		return (size_t)(p + n - to);
	}
	for (i = 0; i < n || i <= exponent; i++) {
		if (i == exponent + 1)
			*p++ = '.';
		*p++ = i < n ? digits[i] : '0';
	}
	if (i == exponent + 1) {
		*p++ = '.';
		*p++ = '0';
	}
	return (size_t)(p - to);
}

size_t
trx_text_float(double d, char text[TRX_TEXT_NUMBER])
{
	char digits[20] = "", *p = text;
	int n, exponent;

	if (isnan(d))
		return (size_t)sprintf(text, "nan");
	if (signbit(d))
		*p++ = '-';
	if (isinf(d))
		return (size_t)(p + sprintf(p, "inf") - text);
	n = shortest(fabs(d), digits, &exponent);
	if (exponent >= -4 && exponent < 16)
		return (size_t)(p - text) + plain_float(digits, n, exponent, p);
	*p++ = digits[0];
	if (n > 1) {
		*p++ = '.';
		memcpy(p, digits + 1, (size_t)n - 1);
		p += n - 1;
	}
	p += sprintf(p, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
	return (size_t)(p - text);
}

/* The text of a number, None or bool; .p is NULL where v is none of them. */
static struct trx_str
scalar(const struct trx_value *v, char text[TRX_TEXT_NUMBER])
{
	size_t n;

	switch ((enum trx_kind)v->kind) {
	case TRX_V_NONE:
		return TRX_STR("None");
	case TRX_V_BOOL:
		return v->u.boolean ? TRX_STR("True") : TRX_STR("False");
	case TRX_V_INT:
		n = (size_t)sprintf(text, "%" PRId64, v->u.integer);
		return (struct trx_str){ .p = text, .n = n };
	case TRX_V_FLOAT:
		n = trx_text_float(v->u.real, text);
		return (struct trx_str){ .p = text, .n = n };
	default:
		return (struct trx_str){ .p = NULL, .n = 0 };
	}
}

/* The digits of an integer outside int64; .p is NULL for what is none. */
static int
big_digits(struct trx_run *run, const struct trx_value *v, struct trx_str *out)
{
	*out = (struct trx_str){ NULL, 0 };
	if (v->kind != TRX_V_BIG)
		return 0;
	if (v->u.str.n > TRX_NUMBER_PRINTED + (v->u.str.p[0] == '-'))
		return trx_run_fail(run,
		    "Exceeds the limit (%d digits) for integer string "
		    "conversion",
		    TRX_NUMBER_PRINTED);
	*out = v->u.str;
	return 0;
}

static void
repr_char(uint32_t cp, char quote, struct trx_buf *b)
{
	char utf8[4];

	if (cp == (unsigned char)quote || cp == '\\')
		trx_buf_addf(b, "\\%c", (char)cp);
	else if (cp == '\n')
		trx_buf_addz(b, "\\n");
	else if (cp == '\r')
		trx_buf_addz(b, "\\r");
	else if (cp == '\t')
		trx_buf_addz(b, "\\t");
	else if (trx_unicode_printable(cp))
		trx_buf_add(b, utf8, trx_unicode_put(utf8, cp));
	else if (cp < 0x100)
		trx_buf_addf(b, "\\x%02x", (unsigned)cp);
	else if (cp < 0x10000)
		trx_buf_addf(b, "\\u%04x", (unsigned)cp);
	else
		trx_buf_addf(b, "\\U%08x", (unsigned)cp);
}

static void
repr_str(struct trx_str s, struct trx_buf *b)
{
	bool single = s.n != 0 && memchr(s.p, '\'', s.n) != NULL;
	bool both = single && memchr(s.p, '"', s.n) != NULL;
	char quote = single && !both ? '"' : '\'';
	size_t i;

	trx_buf_addc(b, quote);
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i))
		repr_char(trx_unicode_get(s.p + i), quote, b);
	trx_buf_addc(b, quote);
}

static int
repr_items(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	size_t i;

	trx_buf_addc(b, v->kind == TRX_V_LIST ? '[' : '(');
	for (i = 0; i < v->u.seq.n; i++) {
		if (i != 0)
			trx_buf_addz(b, ", ");
		if (trx_text_repr(run, &v->u.seq.at[i], b) == -1)
			return -1;
	}
	if (v->kind == TRX_V_TUPLE && v->u.seq.n == 1)
		trx_buf_addc(b, ',');
	trx_buf_addc(b, v->kind == TRX_V_LIST ? ']' : ')');
	return 0;
}

static int
repr_dict(struct trx_run *run, const struct trx_dict *d, struct trx_buf *b)
{
	size_t i;

	trx_buf_addc(b, '{');
	for (i = 0; i < d->n; i++) {
		if (i != 0)
			trx_buf_addz(b, ", ");
		if (trx_text_repr(run, &d->pairs[i].key, b) == -1)
			return -1;
		trx_buf_addz(b, ": ");
		if (trx_text_repr(run, &d->pairs[i].value, b) == -1)
			return -1;
	}
	trx_buf_addc(b, '}');
	return 0;
}

/* dict_keys([...]) and the like. */
static int
repr_view(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_value list;

	if (trx_iter_list(run, v, &list) == -1)
		return -1;
	trx_buf_addf(b, "%s(", trx_value_type(v));
	if (repr_items(run, &list, b) == -1)
		return -1;
	trx_buf_addc(b, ')');
	return 0;
}

static int
repr_loop(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	struct trx_value length;

	if (trx_loop_attr(run, v->u.loop, TRX_LOOP_LENGTH, &length) == -1)
		return -1;
	trx_buf_addf(b, "<LoopContext %" PRId64 "/%" PRId64 ">",
	    v->u.loop->index0 + 1, length.u.integer);
	return 0;
}

static void
repr_macro(const struct trx_node *macro, struct trx_buf *b)
{
	if (macro->op != 0) {
		trx_buf_addz(b, "<Macro anonymous>");
		return;
	}
	trx_buf_addz(b, "<Macro ");
	repr_str(macro->name, b);
	trx_buf_addc(b, '>');
}

/* Of a global: only classes print no address. */
static int
repr_function(
    struct trx_run *run, const struct trx_function *function, struct trx_buf *b)
{
	static const struct {
		const char *name;
		const char *text;
	} classes[] = {
		{ "namespace", "<class 'jinja2.utils.Namespace'>" },
		{ "dict", "<class 'dict'>" },
		{ "cycler", "<class 'jinja2.utils.Cycler'>" },
		{ "joiner", "<class 'jinja2.utils.Joiner'>" },
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strcmp(function->name, classes[i].name) == 0) {
			trx_buf_addz(b, classes[i].text);
			return 0;
		}
	return trx_run_fail(run, "the text of a function cannot be known");
}

static int
repr_nested(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	int rc;

	switch ((enum trx_kind)v->kind) {
	case TRX_V_LIST:
	case TRX_V_TUPLE:
		return repr_items(run, v, b);
	case TRX_V_BYTES:
		trx_bytes_repr(v, b);
		return trx_run_charge(run, v->u.seq.n / 4);
	case TRX_V_DICT:
		return repr_dict(run, v->u.dict, b);
	case TRX_V_NAMESPACE:
		trx_buf_addz(b, "<Namespace ");
		if (repr_dict(run, v->u.dict, b) == -1)
			return -1;
		trx_buf_addc(b, '>');
		return 0;
	case TRX_V_KEYS:
	case TRX_V_VALUES:
	case TRX_V_ITEMS:
		return repr_view(run, v, b);
	case TRX_V_LOOP:
		return repr_loop(run, v, b);
	case TRX_V_MACRO:
		repr_macro(v->u.macro->node, b);
		return 0;
	case TRX_V_SELF:
		trx_buf_addz(b, "<TemplateReference None>");
		return 0;
	case TRX_V_FUNCTION:
		return repr_function(run, v->u.function, b);
	case TRX_V_METHOD:
		if ((rc = trx_markup_repr_method(run, v->u.bound, b)) != 0)
			return rc == 1 ? 0 : -1;
		break;
	default:
		break;
	}
	return trx_run_fail(
	    run, "the text of a %s cannot be known", trx_value_type(v));
}

int
trx_text_repr(struct trx_run *run, const struct trx_value *v, struct trx_buf *b)
{
	char text[TRX_TEXT_NUMBER];
	struct trx_str s;
	int rc;

	if (trx_run_charge(run, 1) == -1)
		return -1;
	if (b->len > TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template writes too much");
	if (v->kind == TRX_V_STR) {
		if (trx_run_charge(run, v->u.str.n / 8) == -1)
			return -1;
		if (v->safe)
			trx_buf_addz(b, "Markup(");
		repr_str(v->u.str, b);
		if (v->safe)
			trx_buf_addc(b, ')');
		return 0;
	}
	if (big_digits(run, v, &s) == -1)
		return -1;
	if (s.p != NULL || (s = scalar(v, text)).p != NULL) {
		trx_buf_adds(b, s);
		return 0;
	}
	if (v->kind == TRX_V_UNDEFINED) {
		trx_buf_addz(b, "Undefined");
		return 0;
	}
	if (v->kind == TRX_V_RANGE) {
		return trx_range_repr(run, v->u.range, b);
	}
	if (trx_run_enter(run) == -1)
		return -1;
	rc = repr_nested(run, v, b);
	trx_run_leave(run);
	return rc;
}

int
trx_text_str_other(
    struct trx_run *run, const struct trx_value *v, struct trx_str *out)
{
	struct trx_buf b = TRX_BUF_INIT;
	char text[TRX_TEXT_NUMBER];
	struct trx_str s;

	if (v->kind == TRX_V_UNDEFINED) {
		*out = TRX_STR("");
		return 0;
	}
	if (big_digits(run, v, &s) == -1)
		return -1;
	if (s.p != NULL || (s = scalar(v, text)).p != NULL) {
		*out = s.p == text ? trx_run_copy(run, s) : s;
		return out->p == NULL ? -1 : 0;
	}
	if (trx_text_repr(run, v, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	return trx_run_take(run, &b, out);
}
