/*
 * Blocks, and the statements that load other templates.  There is no loader,
 * as in transformers: these parse, and fail when they are run.
 */
#include <string.h>

#include "common/template/parser.h"

static const struct trx_ends block_ends = { { "endblock" }, "'endblock'",
	"block" };

/* A required block holds nothing but white space and comments. */
static bool
is_blank(const struct trx_node *body)
{
	size_t i, k;

	for (i = 0; i < body->n; i++) {
		if (body->list[i]->kind != TRX_N_DATA)
			return false;
		for (k = 0; k < body->list[i]->name.n; k++)
			if (strchr(" \t\n\r\v\f", body->list[i]->name.p[k]) ==
			    NULL)
				return false;
	}
	return true;
}

static int
check_name(struct trx_parser *p, uint32_t line, struct trx_str name)
{
	size_t i;

	for (i = 0; i < p->blocks->n; i++)
		if (trx_str_equal(p->blocks->at[i]->name, name)) {
			trx_parser_fail(p, line, "block '%.*s' defined twice",
			    (int)name.n, name.p);
			return -1;
		}
	if (!trx_parser_is_op(trx_parser_now(p), "-"))
		return 0;
	trx_parser_fail(p, trx_parser_now(p)->line,
	    "Block names in Jinja have to be valid Python identifiers and may "
	    "not contain hyphens, use an underscore instead.");
	return -1;
}

struct trx_node *
trx_parser_block(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_BLOCK, line);

	if (node == NULL || trx_parser_expect_name(p, &node->name) == -1)
		return NULL;
	if (trx_parser_skip_name(p, "scoped"))
		node->op |= TRX_BLOCK_SCOPED;
	if (trx_parser_skip_name(p, "required"))
		node->op |= TRX_BLOCK_REQUIRED;
	if (check_name(p, line, node->name) == -1 ||
	    trx_parser_push(p, p->blocks, node) == NULL)
		return NULL;
	node->child[0] =
	    trx_parser_function(p, line, node->name, NULL, &block_ends);
	if (node->child[0] == NULL)
		return NULL;
	if ((node->op & TRX_BLOCK_REQUIRED) &&
	    !is_blank(node->child[0]->child[0]))
		return trx_parser_fail(p, trx_parser_now(p)->line,
		    "Required blocks can only contain comments or whitespace");
	if (trx_parser_now(p)->type == TRX_T_NAME &&
	    trx_str_equal(trx_parser_now(p)->text, node->name))
		p->at++;
	return trx_parser_seal(p, node, NULL);
}

/* A statement that loads the template that an expression names. */
static struct trx_node *
load(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_LOAD, line);

	if (node == NULL || (node->child[0] = trx_parser_expression(p)) == NULL)
		return NULL;
	return node;
}

/* `with context` or `without context`, which both are fine. */
static bool
skip_context(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	bool is = (trx_parser_is_name(t, "with") ||
		      trx_parser_is_name(t, "without")) &&
		  trx_parser_is_name(t + 1, "context");

	p->at += is ? 2 : 0;
	return is;
}

struct trx_node *
trx_parser_extends(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = load(p, line);

	if (node != NULL && p->inner != 0)
		return trx_parser_fail(
		    p, line, "cannot use extend from a non top-level scope");
	return node == NULL ? NULL : trx_parser_seal(p, node, NULL);
}

struct trx_node *
trx_parser_include(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = load(p, line);
	const struct trx_token *t = trx_parser_now(p);

	if (node == NULL)
		return NULL;
	if (trx_parser_is_name(t, "ignore") &&
	    trx_parser_is_name(t + 1, "missing")) {
		p->at += 2;
		node->op = 1;
	}
	/* Python yields from it: its function becomes a generator. */
	if (skip_context(p) && p->functions > 0 &&
	    trx_parser_is_name(trx_parser_now(p) - 2, "without"))
		trx_parser_fail_late(p, line,
		    "trx does not support include without context in a "
		    "function");
	return trx_parser_seal(p, node, NULL);
}

/* A name that the statement sets. */
static int
push_store(struct trx_parser *p, struct trx_nodes *list, struct trx_str name)
{
	struct trx_node *store =
	    trx_parser_node(p, TRX_N_STORE, trx_parser_now(p)->line);

	if (store != NULL)
		store->name = name;
	return trx_parser_push(p, list, store) == NULL ? -1 : 0;
}

/* A word that must stand there. */
static int
expect_word(struct trx_parser *p, const char *word)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str got = trx_parser_describe(t);

	if (trx_parser_skip_name(p, word))
		return 0;
	trx_parser_fail(p, t->line, "expected token '%s', got '%.*s'", word,
	    (int)got.n, got.p);
	return -1;
}

struct trx_node *
trx_parser_import(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = load(p, line);
	struct trx_nodes list = { 0 };
	struct trx_str name;

	if (node == NULL || expect_word(p, "as") == -1 ||
	    trx_parser_expect_target(p, &name) == -1 ||
	    push_store(p, &list, name) == -1)
		return NULL;
	skip_context(p);
	return trx_parser_seal(p, node, &list);
}

/* One name of a from-import, maybe under another. */
static int
imported_name(struct trx_parser *p, struct trx_nodes *list)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str name;

	if (trx_parser_expect_target(p, &name) == -1)
		return -1;
	if (name.p[0] == '_') {
		trx_parser_fail(p, t->line,
		    "names starting with an underline can not be imported");
		return -1;
	}
	if (trx_parser_skip_name(p, "as") &&
	    trx_parser_expect_target(p, &name) == -1)
		return -1;
	return push_store(p, list, name);
}

struct trx_node *
trx_parser_from(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = load(p, line);
	struct trx_nodes list = { 0 };

	if (node == NULL || expect_word(p, "import") == -1)
		return NULL;
	while (!skip_context(p)) {
		if (imported_name(p, &list) == -1)
			return NULL;
		if (skip_context(p) || !trx_parser_skip_op(p, ","))
			break;
	}
	return trx_parser_seal(p, node, &list);
}
