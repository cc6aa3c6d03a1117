#include <string.h>

#include "common/template/call.h"
#include "common/template/parser.h"

static const struct trx_ends if_ends = { { "elif", "else", "endif" },
	"'elif' or 'else' or 'endif'", "if" };
static const struct trx_ends else_ends = { { "endif" }, "'endif'", "if" };
static const struct trx_ends for_ends = { { "endfor", "else" },
	"'endfor' or 'else'", "for" };
static const struct trx_ends for_else_ends = { { "endfor" }, "'endfor'",
	"for" };
static const struct trx_ends set_ends = { { "endset" }, "'endset'", "set" };
static const struct trx_ends macro_ends = { { "endmacro" }, "'endmacro'",
	"macro" };
static const struct trx_ends call_ends = { { "endcall" }, "'endcall'", "call" };
static const struct trx_ends filter_ends = { { "endfilter" }, "'endfilter'",
	"filter" };
static const struct trx_ends generation_ends = { { "endgeneration" },
	"'endgeneration'", "generation" };

static const struct trx_ends with_ends = { { "endwith" }, "'endwith'", "with" };
static const struct trx_ends autoescape_ends = { { "endautoescape" },
	"'endautoescape'", "autoescape" };

static struct trx_node *body(struct trx_parser *p, const struct trx_ends *ends);

static bool
at_end(const struct trx_token *t, const struct trx_ends *ends)
{
	size_t i;

	for (i = 0; ends != NULL && i < 3 && ends->names[i] != NULL; i++)
		if (trx_parser_is_name(t, ends->names[i]))
			return true;
	return false;
}

static int
expect_block_end(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_str got = trx_parser_describe(t);

	if (t->type == TRX_T_BLOCK_END) {
		p->at++;
		return 0;
	}
	trx_parser_fail(p, t->line,
	    "expected token 'end of statement block', got '%.*s'", (int)got.n,
	    got.p);
	return -1;
}

/* The rest of a tag, then what stands up to one of ends. */
static struct trx_node *
tag_body(struct trx_parser *p, const struct trx_ends *ends)
{
	trx_parser_skip_op(p, ":");
	if (expect_block_end(p) == -1)
		return NULL;
	return body(p, ends);
}

struct trx_node *
trx_parser_body(struct trx_parser *p, const struct trx_ends *ends)
{
	struct trx_node *node;

	p->inner++;
	node = tag_body(p, ends);
	p->inner--;
	p->at += node != NULL;
	return node;
}

static struct trx_node *
if_branch(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_IF, line);

	if (node == NULL ||
	    (node->child[0] = trx_parser_tuple(p, false)) == NULL ||
	    (node->child[1] = tag_body(p, &if_ends)) == NULL)
		return NULL;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
if_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = if_branch(p, line);
	struct trx_nodes elifs = { 0 };
	uint32_t at;

	if (node == NULL)
		return NULL;
	for (;;) {
		at = trx_parser_now(p)->line;
		if (!trx_parser_skip_name(p, "elif"))
			break;
		if (trx_parser_push(p, &elifs, if_branch(p, at)) == NULL)
			return NULL;
	}
	if (trx_parser_skip_name(p, "else") &&
	    (node->child[2] = tag_body(p, &else_ends)) == NULL)
		return NULL;
	p->at++;
	return trx_parser_seal(p, node, &elifs);
}

/* The head of a for: target, in, iter, if, test. */
static int
for_head(struct trx_parser *p, struct trx_node *node)
{
	const struct trx_token *t;
	struct trx_str got;

	node->child[0] = trx_parser_target(p, false);
	if (node->child[0] == NULL)
		return -1;
	t = trx_parser_now(p);
	got = trx_parser_describe(t);
	if (!trx_parser_skip_name(p, "in")) {
		trx_parser_fail(p, t->line, "expected token 'in', got '%.*s'",
		    (int)got.n, got.p);
		return -1;
	}
	node->child[1] = trx_parser_tuple(p, false);
	if (node->child[1] == NULL)
		return -1;
	if (trx_parser_skip_name(p, "if") &&
	    (node->child[2] = trx_parser_expression(p)) == NULL)
		return -1;
	node->op = trx_parser_skip_name(p, "recursive");
	return 0;
}

