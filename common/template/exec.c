#include <string.h>

#include "common/template/eval.h"
#include "common/template/loop.h"
#include "common/template/markup.h"
#include "common/template/ops.h"
#include "common/template/sums.h"
#include "common/template/text.h"
#include "common/template/trace.h"

/* How a statement ended. */
enum flow { FAILED = -1, NORMAL, BREAK, CONTINUE };

static enum flow exec(struct trx_run *run, const struct trx_node *node);

static enum flow
exec_list(struct trx_run *run, const struct trx_node *node)
{
	enum flow flow = NORMAL;
	size_t i;

	for (i = 0; i < node->n && flow == NORMAL; i++)
		flow = exec(run, node->list[i]);
	return flow;
}

/* The value of variable i, made when it is first asked for. */
static int
variable(struct trx_run *run, size_t i, struct trx_value *out)
{
	struct trx_value *v = &run->vars[i];

	if (v->kind == TRX_V_MISSING &&
	    trx_value_from_json(run, run->input->vars[i].value, v) == -1)
		return -1;
	*out = *v;
	return 0;
}

/* The value of a name that no scope of the template sets. */
static int
resolve(struct trx_run *run, const struct trx_load *load, struct trx_value *out)
{
	size_t i;

	/* As Jinja has it, no variable hides self. */
	if (load->otherwise.kind != TRX_V_SELF)
		for (i = run->input->nvars; i-- > 0;)
			if (trx_str_equal(load->name, run->input->vars[i].name))
				return variable(run, i, out);
	*out = load->otherwise;
	return 0;
}

static int
enter_scope(struct trx_run *run, const struct trx_scope *scope)
{
	struct trx_value *slots = run->frame->slots;
	const struct trx_load *load;
	size_t i;

	for (i = 0; i < scope->n; i++) {
		load = &scope->loads[i];
		if (load->action == TRX_LOAD_MISSING)
			continue;
		slots[load->to].kind = TRX_V_MISSING;
		if (load->action != TRX_LOAD_RESOLVE)
			slots[load->to] = *trx_eval_slot(run, load->from);
		if ((load->action == TRX_LOAD_RESOLVE ||
			(load->action == TRX_LOAD_EXPORTED &&
			    slots[load->to].kind == TRX_V_MISSING)) &&
		    resolve(run, load, &slots[load->to]) == -1)
			return -1;
	}
	for (i = 0; i < scope->n; i++)
		if (scope->loads[i].action == TRX_LOAD_MISSING)
			slots[scope->loads[i].to].kind = TRX_V_MISSING;
	return 0;
}

static void
leave_scope(struct trx_run *run, const struct trx_scope *scope)
{
	size_t i;

	for (i = 0; i < scope->nleave; i++)
		run->frame->slots[scope->leave[i]].kind = TRX_V_MISSING;
}

/* Write what a block gave, which Python would join as a str. */
static int
write_text(struct trx_run *run, const struct trx_value *v)
{
	if (v->kind != TRX_V_STR)
		return trx_run_fail(run,
		    "sequence item 0: expected str instance, %s found",
		    trx_value_type(v));
	return trx_text_write(run, v->u.str);
}

/* Is what node writes escaped? */
static bool
escapes(const struct trx_run *run, const struct trx_node *node)
{
	return node->escape == TRX_ESCAPE_YES ||
	       (node->escape == TRX_ESCAPE_ASK && run->autoescape);
}

static int
print_value(struct trx_run *run, const struct trx_value *v, bool escape)
{
	struct trx_str s;

	if (trx_text_str(run, v, &s) == -1)
		return -1;
	if (escape && !(v->kind == TRX_V_STR && v->safe) &&
	    trx_markup_escaped(run, s, &s) == -1)
		return -1;
	return trx_text_write(run, s);
}

/* Write the text that node gave. */
static int
write_str(struct trx_run *run, const struct trx_node *node, struct trx_str s)
{
	return node->kind == TRX_N_CONST ? trx_text_write_own(run, s)
					 : trx_text_write(run, s);
}

/*
 * Print a sum by its terms: where all are plain strings they are written one by
 * one, which is the same text as that of the sum.
 */
static int
print_sum(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value room[TRX_SUMS_MAX], sum;
	const struct trx_value *values[TRX_SUMS_MAX];
	bool plain = true;
	size_t i;

	for (i = 0; i < node->n; i++) {
		values[i] = trx_eval_place(run, node->list[i], &room[i]);
		if (values[i] == NULL)
			return -1;
		plain &= values[i]->kind == TRX_V_STR && !values[i]->safe;
	}
	for (i = 0; plain && i < node->n; i++)
		if (write_str(run, node->list[i], values[i]->u.str) == -1)
			return -1;
	if (plain)
		return 0;
	sum = *values[0];
	for (i = 1; i < node->n; i++)
		if (trx_ops_binary(run, TRX_OP_ADD, &sum, values[i], &sum) ==
		    -1)
			return -1;
	return print_value(run, &sum, false);
}

