#include <string.h>

#include "common/template/call.h"
#include "common/template/prepare.h"

static bool
is_sum(const struct trx_node *node)
{
	return node->kind == TRX_N_BINARY && node->op == TRX_OP_ADD;
}

static bool
is_text(const struct trx_node *node)
{
	return node->kind == TRX_N_CONST && node->u.value.kind == TRX_V_STR &&
	       !node->u.value.safe;
}

/* Append more to a text, which has none where p is NULL.  Returns 0 or -1. */
static int
append(struct trx_arena *arena, struct trx_str *text, struct trx_str more)
{
	char *p;

	p = trx_arena_alloc(arena, text->n + more.n + TRX_SUM_SPARE);
	if (p == NULL)
		return -1;
	if (text->n != 0)
		memcpy(p, text->p, text->n);
	if (more.n != 0)
		memcpy(p + text->n, more.p, more.n);
	*text = (struct trx_str){ p, text->n + more.n };
	return 0;
}

/* The n terms of a sum, the last one first, into a PRINT. */
static int
set_terms(struct trx_node *print, struct trx_node *const *terms, size_t n,
    struct trx_arena *arena)
{
	struct trx_sum *sum = trx_arena_calloc(arena, 1, sizeof(*sum));

	print->list = trx_arena_calloc(arena, n, sizeof(*print->list));
	if (sum == NULL || print->list == NULL ||
	    (sum->texts = trx_arena_calloc(
		 arena, n + 1, sizeof(*sum->texts))) == NULL)
		return -1;
	while (n-- > 0) {
		if (!is_text(terms[n])) {
			print->list[print->n++] = terms[n];
			continue;
		}
		sum->size += terms[n]->u.value.u.str.n;
		if (append(arena, &sum->texts[print->n],
			terms[n]->u.value.u.str) == -1)
			return -1;
	}
	print->u.sum = sum;
	return 0;
}

static int
visit_sum(struct trx_node *print, struct trx_arena *arena)
{
	struct trx_node *terms[TRX_PREPARE_TERMS], *sum = print->child[0];
	size_t n = 0;

	for (; is_sum(sum) && n < TRX_PREPARE_TERMS - 1; sum = sum->child[0])
		terms[n++] = sum->child[1];
	if (is_sum(sum))
		return 0;
	terms[n++] = sum;
	return set_terms(print, terms, n, arena);
}

/* The text of n > 1 DATA at list[0] is that of the first. */
static int
join_data(struct trx_arena *arena, struct trx_node **list, size_t n)
{
	struct trx_str all = { NULL, 0 };
	size_t i, size = 0;
	char *p;

	for (i = 0; i < n; i++)
		size += list[i]->name.n;
	if ((p = trx_arena_alloc(arena, size)) == NULL)
		return -1;
	all.p = p;
	for (i = 0; i < n; i++) {
		if (list[i]->name.n != 0)
			memcpy(p + all.n, list[i]->name.p, list[i]->name.n);
		all.n += list[i]->name.n;
	}
	list[0]->name = all;
	return 0;
}

/* Make one of what is DATA side by side in the node's list. */
static int
join_list(struct trx_node *node, struct trx_arena *arena)
{
	size_t i, n, to = 0;

	for (i = 0; i < node->n; i += n) {
		n = 1;
		while (node->list[i]->kind == TRX_N_DATA && i + n < node->n &&
		       node->list[i + n]->kind == TRX_N_DATA)
			n++;
		if (n > 1 && join_data(arena, node->list + i, n) == -1)
			return -1;
		node->list[to++] = node->list[i];
	}
	node->n = to;
	return 0;
}

static int
visit_print(struct trx_node *node, struct trx_arena *arena)
{
	const struct trx_value *v = &node->child[0]->u.value;

	if (is_sum(node->child[0]))
		return visit_sum(node, arena);
	if (node->child[0]->kind == TRX_N_CONST && v->kind == TRX_V_STR &&
	    node->escape == TRX_ESCAPE_NO) {
		node->kind = TRX_N_DATA;
		node->name = v->u.str;
		node->child[0] = NULL;
	}
	return 0;
}

/* Note what a node's key finds first in a dict: its own item, if it has one. */
static void
mark_item(struct trx_node *node)
{
	const struct trx_node *key = node->child[1];
	bool own = false;

	if (node->kind == TRX_N_GETATTR) {
		own = node->u.attr.method == NULL && node->name.p[0] != '_';
	} else if (node->kind == TRX_N_GETITEM && key->kind == TRX_N_CONST &&
		   key->u.value.kind == TRX_V_STR) {
		own = true;
		node->name = key->u.value.u.str;
	}
	if (own)
		node->op = node->child[0]->kind == TRX_N_NAME ? TRX_ITEM_NEAR
							      : TRX_ITEM_OWN;
}

