/* What follows an operand: attributes, calls, filters, tests. */
#include <string.h>

#include "common/template/call.h"
#include "common/template/loop.h"
#include "common/template/parser.h"

/* Of an argument what kind of node it is; 0: a positional one. */
static enum trx_node_kind
argument_kind(const struct trx_token *t)
{
	if (trx_parser_is_op(t, "*"))
		return TRX_N_SPREAD;
	if (trx_parser_is_op(t, "**"))
		return TRX_N_SPREAD_KEYWORDS;
	if (t->type == TRX_T_NAME && trx_parser_is_op(t + 1, "="))
		return TRX_N_KEYWORD;
	return 0;
}

static bool
has_kind(const struct trx_nodes *list, enum trx_node_kind kind)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->at[i]->kind == kind)
			return true;
	return false;
}

/*
 * One argument of a call into list.  After one with a star comes none by
 * position, and after ** nothing.
 */
static int
argument(struct trx_parser *p, struct trx_nodes *list)
{
	const struct trx_token *t = trx_parser_now(p);
	enum trx_node_kind kind = argument_kind(t);
	bool starred = has_kind(list, TRX_N_SPREAD);
	struct trx_node *node;

	if (has_kind(list, TRX_N_SPREAD_KEYWORDS) ||
	    (kind == TRX_N_SPREAD && starred) ||
	    (kind == 0 && (starred || has_kind(list, TRX_N_KEYWORD)))) {
		trx_parser_fail(
		    p, t->line, "invalid syntax for function call expression");
		return -1;
	}
	p->at += kind == 0 ? 0 : kind == TRX_N_KEYWORD ? 2 : 1;
	node = trx_parser_expression(p);
	if (kind != 0 &&
	    (node = trx_parser_unary_node(p, kind, t->line, node)) != NULL)
		node->name = t->text;
	return trx_parser_push(p, list, node) == NULL ? -1 : 0;
}

static void
check_keywords(struct trx_parser *p, const struct trx_nodes *list)
{
	size_t i, k;

	for (i = 0; i < list->n; i++)
		for (k = 0; k < i; k++)
			if (list->at[i]->kind == TRX_N_KEYWORD &&
			    list->at[k]->kind == TRX_N_KEYWORD &&
			    trx_str_equal(
				list->at[i]->name, list->at[k]->name)) {
				trx_parser_fail_late(p, list->at[i]->line,
				    "keyword argument repeated: %.*s",
				    (int)list->at[i]->name.n,
				    list->at[i]->name.p);
				return;
			}
}

static int
arguments(struct trx_parser *p, struct trx_nodes *list)
{
	bool comma = false;

	p->at++;
	while (!trx_parser_is_op(trx_parser_now(p), ")")) {
		if (comma && trx_parser_expect_op(p, ",") == -1)
			return -1;
		if (comma && trx_parser_is_op(trx_parser_now(p), ")"))
			break;
		if (argument(p, list) == -1)
			return -1;
		comma = true;
	}
	p->at++;
	if (list->n > 1000)
		return -1;
	check_keywords(p, list);
	return 0;
}

static struct trx_node *
call(struct trx_parser *p, struct trx_node *callee)
{
	struct trx_node *node =
	    trx_parser_node(p, TRX_N_CALL, trx_parser_now(p)->line);
	struct trx_nodes list = { 0 };

	if (node == NULL || arguments(p, &list) == -1)
		return NULL;
	node->child[0] = callee;
	return trx_parser_seal(p, node, &list);
}

/* After a dot on line `line`. */
static struct trx_node *
attribute(struct trx_parser *p, uint32_t line, struct trx_node *object)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_node *node;

	if (t->type == TRX_T_INTEGER)
		return trx_parser_binary_node(
		    p, TRX_N_GETITEM, 0, line, object, trx_parser_number(p));
	if (t->type != TRX_T_NAME)
		return trx_parser_fail(p, t->line, "expected name or number");
	p->at++;
	node = trx_parser_unary_node(p, TRX_N_GETATTR, line, object);
	if (node != NULL) {
		node->name = t->text;
		node->u.attr.method = trx_method_find(t->text);
		node->u.attr.loop = (uint8_t)trx_loop_find(t->text);
	}
	return node;
}

