#include <stdio.h>

#include "common/template/format.h"
#include "common/template/markup.h"
#include "common/template/object.h"
#include "common/template/spec.h"
#include "common/template/text.h"
#include "common/template/unicode.h"

#define LEVELS 2 /* fields in specifications of fields */
#define MANUAL (-1)

struct formatter {
	struct trx_run *run;
	const struct trx_call *call;	 /* its arguments are the values */
	const struct trx_value *mapping; /* of format_map, else NULL */
	bool markup;			 /* values are to be escaped */
	int64_t next; /* the field without a name that comes next, or MANUAL */
};

/* {name!conversion:spec} */
struct field {
	struct trx_str name;
	struct trx_str spec;
	uint32_t conversion; /* 0: none */
};

static int
error(struct formatter *f, const char *what)
{
	return trx_run_fail(f->run, "%s in format string", what);
}

static struct trx_str
between(struct trx_str s, size_t from, size_t to)
{
	return (struct trx_str){ .p = s.p + from, .n = to - from };
}

/* Where c next is in s from i on; s.n if nowhere. */
static size_t
find(struct trx_str s, size_t i, char c)
{
	const char *p = i < s.n ? memchr(s.p + i, c, s.n - i) : NULL;

	return p == NULL ? s.n : (size_t)(p - s.p);
}

/* Read the specification that begins at *at and ends with the field. */
static int
parse_spec(
    struct formatter *f, struct trx_str s, size_t *at, struct field *field)
{
	size_t i, open = 1;

	for (i = *at; i < s.n; i++) {
		open += s.p[i] == '{';
		open -= s.p[i] == '}';
		if (open == 0) {
			field->spec = between(s, *at, i);
			*at = i + 1;
			return 0;
		}
	}
	return error(f, "unmatched '{' in format spec");
}

/* Read the field of s whose '{' is before *at; *at is then after its '}'. */
static int
parse_field(
    struct formatter *f, struct trx_str s, size_t *at, struct field *field)
{
	size_t i = *at;

	*field = (struct field){ .spec = TRX_STR("") };
	while (i < s.n && strchr("{}:!", s.p[i]) == NULL)
		i = s.p[i] == '[' ? find(s, i + 1, ']') : i + 1;
	if (i >= s.n)
		return error(f, "expected '}' before end of string");
	if (s.p[i] == '{')
		return error(f, "unexpected '{' in field name");
	field->name = between(s, *at, i);
	*at = i + 1;
	if (s.p[i] == '}')
		return 0;
	if (s.p[i] == '!') {
		if (*at >= s.n)
			return error(f, "no conversion after '!'");
		field->conversion = trx_unicode_get(s.p + *at);
		*at += trx_unicode_width(s.p + *at);
		if (*at < s.n) {
			(*at)++;
			if (s.p[*at - 1] == '}')
				return 0;
			if (s.p[*at - 1] != ':')
				return error(f,
				    "expected ':' after conversion specifier");
		}
	}
	return parse_spec(f, s, at, field);
}

/* *out is the number that all of s is, or -1 if it is none. */
static int
number(struct formatter *f, struct trx_str s, int64_t *out)
{
	int64_t n = 0;
	size_t i;
	int digit;

	*out = -1;
	for (i = 0; i < s.n; i += trx_unicode_width(s.p + i)) {
		if ((digit = trx_unicode_decimal(trx_unicode_get(s.p + i))) ==
		    -1)
			return 0;
		if (n > (INT64_MAX - digit) / 10)
			return error(f, "Too many decimal digits");
		n = n * 10 + digit;
	}
	if (s.n != 0)
		*out = n;
	return 0;
}

