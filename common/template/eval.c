#include <string.h>

#include "common/template/cycler.h"
#include "common/template/eval.h"
#include "common/template/filters_list.h"
#include "common/template/iter.h"
#include "common/template/loop.h"
#include "common/template/markup.h"
#include "common/template/markup_methods.h"
#include "common/template/object.h"
#include "common/template/ops.h"
#include "common/template/select.h"
#include "common/template/text.h"
#include "common/template/trace.h"

#define SMALL 6 /* arguments that need no allocation */

/* Not inlined: the room it takes is not taken where it is not called. */
#define APART __attribute__((noinline))

/* The arguments of a call, evaluated. */
struct arguments {
	struct trx_call call;
	struct trx_value values[SMALL];
	struct trx_keyword keywords[SMALL + 1]; /* one more for caller */
};

static int
evaluate_list(
    struct trx_run *run, const struct trx_node *node, struct trx_value *at)
{
	size_t i;

	for (i = 0; i < node->n; i++)
		if (trx_eval(run, node->list[i], &at[i]) == -1)
			return -1;
	return 0;
}

/* Put the items of v behind the positional ones that the call has. */
static int
spread(struct trx_run *run, struct trx_call *call, const struct trx_value *v)
{
	struct trx_value items, *values;

	if (trx_iter_list(run, v, &items) == -1)
		return -1;
	values =
	    trx_run_calloc(run, call->nargs + items.u.seq.n, sizeof(*values));
	if (values == NULL)
		return -1;
	if (call->nargs != 0)
		memcpy(values, call->args, call->nargs * sizeof(*values));
	if (items.u.seq.n != 0)
		memcpy(values + call->nargs, items.u.seq.at,
		    items.u.seq.n * sizeof(*values));
	call->args = values;
	call->nargs += items.u.seq.n;
	return 0;
}

/* The same of keywords and the pairs of a mapping. */
static int
spread_keywords(
    struct trx_run *run, struct trx_call *call, const struct trx_value *v)
{
	struct trx_keyword *keywords;
	size_t i, k;

	if (v->kind == TRX_V_UNDEFINED)
		return trx_value_fail_undefined(run, v);
	if (v->kind != TRX_V_DICT)
		return trx_run_fail(run,
		    "argument after ** must be a mapping, not %s",
		    trx_value_type(v));
	keywords =
	    trx_run_calloc(run, call->nkw + v->u.dict->n, sizeof(*keywords));
	if (keywords == NULL)
		return -1;
	if (call->nkw != 0)
		memcpy(keywords, call->kw, call->nkw * sizeof(*keywords));
	for (i = 0; i < v->u.dict->n; i++) {
		const struct trx_pair *pair = &v->u.dict->pairs[i];

		if (pair->key.kind != TRX_V_STR)
			return trx_run_fail(run, "keywords must be strings");
		for (k = 0; k < call->nkw; k++)
			if (trx_str_equal(keywords[k].name, pair->key.u.str))
				return trx_run_fail(run,
				    "got multiple values for keyword argument "
				    "'%.*s'",
				    (int)pair->key.u.str.n, pair->key.u.str.p);
		keywords[call->nkw + i] =
		    (struct trx_keyword){ .name = pair->key.u.str,
			    .value = pair->value };
	}
	call->kw = keywords;
	call->nkw += v->u.dict->n;
	return trx_run_charge(run, call->nkw);
}

/* Evaluate one argument into those that the call has. */
static int
evaluate_argument(struct trx_run *run, const struct trx_node *item,
    struct trx_call *call, struct trx_value *values,
    struct trx_keyword *keywords)
{
	struct trx_value v;

	if (item->kind == TRX_N_KEYWORD) {
		keywords[call->nkw].name = item->name;
		return trx_eval(
		    run, item->child[0], &keywords[call->nkw++].value);
	}
	if (item->kind != TRX_N_SPREAD && item->kind != TRX_N_SPREAD_KEYWORDS)
		return trx_eval(run, item, &values[call->nargs++]);
	if (trx_eval(run, item->child[0], &v) == -1)
		return -1;
	return item->kind == TRX_N_SPREAD ? spread(run, call, &v)
					  : spread_keywords(run, call, &v);
}