static struct trx_node *
for_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_FOR, line), *other;

	if (node == NULL || for_head(p, node) == -1)
		return NULL;
	p->loops++;
	p->inner++;
	p->functions += node->op != 0;
	node->child[3] = tag_body(p, &for_ends);
	p->functions -= node->op != 0;
	p->loops--;
	if (node->child[3] == NULL)
		return NULL;
	if (trx_parser_skip_name(p, "else")) {
		if ((other = tag_body(p, &for_else_ends)) == NULL)
			return NULL;
		node->list = other->list;
		node->n = other->n;
	}
	p->inner--;
	p->at++;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
set_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *target = trx_parser_target(p, true);
	struct trx_node *node;

	if (target == NULL)
		return NULL;
	node = trx_parser_node(p, TRX_N_SET, line);
	if (node == NULL)
		return NULL;
	node->child[0] = target;
	if (trx_parser_skip_op(p, "=")) {
		/* As in ns, ns.a = {}, 1. */
		p->made->mutates |= target->kind == TRX_N_TARGETS;
		node->child[1] = trx_parser_tuple(p, true);
		return node->child[1] == NULL ? NULL
					      : trx_parser_seal(p, node, NULL);
	}
	node->kind = TRX_N_SET_BLOCK;
	p->made->mutates |= target->kind != TRX_N_STORE;
	if (trx_parser_is_op(trx_parser_now(p), "|") &&
	    (node->child[1] = trx_parser_filters(p, NULL, false)) == NULL)
		return NULL;
	if ((node->child[2] = trx_parser_body(p, &set_ends)) == NULL)
		return NULL;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
filter_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_FILTER_BLOCK, line);

	if (node == NULL ||
	    (node->child[0] = trx_parser_filters(p, NULL, true)) == NULL ||
	    (node->child[1] = trx_parser_body(p, &filter_ends)) == NULL)
		return NULL;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
parameter(struct trx_parser *p, bool default_needed)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = trx_parser_node(p, TRX_N_PARAM, line);

	if (node == NULL || trx_parser_expect_target(p, &node->name) == -1)
		return NULL;
	if (trx_parser_skip_op(p, "=")) {
		node->child[0] = trx_parser_expression(p);
		if (node->child[0] == NULL)
			return NULL;
	} else if (default_needed) {
		return trx_parser_fail(
		    p, line, "non-default argument follows default argument");
	}
	return trx_parser_seal(p, node, NULL);
}

/* `(a, b=1)` into list. */
static int
parameters(struct trx_parser *p, struct trx_nodes *list)
{
	struct trx_node *node;
	bool defaults = false;
	size_t i;

	if (trx_parser_expect_op(p, "(") == -1)
		return -1;
	while (!trx_parser_is_op(trx_parser_now(p), ")")) {
		if (list->n != 0 && trx_parser_expect_op(p, ",") == -1)
			return -1;
		if ((node = trx_parser_push(p, list, parameter(p, defaults))) ==
		    NULL)
			return -1;
		defaults = node->child[0] != NULL;
		for (i = 0; i + 1 < list->n; i++)
			if (trx_str_equal(list->at[i]->name, node->name)) {
				trx_parser_fail_late(p, node->line,
				    "a repeated parameter is refused");
				break;
			}
	}
	p->at++;
	return 0;
}

struct trx_node *
trx_parser_function(struct trx_parser *p, uint32_t line, struct trx_str name,
    const struct trx_nodes *params, const struct trx_ends *ends)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_MACRO, line);
	unsigned loops = p->loops;

	if (node == NULL)
		return NULL;
	node->name = name;
	p->loops = 0;
	node->child[0] = trx_parser_body(p, ends);
	p->loops = loops;
	return node->child[0] == NULL ? NULL : trx_parser_seal(p, node, params);
}

static struct trx_node *
macro_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_nodes params = { 0 };
	struct trx_node *node;
	struct trx_str name;

	if (trx_parser_expect_target(p, &name) == -1 ||
	    parameters(p, &params) == -1)
		return NULL;
	p->functions++;
	node = trx_parser_function(p, line, name, &params, &macro_ends);
	p->functions--;
	return node;
}

