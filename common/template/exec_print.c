#include <string.h>

#include "common/template/exec.h"
#include "common/template/markup.h"
#include "common/template/ops.h"
#include "common/template/prepare.h"
#include "common/template/text.h"
#include "common/template/trace.h"

int
trx_exec_write(struct trx_run *run, const struct trx_value *v)
{
	if (v->kind != TRX_V_STR) {
		run->out->odd = trx_value_type(v);
		return 0;
	}
	return trx_text_write(run, v->u.str);
}

bool
trx_exec_escapes(const struct trx_run *run, const struct trx_node *node)
{
	return node->escape == TRX_ESCAPE_YES ||
	       (node->escape == TRX_ESCAPE_ASK && run->autoescape);
}

static int
print_value(struct trx_run *run, const struct trx_value *v, bool escape)
{
	struct trx_str s;

	if (trx_text_str(run, v, &s) == -1)
		return -1;
	if (escape && !(v->kind == TRX_V_STR && v->safe) &&
	    trx_markup_escaped(run, s, &s) == -1)
		return -1;
	return trx_text_write(run, s);
}

/* Write what the terms of a PRINT gave, size bytes of plain strings. */
static int
write_terms(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *const *values, size_t size)
{
	struct trx_buf *b = &run->out->buf;
	struct trx_str s;
	size_t i, len;

	if (trx_text_room(run, size) == -1)
		return -1;
	for (i = 0; run->trace != NULL && i < node->n; i++)
		if (trx_text_put(run, values[i]->u.str,
			node->list[i]->kind == TRX_N_CONST) == -1)
			return -1;
	for (len = b->len; i < node->n; i++, len += s.n)
		if ((s = values[i]->u.str).n != 0)
			memcpy(b->data + len, s.p, s.n);
	b->len = len;
	return 0;
}

/* The sum of the terms that are not plain strings all. */
static int
add_terms(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *const *values)
{
	struct trx_value sum = *values[0];
	size_t i;

	for (i = 1; i < node->n; i++)
		if (trx_ops_binary(run, TRX_OP_ADD, &sum, values[i], &sum) ==
		    -1)
			return -1;
	return print_value(run, &sum, false);
}

/*
 * Print a sum by its terms: where all are plain strings they are written one by
 * one, which is the same text as that of the sum.
 */
static int
print_sum(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value room[TRX_PREPARE_TERMS];
	const struct trx_value *values[TRX_PREPARE_TERMS], *v;
	size_t i, size = 0, plain = 0;

	for (i = 0; i < node->n; i++) {
		v = trx_eval_place(run, node->list[i], &room[i]);
		if (v == NULL)
			return -1;
		values[i] = v;
		if (v->kind == TRX_V_STR && !v->safe) {
			size += v->u.str.n;
			plain++;
		}
	}
	return plain == node->n ? write_terms(run, node, values, size)
				: add_terms(run, node, values);
}

/* Print the value of child[0]. */
static int
print_one(struct trx_run *run, const struct trx_node *node, bool escape)
{
	const struct trx_value *v;
	struct trx_value room;

	if ((v = trx_eval_place(run, node->child[0], &room)) == NULL)
		return -1;
	if (v->kind == TRX_V_STR && !escape)
		return trx_text_write(run, v->u.str);
	return print_value(run, v, escape);
}

int
trx_exec_print(struct trx_run *run, const struct trx_node *node)
{
	bool escape = trx_exec_escapes(run, node);

	if (node->n != 0 && !escape)
		return print_sum(run, node);
	return print_one(run, node, escape);
}
