#include <string.h>

#include "common/template/iter.h"
#include "common/template/methods_str.h"
#include "common/template/strings.h"
#include "common/template/text.h"
#include "common/template/trace.h"
#include "common/template/unicode.h"

#define METHOD(name) \
	int trx_method_str_##name(struct trx_run *run, \
	    const struct trx_call *call, struct trx_value *out)

static int
strip(struct trx_run *run, const struct trx_call *call, bool left, bool right,
    struct trx_value *out)
{
	static const char *const names[] = { "*chars" };
	struct trx_value chars;
	struct trx_str set;
	bool given;

	if (trx_call_bind(run, call, names, 1, 0, &chars) == -1)
		return -1;
	given = trx_call_given(&chars);
	if (given && trx_call_str(run, call, &chars, &set) == -1)
		return -1;
	*out = trx_value_str(trx_strings_strip(
	    call->self.u.str, given ? &set : NULL, left, right));
	return 0;
}

METHOD(strip)
{
	return strip(run, call, true, true, out);
}

METHOD(lstrip)
{
	return strip(run, call, true, false, out);
}

METHOD(rstrip)
{
	return strip(run, call, false, true, out);
}

static int
split(struct trx_run *run, const struct trx_call *call, bool from_right,
    struct trx_value *out)
{
	static const char *const names[] = { "sep", "maxsplit" };
	struct trx_value args[2];
	struct trx_str sep;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 2, 0, args) == -1)
		return -1;
	if (trx_call_given(&args[0]) &&
	    trx_call_str(run, call, &args[0], &sep) == -1)
		return -1;
	if (args[1].kind != TRX_V_MISSING &&
	    trx_call_int(run, &args[1], &limit) == -1)
		return -1;
	return trx_strings_split(run, call->self.u.str,
	    trx_call_given(&args[0]) ? &sep : NULL, limit, from_right, out);
}

METHOD(split)
{
	return split(run, call, false, out);
}

METHOD(rsplit)
{
	return split(run, call, true, out);
}

/* The part of the string that optional bounds leave. */
struct window {
	struct trx_str text;
	int64_t start; /* in code points */
	bool none;     /* the bounds leave nothing, not even a gap */
};

/* A bound: code points from the start, clipped as Python does. */
static int
bound(struct trx_run *run, const struct trx_value *v, int64_t n,
    int64_t missing, int64_t *out)
{
	*out = missing;
	if (!trx_call_given(v))
		return 0;
	if (v->kind == TRX_V_BIG) {
		*out = v->u.str.p[0] == '-' ? 0 : INT64_MAX;
		return 0;
	}
	if (trx_call_int(run, v, out) == -1)
		return -1;
	if (*out < 0)
		*out = *out + n < 0 ? 0 : *out + n;
	return 0;
}

/* The window that arguments 1 and 2 of a search say. */
static int
open_window(struct trx_run *run, const struct trx_call *call,
    const struct trx_value args[3], struct window *w)
{
	int64_t n, end;

	*w = (struct window){ .text = call->self.u.str };
	if (args[1].kind == TRX_V_MISSING && args[2].kind == TRX_V_MISSING)
		return 0;
	n = (int64_t)trx_unicode_length(w->text);
	if (trx_run_charge(run, w->text.n / 16) == -1 ||
	    bound(run, &args[1], n, 0, &w->start) == -1 ||
	    bound(run, &args[2], n, n, &end) == -1)
		return -1;
	end = end > n ? n : end;
	if ((w->none = w->start > end))
		return 0;
	w->text.n = trx_unicode_offset(w->text, (size_t)end);
	n = (int64_t)trx_unicode_offset(w->text, (size_t)w->start);
	w->text.p += n;
	w->text.n -= (size_t)n;
	return 0;
}