static struct trx_node *
call_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_CALL_BLOCK, line);
	struct trx_nodes params = { 0 };
	size_t i;

	if (node == NULL ||
	    (trx_parser_is_op(trx_parser_now(p), "(") &&
		parameters(p, &params) == -1) ||
	    (node->child[0] = trx_parser_expression(p)) == NULL)
		return NULL;
	if (node->child[0]->kind != TRX_N_CALL)
		return trx_parser_fail(p, line, "expected call");
	for (i = 0; i < node->child[0]->n; i++)
		if (node->child[0]->list[i]->kind == TRX_N_KEYWORD &&
		    trx_str_is(node->child[0]->list[i]->name, "caller"))
			trx_parser_fail_late(
			    p, line, "keyword argument repeated: caller");
	p->functions++;
	node->child[1] = trx_parser_function(
	    p, line, TRX_STR("caller"), &params, &call_ends);
	p->functions--;
	if (node->child[1] == NULL)
		return NULL;
	node->child[1]->op = 1;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
generation_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_GENERATION, line);
	struct trx_nodes none = { 0 };

	if (node == NULL)
		return NULL;
	p->functions++;
	node->child[0] = trx_parser_function(
	    p, line, TRX_STR("caller"), &none, &generation_ends);
	p->functions--;
	return node->child[0] == NULL ? NULL : trx_parser_seal(p, node, NULL);
}

static struct trx_node *
break_statement(struct trx_parser *p, uint32_t line)
{
	if (p->loops == 0)
		trx_parser_fail_late(p, line, "'break' outside loop");
	return trx_parser_node(p, TRX_N_BREAK, line);
}

static struct trx_node *
continue_statement(struct trx_parser *p, uint32_t line)
{
	if (p->loops == 0)
		trx_parser_fail_late(
		    p, line, "'continue' not properly in loop");
	return trx_parser_node(p, TRX_N_CONTINUE, line);
}

static struct trx_node *
with_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_WITH, line), *target;
	struct trx_nodes list = { 0 };

	if (node == NULL)
		return NULL;
	while (trx_parser_now(p)->type != TRX_T_BLOCK_END) {
		if (list.n != 0 && trx_parser_expect_op(p, ",") == -1)
			return NULL;
		target = trx_parser_target(p, false);
		if (trx_parser_push(p, &list, target) == NULL ||
		    trx_parser_expect_op(p, "=") == -1 ||
		    trx_parser_push(p, &list, trx_parser_expression(p)) == NULL)
			return NULL;
	}
	if ((node->child[0] = trx_parser_body(p, &with_ends)) == NULL)
		return NULL;
	return trx_parser_seal(p, node, &list);
}

static struct trx_node *
autoescape_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_node *node = trx_parser_node(p, TRX_N_AUTOESCAPE, line);

	if (node == NULL ||
	    (node->child[0] = trx_parser_expression(p)) == NULL ||
	    (node->child[1] = trx_parser_body(p, &autoescape_ends)) == NULL)
		return NULL;
	return trx_parser_seal(p, node, NULL);
}

/* {% print a, b %} */
static struct trx_node *
print_statement(struct trx_parser *p, uint32_t line)
{
	struct trx_nodes list = { 0 };
	struct trx_node *node;

	while (trx_parser_now(p)->type != TRX_T_BLOCK_END) {
		if (list.n != 0 && trx_parser_expect_op(p, ",") == -1)
			return NULL;
		node = trx_parser_expression(p);
		if (node != NULL)
			node = trx_parser_unary_node(
			    p, TRX_N_PRINT, node->line, node);
		if (trx_parser_push(p, &list, node) == NULL)
			return NULL;
	}
	return trx_parser_list_node(p, TRX_N_BODY, line, &list);
}

static const struct {
	const char *name;
	struct trx_node *(*parse)(struct trx_parser *, uint32_t);
} statements[] = {
	{ "autoescape", autoescape_statement },
	{ "block", trx_parser_block },
	{ "break", break_statement },
	{ "call", call_statement },
	{ "continue", continue_statement },
	{ "extends", trx_parser_extends },
	{ "filter", filter_statement },
	{ "for", for_statement },
	{ "from", trx_parser_from },
	{ "generation", generation_statement },
	{ "if", if_statement },
	{ "import", trx_parser_import },
	{ "include", trx_parser_include },
	{ "macro", macro_statement },
	{ "print", print_statement },
	{ "set", set_statement },
	{ "with", with_statement },
};

