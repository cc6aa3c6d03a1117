#include "common/template/exec.h"
#include "common/template/loop.h"
#include "common/template/trace.h"

/* The items of a for that has a test: those that pass it. */
struct filtered {
	const struct trx_node *node;
	struct trx_frame *frame;
	struct trx_iter items;
};

/* Does item pass the test, evaluated in its scope?  1, 0 or -1. */
static int
passes(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *item)
{
	const struct trx_scope *scope = node->in->test_scope;
	struct trx_value *slots = run->frame->slots, *kept, pass;
	size_t i;

	/* The test shares its slots with the body: they are put back. */
	kept = trx_run_alloc(run, scope->nleave * sizeof(*kept));
	if (kept == NULL)
		return -1;
	for (i = 0; i < scope->nleave; i++)
		kept[i] = slots[scope->leave[i]];
	if (trx_exec_assign(run, node->child[0], item) == -1 ||
	    trx_exec_enter(run, scope) == -1 ||
	    trx_eval(run, node->child[2], &pass) == -1)
		return -1;
	for (i = 0; i < scope->nleave; i++)
		slots[scope->leave[i]] = kept[i];
	return trx_value_truth(&pass);
}

static int
next_filtered(struct trx_run *run, struct trx_iter *it, struct trx_value *out)
{
	struct filtered *f = it->state;
	struct trx_frame *before = run->frame;
	uint32_t line = run->line;
	int more, pass = 0;

	run->line = f->node->child[2]->line;
	while (pass == 0 && (more = trx_iter_next(run, &f->items, out)) == 1) {
		run->frame = f->frame;
		pass = passes(run, f->node, out);
		run->frame = before;
	}
	if (pass == -1 || more == -1)
		return -1;
	run->line = line;
	return more;
}

/* Begin a loop over v. */
static int
open_items(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *v, struct trx_loop *loop)
{
	struct filtered *f;

	*loop = (struct trx_loop){ .over = *v, .index0 = -1, .length = -1 };
	if ((loop->items = trx_run_alloc(run, sizeof(*loop->items))) == NULL)
		return -1;
	if (node->child[2] == NULL)
		return trx_iter_open(run, v, loop->items);
	if ((f = trx_run_alloc(run, sizeof(*f))) == NULL)
		return -1;
	*f = (struct filtered){ .node = node, .frame = run->frame };
	*loop->items = (struct trx_iter){ .next = next_filtered, .state = f };
	loop->over.kind = TRX_V_MISSING;
	run->line = node->child[2]->line;
	if (trx_iter_open(run, v, &f->items) == -1)
		return -1;
	run->line = node->line;
	return 0;
}

/* Step, by the items alone where nobody can ask for the loop. */
static inline int
next_item(struct trx_run *run, const struct trx_node *node,
    struct trx_loop *loop, struct trx_value *item)
{
	return node->in->loop == -1 ? trx_iter_next(run, loop->items, item)
				    : trx_loop_next(run, loop, item);
}

/* The turns of a loop; *turned: did one come to its end? */
static int
exec_turns(struct trx_run *run, const struct trx_node *node,
    struct trx_loop *loop, bool *turned)
{
	struct trx_value item, self;
	enum trx_flow flow;
	int more;

	self = (struct trx_value){ .kind = TRX_V_LOOP, .u.loop = loop };
	while ((more = next_item(run, node, loop, &item)) == 1) {
		if (node->in->loop != -1)
			run->frame->slots[node->in->loop] = self;
		if (trx_exec_assign(run, node->child[0], &item) == -1 ||
		    trx_exec_enter(run, node->in->scope) == -1)
			return -1;
		flow = trx_exec_list(run, node->child[3]);
		if (flow == TRX_FLOW_FAILED)
			return -1;
		if (flow == TRX_FLOW_BREAK)
			break;
		/* As in Jinja, a turn that was cut short does not count. */
		*turned |= flow == TRX_FLOW_NORMAL;
		run->line = node->line;
	}
	return more == -1 ? -1 : 0;
}

/* A loop over v in the running function, with its else. */
static enum trx_flow
exec_loop(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *v, const struct trx_loop *around)
{
	struct trx_loop *loop = trx_run_alloc(run, sizeof(*loop));
	enum trx_flow flow = TRX_FLOW_NORMAL;
	bool turned = false;

	if (loop == NULL || open_items(run, node, v, loop) == -1)
		return TRX_FLOW_FAILED;
	if (node->op != 0) {
		loop->node = node;
		loop->outer = run->frame->outer;
		loop->depth0 = around == NULL ? 0 : around->depth0 + 1;
	}
	if (exec_turns(run, node, loop, &turned) == -1)
		return TRX_FLOW_FAILED;
	trx_exec_leave(run, node->in->scope);
	if (!turned && node->n != 0) {
		if (trx_exec_enter(run, node->in->else_scope) == -1)
			return TRX_FLOW_FAILED;
		flow = trx_exec_list(run, node);
		trx_exec_leave(run, node->in->else_scope);
	}
	return flow;
}

int
trx_exec_recursion(struct trx_run *run, const struct trx_node *node,
    struct trx_frame *outer, const struct trx_loop *around,
    const struct trx_value *v, struct trx_value *out)
{
	struct trx_text text, *to = run->out;
	struct trx_frame *frame, *before = run->frame;
	uint32_t line = run->line;
	enum trx_flow flow;

	if (run->depth + node->depth > TRX_TEMPLATE_DEPTH)
		return trx_run_fail(run, "loops call each other too deeply");
	if ((frame = trx_run_alloc(run, sizeof(*frame))) == NULL)
		return -1;
	*frame =
	    (struct trx_frame){ .outer = outer, .context = outer->context };
	frame->slots =
	    trx_run_calloc(run, node->in->nslots, sizeof(*frame->slots));
	if (frame->slots == NULL)
		return -1;
	run->depth += node->depth;
	run->frame = frame;
	trx_text_begin(run, &text);
	run->out = &text;
	run->line = node->line;
	flow = exec_loop(run, node, v, around);
	run->out = to;
	run->frame = before;
	run->depth -= node->depth;
	if (flow == TRX_FLOW_FAILED) {
		trx_text_drop(run, &text);
		return -1;
	}
	run->line = line;
	*out = trx_value_str(TRX_STR(""));
	out->safe = trx_exec_escapes(run, node);
	return trx_text_take(run, &text, &out->u.str);
}

enum trx_flow
trx_exec_for(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *over;
	struct trx_value v, text;

	if ((over = trx_eval_place(run, node->child[1], &v)) == NULL)
		return TRX_FLOW_FAILED;
	run->line = node->line;
	if (node->op == 0)
		return exec_loop(run, node, over, NULL);
	if (trx_exec_recursion(run, node, run->frame, NULL, over, &text) == -1)
		return TRX_FLOW_FAILED;
	return trx_exec_write(run, &text) == -1 ? TRX_FLOW_FAILED
						: TRX_FLOW_NORMAL;
}