/* Does s begin (end) with what v is: a str, or a tuple of them?  1, 0, -1. */
static int
has_affix(struct trx_run *run, const struct trx_call *call,
    const struct window *w, const struct trx_value *v, bool end)
{
	struct trx_str s = w->text, affix;
	size_t i;
	int rc = 0;

	if (v->kind == TRX_V_TUPLE) {
		for (i = 0; rc == 0 && i < v->u.seq.n; i++)
			rc =
			    v->u.seq.at[i].kind == TRX_V_TUPLE
				? trx_run_fail(run, "%s() needs a tuple of str",
				      call->name)
				: has_affix(run, call, w, &v->u.seq.at[i], end);
		return rc;
	}
	if (trx_call_str(run, call, v, &affix) == -1)
		return -1;
	return !w->none && affix.n <= s.n &&
	       (affix.n == 0 || memcmp(s.p + (end ? s.n - affix.n : 0), affix.p,
				    affix.n) == 0);
}

static int
affix(struct trx_run *run, const struct trx_call *call, bool end,
    struct trx_value *out)
{
	static const char *const names[] = { "*prefix", "*start", "*end" };
	struct trx_value args[3];
	struct window w;
	int rc;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    open_window(run, call, args, &w) == -1 ||
	    (rc = has_affix(run, call, &w, &args[0], end)) == -1)
		return -1;
	*out = trx_value_bool(rc == 1);
	return 0;
}

METHOD(startswith)
{
	return affix(run, call, false, out);
}

METHOD(endswith)
{
	return affix(run, call, true, out);
}

METHOD(replace)
{
	static const char *const names[] = { "*old", "*new", "*count" };
	struct trx_value args[3];
	struct trx_str from, to;
	int64_t limit = -1;

	if (trx_call_bind(run, call, names, 3, 2, args) == -1 ||
	    trx_call_str(run, call, &args[0], &from) == -1 ||
	    trx_call_str(run, call, &args[1], &to) == -1)
		return -1;
	if (args[2].kind != TRX_V_MISSING &&
	    trx_call_int(run, &args[2], &limit) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_replace(
	    run, call->self.u.str, from, to, limit, &out->u.str);
}

static int
change_case(struct trx_run *run, const struct trx_call *call,
    enum trx_strings_case which, struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_case(run, call->self.u.str, which, &out->u.str);
}

METHOD(upper)
{
	return change_case(run, call, TRX_STRINGS_UPPER, out);
}

METHOD(lower)
{
	return change_case(run, call, TRX_STRINGS_LOWER, out);
}

METHOD(capitalize)
{
	return change_case(run, call, TRX_STRINGS_CAPITALIZE, out);
}

METHOD(title)
{
	return change_case(run, call, TRX_STRINGS_TITLE, out);
}

METHOD(swapcase)
{
	return change_case(run, call, TRX_STRINGS_SWAP, out);
}

METHOD(casefold)
{
	return change_case(run, call, TRX_STRINGS_FOLD, out);
}

/* Where the argument is found, in code points; -1 if nowhere. */
static int
find(struct trx_run *run, const struct trx_call *call, bool last, bool must,
    struct trx_value *out)
{
	static const char *const names[] = { "*sub", "*start", "*end" };
	struct trx_value args[3];
	struct trx_str part, s;
	struct window w;
	int64_t at = -1;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    trx_call_str(run, call, &args[0], &part) == -1 ||
	    open_window(run, call, args, &w) == -1 ||
	    trx_run_charge(run, w.text.n / 16) == -1)
		return -1;
	if (!w.none)
		at = trx_strings_find(w.text, part, last);
	if (at != -1) {
		s = (struct trx_str){ w.text.p, (size_t)at };
		at = w.start + (int64_t)trx_unicode_length(s);
	} else if (must) {
		return trx_run_fail(run, "substring not found");
	}
	*out = trx_value_int(at);
	return 0;
}

METHOD(find)
{
	return find(run, call, false, false, out);
}

METHOD(rfind)
{
	return find(run, call, true, false, out);
}

METHOD(index)
{
	return find(run, call, false, true, out);
}