static struct trx_node *
statement(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	size_t i;

	if (t->type != TRX_T_NAME)
		return trx_parser_fail(p, t->line, "tag name expected");
	for (i = 0; i < sizeof(statements) / sizeof(*statements); i++) {
		if (!trx_str_is(t->text, statements[i].name))
			continue;
		p->at++;
		return statements[i].parse(p, t->line);
	}
	return trx_parser_fail(p, t->line, "Encountered unknown tag '%.*s'.",
	    (int)(t->text.n > 100 ? 100 : t->text.n), t->text.p);
}

static struct trx_node *
print_tag(struct trx_parser *p)
{
	struct trx_node *value, *node;
	const struct trx_token *t;
	struct trx_str got;

	p->at++;
	if ((value = trx_parser_tuple(p, true)) == NULL)
		return NULL;
	t = trx_parser_now(p);
	if (t->type != TRX_T_PRINT_END) {
		got = trx_parser_describe(t);
		return trx_parser_fail(p, t->line,
		    "expected token 'end of print statement', got '%.*s'",
		    (int)got.n, got.p);
	}
	p->at++;
	if ((node = trx_parser_node(p, TRX_N_PRINT, value->line)) == NULL)
		return NULL;
	node->child[0] = value;
	return trx_parser_seal(p, node, NULL);
}

static struct trx_node *
data(struct trx_parser *p)
{
	const struct trx_token *t = trx_parser_now(p);
	struct trx_node *node = trx_parser_node(p, TRX_N_DATA, t->line);

	if (node != NULL)
		node->name = t->text;
	p->at++;
	return node;
}

/* Everything up to a tag of ends (or the end of all, where NULL) into list. */
static int
statements_into(
    struct trx_parser *p, const struct trx_ends *ends, struct trx_nodes *list)
{
	struct trx_node *node;

	for (;;) {
		const struct trx_token *t = trx_parser_now(p);

		if (t->type == TRX_T_EOF && ends == NULL)
			return 0;
		if (t->type == TRX_T_EOF || t->type == TRX_T_ERROR) {
			trx_parser_fail(p, t->line,
			    "Unexpected end of template. Jinja was looking "
			    "for the following tags: %s. The innermost block "
			    "that needs to be closed is '%s'.",
			    ends == NULL ? "" : ends->shown,
			    ends == NULL ? "" : ends->block);
			return -1;
		}
		if (t->type == TRX_T_DATA) {
			node = data(p);
		} else if (t->type == TRX_T_PRINT_BEGIN) {
			node = print_tag(p);
		} else {
			p->at++;
			if (at_end(trx_parser_now(p), ends))
				return 0;
			node = statement(p);
			if (node != NULL && expect_block_end(p) == -1)
				return -1;
		}
		if (trx_parser_push(p, list, node) == NULL)
			return -1;
	}
}

static struct trx_node *
body(struct trx_parser *p, const struct trx_ends *ends)
{
	uint32_t line = trx_parser_now(p)->line;
	struct trx_node *node = trx_parser_node(p, TRX_N_BODY, line);
	struct trx_nodes list = { 0 };
	int rc;

	if (node == NULL || trx_parser_enter(p) == -1)
		return NULL;
	rc = statements_into(p, ends, &list);
	trx_parser_leave(p);
	return rc == -1 ? NULL : trx_parser_seal(p, node, &list);
}

int
trx_parser_run(
    struct trx_str source, struct trx_template *t, struct trx_error *err)
{
	struct trx_nodes blocks = { 0 };
	struct trx_parser p = {
		.arena = &t->arena, .err = err, .made = t, .blocks = &blocks
	};
	struct trx_token *tokens;
	size_t n;

	if (trx_lexer_run(source, &t->arena, &tokens, &n, err) == -1)
		return -1;
	p.tokens = tokens;
	t->body = body(&p, NULL);
	t->blocks = blocks.at;
	t->nblocks = blocks.n;
	return t->body == NULL ? -1 : 0;
}