/* evaluate_arguments where there are any. */
static int
evaluate_some(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct arguments *args)
{
	struct trx_value *values = args->values;
	struct trx_keyword *keywords = args->keywords;
	struct trx_call *call = &args->call;
	size_t i;

	if (node->n > SMALL) {
		values = trx_run_calloc(run, node->n, sizeof(*values));
		keywords = trx_run_calloc(run, node->n + 1, sizeof(*keywords));
		if (values == NULL || keywords == NULL)
			return -1;
	}
	*call = (struct trx_call){ .args = values, .kw = keywords };
	if (caller != NULL)
		keywords[call->nkw++] =
		    (struct trx_keyword){ .name = TRX_STR("caller"),
			    .value = *caller };
	for (i = 0; i < node->n; i++)
		if (evaluate_argument(
			run, node->list[i], call, values, keywords) == -1)
			return -1;
	return 0;
}

/* The arguments in node's list, and caller (of a call block) if not NULL. */
static inline int
evaluate_arguments(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct arguments *args)
{
	if (node->n != 0 || caller != NULL)
		return evaluate_some(run, node, caller, args);
	args->call =
	    (struct trx_call){ .args = args->values, .kw = args->keywords };
	return 0;
}

APART static int
eval_sequence(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value *at = trx_run_calloc(run, node->n, sizeof(*at));

	if (at == NULL || evaluate_list(run, node, at) == -1)
		return -1;
	*out = trx_value_seq(
	    node->kind == TRX_N_LIST ? TRX_V_LIST : TRX_V_TUPLE, at, node->n);
	return 0;
}

APART static int
eval_dict(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_dict *d = trx_dict_new(run, node->n / 2);
	struct trx_value key, value;
	size_t i;

	if (d == NULL)
		return -1;
	for (i = 0; i < node->n; i += 2)
		if (trx_eval(run, node->list[i], &key) == -1 ||
		    trx_eval(run, node->list[i + 1], &value) == -1 ||
		    trx_dict_set(run, d, &key, &value) == -1)
			return -1;
	*out = (struct trx_value){ .kind = TRX_V_DICT, .u.dict = d };
	return 0;
}

/*
 * The item that an object has of a constant name before all else, or NULL.  Of
 * a dict it stays where it is, of a namespace it may be set while it is used.
 */
static inline const struct trx_value *
own_item(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *object, struct trx_value *room)
{
	const struct trx_value *found;

	if (node->op == TRX_ITEM_SOUGHT ||
	    (object->kind != TRX_V_DICT && object->kind != TRX_V_NAMESPACE))
		return NULL;
	found = trx_dict_get_str(run, object->u.dict, node->name);
	if (found == NULL || object->kind == TRX_V_DICT)
		return found;
	*room = *found;
	return room;
}

APART static const struct trx_value *
attribute_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	const struct trx_value *object, *found;
	struct trx_value v;
	int rc;

	if ((object = trx_eval_place(run, node->child[0], &v)) == NULL)
		return NULL;
	if ((found = own_item(run, node, object, room)) != NULL)
		return found;
	if (object->kind == TRX_V_LOOP && node->u.attr.loop != TRX_LOOP_NONE)
		rc = trx_loop_attr(run, object->u.loop,
		    (enum trx_loop_attribute)node->u.attr.loop, room);
	else
		rc = trx_object_attr(
		    run, object, node->name, node->u.attr.method, room);
	return rc == -1 ? NULL : room;
}

APART static const struct trx_value *
item_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	const struct trx_value *object, *key, *found;
	struct trx_value v, k;

	if ((object = trx_eval_place(run, node->child[0], &v)) == NULL)
		return NULL;
	if ((found = own_item(run, node, object, room)) != NULL)
		return found;
	if ((key = trx_eval_place(run, node->child[1], &k)) == NULL)
		return NULL;
	if (object->kind == TRX_V_LIST && key->kind == TRX_V_INT &&
	    (uint64_t)key->u.integer < object->u.seq.n)
		return &object->u.seq.at[key->u.integer];
	return trx_object_item(run, object, key, room) == -1 ? NULL : room;
}

