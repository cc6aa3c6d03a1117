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

static inline char *
put(char *to, struct trx_str s)
{
	if (s.n != 0)
		memcpy(to, s.p, s.n);
	return to + s.n;
}

/* A text of a sum, for which there is as much room to spare as behind it. */
static inline char *
put_text(char *to, struct trx_str s)
{
	size_t i;

	for (i = 0; i < s.n; i += TRX_SUM_SPARE)
		memcpy(to + i, s.p + i, TRX_SUM_SPARE);
	return to + s.n;
}

/* write_terms where it is traced. */
static int
write_traced(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *const *values)
{
	const struct trx_str *texts = node->u.sum->texts;
	size_t i;

	for (i = 0; i < node->n; i++)
		if (trx_text_put(run, texts[i], true) == -1 ||
		    trx_text_put(run, values[i]->u.str,
			node->list[i]->kind == TRX_N_CONST) == -1)
			return -1;
	return trx_text_put(run, texts[i], true);
}

/* Write what the terms of a PRINT gave, size bytes of plain strings. */
static inline int
write_terms(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *const *values, size_t size)
{
	const struct trx_str *texts = node->u.sum->texts;
	struct trx_buf *b = &run->out->buf;
	char *to;
	size_t i;

	if (trx_text_room(run, size, TRX_SUM_SPARE) == -1)
		return -1;
	if (run->trace != NULL)
		return write_traced(run, node, values);
	to = b->data + b->len;
	for (i = 0; i < node->n; i++)
		to = put(put_text(to, texts[i]), values[i]->u.str);
	put_text(to, texts[i]);
	b->len += size;
	return 0;
}

/* *sum is v, or v added to it. */
static int
add_term(struct trx_run *run, struct trx_value *sum, const struct trx_value *v)
{
	if (sum->kind != TRX_V_MISSING)
		return trx_ops_binary(run, TRX_OP_ADD, sum, v, sum);
	*sum = *v;
	return 0;
}

/* The sum of the terms that are not plain strings all. */
static int
add_terms(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *const *values)
{
	const struct trx_str *texts = node->u.sum->texts;
	struct trx_value sum = { .kind = TRX_V_MISSING }, text;
	size_t i;

	for (i = 0; i <= node->n; i++) {
		text = trx_value_str(texts[i]);
		if (texts[i].p != NULL && add_term(run, &sum, &text) == -1)
			return -1;
		if (i < node->n && add_term(run, &sum, values[i]) == -1)
			return -1;
	}
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
	size_t i, size = node->u.sum->size;
	bool plain = true;

	for (i = 0; i < node->n; i++) {
		v = trx_eval_item(run, node->list[i], &room[i]);
		if (v == NULL)
			return -1;
		values[i] = v;
		if (v->kind == TRX_V_STR && !v->safe)
			size += v->u.str.n;
		else
			plain = false;
	}
	return plain ? write_terms(run, node, values, size)
		     : add_terms(run, node, values);
}

/* Print the value of child[0]. */
static __attribute__((noinline)) int
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

	if (node->u.sum != NULL && !escape)
		return print_sum(run, node);
	return print_one(run, node, escape);
}
