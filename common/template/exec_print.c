#include "common/template/exec.h"
#include "common/template/markup.h"
#include "common/template/ops.h"
#include "common/template/sums.h"
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

/* Write the text that node gave. */
static int
write_str(struct trx_run *run, const struct trx_node *node, struct trx_str s)
{
	return node->kind == TRX_N_CONST ? trx_text_write_own(run, s)
					 : trx_text_write(run, s);
}

/*
 * Print a sum by its terms: where all are plain strings they are written one by
 * one, which is the same text as that of the sum.
 */
static int
print_sum(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value room[TRX_SUMS_MAX], sum;
	const struct trx_value *values[TRX_SUMS_MAX];
	bool plain = true;
	size_t i;

	for (i = 0; i < node->n; i++) {
		values[i] = trx_eval_place(run, node->list[i], &room[i]);
		if (values[i] == NULL)
			return -1;
		plain &= values[i]->kind == TRX_V_STR && !values[i]->safe;
	}
	for (i = 0; plain && i < node->n; i++)
		if (write_str(run, node->list[i], values[i]->u.str) == -1)
			return -1;
	if (plain)
		return 0;
	sum = *values[0];
	for (i = 1; i < node->n; i++)
		if (trx_ops_binary(run, TRX_OP_ADD, &sum, values[i], &sum) ==
		    -1)
			return -1;
	return print_value(run, &sum, false);
}

int
trx_exec_print(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *v;
	struct trx_value room;

	bool escape = trx_exec_escapes(run, node);

	if (node->n != 0 && !escape)
		return print_sum(run, node);
	if ((v = trx_eval_place(run, node->child[0], &room)) == NULL)
		return -1;
	if (v->kind == TRX_V_STR && !escape)
		return write_str(run, node->child[0], v->u.str);
	return print_value(run, v, escape);
}
