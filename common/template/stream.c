/* What the two files of the parser share. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/template/parser.h"

void *
trx_parser_fail(struct trx_parser *p, uint32_t line, const char *fmt, ...)
{
	const struct trx_token *t = trx_parser_now(p);
	char text[512];
	va_list ap;

	if (t->type == TRX_T_ERROR) {
		trx_error_set(
		    p->err, TRX_INPUT, "%.*s", (int)t->text.n, t->text.p);
		return NULL;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	trx_error_set(p->err, TRX_INPUT, "%u: %s", (unsigned)line, text);
	return NULL;
}

void
trx_parser_fail_late(struct trx_parser *p, uint32_t line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (p->made->late.status != TRX_OK)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	trx_error_set(
	    &p->made->late, TRX_INPUT, "%u: %s", (unsigned)line, text);
}

struct trx_str
trx_parser_describe(const struct trx_token *t)
{
	switch (t->type) {
	case TRX_T_ERROR:
	case TRX_T_EOF:
		return TRX_STR("end of template");
	case TRX_T_DATA:
		return TRX_STR("template data / text");
	case TRX_T_BLOCK_BEGIN:
		return TRX_STR("begin of statement block");
	case TRX_T_BLOCK_END:
		return TRX_STR("end of statement block");
	case TRX_T_PRINT_BEGIN:
		return TRX_STR("begin of print statement");
	case TRX_T_PRINT_END:
		return TRX_STR("end of print statement");
	case TRX_T_STRING:
		return TRX_STR("string");
	case TRX_T_INTEGER:
		return TRX_STR("integer");
	case TRX_T_FLOAT:
		return TRX_STR("float");
	case TRX_T_NAME:
	case TRX_T_OPERATOR:
		break;
	}
	return (struct trx_str){ .p = t->text.p,
		.n = t->text.n > 100 ? 100 : t->text.n };
}

bool
trx_parser_is_op(const struct trx_token *t, const char *op)
{
	return t->type == TRX_T_OPERATOR && trx_str_is(t->text, op);
}

bool
trx_parser_is_name(const struct trx_token *t, const char *name)
{
	return t->type == TRX_T_NAME && trx_str_is(t->text, name);
}

bool
trx_parser_skip_op(struct trx_parser *p, const char *op)
{
	bool is = trx_parser_is_op(trx_parser_now(p), op);

	p->at += is;
	return is;
}

bool
trx_parser_skip_name(struct trx_parser *p, const char *name)
{
	bool is = trx_parser_is_name(trx_parser_now(p), name);

	p->at += is;
	return is;
}

int
trx_parser_expect_op(struct trx_parser *p, const char *op)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str got = trx_parser_describe(t);

	if (trx_parser_skip_op(p, op))
		return 0;
	trx_parser_fail(p, t->line, "expected token '%s', got '%.*s'", op,
	    (int)got.n, got.p);
	return -1;
}

int
trx_parser_expect_name(struct trx_parser *p, struct trx_str *out)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str got = trx_parser_describe(t);

	if (t->type == TRX_T_NAME) {
		*out = t->text;
		p->at++;
		return 0;
	}
	trx_parser_fail(
	    p, t->line, "expected token 'name', got '%.*s'", (int)got.n, got.p);
	return -1;
}

int
trx_parser_expect_target(struct trx_parser *p, struct trx_str *out)
{
	static const char *const constants[] = { "true", "false", "none",
		"True", "False", "None" };
	uint32_t line = trx_parser_now(p)->line;
	size_t i;

	if (trx_parser_expect_name(p, out) == -1)
		return -1;
	for (i = 0; i < sizeof(constants) / sizeof(*constants); i++)
		if (trx_str_is(*out, constants[i])) {
			trx_parser_fail(p, line, "can't assign to 'name'");
			return -1;
		}
	return 0;
}

struct trx_node *
trx_parser_node(struct trx_parser *p, enum trx_node_kind kind, uint32_t line)
{
	struct trx_node *node = trx_arena_calloc(p->arena, 1, sizeof(*node));

	if (node == NULL) {
		trx_error_memory(p->err);
		return NULL;
	}
	node->kind = (uint8_t)kind;
	node->line = line;
	node->depth = 1;
	return node;
}

struct trx_node *
trx_parser_push(
    struct trx_parser *p, struct trx_nodes *list, struct trx_node *node)
{
	size_t cap = list->cap == 0 ? 4 : list->cap * 2;
	struct trx_node **at;

	if (node == NULL)
		return NULL;
	if (list->n == list->cap) {
		if ((at = trx_arena_calloc(p->arena, cap, sizeof(*at))) ==
		    NULL) {
			trx_error_memory(p->err);
			return NULL;
		}
		if (list->n != 0)
			memcpy(at, list->at, list->n * sizeof(*at));
		list->at = at;
		list->cap = cap;
	}
	list->at[list->n++] = node;
	return node;
}

struct trx_node *
trx_parser_seal(
    struct trx_parser *p, struct trx_node *node, const struct trx_nodes *list)
{
	unsigned depth = 0;
	size_t i;

	if (list != NULL) {
		node->list = list->at;
		node->n = list->n;
	}
	for (i = 0; i < sizeof(node->child) / sizeof(*node->child); i++)
		if (node->child[i] != NULL && node->child[i]->depth > depth)
			depth = node->child[i]->depth;
	for (i = 0; i < node->n; i++)
		if (node->list[i]->depth > depth)
			depth = node->list[i]->depth;
	if (++depth > TRX_TEMPLATE_TREE)
		return trx_parser_fail(
		    p, node->line, "an expression is too long");
	node->depth = (uint16_t)depth;
	return node;
}

int
trx_parser_enter(struct trx_parser *p)
{
	if (p->nesting >= TRX_TEMPLATE_NESTING) {
		trx_parser_fail(
		    p, trx_parser_now(p)->line, "tags nest too deeply");
		return -1;
	}
	p->nesting++;
	return 0;
}

struct trx_node *
trx_parser_unary_node(struct trx_parser *p, enum trx_node_kind kind,
    uint32_t line, struct trx_node *a)
{
	struct trx_node *node;

	if (a == NULL || (node = trx_parser_node(p, kind, line)) == NULL)
		return NULL;
	node->child[0] = a;
	return trx_parser_seal(p, node, NULL);
}

struct trx_node *
trx_parser_binary_node(struct trx_parser *p, enum trx_node_kind kind,
    enum trx_op op, uint32_t line, struct trx_node *a, struct trx_node *b)
{
	struct trx_node *node;

	if (a == NULL || b == NULL ||
	    (node = trx_parser_node(p, kind, line)) == NULL)
		return NULL;
	node->op = (uint8_t)op;
	node->child[0] = a;
	node->child[1] = b;
	return trx_parser_seal(p, node, NULL);
}

struct trx_node *
trx_parser_list_node(struct trx_parser *p, enum trx_node_kind kind,
    uint32_t line, const struct trx_nodes *list)
{
	struct trx_node *node = trx_parser_node(p, kind, line);

	return node == NULL ? NULL : trx_parser_seal(p, node, list);
}

struct trx_node *
trx_parser_const_node(struct trx_parser *p, uint32_t line, struct trx_value v)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_CONST, line);

	if (node != NULL)
		node->u.value = v;
	return node;
}