APART static const struct trx_value *
undefined_name(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	if (run->folding) {
		trx_run_fail(run, "no constant");
		return NULL;
	}
	*room = trx_value_undefined(TRX_UNDEF_NAME, TRX_V_NONE, node->name);
	return room;
}

static const struct trx_value *made_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room);

APART static const struct trx_value *
member_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	const struct trx_value *found = trx_eval_near(run, node);

	if (found != NULL)
		return found;
	if (node->kind == TRX_N_GETITEM)
		return item_place(run, node, room);
	return attribute_place(run, node, room);
}

const struct trx_value *
trx_eval_other(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	if (trx_run_charge(run, 1) == -1)
		return NULL;
	if (node->kind == TRX_N_GETITEM || node->kind == TRX_N_GETATTR)
		return member_place(run, node, room);
	if (node->kind == TRX_N_NAME)
		return undefined_name(run, node, room);
	return made_place(run, node, room);
}

APART static int
eval_slice(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	const struct trx_value *object;
	struct trx_value v, bounds[3];
	int64_t step;
	size_t i;

	if ((object = trx_eval_place(run, node->child[0], &v)) == NULL)
		return -1;
	for (i = 0; i < 3; i++) {
		bounds[i] = trx_value_none();
		if (node->child[i + 1] != NULL &&
		    trx_eval(run, node->child[i + 1], &bounds[i]) == -1)
			return -1;
	}
	if (trx_object_slice(run, object, bounds, out) == 0)
		return 0;
	/* What has no slices gives an undefined value to Jinja's folding. */
	if (!run->folding || object->kind == TRX_V_UNDEFINED ||
	    (trx_value_integer(&bounds[2], &step) && step == 0))
		return -1;
	*out = trx_value_undefined(
	    TRX_UNDEF_ELEMENT, object->kind, TRX_STR("slice"));
	return 0;
}

static int
call_method(struct trx_run *run, const struct trx_method *m,
    const struct trx_value *self, struct trx_call *call, struct trx_value *out)
{
	call->name = m->name;
	call->self = *self;
	return trx_markup_call(run, m, call, out);
}

/* Call a value, whatever it is. */
static int
call_value(struct trx_run *run, const struct trx_value *callee,
    struct trx_call *call, struct trx_value *out)
{
	switch ((enum trx_kind)callee->kind) {
	case TRX_V_UNDEFINED:
		return trx_value_fail_undefined(run, callee);
	case TRX_V_FUNCTION:
		call->name = callee->u.function->name;
		return callee->u.function->call(run, call, out);
	case TRX_V_METHOD:
		return call_method(run, callee->u.bound->method,
		    &callee->u.bound->self, call, out);
	case TRX_V_MACRO:
		return trx_exec_macro(run, callee->u.macro, call, out);
	case TRX_V_LOOP:
		call->name = "loop";
		return trx_loop_call(run, callee->u.loop, call, out);
	case TRX_V_JOINER:
		call->name = "joiner";
		return trx_joiner_call(run, callee->u.cycler, call, out);
	case TRX_V_BLOCK:
		call->name = "block";
		if (trx_call_bind(run, call, NULL, 0, 0, NULL) == -1)
			return -1;
		return trx_exec_block(
		    run, callee->u.block.node, callee->u.block.context, out);
	default:
		return trx_run_fail(
		    run, "'%s' object is not callable", trx_value_type(callee));
	}
}

int
trx_eval_call_node(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *caller, struct trx_value *out)
{
	const struct trx_node *callee = node->child[0];
	const struct trx_method *m = NULL;
	const struct trx_value *object = NULL;
	struct trx_value room, value;
	struct arguments args;

	/* object.method(...) needs no bound method. */
	if (callee->kind == TRX_N_GETATTR && callee->u.attr.method != NULL) {
		object = trx_eval_place(run, callee->child[0], &room);
		if (object == NULL)
			return -1;
		m = trx_method_of(callee->u.attr.method, object);
		if ((m == NULL || m->use != TRX_METHOD_KNOWN) &&
		    trx_object_attr(run, object, callee->name,
			callee->u.attr.method, &value) == -1)
			return -1;
	} else if (trx_eval(run, callee, &value) == -1) {
		return -1;
	}
	if (evaluate_arguments(run, node, caller, &args) == -1)
		return -1;
	if (m != NULL && m->use == TRX_METHOD_KNOWN)
		return call_method(run, m, object, &args.call, out);
	return call_value(run, &value, &args.call, out);
}

