/* Operators by their precedence, tuples and targets. */
#include <stdio.h>
#include <string.h>

#include "common/template/parser.h"

/* The operator among ops at the current token, stepped over; -1 if none. */
static int
take_operator(struct trx_parser *p, const char *const *names,
    const enum trx_op *ops, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (trx_parser_skip_op(p, names[i]))
			return (int)ops[i];
	return -1;
}

static struct trx_node *
power(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = trx_parser_unary(p, true);

	while (node != NULL && trx_parser_skip_op(p, "**")) {
		node = trx_parser_binary_node(p, TRX_N_BINARY, TRX_OP_POW, line,
		    node, trx_parser_unary(p, true));
		line = trx_parser_now(p)->line;
	}
	return node;
}

static struct trx_node *
product(struct trx_parser *p)
{
	static const char *const names[] = { "*", "/", "//", "%" };
	static const enum trx_op ops[] = { TRX_OP_MUL, TRX_OP_DIV,
		TRX_OP_FLOORDIV, TRX_OP_MOD };
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = power(p);
	int op;

	while (node != NULL && (op = take_operator(p, names, ops, 4)) != -1) {
		node = trx_parser_binary_node(
		    p, TRX_N_BINARY, (enum trx_op)op, line, node, power(p));
		line = trx_parser_now(p)->line;
	}
	return node;
}

static struct trx_node *
concatenation(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = product(p);
	struct trx_nodes list = { 0 };

	if (!trx_parser_is_op(trx_parser_now(p), "~"))
		return node;
	if (trx_parser_push(p, &list, node) == NULL)
		return NULL;
	while (trx_parser_skip_op(p, "~"))
		if (trx_parser_push(p, &list, product(p)) == NULL)
			return NULL;
	return trx_parser_list_node(p, TRX_N_CONCAT, line, &list);
}

static struct trx_node *
sum(struct trx_parser *p)
{
	static const char *const names[] = { "+", "-" };
	static const enum trx_op ops[] = { TRX_OP_ADD, TRX_OP_SUB };
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = concatenation(p);
	int op;

	while (node != NULL && (op = take_operator(p, names, ops, 2)) != -1) {
		node = trx_parser_binary_node(p, TRX_N_BINARY, (enum trx_op)op,
		    line, node, concatenation(p));
		line = trx_parser_now(p)->line;
	}
	return node;
}

static int
take_comparison(struct trx_parser *p)
{
	static const char *const names[] = { "==", "!=", "<", "<=", ">", ">=" };
	static const enum trx_op ops[] = { TRX_OP_EQ, TRX_OP_NE, TRX_OP_LT,
		TRX_OP_LE, TRX_OP_GT, TRX_OP_GE };
	const struct trx_token *t = trx_parser_now(p);

	if (trx_parser_skip_name(p, "in"))
		return TRX_OP_IN;
	if (trx_parser_is_name(t, "not") && trx_parser_is_name(t + 1, "in")) {
		p->at += 2;
		return TRX_OP_NOT_IN;
	}
	return take_operator(p, names, ops, 6);
}

static struct trx_node *
comparison(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *first = sum(p), *node;
	struct trx_nodes list = { 0 };
	int op;

	if (first == NULL)
		return NULL;
	while ((op = take_comparison(p)) != -1) {
		node = trx_parser_unary_node(p, TRX_N_OPERAND, line, sum(p));
		if (trx_parser_push(p, &list, node) == NULL)
			return NULL;
		node->op = (uint8_t)op;
		line = trx_parser_now(p)->line;
	}
	if (list.n == 0)
		return first;
	if ((node = trx_parser_node(p, TRX_N_COMPARE, line)) == NULL)
		return NULL;
	node->child[0] = first;
	return trx_parser_seal(p, node, &list);
}

static struct trx_node *
negation(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node;

	if (!trx_parser_skip_name(p, "not"))
		return comparison(p);
	if (trx_parser_enter(p) == -1)
		return NULL;
	node = negation(p);
	trx_parser_leave(p);
	return trx_parser_unary_node(p, TRX_N_NOT, line, node);
}

/* a and b, a or b. */
static struct trx_node *
both(struct trx_parser *p, enum trx_node_kind kind, uint32_t line,
    struct trx_node *a, struct trx_node *b)
{
	struct trx_nodes list = { 0 };

	if (trx_parser_push(p, &list, a) == NULL ||
	    trx_parser_push(p, &list, b) == NULL)
		return NULL;
	return trx_parser_list_node(p, kind, line, &list);
}

static struct trx_node *
conjunction(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = negation(p);

	while (node != NULL && trx_parser_skip_name(p, "and")) {
		node = both(p, TRX_N_AND, line, node, negation(p));
		line = trx_parser_now(p)->line;
	}
	return node;
}

static struct trx_node *
disjunction(struct trx_parser *p)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = conjunction(p);

	while (node != NULL && trx_parser_skip_name(p, "or")) {
		node = both(p, TRX_N_OR, line, node, conjunction(p));
		line = trx_parser_now(p)->line;
	}
	return node;
}