/* One part of a slice, or NULL with *missing where it is left out. */
static struct trx_node *
slice_part(struct trx_parser *p, bool *missing)
{
	const struct trx_token *t = trx_parser_now(p);

	*missing = trx_parser_is_op(t, ":") || trx_parser_is_op(t, "]") ||
		   trx_parser_is_op(t, ",");
	return *missing ? NULL : trx_parser_expression(p);
}

static struct trx_node *
no_slices(struct trx_parser *p)
{
	return trx_parser_fail(p, trx_parser_now(p)->line,
	    "trx does not support a slice among several subscripts");
}

/* object[], or object[first, ...]: the key is a tuple. */
static struct trx_node *
several(struct trx_parser *p, uint32_t line, struct trx_node *object,
    struct trx_node *first)
{
	struct trx_node *key = trx_parser_node(p, TRX_N_TUPLE, line), *part;
	struct trx_nodes list = { 0 };

	if (key == NULL ||
	    (first != NULL && trx_parser_push(p, &list, first) == NULL))
		return NULL;
	while (first != NULL && trx_parser_skip_op(p, ",")) {
		if (trx_parser_is_op(trx_parser_now(p), ":"))
			return no_slices(p);
		if ((part = trx_parser_expression(p)) == NULL ||
		    trx_parser_push(p, &list, part) == NULL)
			return NULL;
		if (trx_parser_is_op(trx_parser_now(p), ":"))
			return no_slices(p);
	}
	return trx_parser_binary_node(
	    p, TRX_N_GETITEM, 0, line, object, trx_parser_seal(p, key, &list));
}

/* What stands in the brackets: an index, or the parts of a slice. */
static struct trx_node *
subscript_inside(struct trx_parser *p, uint32_t line, struct trx_node *object)
{
	struct trx_node *parts[3] = { NULL }, *node;
	bool missing;
	size_t i;

	if (trx_parser_is_op(trx_parser_now(p), "]"))
		return several(p, line, object, NULL);
	for (i = 0; i < 3; i++) {
		if (i != 0 && !trx_parser_skip_op(p, ":"))
			break;
		parts[i] = slice_part(p, &missing);
		if (parts[i] == NULL && !missing)
			return NULL;
		if (i == 0 && missing &&
		    !trx_parser_is_op(trx_parser_now(p), ":"))
			return trx_parser_fail(
			    p, trx_parser_now(p)->line, "unexpected ','");
	}
	if (trx_parser_is_op(trx_parser_now(p), ","))
		return i == 1 ? several(p, line, object, parts[0])
			      : no_slices(p);
	if (i == 1)
		return trx_parser_binary_node(
		    p, TRX_N_GETITEM, 0, line, object, parts[0]);
	if ((node = trx_parser_node(p, TRX_N_SLICE, line)) == NULL)
		return NULL;
	node->child[0] = object;
	memcpy(node->child + 1, parts, sizeof(parts));
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
subscript(struct trx_parser *p, struct trx_node *object)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node;

	p->at++;
	node = subscript_inside(p, line, object);
	if (node == NULL || trx_parser_expect_op(p, "]") == -1)
		return NULL;
	return node;
}

static struct trx_node *
postfix(struct trx_parser *p, struct trx_node *node)
{
	while (node != NULL) {
		uint32_t line = trx_parser_now(p)->line;

		if (trx_parser_skip_op(p, "."))
			node = attribute(p, line, node);
		else if (trx_parser_is_op(trx_parser_now(p), "["))
			node = subscript(p, node);
		else if (trx_parser_is_op(trx_parser_now(p), "("))
			node = call(p, node);
		else
			break;
	}
	return node;
}

/* Names with dots, as filters and tests may have. */
static int
dotted_name(struct trx_parser *p, struct trx_str *name)
{
	struct trx_str more;

	if (trx_parser_expect_name(p, name) == -1)
		return -1;
	while (trx_parser_skip_op(p, ".")) {
		if (trx_parser_expect_name(p, &more) == -1)
			return -1;
		name->n = (size_t)(more.p + more.n - name->p);
	}
	return 0;
}