METHOD(rindex)
{
	return find(run, call, true, true, out);
}

METHOD(count)
{
	static const char *const names[] = { "*sub", "*start", "*end" };
	struct trx_value args[3];
	struct trx_str part;
	struct window w;
	int64_t at, n = 0;

	if (trx_call_bind(run, call, names, 3, 1, args) == -1 ||
	    trx_call_str(run, call, &args[0], &part) == -1 ||
	    open_window(run, call, args, &w) == -1 ||
	    trx_run_charge(run, w.text.n / 8) == -1)
		return -1;
	if (!w.none && part.n == 0)
		n = (int64_t)trx_unicode_length(w.text) + 1;
	while (!w.none && part.n != 0 &&
	       (at = trx_strings_find(w.text, part, false)) != -1) {
		w.text.p += (size_t)at + part.n;
		w.text.n -= (size_t)at + part.n;
		n++;
	}
	*out = trx_value_int(n);
	return 0;
}

METHOD(join)
{
	static const char *const names[] = { "*iterable" };
	struct trx_text text;
	struct trx_value arg, item;
	struct trx_iter it;
	size_t n = 0;
	int more;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_iter_open(run, &arg, &it) == -1)
		return -1;
	trx_text_begin(run, &text);
	while ((more = trx_iter_next(run, &it, &item)) == 1) {
		if (item.kind != TRX_V_STR) {
			more = trx_run_fail(run,
			    "sequence item %zu: expected str instance, %s "
			    "found",
			    n, trx_value_type(&item));
			break;
		}
		if ((n++ != 0 &&
			trx_text_add(run, &text, call->self.u.str) == -1) ||
		    trx_text_add(run, &text, item.u.str) == -1)
			break;
	}
	if (more != 0) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_text_take(run, &text, &out->u.str);
}

static int
pad(struct trx_run *run, const struct trx_call *call,
    enum trx_strings_align align, struct trx_value *out)
{
	static const char *const names[] = { "*width", "*fillchar" };
	struct trx_str fill = TRX_STR(" ");
	struct trx_value args[2];
	int64_t width;

	if (trx_call_bind(run, call, names, 2, 1, args) == -1 ||
	    trx_call_int(run, &args[0], &width) == -1 ||
	    (args[1].kind != TRX_V_MISSING &&
		trx_call_str(run, call, &args[1], &fill) == -1))
		return -1;
	if (trx_unicode_length(fill) != 1)
		return trx_run_fail(run,
		    "The fill character must be exactly one character long");
	*out = trx_value_str(TRX_STR(""));
	return trx_strings_pad(
	    run, call->self.u.str, align, width, fill, &out->u.str);
}

METHOD(center)
{
	return pad(run, call, TRX_STRINGS_CENTER, out);
}

METHOD(ljust)
{
	return pad(run, call, TRX_STRINGS_LEFT, out);
}

METHOD(rjust)
{
	return pad(run, call, TRX_STRINGS_RIGHT, out);
}

METHOD(zfill)
{
	static const char *const names[] = { "*width" };
	struct trx_str s = call->self.u.str;
	const struct trx_str zero = TRX_STR("0");
	bool sign = s.n != 0 && (s.p[0] == '-' || s.p[0] == '+');
	struct trx_value arg;
	int64_t width;
	char *p;

	if (trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_call_int(run, &arg, &width) == -1)
		return -1;
	*out = trx_value_str(TRX_STR(""));
	if (trx_strings_pad(
		run, s, TRX_STRINGS_RIGHT, width, zero, &out->u.str) == -1)
		return -1;
	if (!sign || out->u.str.n == s.n)
		return 0;
	/* The sign comes first. */
	if ((p = trx_run_alloc(run, out->u.str.n)) == NULL)
		return -1;
	memcpy(p, out->u.str.p, out->u.str.n);
	p[out->u.str.n - s.n] = '0';
	p[0] = s.p[0];
	out->u.str.p = p;
	return 0;
}