int
trx_eval_filter(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *text, struct trx_value *out)
{
	const struct trx_filter *filter = node->u.filter;
	const struct trx_value *self;
	struct arguments args;
	struct trx_value room;

	if (run->folding &&
	    (run->unsure || node->child[0] == NULL ||
		(filter != NULL && trx_select_is(filter->call))))
		return trx_run_fail(run, "no constant");
	if (node->child[0] == NULL) {
		self = text;
	} else if (text != NULL) {
		if (trx_eval_filter(run, node->child[0], text, &room) == -1)
			return -1;
		self = &room;
	} else if ((self = trx_eval_item(run, node->child[0], &room)) == NULL) {
		return -1;
	}
	if (filter == NULL)
		return trx_run_fail(run, "No filter named '%.*s' found.",
		    (int)node->name.n, node->name.p);
	if (evaluate_arguments(run, node, NULL, &args) == -1)
		return -1;
	args.call.name = filter->name;
	args.call.self = *self;
	return filter->call(run, &args.call, out);
}

static bool
is_random(const struct trx_node *node)
{
	return node->kind == TRX_N_FILTER && node->n == 0 &&
	       node->child[0] != NULL && node->u.filter != NULL &&
	       node->u.filter->call == trx_filter_random;
}

/*
 * What a test of the kind says of seq|random: 1, 0 or -1 where it says the same
 * of all items, else -2, not known.
 */
static int
test_random(struct trx_run *run, const struct trx_node *random,
    const struct trx_test *test)
{
	const struct trx_value *seq;
	struct trx_value v;
	size_t i, yes = 0;

	if ((seq = trx_eval_place(run, random->child[0], &v)) == NULL)
		return -1;
	if ((seq->kind != TRX_V_LIST && seq->kind != TRX_V_TUPLE) ||
	    seq->u.seq.n == 0)
		return -2;
	for (i = 0; i < seq->u.seq.n; i++)
		yes += test->kinds >> seq->u.seq.at[i].kind & 1;
	if (trx_run_charge(run, i / 16) == -1)
		return -1;
	return yes == 0 || yes == i ? yes != 0 : -2;
}

/* The test of a value by its arguments: 1, 0 or -1. */
APART static int
passes_call(struct trx_run *run, const struct trx_node *node,
    const struct trx_value *self)
{
	const struct trx_test *test = node->u.test;
	struct arguments args;
	struct trx_value verdict;

	if (run->unsure)
		return trx_run_fail(run, "no constant");
	if (test == NULL)
		return trx_run_fail(run, "No test named '%.*s' found.",
		    (int)node->name.n, node->name.p);
	if (evaluate_arguments(run, node, NULL, &args) == -1)
		return -1;
	args.call.name = test->name;
	args.call.self = *self;
	if (trx_test_run(run, test, &args.call, &verdict) == -1)
		return -1;
	return verdict.u.boolean;
}

/* child[0] is test(list): 1, 0 or -1. */
APART static int
passes(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_test *test = node->u.test;
	const struct trx_value *self;
	struct trx_value v;
	int rc;

	if (test != NULL && test->kinds != 0 && is_random(node->child[0]) &&
	    (rc = test_random(run, node->child[0], test)) != -2)
		return rc;
	if ((self = trx_eval_place(run, node->child[0], &v)) == NULL)
		return -1;
	if (test != NULL && test->kinds != 0 && node->n == 0 && !run->unsure)
		return test->kinds >> self->kind & 1;
	return passes_call(run, node, self);
}

/* Is a variable of the kinds of a KIND? */
static inline int
is_kind(const struct trx_run *run, const struct trx_node *node)
{
	unsigned kind = trx_eval_slot(run, node->child[0]->u.slot)->kind;

	return node->u.kinds >> kind & 1;
}

