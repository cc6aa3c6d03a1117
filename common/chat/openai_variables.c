#include <string.h>

#include "common/chat/openai_variables.h"
#include "common/template/tree.h"

#define MAX_WORK 20000000 /* comparisons of names */

struct search {
	struct trx_arena *arena;
	struct trx_openai_variables *found;
	size_t cap;
	size_t work;
	struct trx_error *err;
};

/* Jinja's own. */
static bool
is_global(struct trx_str name)
{
	static const char *const names[] = { "range", "dict", "lipsum",
		"cycler", "joiner", "namespace" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (trx_str_is(name, names[i]))
			return true;
	return false;
}

static int
add_name(struct search *s, struct trx_str name)
{
	struct trx_openai_variables *to = s->found;
	struct trx_str *more;
	size_t i;

	s->work += to->n;
	if (s->work > MAX_WORK)
		return trx_error_set(
		    s->err, TRX_INPUT, "the template has too many names");
	for (i = 0; i < to->n; i++)
		if (trx_str_equal(to->names[i], name))
			return 0;
	if (to->n == s->cap) {
		s->cap = s->cap == 0 ? 16 : s->cap * 2;
		more = trx_arena_calloc(s->arena, s->cap, sizeof(*more));
		if (more == NULL)
			return trx_error_memory(s->err);
		if (to->n != 0)
			memcpy(more, to->names, to->n * sizeof(*more));
		to->names = more;
	}
	name.p = trx_arena_copy(s->arena, name);
	to->names[to->n++] = name;
	return name.p == NULL ? trx_error_memory(s->err) : 0;
}

static int
add_loads(struct search *s, const struct trx_scope *scope)
{
	const struct trx_load *load;
	size_t i;

	for (i = 0; scope != NULL && i < scope->n; i++) {
		load = &scope->loads[i];
		if ((load->action == TRX_LOAD_RESOLVE ||
			load->action == TRX_LOAD_CONTEXT) &&
		    !is_global(load->name) && add_name(s, load->name) == -1)
			return -1;
	}
	return 0;
}

static int
add_below(struct search *s, const struct trx_node *node)
{
	size_t i;

	if (node->in != NULL && (add_loads(s, node->in->scope) == -1 ||
				    add_loads(s, node->in->test_scope) == -1 ||
				    add_loads(s, node->in->else_scope) == -1))
		return -1;
	for (i = 0; i < 4; i++)
		if (node->child[i] != NULL &&
		    add_below(s, node->child[i]) == -1)
			return -1;
	for (i = 0; i < node->n; i++)
		if (add_below(s, node->list[i]) == -1)
			return -1;
	return 0;
}

int
trx_openai_variables_find(const struct trx_template *t, struct trx_arena *a,
    struct trx_openai_variables *out, struct trx_error *err)
{
	struct search s = { .arena = a, .found = out, .err = err };

	*out = (struct trx_openai_variables){ 0 };
	return add_below(&s, t->body);
}
