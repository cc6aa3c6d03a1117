/* Python's str(), repr() and json.dumps() of values. */
#ifndef TRX_TEMPLATE_TEXT_H
#define TRX_TEMPLATE_TEXT_H

#include "common/template/value.h"

#define TRX_TEXT_NUMBER 32 /* bytes that hold any int64 or float */

/* repr(d) into text; returns its length. */
size_t trx_text_float(double d, char text[TRX_TEXT_NUMBER]);

/* trx_text_str of what is no string. */
int trx_text_str_other(
    struct trx_run *run, const struct trx_value *v, struct trx_str *out);

/*
 * str(v) into *out: of a string itself, else in the arena.  Returns 0, or -1
 * where the text depends on an address, or would be something else of
 * Python's that the engine does not reproduce.
 */
static inline int
trx_text_str(
    struct trx_run *run, const struct trx_value *v, struct trx_str *out)
{
	if (v->kind != TRX_V_STR)
		return trx_text_str_other(run, v, out);
	*out = v->u.str;
	return 0;
}

/* Append repr(v).  Returns 0 or -1; failure of memory shows in b->failed. */
int trx_text_repr(
    struct trx_run *run, const struct trx_value *v, struct trx_buf *b);

/* How json.dumps() is asked to write. */
struct trx_text_json {
	bool ensure_ascii;
	bool sort_keys;
	bool indented;
	struct trx_str indent; /* of one level */
	struct trx_str item_separator;
	struct trx_str key_separator;
};

/* Append json.dumps(v), as trx_text_repr. */
int trx_text_json(struct trx_run *run, const struct trx_value *v,
    const struct trx_text_json *how, struct trx_buf *b);

#endif