METHOD(splitlines)
{
	static const char *const names[] = { "keepends" };
	struct trx_value keep;
	int64_t ends = 0;

	if (trx_call_bind(run, call, names, 1, 0, &keep) == -1 ||
	    (keep.kind != TRX_V_MISSING &&
		trx_call_c_int(run, &keep, &ends) == -1))
		return -1;
	return trx_strings_lines(run, call->self.u.str, ends != 0, out);
}

static int
partition(struct trx_run *run, const struct trx_call *call, bool last,
    struct trx_value *out)
{
	static const char *const names[] = { "*sep" };
	struct trx_str s = call->self.u.str, sep;
	struct trx_value arg, *three = trx_run_calloc(run, 3, sizeof(*three));
	int64_t at;

	if (three == NULL ||
	    trx_call_bind(run, call, names, 1, 1, &arg) == -1 ||
	    trx_call_str(run, call, &arg, &sep) == -1 ||
	    trx_run_charge(run, s.n / 16) == -1)
		return -1;
	if (sep.n == 0)
		return trx_run_fail(run, "empty separator");
	three[0] = three[1] = three[2] = trx_value_str(TRX_STR(""));
	if ((at = trx_strings_find(s, sep, last)) == -1) {
		three[last ? 2 : 0].u.str = s;
	} else {
		three[0].u.str = (struct trx_str){ s.p, (size_t)at };
		three[1].u.str = (struct trx_str){ s.p + at, sep.n };
		three[2].u.str = (struct trx_str){ s.p + at + sep.n,
			s.n - (size_t)at - sep.n };
	}
	*out = trx_value_seq(TRX_V_TUPLE, three, 3);
	return 0;
}

METHOD(partition)
{
	return partition(run, call, false, out);
}

METHOD(rpartition)
{
	return partition(run, call, true, out);
}

static int
remove_affix(struct trx_run *run, const struct trx_call *call, const char *name,
    bool end, struct trx_value *out)
{
	struct window w = { .text = call->self.u.str };
	struct trx_value arg;
	int rc;

	if (trx_call_bind(run, call, &name, 1, 1, &arg) == -1)
		return -1;
	if (arg.kind == TRX_V_TUPLE)
		return trx_run_fail(run, "%s() needs a str", call->name);
	if ((rc = has_affix(run, call, &w, &arg, end)) == -1)
		return -1;
	if (rc == 1) {
		w.text.p += end ? 0 : arg.u.str.n;
		w.text.n -= arg.u.str.n;
	}
	*out = trx_value_str(w.text);
	return 0;
}

METHOD(removeprefix)
{
	return remove_affix(run, call, "*prefix", false, out);
}

METHOD(removesuffix)
{
	return remove_affix(run, call, "*suffix", true, out);
}

METHOD(expandtabs)
{
	static const char *const names[] = { "tabsize" };
	struct trx_str s = call->self.u.str, one;
	struct trx_value arg;
	struct trx_text text;
	int64_t size = 8, column = 0, n;
	size_t i;

	if (trx_call_bind(run, call, names, 1, 0, &arg) == -1 ||
	    (arg.kind != TRX_V_MISSING &&
		trx_call_c_int(run, &arg, &size) == -1))
		return -1;
	if (size > (int64_t)TRX_TEMPLATE_OUTPUT)
		return trx_run_fail(run, "the template takes too much memory");
	trx_text_begin(run, &text);
	for (i = 0; i < s.n; i += one.n) {
		one = (struct trx_str){ s.p + i, trx_unicode_width(s.p + i) };
		n = size > 0 ? size - column % size : 0;
		column = *one.p == '\n' || *one.p == '\r' ? 0
			 : *one.p == '\t'		  ? column + n
							  : column + 1;
		if (*one.p != '\t')
			n = trx_text_add(run, &text, one);
		else
			while (n > 0 &&
			       trx_text_add(run, &text, TRX_STR(" ")) == 0)
				n--;
		if (n != 0 || trx_run_charge(run, 1) == -1) {
			trx_text_drop(run, &text);
			return -1;
		}
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_text_take(run, &text, &out->u.str);
}

/* Is every code point of the class, and is there one (or may there be none)? */
static int
all_are(struct trx_run *run, const struct trx_call *call,
    bool (*test)(uint32_t), bool empty, struct trx_value *out)
{
	struct trx_str s = call->self.u.str;
	bool all = s.n != 0 || empty;
	size_t i;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_run_charge(run, s.n / 4) == -1)
		return -1;
	for (i = 0; i < s.n && all; i += trx_unicode_width(s.p + i))
		all = test(trx_unicode_get(s.p + i));
	*out = trx_value_bool(all);
	return 0;
}