/* The value that the first part of a field's name means. */
static int
get_value(struct formatter *f, struct trx_str name, struct trx_value *out)
{
	const struct trx_value *mapping = f->mapping, *found = NULL;
	const struct trx_call *call = f->call;
	size_t nargs = mapping == NULL ? call->nargs : 0, i;
	int64_t index;

	if (number(f, name, &index) == -1 ||
	    trx_run_charge(f->run, call->nkw / 8) == -1)
		return -1;
	if (index >= 0 && (uint64_t)index >= nargs)
		return trx_run_fail(f->run,
		    "Replacement index out of range for positional args");
	if (index >= 0) {
		found = &call->args[index];
	} else if (mapping == NULL) {
		for (i = 0; found == NULL && i < call->nkw; i++)
			if (trx_str_equal(call->kw[i].name, name))
				found = &call->kw[i].value;
	} else if (mapping->kind == TRX_V_UNDEFINED) {
		return trx_value_fail_undefined(f->run, mapping);
	} else if (mapping->kind == TRX_V_DICT) {
		found = trx_dict_get_str(f->run, mapping->u.dict, name);
	} else {
		return trx_run_fail(f->run, "%s has no item by a name",
		    trx_value_type(mapping));
	}
	if (found == NULL)
		return trx_run_fail(f->run, "no value '%.*s' for a format",
		    (int)(name.n > 300 ? 300 : name.n), name.p);
	*out = *found;
	return 0;
}

/* Replace *v by its attribute or item that begins at name[*at]. */
static int
step_into(
    struct formatter *f, struct trx_str name, size_t *at, struct trx_value *v)
{
	struct trx_value from = *v, key;
	bool attribute = name.p[*at] == '.';
	size_t start = *at + 1, end;
	struct trx_str part;
	int64_t index;

	if (!attribute && name.p[*at] != '[')
		return error(f, "Only '.' or '[' may follow ']'");
	if (attribute) {
		for (end = start; end < name.n; end++)
			if (name.p[end] == '.' || name.p[end] == '[')
				break;
		*at = end;
	} else {
		end = find(name, start, ']');
		if (end == name.n)
			return error(f, "Missing ']'");
		*at = end + 1;
	}
	part = between(name, start, end);
	if (part.n == 0)
		return error(f, "Empty attribute");
	if (attribute)
		return trx_object_attr(
		    f->run, &from, part, trx_method_find(part), v);
	if (number(f, part, &index) == -1)
		return -1;
	key = index == -1 ? trx_value_str(part) : trx_value_int(index);
	return trx_object_item(f->run, &from, &key, v);
}

/* Note whether fields are numbered by hand; *name may get its number. */
static int
settle_name(
    struct formatter *f, char text[TRX_TEXT_NUMBER], struct trx_str *name)
{
	size_t i;

	if (name->n == 0 && f->next != MANUAL) {
		name->n = (size_t)snprintf(
		    text, TRX_TEXT_NUMBER, "%lld", (long long)f->next++);
		name->p = text;
		return 0;
	}
	for (i = 0; i < name->n; i += trx_unicode_width(name->p + i))
		if (!trx_unicode_is(
			trx_unicode_get(name->p + i), TRX_UNICODE_DIGIT))
			return 0;
	if (name->n == 0 || f->next > 0)
		return trx_run_fail(f->run,
		    "cannot switch between manual field specification and "
		    "automatic field numbering");
	f->next = MANUAL;
	return 0;
}

static int
get_field(struct formatter *f, struct trx_str name, struct trx_value *out)
{
	char text[TRX_TEXT_NUMBER];
	size_t at;

	if (settle_name(f, text, &name) == -1)
		return -1;
	for (at = 0; at < name.n; at++)
		if (name.p[at] == '.' || name.p[at] == '[')
			break;
	if (get_value(f, between(name, 0, at), out) == -1)
		return -1;
	while (at < name.n)
		if (step_into(f, name, &at, out) == -1)
			return -1;
	return 0;
}