/* a op b: 1, 0 or -1. */
static inline int
compare(struct trx_run *run, enum trx_op op, const struct trx_value *a,
    const struct trx_value *b)
{
	if (a->kind == TRX_V_STR && b->kind == TRX_V_STR &&
	    (op == TRX_OP_EQ || op == TRX_OP_NE)) {
		if (trx_run_charge(run, a->u.str.n / 64) == -1)
			return -1;
		return trx_str_equal(a->u.str, b->u.str) == (op == TRX_OP_EQ);
	}
	if (b->kind == TRX_V_DICT && a->kind == TRX_V_STR &&
	    (op == TRX_OP_IN || op == TRX_OP_NOT_IN))
		return (trx_dict_get_str(run, b->u.dict, a->u.str) != NULL) ==
		       (op == TRX_OP_IN);
	if (a->kind != b->kind || (op != TRX_OP_EQ && op != TRX_OP_NE))
		return trx_ops_compare(run, op, a, b);
	if (a->kind == TRX_V_BOOL)
		return (a->u.boolean == b->u.boolean) == (op == TRX_OP_EQ);
	if (a->kind == TRX_V_INT)
		return (a->u.integer == b->u.integer) == (op == TRX_OP_EQ);
	return trx_ops_compare(run, op, a, b);
}

APART static int
relates(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *a, *b;
	struct trx_value room[2];

	if ((a = trx_eval_item(run, node->child[0], &room[0])) == NULL ||
	    (b = trx_eval_place(run, node->child[1], &room[1])) == NULL)
		return -1;
	return compare(run, (enum trx_op)node->op, a, b);
}

/* A chain: a < b < c is a < b and b < c, each evaluated once.  1, 0 or -1. */
APART static int
compares(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *a, *b;
	struct trx_value room[2];
	int rc = 1;
	size_t i;

	if ((a = trx_eval_place(run, node->child[0], &room[0])) == NULL)
		return -1;
	for (i = 0; i < node->n && rc == 1; i++, a = b) {
		b = trx_eval_place(
		    run, node->list[i]->child[0], &room[(i + 1) % 2]);
		if (b == NULL)
			return -1;
		rc = compare(run, (enum trx_op)node->list[i]->op, a, b);
	}
	return rc;
}

/* a and b ..., a or b ...: 1, 0 or -1. */
APART static int
combines(struct trx_run *run, const struct trx_node *node)
{
	struct trx_node *const *at = node->list, *const *end = at + node->n;
	int rc, more = node->kind == TRX_N_AND;

	do
		rc = trx_eval_truth(run, *at++);
	while (rc == more && at < end);
	return rc;
}

APART static int
denies(struct trx_run *run, const struct trx_node *node)
{
	int rc = trx_eval_truth(run, node->child[0]);

	return rc == -1 ? -1 : !rc;
}

APART static int
holds(struct trx_run *run, const struct trx_node *node)
{
	const struct trx_value *v;
	struct trx_value room;

	if ((v = trx_eval_place(run, node, &room)) == NULL)
		return -1;
	return trx_value_truth(v);
}

int
trx_eval_truth(struct trx_run *run, const struct trx_node *node)
{
	if (trx_run_charge(run, 1) == -1)
		return -1;
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_RELATION:
		return relates(run, node);
	case TRX_N_NOT:
		return denies(run, node);
	case TRX_N_AND:
	case TRX_N_OR:
		return combines(run, node);
	case TRX_N_KIND:
		return is_kind(run, node);
	case TRX_N_TEST:
		return passes(run, node);
	case TRX_N_COMPARE:
		return compares(run, node);
	default:
		return holds(run, node);
	}
}

/* The same as a value. */
static int
eval_bool(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	int yes = trx_eval_truth(run, node);

	*out = trx_value_bool(yes == 1);
	return yes == -1 ? -1 : 0;
}

APART static int
eval_logic(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	size_t i;

	for (i = 0; i < node->n; i++) {
		if (trx_eval(run, node->list[i], out) == -1)
			return -1;
		if (trx_value_truth(out) == (node->kind == TRX_N_OR))
			break;
	}
	return 0;
}

