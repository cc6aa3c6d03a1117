/* Blocks, and the contexts in which they run. */
#include "common/template/exec.h"

/* The template's own variable of that name, if it has one now. */
static bool
known_to_template(
    const struct trx_run *run, struct trx_str name, struct trx_value *out)
{
	const struct trx_exports *exports = run->template->body->in->exports;
	size_t i;

	for (i = 0; i < exports->n; i++)
		if (trx_str_equal(exports->at[i].name, name)) {
			*out = run->root->slots[exports->at[i].slot.index];
			return out->kind != TRX_V_MISSING;
		}
	return false;
}

bool
trx_exec_known(
    const struct trx_run *run, struct trx_str name, struct trx_value *out)
{
	const struct trx_context *c = run->frame->context;
	size_t i;

	if (c == NULL)
		return known_to_template(run, name, out);
	for (; c != NULL; c = c->outer)
		for (i = c->n; i-- > 0;)
			if (trx_str_equal(c->at[i].name, name)) {
				*out = c->at[i].value;
				return true;
			}
	return false;
}

/* Add the variables that have a value now, seen from a frame. */
static void
add_variables(struct trx_run *run, const struct trx_exports *exports,
    struct trx_frame *frame, struct trx_context *c)
{
	struct trx_frame *before = run->frame;
	const struct trx_value *v;
	size_t i;

	run->frame = frame;
	for (i = 0; i < exports->n; i++) {
		v = trx_eval_slot(run, exports->at[i].slot);
		if (v->kind == TRX_V_MISSING)
			continue;
		c->at[c->n].name = exports->at[i].name;
		c->at[c->n++].value = *v;
	}
	run->frame = before;
}

/* The context of a scoped block where it stands; NULL on failure. */
static const struct trx_context *
derive(struct trx_run *run, const struct trx_exports *exports)
{
	const struct trx_exports *own = run->template->body->in->exports;
	const struct trx_context *outer = run->frame->context;
	size_t room = exports->n + (outer == NULL ? own->n : 0);
	struct trx_context *c = trx_run_alloc(run, sizeof(*c));

	if (c == NULL || trx_run_charge(run, room) == -1)
		return NULL;
	*c = (struct trx_context){ .outer = outer,
		.at = trx_run_calloc(run, room, sizeof(*c->at)) };
	if (c->at == NULL)
		return NULL;
	if (outer == NULL)
		add_variables(run, own, run->root, c);
	add_variables(run, exports, run->frame, c);
	return c;
}

int
trx_exec_refer(
    struct trx_run *run, const struct trx_node *node, struct trx_frame *frame)
{
	const struct trx_inside *in = node->in;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;

	if (in->self != -1)
		frame->slots[in->self] = (struct trx_value){ .kind = TRX_V_SELF,
			.u.block.context = frame->context };
	if (in->parent == -1)
		return 0;
	trx_buf_addf(&b, "there is no parent block called '%.*s'.",
	    (int)node->name.n, node->name.p);
	if (trx_run_take(run, &b, &text) == -1)
		return -1;
	frame->slots[in->parent] =
	    trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, text);
	return 0;
}

int
trx_exec_block(struct trx_run *run, const struct trx_node *node,
    const struct trx_context *context, struct trx_value *out)
{
	struct trx_macro macro = { .node = node->child[0], .context = context };
	const struct trx_call none = { .name = "block" };

	return trx_exec_macro(run, &macro, &none, out);
}

int
trx_exec_block_here(struct trx_run *run, const struct trx_node *node)
{
	struct trx_macro macro = { .node = node->child[0],
		.context = run->frame->context };
	const struct trx_call none = { .name = "block" };

	/* No template that this one extends can give it. */
	if (node->op & TRX_BLOCK_REQUIRED)
		return trx_run_fail(run, "Required block '%.*s' not found",
		    (int)node->name.n, node->name.p);
	if ((node->op & TRX_BLOCK_SCOPED) &&
	    (macro.context = derive(run, macro.node->in->exports)) == NULL)
		return -1;
	return trx_exec_function(run, &macro, &none);
}
