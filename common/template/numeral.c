#include "common/template/numeral.h"
#include "common/template/arith.h"
#include "common/template/number.h"
#include "common/template/scan.h"

/* Bytes of a text that a message quotes. */
static int
quoted(struct trx_str s)
{
	return (int)(s.n > 300 ? 300 : s.n);
}

int
trx_numeral_int(
    struct trx_run *run, const struct trx_value *v, struct trx_value *out)
{
	int rc;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_STR) {
		if ((rc = trx_scan_int(run, v->u.str, 10, out)) == 0)
			return trx_run_fail(run,
			    "invalid literal for int() with base 10: '%.*s'",
			    quoted(v->u.str), v->u.str.p);
		return rc == 1 ? 0 : -1;
	}
	if (v->kind == TRX_V_FLOAT)
		return trx_number_from_float(run, v->u.real, out);
	if (!trx_number_is(v))
		return trx_run_fail(run, "a real number is required, not %s",
		    trx_value_type(v));
	return trx_arith_plain(v, out);
}

int
trx_numeral_float(struct trx_run *run, const struct trx_value *v, double *out)
{
	int rc;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind == TRX_V_STR) {
		if ((rc = trx_scan_float(run, v->u.str, out)) == 0)
			return trx_run_fail(run,
			    "could not convert string to float: '%.*s'",
			    quoted(v->u.str), v->u.str.p);
		return rc == 1 ? 0 : -1;
	}
	if (!trx_number_is(v))
		return trx_run_fail(
		    run, "must be real number, not %s", trx_value_type(v));
	return trx_number_to_float(run, v, out);
}