APART static int
eval_conditional(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	int yes = trx_eval_truth(run, node->child[0]);

	if (yes == -1)
		return -1;
	if (yes)
		return trx_eval(run, node->child[1], out);
	if (node->child[2] != NULL)
		return trx_eval(run, node->child[2], out);
	*out = trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, node->name);
	return 0;
}

APART static int
eval_binary(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	const struct trx_value *a, *b;
	struct trx_value room[2];

	if ((a = trx_eval_place(run, node->child[0], &room[0])) == NULL ||
	    (b = trx_eval_place(run, node->child[1], &room[1])) == NULL)
		return -1;
	return trx_ops_binary(run, (enum trx_op)node->op, a, b, out);
}

/*
 * a ~ b ~ ...: where Jinja knows that HTML is escaped and one of them is
 * Markup, the others are escaped and the whole is Markup.
 */
APART static int
eval_concat(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value *values =
	    trx_run_calloc(run, node->n, sizeof(*values));
	struct trx_text text;
	bool markup = false;
	struct trx_str s;
	size_t i;

	if (values == NULL || evaluate_list(run, node, values) == -1)
		return -1;
	for (i = 0; i < node->n; i++)
		markup |= node->escape == TRX_ESCAPE_YES && !run->folding &&
			  values[i].safe;
	trx_text_begin(run, &text);
	for (i = 0; i < node->n; i++)
		if (trx_text_str(run, &values[i], &s) == -1 ||
		    (markup && !values[i].safe &&
			trx_markup_escaped(run, s, &s) == -1) ||
		    trx_run_charge(run, s.n / 64) == -1 ||
		    trx_text_add(run, &text, s) == -1) {
			trx_text_drop(run, &text);
			return -1;
		}
	*out = trx_value_str(TRX_STR(""));
	out->safe = markup;
	return trx_text_take(run, &text, &out->u.str);
}

APART static int
eval_sign(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	struct trx_value v;

	if (trx_eval(run, node->child[0], &v) == -1)
		return -1;
	return trx_ops_sign(run, node->kind == TRX_N_NEG, &v, out);
}

/* The value of what does not stand anywhere. */
static int
made(struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	switch ((enum trx_node_kind)node->kind) {
	case TRX_N_LIST:
	case TRX_N_TUPLE:
		return eval_sequence(run, node, out);
	case TRX_N_DICT:
		return eval_dict(run, node, out);
	case TRX_N_SLICE:
		return eval_slice(run, node, out);
	case TRX_N_CALL:
		return run->folding ? trx_run_fail(run, "no constant")
				    : trx_eval_call_node(run, node, NULL, out);
	case TRX_N_FILTER:
		return trx_eval_filter(run, node, NULL, out);
	case TRX_N_TEST:
	case TRX_N_KIND:
	case TRX_N_NOT:
	case TRX_N_COMPARE:
	case TRX_N_RELATION:
		return eval_bool(run, node, out);
	case TRX_N_NEG:
	case TRX_N_POS:
		return eval_sign(run, node, out);
	case TRX_N_AND:
	case TRX_N_OR:
		return eval_logic(run, node, out);
	case TRX_N_COND:
		return eval_conditional(run, node, out);
	case TRX_N_BINARY:
		return eval_binary(run, node, out);
	case TRX_N_CONCAT:
		return eval_concat(run, node, out);
	case TRX_N_NOT_DEFINED:
		return trx_run_fail(run, "name 'inf' is not defined");
	default:
		return trx_run_refuse(run, "such an expression");
	}
}

APART static const struct trx_value *
made_place(
    struct trx_run *run, const struct trx_node *node, struct trx_value *room)
{
	return made(run, node, room) == -1 ? NULL : room;
}

int
trx_eval(
    struct trx_run *run, const struct trx_node *node, struct trx_value *out)
{
	const struct trx_value *place = trx_eval_place(run, node, out);

	if (place == NULL)
		return -1;
	if (place != out)
		*out = *place;
	return 0;
}
