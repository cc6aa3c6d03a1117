/* The parser: tokens to a tree.  The second part is shared by its two files. */
#ifndef TRX_TEMPLATE_PARSER_H
#define TRX_TEMPLATE_PARSER_H

#include "common/template/lexer.h"
#include "common/template/tree.h"

/*
 * Parse source into t->body, in t->arena.  Returns 0, or -1 with err
 * `LINE: cause`.
 */
int trx_parser_run(
    struct trx_str source, struct trx_template *t, struct trx_error *err);

/* A growing list of nodes. */
struct trx_nodes {
	struct trx_node **at;
	size_t n;
	size_t cap;
};

struct trx_parser {
	const struct trx_token *tokens;
	size_t at;
	unsigned nesting;
	unsigned loops;	    /* around what is parsed, in its function */
	unsigned inner;	    /* scopes around it other than the template's own */
	unsigned functions; /* macros, callers, recursive loops around it */
	struct trx_nodes *blocks; /* every BLOCK so far */
	struct trx_arena *arena;
	struct trx_template *made;
	struct trx_error *err;
};

static inline const struct trx_token *
trx_parser_now(const struct trx_parser *p)
{
	return &p->tokens[p->at];
}

/* Fail at a line.  Returns NULL. */
void *trx_parser_fail(struct trx_parser *p, uint32_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Fail at a line once all is parsed and its names are resolved: Jinja accepts
 * what it is, but not Python what Jinja makes of it.
 */
void trx_parser_fail_late(struct trx_parser *p, uint32_t line, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* How Jinja names a token in its messages. */
struct trx_str trx_parser_describe(const struct trx_token *t);

bool trx_parser_is_op(const struct trx_token *t, const char *op);
bool trx_parser_is_name(const struct trx_token *t, const char *name);

/* Step over the current token if it is that operator or name. */
bool trx_parser_skip_op(struct trx_parser *p, const char *op);
bool trx_parser_skip_name(struct trx_parser *p, const char *name);

/* Step over an operator (a name into *out) that must be there.  0 or -1. */
int trx_parser_expect_op(struct trx_parser *p, const char *op);
int trx_parser_expect_name(struct trx_parser *p, struct trx_str *out);

/* The same of a name that may be assigned to. */
int trx_parser_expect_target(struct trx_parser *p, struct trx_str *out);

struct trx_node *trx_parser_node(
    struct trx_parser *p, enum trx_node_kind kind, uint32_t line);

/* Append to a list, NULL out of memory or where node is NULL already. */
struct trx_node *trx_parser_push(
    struct trx_parser *p, struct trx_nodes *list, struct trx_node *node);

/* Give node its list (may be NULL) and depth, refusing too deep a tree. */
struct trx_node *trx_parser_seal(
    struct trx_parser *p, struct trx_node *node, const struct trx_nodes *list);

/* Around what may nest: 0, or -1 too deep; then trx_parser_leave. */
int trx_parser_enter(struct trx_parser *p);

static inline void
trx_parser_leave(struct trx_parser *p)
{
	p->nesting--;
}

/* A node of one child, of two, of a list, of a constant; NULL as above. */
struct trx_node *trx_parser_unary_node(struct trx_parser *p,
    enum trx_node_kind kind, uint32_t line, struct trx_node *a);
struct trx_node *trx_parser_binary_node(struct trx_parser *p,
    enum trx_node_kind kind, enum trx_op op, uint32_t line, struct trx_node *a,
    struct trx_node *b);
struct trx_node *trx_parser_list_node(struct trx_parser *p,
    enum trx_node_kind kind, uint32_t line, const struct trx_nodes *list);
struct trx_node *trx_parser_const_node(
    struct trx_parser *p, uint32_t line, struct trx_value v);

/* The tags that end a body, as Jinja's message lists them. */
struct trx_ends {
	const char *names[3];
	const char *shown;
	const char *block; /* the tag that they close */
};

/*
 * The rest of a tag, then what stands up to one of ends, whose name is stepped
 * over; NULL on failure.
 */
struct trx_node *trx_parser_body(
    struct trx_parser *p, const struct trx_ends *ends);

/* The same as a function of that name and parameters (may be NULL). */
struct trx_node *trx_parser_function(struct trx_parser *p, uint32_t line,
    struct trx_str name, const struct trx_nodes *params,
    const struct trx_ends *ends);

/* The statements that speak of other templates, and the parts for them. */
struct trx_node *trx_parser_block(struct trx_parser *p, uint32_t line);
struct trx_node *trx_parser_extends(struct trx_parser *p, uint32_t line);
struct trx_node *trx_parser_include(struct trx_parser *p, uint32_t line);
struct trx_node *trx_parser_import(struct trx_parser *p, uint32_t line);
struct trx_node *trx_parser_from(struct trx_parser *p, uint32_t line);

/* Expressions (a tuple: with inline if, or without); NULL on failure. */
struct trx_node *trx_parser_expression(struct trx_parser *p);
struct trx_node *trx_parser_tuple(struct trx_parser *p, bool with_if);

/* A literal, a name, or what stands in brackets (or braces). */
struct trx_node *trx_parser_primary(struct trx_parser *p);

/* The number that the parser is at. */
struct trx_node *trx_parser_number(struct trx_parser *p);
struct trx_node *trx_parser_brackets(struct trx_parser *p);

/* An operand with its sign, postfixes and (if asked for) filters. */
struct trx_node *trx_parser_unary(struct trx_parser *p, bool filters);

/* A target of set or for. */
struct trx_node *trx_parser_target(struct trx_parser *p, bool namespaces);

/* `name(args)|...` after the bar or the tag's name; base may be NULL. */
struct trx_node *trx_parser_filters(
    struct trx_parser *p, struct trx_node *base, bool inline_start);

#endif