static int
exec_print(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *v;
	struct trx_value room;

	bool escape = escapes(run, node);

	if (node->n != 0 && !escape)
		return print_sum(run, node);
	if ((v = trx_eval_place(run, node->child[0], &room)) == NULL)
		return -1;
	if (v->kind == TRX_V_STR && !escape)
		return write_str(run, node->child[0], v->u.str);
	return print_value(run, v, escape);
}

static enum flow
exec_if(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_node *branch = node;
	size_t i = 0;
	bool yes;

	for (;;) {
		run->line = branch->line;
		if (trx_eval_truth(run, branch->child[0], &yes) == -1)
			return FAILED;
		if (yes)
			return exec_list(run, branch->child[1]);
		if (i == node->n)
			break;
		branch = node->list[i++];
	}
	return node->child[2] == NULL ? NORMAL : exec_list(run, node->child[2]);
}

static int assign(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v);

/* (a, b) = v */
static int
unpack(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v)
{
	struct trx_value items;
	size_t i;

	if (v->kind != TRX_V_UNDEFINED && v->kind < TRX_V_STR)
		return trx_run_fail(run, "cannot unpack non-iterable %s object",
		    trx_value_type(v));
	if (trx_iter_list(run, v, &items) == -1)
		return -1;
	if (items.u.seq.n > target->n)
		return trx_run_fail(
		    run, "too many values to unpack (expected %zu)", target->n);
	if (items.u.seq.n < target->n)
		return trx_run_fail(run,
		    "not enough values to unpack (expected %zu, got %zu)",
		    target->n, items.u.seq.n);
	for (i = 0; i < target->n; i++)
		if (assign(run, target->list[i], &items.u.seq.at[i]) == -1)
			return -1;
	return 0;
}

static int
assign(struct trx_run *run, const struct trx_node *target,
    const struct trx_value *v)
{
	struct trx_value *to, key;

	if (target->kind == TRX_N_TARGETS)
		return unpack(run, target, v);
	to = trx_eval_slot(run, target->u.slot);
	if (target->kind == TRX_N_STORE) {
		*to = *v;
		return 0;
	}
	if (to->kind != TRX_V_NAMESPACE)
		return trx_run_fail(
		    run, "cannot assign attribute on non-namespace object");
	key = trx_value_str(target->more);
	return trx_dict_set(run, to->u.dict, &key, v);
}

/* Run body into a text of its own. */
static int
capture(struct trx_run *run, const struct trx_node *body, struct trx_value *out)
{
	struct trx_text text, *before = run->out;
	enum flow flow;

	trx_text_begin(run, &text);
	run->out = &text;
	flow = exec_list(run, body);
	run->out = before;
	if (flow == FAILED) {
		trx_text_drop(run, &text);
		return -1;
	}
	*out = trx_value_str(TRX_STR(""));
	return trx_text_take(run, &text, &out->u.str);
}

/* A set or filter block's text, filtered. */
static int
block_text(struct trx_run *run, const struct trx_node *node,
    const struct trx_node *body, const struct trx_node *filter,
    struct trx_value *out)
{
	struct trx_value text;

	if (enter_scope(run, node->in->scope) == -1 ||
	    capture(run, body, &text) == -1)
		return -1;
	run->line = node->line;
	text.safe = filter != NULL && escapes(run, node);
	*out = text;
	if (filter != NULL && trx_eval_filter(run, filter, &text, out) == -1)
		return -1;
	leave_scope(run, node->in->scope);
	return 0;
}

static int
exec_set_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;

	if (block_text(run, node, node->child[2], node->child[1], &v) == -1)
		return -1;
	if (run->autoescape) {
		if (v.kind != TRX_V_STR &&
		    trx_text_str(run, &v, &v.u.str) == -1)
			return -1;
		v.kind = TRX_V_STR;
		v.safe = true;
	}
	return assign(run, node->child[0], &v);
}

static int
exec_filter_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;

	if (block_text(run, node, node->child[1], node->child[0], &v) == -1)
		return -1;
	return write_text(run, &v);
}

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
	if (assign(run, node->child[0], item) == -1 ||
	    enter_scope(run, scope) == -1 ||
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
	int more, pass = 0;

	while (pass == 0 && (more = trx_iter_next(run, &f->items, out)) == 1) {
		run->frame = f->frame;
		pass = passes(run, f->node, out);
		run->frame = before;
	}
	return pass == -1 ? -1 : more;
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
	return trx_iter_open(run, v, &f->items);
}