static void
make_relation(struct trx_node *node)
{
	const struct trx_node *operand;

	if (node->kind != TRX_N_COMPARE || node->n != 1)
		return;
	operand = node->list[0];
	node->kind = TRX_N_RELATION;
	node->op = operand->op;
	node->child[1] = operand->child[0];
	node->n = 0;
}

/* A test of nothing but the kind of a variable, undefined where it is unset. */
static void
make_kind(struct trx_node *node)
{
	const uint64_t missing = (uint64_t)1 << TRX_V_MISSING;
	uint64_t kinds;

	if (node->kind != TRX_N_TEST || node->child[0]->kind != TRX_N_NAME ||
	    node->u.test == NULL || node->u.test->kinds == 0 || node->n != 0)
		return;
	kinds = node->u.test->kinds & ~missing;
	if (kinds >> TRX_V_UNDEFINED & 1)
		kinds |= missing;
	node->kind = TRX_N_KIND;
	node->u.kinds = kinds;
}

/* Of a and (b and c) and the like one list.  Returns 0 or -1. */
static int
join_logic(struct trx_node *node, struct trx_arena *arena)
{
	struct trx_node **list, *one;
	size_t n = 0, i;

	if (node->kind != TRX_N_AND && node->kind != TRX_N_OR)
		return 0;
	for (i = 0; i < node->n; i++)
		n += node->list[i]->kind == node->kind ? node->list[i]->n : 1;
	if (n == node->n)
		return 0;
	if ((list = trx_arena_calloc(arena, n, sizeof(*list))) == NULL)
		return -1;
	for (n = i = 0; i < node->n; i++) {
		one = node->list[i];
		if (one->kind == node->kind) {
			memcpy(list + n, one->list, one->n * sizeof(*list));
			n += one->n;
		} else {
			list[n++] = one;
		}
	}
	node->list = list;
	node->n = n;
	return 0;
}

/* What a NOT of a comparison or of a variable's kind asks for. */
static bool
negate(struct trx_node *node)
{
	static const uint8_t opposite[] = { [TRX_OP_EQ] = TRX_OP_NE,
		[TRX_OP_NE] = TRX_OP_EQ,
		[TRX_OP_IN] = TRX_OP_NOT_IN,
		[TRX_OP_NOT_IN] = TRX_OP_IN };

	if (node->kind == TRX_N_KIND) {
		node->u.kinds = ~node->u.kinds;
		return true;
	}
	if (node->kind != TRX_N_RELATION || opposite[node->op] == 0)
		return false;
	node->op = opposite[node->op];
	return true;
}

/* not (a or b) is not a and not b, and so on.  Returns 0 or -1. */
static int
make_not(struct trx_node *node, struct trx_arena *arena)
{
	struct trx_node *of = node->child[0], *one;
	size_t i;

	if (node->kind != TRX_N_NOT)
		return 0;
	if (negate(of)) {
		*node = *of;
		return 0;
	}
	if (of->kind != TRX_N_AND && of->kind != TRX_N_OR)
		return 0;
	for (i = 0; i < of->n; i++) {
		if ((one = trx_arena_alloc(arena, sizeof(*one))) == NULL)
			return -1;
		*one = *node;
		one->child[0] = of->list[i];
		of->list[i] = one;
		if (make_not(one, arena) == -1 || join_logic(one, arena) == -1)
			return -1;
	}
	*node = *of;
	node->kind = of->kind == TRX_N_AND ? TRX_N_OR : TRX_N_AND;
	return join_logic(node, arena);
}

static int
visit(struct trx_node *node, struct trx_arena *arena)
{
	size_t i;

	if (node == NULL)
		return 0;
	for (i = 0; i < sizeof(node->child) / sizeof(*node->child); i++)
		if (visit(node->child[i], arena) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (visit(node->list[i], arena) == -1)
			return -1;
	mark_item(node);
	make_relation(node);
	make_kind(node);
	if (make_not(node, arena) == -1 || join_logic(node, arena) == -1 ||
	    join_list(node, arena) == -1)
		return -1;
	return node->kind == TRX_N_PRINT ? visit_print(node, arena) : 0;
}

int
trx_prepare_run(struct trx_template *t, struct trx_error *err)
{
	return visit(t->body, &t->arena) == -1 ? trx_error_memory(err) : 0;
}