/* What the undefined value of an if without else says. */
static int
no_else(struct trx_parser *p, struct trx_node *node)
{
	char text[128];
	int n = snprintf(text, sizeof(text),
	    "the inline if-expression on line %u evaluated to false and no "
	    "else section was defined.",
	    (unsigned)node->line);
	struct trx_str s = { .p = text, .n = (size_t)n };

	if ((node->name.p = trx_arena_copy(p->arena, s)) == NULL)
		return trx_error_memory(p->err);
	node->name.n = s.n;
	return 0;
}

struct trx_node *
trx_parser_expression(struct trx_parser *p)
{
	struct trx_node *yes, *node;
	uint32_t line = trx_parser_now(p)->line;

	if (trx_parser_enter(p) == -1)
		return NULL;
	yes = disjunction(p);
	while (yes != NULL && trx_parser_skip_name(p, "if")) {
		if ((node = trx_parser_node(p, TRX_N_COND, line)) == NULL ||
		    (node->child[0] = disjunction(p)) == NULL)
			return NULL;
		node->child[1] = yes;
		if (trx_parser_skip_name(p, "else") &&
		    (node->child[2] = trx_parser_expression(p)) == NULL)
			return NULL;
		if (node->child[2] == NULL && no_else(p, node) == -1)
			return NULL;
		yes = trx_parser_seal(p, node, NULL);
		line = trx_parser_now(p)->line;
	}
	trx_parser_leave(p);
	return yes;
}

static bool
tuple_ends(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);

	return t->type == TRX_T_PRINT_END || t->type == TRX_T_BLOCK_END ||
	       trx_parser_is_op(t, ")");
}

static struct trx_node *disjunction(struct trx_parser *p);

/* Items separated by commas: one alone is no tuple. */
static struct trx_node *
tuple(struct trx_parser *p, struct trx_node *(*item)(struct trx_parser *),
    bool in_brackets)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_nodes list = { 0 };
	bool is_tuple = false;
	struct trx_str got;

	for (;;) {
		if (list.n != 0 && trx_parser_expect_op(p, ",") == -1)
			return NULL;
		if (tuple_ends(p))
			break;
		if (trx_parser_push(p, &list, item(p)) == NULL)
			return NULL;
		if (!trx_parser_is_op(trx_parser_now(p), ","))
			break;
		is_tuple = true;
		line = trx_parser_now(p)->line;
	}
	if (!is_tuple && list.n != 0)
		return list.at[0];
	if (!is_tuple && !in_brackets) {
		got = trx_parser_describe(trx_parser_now(p));
		return trx_parser_fail(p, trx_parser_now(p)->line,
		    "Expected an expression, got '%.*s'", (int)got.n, got.p);
	}
	return trx_parser_list_node(p, TRX_N_TUPLE, line, &list);
}

struct trx_node *
trx_parser_brackets(struct trx_parser *p)
{
	struct trx_node *node;

	p->at++;
	if ((node = tuple(p, trx_parser_expression, true)) == NULL ||
	    trx_parser_expect_op(p, ")") == -1)
		return NULL;
	return node;
}

struct trx_node *
trx_parser_tuple(struct trx_parser *p, bool with_if)
{
	return tuple(p, with_if ? trx_parser_expression : disjunction, false);
}

/* One target: a name, ns.attribute, or targets in brackets. */
static struct trx_node *
to_target(struct trx_parser *p, struct trx_node *node)
{
	size_t i;

	if (node->kind == TRX_N_NAME) {
		node->kind = TRX_N_STORE;
	} else if (node->kind == TRX_N_TUPLE) {
		node->kind = TRX_N_TARGETS;
		for (i = 0; i < node->n; i++)
			if (to_target(p, node->list[i]) == NULL)
				return NULL;
	} else if (node->kind != TRX_N_NSREF) {
		return trx_parser_fail(p, node->line, "can't assign to '%s'",
		    node->kind == TRX_N_CONST  ? "const"
		    : node->kind == TRX_N_LIST ? "list"
		    : node->kind == TRX_N_DICT ? "dict"
					       : "expression");
	}
	return node;
}

static struct trx_node *
namespace_target(struct trx_parser *p)
{
	bool named = trx_parser_now(p)->type == TRX_T_NAME;
	struct trx_node *node = trx_parser_primary(p);

	if (node == NULL || !named || node->kind != TRX_N_NAME ||
	    !trx_parser_skip_op(p, "."))
		return node;
	node->kind = TRX_N_NSREF;
	return trx_parser_expect_name(p, &node->more) == -1 ? NULL : node;
}

struct trx_node *
trx_parser_target(struct trx_parser *p, bool namespaces)
{
	struct trx_node *node =
	    tuple(p, namespaces ? namespace_target : trx_parser_primary, false);

	return node == NULL ? NULL : to_target(p, node);
}
