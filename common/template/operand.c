/* Literals, names and brackets: what operators stand between. */
#include <string.h>

#include "common/template/literal.h"
#include "common/template/parser.h"

static struct trx_node *
name_node(struct trx_parser *p, const struct trx_token *t)
{
	struct trx_node *node;

	if (trx_str_is(t->text, "true") || trx_str_is(t->text, "True"))
		return trx_parser_const_node(p, t->line, trx_value_bool(true));
	if (trx_str_is(t->text, "false") || trx_str_is(t->text, "False"))
		return trx_parser_const_node(p, t->line, trx_value_bool(false));
	if (trx_str_is(t->text, "none") || trx_str_is(t->text, "None"))
		return trx_parser_const_node(p, t->line, trx_value_none());
	if ((node = trx_parser_node(p, TRX_N_NAME, t->line)) != NULL)
		node->name = t->text;
	return node;
}

/* Adjacent string literals are one. */
static struct trx_node *
strings(struct trx_parser *p)
{
	const struct trx_token *first = trx_parser_now(p), *t;
	size_t n = 0;
	char *text;

	for (t = first; t->type == TRX_T_STRING; t++)
		n += t->text.n;
	if ((text = trx_arena_alloc(p->arena, n)) == NULL) {
		trx_error_memory(p->err);
		return NULL;
	}
	for (n = 0, t = first; t->type == TRX_T_STRING; t++) {
		if (t->text.n != 0)
			memcpy(text + n, t->text.p, t->text.n);
		n += t->text.n;
		p->at++;
	}
	return trx_parser_const_node(p, first->line,
	    trx_value_str((struct trx_str){ .p = text, .n = n }));
}

struct trx_node *
trx_parser_number(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_value v;

	p->at++;
	if (trx_literal_value(
		t->text, t->type == TRX_T_FLOAT, p->arena, &v, p->err) == -1) {
		if (p->err->status == TRX_INPUT)
			trx_error_at(p->err, "%u", (unsigned)t->line);
		return NULL;
	}
	return trx_parser_const_node(p, t->line, v);
}

static struct trx_node *
list_literal(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_nodes list = { 0 };

	p->at++;
	while (!trx_parser_is_op(trx_parser_now(p), "]")) {
		if (list.n != 0 && trx_parser_expect_op(p, ",") == -1)
			return NULL;
		if (trx_parser_is_op(trx_parser_now(p), "]"))
			break;
		if (trx_parser_push(p, &list, trx_parser_expression(p)) == NULL)
			return NULL;
	}
	p->at++;
	return trx_parser_list_node(p, TRX_N_LIST, line, &list);
}

static struct trx_node *
dict_literal(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_nodes list = { 0 };

	p->at++;
	while (!trx_parser_is_op(trx_parser_now(p), "}")) {
		if (list.n != 0 && trx_parser_expect_op(p, ",") == -1)
			return NULL;
		if (trx_parser_is_op(trx_parser_now(p), "}"))
			break;
		if (trx_parser_push(p, &list, trx_parser_expression(p)) ==
			NULL ||
		    trx_parser_expect_op(p, ":") == -1 ||
		    trx_parser_push(p, &list, trx_parser_expression(p)) == NULL)
			return NULL;
	}
	p->at++;
	return trx_parser_list_node(p, TRX_N_DICT, line, &list);
}

static struct trx_node *
primary_inside(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str got = trx_parser_describe(t);

	if (t->type == TRX_T_NAME) {
		p->at++;
		return name_node(p, t);
	}
	if (t->type == TRX_T_STRING)
		return strings(p);
	if (t->type == TRX_T_INTEGER || t->type == TRX_T_FLOAT)
		return trx_parser_number(p);
	if (trx_parser_is_op(t, "("))
		return trx_parser_brackets(p);
	if (trx_parser_is_op(t, "["))
		return list_literal(p);
	if (trx_parser_is_op(t, "{"))
		return dict_literal(p);
	return trx_parser_fail(
	    p, t->line, "unexpected '%.*s'", (int)got.n, got.p);
}

struct trx_node *
trx_parser_primary(struct trx_parser *p)
{
	struct trx_node *node;

	if (trx_parser_enter(p) == -1)
		return NULL;
	node = primary_inside(p);
	trx_parser_leave(p);
	return node;
}