/* str(), repr() or ascii() of *v, as its conversion says, into *v. */
static int
convert(struct formatter *f, uint32_t conversion, struct trx_value *v)
{
	struct trx_buf b = TRX_BUF_INIT, ascii = TRX_BUF_INIT;
	struct trx_str s;

	if (conversion == 0)
		return 0;
	if (conversion != 's' && conversion != 'r' && conversion != 'a')
		return trx_run_fail(f->run, "Unknown conversion specifier");
	if (conversion == 's') {
		if (trx_text_str(f->run, v, &s) == -1)
			return -1;
		*v = trx_value_str(s);
		return 0;
	}
	if (trx_text_repr(f->run, v, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	if (conversion == 'a') {
		trx_spec_ascii(trx_buf_str(&b), &ascii);
		ascii.failed |= b.failed;
		trx_buf_free(&b);
		b = ascii;
	}
	*v = trx_value_str(TRX_STR(""));
	return trx_run_take(f->run, &b, &v->u.str);
}

static int
format_field(struct formatter *f, const struct trx_value *v,
    struct trx_str spec, struct trx_buf *b)
{
	struct trx_buf text = TRX_BUF_INIT;
	int rc;

	if (!f->markup)
		return trx_spec_format(f->run, v, spec, b);
	if (spec.n == 0)
		return trx_markup_text(f->run, v, b);
	if (v->safe)
		return trx_run_fail(
		    f->run, "Unsupported format specification for Markup.");
	if ((rc = trx_spec_format(f->run, v, spec, &text)) == 0)
		trx_markup_escape(trx_buf_str(&text), b);
	b->failed |= text.failed;
	trx_buf_free(&text);
	return rc;
}

static int expand(
    struct formatter *f, struct trx_str s, int levels, struct trx_buf *b);

/* Append a field's value; its specification may hold fields too. */
static int
expand_field(struct formatter *f, const struct field *field, int levels,
    struct trx_buf *b)
{
	struct trx_buf spec = TRX_BUF_INIT;
	struct trx_value v;
	int rc;

	if (get_field(f, field->name, &v) == -1 ||
	    convert(f, field->conversion, &v) == -1)
		return -1;
	rc = expand(f, field->spec, levels - 1, &spec);
	if (rc == 0)
		rc = format_field(f, &v, trx_buf_str(&spec), b);
	b->failed |= spec.failed;
	trx_buf_free(&spec);
	return rc;
}

/* Append s with its fields replaced by their values. */
static int
expand(struct formatter *f, struct trx_str s, int levels, struct trx_buf *b)
{
	struct field field;
	size_t at = 0, from;

	if (levels < 0)
		return trx_run_fail(f->run, "Max string recursion exceeded");
	if (trx_run_charge(f->run, s.n / 16) == -1)
		return -1;
	while (at < s.n) {
		from = at;
		while (at < s.n && s.p[at] != '{' && s.p[at] != '}')
			at++;
		trx_buf_adds(b, between(s, from, at));
		if (at == s.n)
			break;
		from = at++;
		if (at < s.n && s.p[at] == s.p[from]) {
			trx_buf_addc(b, s.p[at++]);
			continue;
		}
		if (s.p[from] == '}' || at == s.n)
			return trx_run_fail(f->run,
			    "Single '%c' encountered in format string",
			    s.p[from]);
		if (trx_run_charge(f->run, 1) == -1 ||
		    parse_field(f, s, &at, &field) == -1 ||
		    expand_field(f, &field, levels, b) == -1)
			return -1;
		if (b->len > TRX_TEMPLATE_OUTPUT)
			return trx_run_fail(
			    f->run, "the template takes too much memory");
	}
	return 0;
}

static int
run_format(struct trx_run *run, const struct trx_call *call,
    const struct trx_value *mapping, struct trx_value *out)
{
	struct formatter f = {
		.run = run,
		.call = call,
		.mapping = mapping,
		.markup = call->self.safe,
	};
	struct trx_buf b = TRX_BUF_INIT;

	if (expand(&f, call->self.u.str, LEVELS, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	out->safe = f.markup;
	return trx_run_take(run, &b, &out->u.str);
}

int
trx_format(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	return run_format(run, call, NULL, out);
}

int
trx_format_map(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	if (call->nkw != 0)
		return trx_run_fail(
		    run, "format_map() takes no keyword arguments");
	if (call->nargs != 1)
		return trx_run_fail(run,
		    "format_map() takes exactly one argument (%zu given)",
		    call->nargs);
	return run_format(run, call, &call->args[0], out);
}