static struct trx_node *
filter(struct trx_parser *p, struct trx_node *base)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_nodes list = { 0 };
	struct trx_node *node = trx_parser_node(p, TRX_N_FILTER, line);

	if (node == NULL || dotted_name(p, &node->name) == -1)
		return NULL;
	if (trx_parser_is_op(trx_parser_now(p), "(") &&
	    arguments(p, &list) == -1)
		return NULL;
	node->u.filter = trx_filter_find(node->name);
	node->child[0] = base;
	return trx_parser_seal(p, node, &list);
}

struct trx_node *
trx_parser_filters(
    struct trx_parser *p, struct trx_node *base, bool inline_start)
{
	while (inline_start || trx_parser_skip_op(p, "|")) {
		inline_start = false;
		if ((base = filter(p, base)) == NULL)
			return NULL;
	}
	return base;
}

/* Does an argument without brackets follow a test's name? */
static bool
test_argument_follows(const struct trx_token *t)
{
	if (t->type == TRX_T_NAME)
		return !trx_parser_is_name(t, "else") &&
		       !trx_parser_is_name(t, "or") &&
		       !trx_parser_is_name(t, "and");
	return t->type == TRX_T_STRING || t->type == TRX_T_INTEGER ||
	       t->type == TRX_T_FLOAT || trx_parser_is_op(t, "[") ||
	       trx_parser_is_op(t, "{");
}

/* The arguments of a test into list. */
static int
test_arguments(struct trx_parser *p, struct trx_nodes *list)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_node *node;

	if (trx_parser_is_op(t, "("))
		return arguments(p, list);
	if (!test_argument_follows(t))
		return 0;
	if (trx_parser_is_name(t, "is")) {
		trx_parser_fail(
		    p, t->line, "You cannot chain multiple tests with is");
		return -1;
	}
	if ((node = trx_parser_primary(p)) != NULL)
		node = postfix(p, node);
	return trx_parser_push(p, list, node) == NULL ? -1 : 0;
}

static struct trx_node *
test(struct trx_parser *p, struct trx_node *base)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_nodes list = { 0 };
	bool negated;
	struct trx_node *node = trx_parser_node(p, TRX_N_TEST, line);

	p->at++;
	negated = trx_parser_skip_name(p, "not");
	if (node == NULL || dotted_name(p, &node->name) == -1 ||
	    test_arguments(p, &list) == -1)
		return NULL;
	node->u.test = trx_test_find(node->name);
	node->child[0] = base;
	node = trx_parser_seal(p, node, &list);
	return negated ? trx_parser_unary_node(p, TRX_N_NOT, line, node) : node;
}

static struct trx_node *
filters_and_tests(struct trx_parser *p, struct trx_node *node)
{
	while (node != NULL) {
		if (trx_parser_is_op(trx_parser_now(p), "|"))
			node = trx_parser_filters(p, node, false);
		else if (trx_parser_is_name(trx_parser_now(p), "is"))
			node = test(p, node);
		else if (trx_parser_is_op(trx_parser_now(p), "("))
			node = call(p, node);
		else
			break;
	}
	return node;
}

static struct trx_node *
signed_operand(struct trx_parser *p, enum trx_node_kind kind)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node;

	p->at++;
	if (trx_parser_enter(p) == -1)
		return NULL;
	node = trx_parser_unary(p, false);
	trx_parser_leave(p);
	return trx_parser_unary_node(p, kind, line, node);
}

struct trx_node *
trx_parser_unary(struct trx_parser *p, bool filters)
{
	struct trx_node *node;

	if (trx_parser_is_op(trx_parser_now(p), "-"))
		node = signed_operand(p, TRX_N_NEG);
	else if (trx_parser_is_op(trx_parser_now(p), "+"))
		node = signed_operand(p, TRX_N_POS);
	else
		node = trx_parser_primary(p);
	node = postfix(p, node);
	return filters ? filters_and_tests(p, node) : node;
}
