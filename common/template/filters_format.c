#include <math.h>

#include "common/template/filters_format.h"
#include "common/template/numeral.h"
#include "common/template/percent.h"
#include "common/template/real.h"
#include "common/template/text.h"

/* The keywords of a call as a dict. */
static int
keywords(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, call->nkw);
	struct trx_value key;
	size_t i;

	if (d == NULL)
		return -1;
	for (i = 0; i < call->nkw; i++) {
		key = trx_value_str(call->kw[i].name);
		/* The filtered value has that name. */
		if (trx_str_is(key.u.str, "value"))
			return trx_run_fail(run,
			    "%s() got multiple values for argument 'value'",
			    call->name);
		if (trx_dict_set(run, d, &key, &call->kw[i].value) == -1)
			return -1;
	}
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

int
trx_filters_format(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_value format = call->self, args;

	if (call->nargs != 0 && call->nkw != 0)
		return trx_run_fail(run,
		    "can't handle positional and keyword arguments at the same "
		    "time");
	args = trx_value_seq(TRX_V_TUPLE, call->args, call->nargs);
	if (call->nkw != 0 && keywords(run, call, &args) == -1)
		return -1;
	if (format.kind != TRX_V_STR) {
		format = trx_value_str(TRX_STR(""));
		if (trx_text_str(run, &call->self, &format.u.str) == -1)
			return -1;
	}
	return trx_percent(run, &format, &args, out);
}

/* The bytes of unit i, kB or KiB and on, times its base, as Python divides. */
static double
unit_end(bool binary, size_t i)
{
	static const double ends[] = { 1e6, 1e9, 1e12, 1e15, 1e18, 1e21, 1e24,
		1e27 };

	return binary ? ldexp(1, 10 * ((int)i + 2)) : ends[i];
}

/* Append size, which is at least one unit, in the unit that suits it. */
static int
add_units(struct trx_run *run, double size, bool binary, struct trx_buf *b)
{
	double end = 0;
	size_t i;

	for (i = 0; i < 8; i++) {
		end = unit_end(binary, i);
		/* As a float 1e24 is below the integer that it stands for. */
		if (size < end || (size == end && end == 1e24))
			break;
	}
	i -= i == 8;
	if (trx_real_text(
		run, (binary ? 1024 : 1000) * size / end, 'f', 1, 0, b) == -1)
		return -1;
	trx_buf_addf(b, " %c%s", binary && i == 0 ? 'K' : "kMGTPEZY"[i],
	    binary ? "iB" : "B");
	return 0;
}

int
trx_filters_format_size(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "binary" };
	struct trx_value argument, whole;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str s;
	bool binary;
	double size;

	if (trx_call_bind(run, call, names, 1, 0, &argument) == -1 ||
	    trx_numeral_float(run, &call->self, &size) == -1)
		return -1;
	binary = trx_value_truth(&argument);
	*out = trx_value_str(TRX_STR("1 Byte"));
	if (size == 1)
		return 0;
	if (size < (binary ? 1024 : 1000)) {
		whole = trx_value_float(size);
		if (trx_numeral_int(run, &whole, &whole) == -1 ||
		    trx_text_str(run, &whole, &s) == -1)
			return -1;
		trx_buf_adds(&b, s);
		trx_buf_addz(&b, " Bytes");
	} else if (add_units(run, size, binary, &b) == -1) {
		trx_buf_free(&b);
		return -1;
	}
	return trx_run_take(run, &b, &out->u.str);
}
