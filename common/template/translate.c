#include "common/template/translate.h"
#include "common/template/object.h"
#include "common/template/spec.h"
#include "common/template/unicode.h"

/* Append what the table has for a character.  Returns 0 or -1. */
static int
translate_one(struct trx_run *run, const struct trx_value *table,
    struct trx_str c, struct trx_buf *b)
{
	struct trx_value key = trx_value_int(trx_unicode_get(c.p)), v;
	struct trx_value *found;

	if (table->kind == TRX_V_DICT) {
		if (trx_dict_get(run, table->u.dict, &key, &found) == -1)
			return -1;
		v = found == NULL ? trx_value_str(c) : *found;
	} else {
		if (trx_object_item(run, table, &key, &v) == -1)
			return -1;
		if (v.kind == TRX_V_UNDEFINED)
			v = trx_value_str(c);
	}
	if (v.kind == TRX_V_NONE)
		return 0;
	if (v.kind == TRX_V_INT || v.kind == TRX_V_BOOL)
		return trx_spec_char(run, &v, b);
	if (v.kind != TRX_V_STR)
		return trx_run_fail(
		    run, "character mapping must return integer, None or str");
	trx_buf_adds(b, v.u.str);
	return b->len > TRX_TEMPLATE_OUTPUT
		   ? trx_run_fail(run, "the template takes too much memory")
		   : 0;
}

int
trx_translate(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*table" };
	struct trx_str s = call->self.u.str, c;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_value table;
	size_t i;

	if (trx_call_bind(run, call, names, 1, 1, &table) == -1)
		return -1;
	if (table.kind == TRX_V_UNDEFINED && s.n != 0)
		return trx_value_fail_undefined(run, &table);
	if (s.n != 0 && table.kind != TRX_V_DICT && table.kind != TRX_V_STR &&
	    table.kind != TRX_V_LIST && table.kind != TRX_V_TUPLE &&
	    table.kind != TRX_V_RANGE && table.kind != TRX_V_BYTES)
		return trx_run_fail(run, "'%s' object is not subscriptable",
		    trx_value_type(&table));
	for (i = 0; i < s.n; i += c.n) {
		c = (struct trx_str){ s.p + i, trx_unicode_width(s.p + i) };
		if (trx_run_charge(run, 1) == -1 ||
		    translate_one(run, &table, c, &b) == -1) {
			trx_buf_free(&b);
			return -1;
		}
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_run_take(run, &b, &out->u.str);
}

/* The keys of a mapping as code points. */
static int
table_of_dict(
    struct trx_run *run, const struct trx_value *v, struct trx_dict *d)
{
	const struct trx_dict *from = v->u.dict;
	struct trx_value key;
	size_t i;

	if (v->kind != TRX_V_DICT)
		return trx_run_fail(run,
		    "if you give only one argument to maketrans it must be a "
		    "dict");
	for (i = 0; i < from->n; i++) {
		key = from->pairs[i].key;
		if (key.kind == TRX_V_STR) {
			if (trx_unicode_length(key.u.str) != 1)
				return trx_run_fail(run,
				    "string keys in translate table must be of "
				    "length 1");
			key = trx_value_int(trx_unicode_get(key.u.str.p));
		} else if (!trx_value_integer(&key, &(int64_t){ 0 }) &&
			   key.kind != TRX_V_BIG) {
			return trx_run_fail(run,
			    "keys in translate table must be strings or "
			    "integers");
		}
		if (trx_dict_set(run, d, &key, &from->pairs[i].value) == -1)
			return -1;
	}
	return 0;
}

/* The characters of from, each with that of to (NULL: None). */
static int
add_characters(struct trx_run *run, struct trx_dict *d, struct trx_str from,
    const struct trx_str *to)
{
	struct trx_value key, value = trx_value_none();
	size_t i, k = 0;

	for (i = 0; i < from.n; i += trx_unicode_width(from.p + i)) {
		key = trx_value_int(trx_unicode_get(from.p + i));
		if (to != NULL) {
			value = trx_value_int(trx_unicode_get(to->p + k));
			k += trx_unicode_width(to->p + k);
		}
		if (trx_dict_set(run, d, &key, &value) == -1)
			return -1;
	}
	return 0;
}

int
trx_translate_table(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	static const char *const names[] = { "*x", "*y", "*z" };
	struct trx_dict *d = trx_dict_new(run, 0);
	struct trx_value args[3];
	struct trx_str texts[3];
	size_t i;

	if (d == NULL || trx_call_bind(run, call, names, 3, 1, args) == -1)
		return -1;
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	if (args[1].kind == TRX_V_MISSING)
		return table_of_dict(run, &args[0], d);
	for (i = 0; i < 3 && args[i].kind != TRX_V_MISSING; i++)
		if (trx_call_str(run, call, &args[i], &texts[i]) == -1)
			return -1;
	if (trx_unicode_length(texts[0]) != trx_unicode_length(texts[1]))
		return trx_run_fail(run,
		    "the first two maketrans arguments must have equal length");
	if (add_characters(run, d, texts[0], &texts[1]) == -1)
		return -1;
	return i < 3 ? 0 : add_characters(run, d, texts[2], NULL);
}