/* The turns of a loop; *turned: did one come to its end? */
static int
exec_turns(struct trx_run *run, const struct trx_node *node,
    struct trx_loop *loop, bool *turned)
{
	struct trx_value item, self;
	enum flow flow;
	int more;

	self = (struct trx_value){ .kind = TRX_V_LOOP, .u.loop = loop };
	while ((more = trx_loop_next(run, loop, &item)) == 1) {
		if (node->in->loop != -1)
			run->frame->slots[node->in->loop] = self;
		if (assign(run, node->child[0], &item) == -1 ||
		    enter_scope(run, node->in->scope) == -1)
			return -1;
		flow = exec_list(run, node->child[3]);
		if (flow == FAILED)
			return -1;
		if (flow == BREAK)
			break;
		/* As in Jinja, a turn that was cut short does not count. */
		*turned |= flow == NORMAL;
		run->line = node->line;
	}
	return more == -1 ? -1 : 0;
}

/* A loop over v in the running function, with its else. */
static enum flow
exec_loop(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *v, const struct trx_loop *around)
{
	struct trx_loop *loop = trx_run_alloc(run, sizeof(*loop));
	enum flow flow = NORMAL;
	bool turned = false;

	if (loop == NULL || open_items(run, node, v, loop) == -1)
		return FAILED;
	if (node->op != 0) {
		loop->node = node;
		loop->outer = run->frame->outer;
		loop->depth0 = around == NULL ? 0 : around->depth0 + 1;
	}
	if (exec_turns(run, node, loop, &turned) == -1)
		return FAILED;
	leave_scope(run, node->in->scope);
	if (!turned && node->n != 0) {
		if (enter_scope(run, node->in->else_scope) == -1)
			return FAILED;
		flow = exec_list(run, node);
		leave_scope(run, node->in->else_scope);
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
	enum flow flow;

	if (run->depth + node->depth > TRX_TEMPLATE_DEPTH)
		return trx_run_fail(run, "loops call each other too deeply");
	if ((frame = trx_run_alloc(run, sizeof(*frame))) == NULL)
		return -1;
	*frame = (struct trx_frame){ .outer = outer };
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
	if (flow == FAILED) {
		trx_text_drop(run, &text);
		return -1;
	}
	run->line = line;
	*out = trx_value_str(TRX_STR(""));
	out->safe = escapes(run, node);
	return trx_text_take(run, &text, &out->u.str);
}

static enum flow
exec_for(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *over;
	struct trx_value v, text;

	if ((over = trx_eval_place(run, node->child[1], &v)) == NULL)
		return FAILED;
	run->line = node->line;
	if (node->op == 0)
		return exec_loop(run, node, over, NULL);
	if (trx_exec_recursion(run, node, run->frame, NULL, over, &text) == -1)
		return FAILED;
	return write_text(run, &text) == -1 ? FAILED : NORMAL;
}

static int
make_macro(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_macro *macro = trx_run_alloc(run, sizeof(*macro));

	if (macro == NULL)
		return -1;
	*macro = (struct trx_macro){ .node = node, .outer = run->frame };
	*out = (struct trx_value){ .kind = TRX_V_MACRO, .u.macro = macro };
	return 0;
}

/* The keyword arguments that no parameter took, as a macro's kwargs. */
static int
set_kwargs(struct trx_run *run, const struct trx_keyword *rest, size_t n,
    struct trx_value *slot)
{
	struct trx_dict *d = trx_dict_new(run, n);
	struct trx_value key;
	size_t i;

	if (d == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		key = trx_value_str(rest[i].name);
		if (trx_dict_set(run, d, &key, &rest[i].value) == -1)
			return -1;
	}
	*slot = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

/* What is left of a call's arguments when the parameters have theirs. */
static int
set_rest(struct trx_run *run, const struct trx_node *node,
    const struct trx_call *call, const struct trx_keyword *rest, size_t n,
    struct trx_value *slots)
{
	size_t more = call->nargs > node->n ? call->nargs - node->n : 0, i;
	const struct trx_inside *in = node->in;

	for (i = 0; in->kwargs == -1 && i < n; i++)
		if (trx_str_is(rest[i].name, "caller"))
			return trx_run_fail(run,
			    "macro '%.*s' was invoked with two values for the "
			    "special caller argument. This is most likely a "
			    "bug.",
			    (int)node->name.n, node->name.p);
	if (in->kwargs == -1 && n != 0)
		return trx_run_fail(run,
		    "macro '%.*s' takes no keyword argument '%.*s'",
		    (int)node->name.n, node->name.p, (int)rest[0].name.n,
		    rest[0].name.p);
	if (in->kwargs != -1 &&
	    set_kwargs(run, rest, n, &slots[in->kwargs]) == -1)
		return -1;
	if (in->varargs == -1 && more != 0)
		return trx_run_fail(run,
		    "macro '%.*s' takes not more than %zu argument(s)",
		    (int)node->name.n, node->name.p, node->n);
	if (in->varargs != -1)
		slots[in->varargs] = trx_value_seq(
		    TRX_V_TUPLE, more == 0 ? NULL : call->args + node->n, more);
	return 0;
}

/* Put the arguments of a call into the slots of the macro's parameters. */
static int
set_parameters(struct trx_run *run, const struct trx_node *node,
    const struct trx_call *call, struct trx_value *slots)
{
	struct trx_keyword *rest =
	    trx_run_calloc(run, call->nkw, sizeof(*rest));
	bool found_caller = node->in->explicit_caller;
	const struct trx_keyword *kw;
	size_t i, k, n = 0;

	if (rest == NULL)
		return -1;
	if (node->in->caller != -1)
		slots[node->in->caller] = trx_value_undefined(
		    TRX_UNDEF_HINT, TRX_V_NONE, TRX_STR("No caller defined"));
	for (i = 0; i < node->n && i < call->nargs; i++)
		slots[node->list[i]->u.slot.index] = call->args[i];
	for (k = 0; k < call->nkw; k++) {
		kw = &call->kw[k];
		for (i = call->nargs; i < node->n; i++)
			if (trx_str_equal(node->list[i]->name, kw->name))
				break;
		if (i < node->n)
			slots[node->list[i]->u.slot.index] = kw->value;
		else if (node->in->caller != -1 && !found_caller &&
			 trx_str_is(kw->name, "caller")) {
			if (kw->value.kind != TRX_V_NONE)
				slots[node->in->caller] = kw->value;
		} else
			rest[n++] = *kw;
	}
	return set_rest(run, node, call, rest, n, slots);
}

/* The values of the parameters that the call left out. */
static int
set_defaults(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_node *p;
	struct trx_value *to;
	struct trx_buf b = TRX_BUF_INIT;
	struct trx_str text;
	size_t i;

	for (i = 0; i < node->n; i++) {
		p = node->list[i];
		to = &run->frame->slots[p->u.slot.index];
		if (to->kind != TRX_V_MISSING)
			continue;
		if (p->child[0] != NULL) {
			if (trx_eval(run, p->child[0], to) == -1)
				return -1;
			continue;
		}
		trx_buf_addf(&b, "parameter '%.*s' was not provided",
		    (int)p->name.n, p->name.p);
		if (trx_run_take(run, &b, &text) == -1)
			return -1;
		*to = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, text);
	}
	return 0;
}

int
trx_exec_macro(struct trx_run *run, const struct trx_macro *macro,
    const struct trx_call *call, struct trx_value *out)
{
	const struct trx_node *node = macro->node;
	struct trx_frame *frame, *before = run->frame;
	uint32_t line = run->line;
	int rc = -1;

	if (run->depth + node->depth > TRX_TEMPLATE_DEPTH)
		return trx_run_fail(run, "macros call each other too deeply");
	/* A macro may outlive the call that made it, and so do its frames. */
	if ((frame = trx_run_alloc(run, sizeof(*frame))) == NULL)
		return -1;
	*frame = (struct trx_frame){ .outer = macro->outer };
	frame->slots =
	    trx_run_calloc(run, node->in->nslots, sizeof(*frame->slots));
	if (frame->slots == NULL ||
	    set_parameters(run, node, call, frame->slots) == -1)
		return -1;
	run->depth += node->depth;
	run->frame = frame;
	if (enter_scope(run, node->in->scope) == 0 &&
	    set_defaults(run, node) == 0)
		rc = capture(run, node->child[0], out);
	run->frame = before;
	run->depth -= node->depth;
	if (rc == 0) {
		run->line = line;
		out->safe = run->autoescape || escapes(run, node);
	}
	return rc;
}

static int
exec_call_block(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value caller, v;

	if (make_macro(run, node->child[1], &caller) == -1 ||
	    trx_eval_call_node(run, node->child[0], &caller, &v) == -1)
		return -1;
	return write_text(run, &v);
}

static int
exec_generation(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_call none = { .name = "generation" };
	struct trx_value macro, v;
	uint32_t before;
	int rc;

	if (make_macro(run, node->child[0], &macro) == -1)
		return -1;
	before = trx_trace_enter(run);
	rc = trx_exec_macro(run, macro.u.macro, &none, &v);
	trx_trace_leave(run, before);
	if (rc == -1 || trx_trace_generated(run, v.u.str) == -1)
		return -1;
	return write_text(run, &v);
}

static enum flow
exec_with(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;
	enum flow flow;
	size_t i;

	if (enter_scope(run, node->in->scope) == -1)
		return FAILED;
	for (i = 0; i < node->n; i += 2)
		if (trx_eval(run, node->list[i + 1], &v) == -1 ||
		    assign(run, node->list[i], &v) == -1)
			return FAILED;
	flow = exec_list(run, node->child[0]);
	leave_scope(run, node->in->scope);
	return flow;
}

static enum flow
exec_autoescape(struct trx_run *run, const struct trx_node *node)
{
	bool before = run->autoescape;
	struct trx_value v;
	enum flow flow;

	if (enter_scope(run, node->in->scope) == -1 ||
	    trx_eval(run, node->child[0], &v) == -1)
		return FAILED;
	run->autoescape = trx_value_truth(&v);
	flow = exec_list(run, node->child[1]);
	run->autoescape = before;
	leave_scope(run, node->in->scope);
	return flow;
}

int
trx_exec_block(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_macro macro = { .node = node->child[0],
		.outer = node->op & TRX_BLOCK_SCOPED ? run->frame : run->root };
	const struct trx_call none = { .name = "block" };

	if (node->op & TRX_BLOCK_REQUIRED)
		return trx_run_fail(run, "Required block '%.*s' not found",
		    (int)node->name.n, node->name.p);
	return trx_exec_macro(run, &macro, &none, out);
}

/* A statement that wants another template. */
static int
exec_load(struct trx_run *run, const struct trx_node *node)
{
	struct trx_value v;

	if (trx_eval(run, node->child[0], &v) == -1)
		return -1;
	/* Nothing at all is what may be missing; a name always fails. */
	if (node->op != 0 && v.kind != TRX_V_STR && v.kind != TRX_V_UNDEFINED &&
	    !trx_value_truth(&v))
		return 0;
	return trx_run_fail(run, "no loader for this environment specified");
}

static enum flow
exec(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *place;
	struct trx_value v;

	if (trx_run_charge(run, 1) == -1)
		return FAILED;
	run->line = node->line;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_DATA:
		return trx_text_write_own(run, node->name);
	case TRX_N_PRINT:
		return exec_print(run, node);
	case TRX_N_IF:
		return exec_if(run, node);
	case TRX_N_FOR:
		return exec_for(run, node);
	case TRX_N_SET:
		if ((place = trx_eval_place(run, node->child[1], &v)) == NULL)
			return FAILED;
		return assign(run, node->child[0], place);
	case TRX_N_SET_BLOCK:
		return exec_set_block(run, node);
	case TRX_N_FILTER_BLOCK:
		return exec_filter_block(run, node);
	case TRX_N_MACRO:
		if (make_macro(run, node, &v) == -1)
			return FAILED;
		*trx_eval_slot(run, node->u.slot) = v;
		return NORMAL;
	case TRX_N_CALL_BLOCK:
		return exec_call_block(run, node);
	case TRX_N_GENERATION:
		return exec_generation(run, node);
	case TRX_N_BODY:
		return exec_list(run, node);
	case TRX_N_WITH:
		return exec_with(run, node);
	case TRX_N_AUTOESCAPE:
		return exec_autoescape(run, node);
	case TRX_N_BLOCK:
		if (trx_exec_block(run, node, &v) == -1)
			return FAILED;
		return write_text(run, &v);
	case TRX_N_LOAD:
		return exec_load(run, node);
	case TRX_N_BREAK:
		return BREAK;
	case TRX_N_CONTINUE:
		return CONTINUE;
	default:
		return trx_run_refuse(run, "such a statement");
	}
}

int
trx_exec_template(struct trx_run *run, const struct trx_template *t)
{
	struct trx_frame frame = { 0 };

	frame.slots = trx_run_calloc(run, t->nslots, sizeof(*frame.slots));
	run->vars = trx_run_calloc(run, run->input->nvars, sizeof(*run->vars));
	if (frame.slots == NULL || run->vars == NULL)
		return -1;
	run->frame = run->root = &frame;
	run->template = t;
	run->depth = t->body->depth;
	if (enter_scope(run, t->body->in->scope) == -1)
		return -1;
	return exec_list(run, t->body) == FAILED ? -1 : 0;
}