#define CLASS_METHOD(name, class) \
	static bool cp_##name(uint32_t cp) \
	{ \
		return trx_unicode_is(cp, class); \
	} \
\
	METHOD(name) \
	{ \
		return all_are(run, call, cp_##name, false, out); \
	}

CLASS_METHOD(isalnum, TRX_UNICODE_ALNUM)
CLASS_METHOD(isalpha, TRX_UNICODE_ALPHA)
CLASS_METHOD(isdecimal, TRX_UNICODE_DECIMAL)
CLASS_METHOD(isdigit, TRX_UNICODE_DIGIT)
CLASS_METHOD(isnumeric, TRX_UNICODE_NUMERIC)

static bool
is_ascii(uint32_t cp)
{
	return cp < 0x80;
}

METHOD(isascii)
{
	return all_are(run, call, is_ascii, true, out);
}

METHOD(isprintable)
{
	return all_are(run, call, trx_unicode_printable, true, out);
}

METHOD(isspace)
{
	return all_are(run, call, trx_unicode_space, false, out);
}

METHOD(isidentifier)
{
	struct trx_str s = call->self.u.str;
	bool is = s.n != 0;
	size_t i;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_run_charge(run, s.n / 4) == -1)
		return -1;
	for (i = 0; i < s.n && is; i += trx_unicode_width(s.p + i))
		is = trx_unicode_is(trx_unicode_get(s.p + i),
		    i == 0 ? TRX_UNICODE_ID_START : TRX_UNICODE_ID_CONTINUE);
	*out = trx_value_bool(is);
	return 0;
}

/* Has s a letter in this case, and none in the other or in title case? */
static int
all_cased(struct trx_run *run, const struct trx_call *call,
    enum trx_unicode_class wanted, enum trx_unicode_class other,
    struct trx_value *out)
{
	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_run_charge(run, call->self.u.str.n / 4) == -1)
		return -1;
	*out = trx_value_bool(
	    trx_strings_is_cased(call->self.u.str, wanted, other));
	return 0;
}

METHOD(islower)
{
	return all_cased(run, call, TRX_UNICODE_LOWER, TRX_UNICODE_UPPER, out);
}

METHOD(isupper)
{
	return all_cased(run, call, TRX_UNICODE_UPPER, TRX_UNICODE_LOWER, out);
}

METHOD(istitle)
{
	struct trx_str s = call->self.u.str;
	bool some = false, inside = false, is = true, capital;
	size_t i;
	uint32_t cp;

	if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1 ||
	    trx_run_charge(run, s.n / 4) == -1)
		return -1;
	for (i = 0; i < s.n && is; i += trx_unicode_width(s.p + i)) {
		cp = trx_unicode_get(s.p + i);
		capital = trx_unicode_is(cp, TRX_UNICODE_UPPER) ||
			  trx_unicode_is(cp, TRX_UNICODE_TITLE);
		if (capital || trx_unicode_is(cp, TRX_UNICODE_LOWER)) {
			is = capital != inside;
			inside = some = true;
		} else {
			inside = false;
		}
	}
	*out = trx_value_bool(is && some);
	return 0;
}
