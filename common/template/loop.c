#include <string.h>

#include "common/template/eval.h"
#include "common/template/loop.h"

int
trx_loop_next(
    struct trx_run *run, struct trx_loop *loop, struct trx_value *item)
{
	int more = 1;

	if (loop->after.kind != TRX_V_MISSING) {
		*item = loop->after;
		loop->after.kind = TRX_V_MISSING;
	} else {
		more = trx_iter_next(run, loop->items, item);
	}
	if (more != 1)
		return more;
	loop->index0++;
	loop->previous = loop->current;
	loop->current = *item;
	return 1;
}

/* Read one item ahead: 1 if there is one, 0, -1. */
static int
peek(struct trx_run *run, struct trx_loop *loop)
{
	int more;

	if (loop->after.kind != TRX_V_MISSING)
		return 1;
	more = trx_iter_next(run, loop->items, &loop->after);
	if (more != 1)
		loop->after.kind = TRX_V_MISSING;
	return more;
}

/* The length: of a generator, by reading it all. */
static int
measure(struct trx_run *run, struct trx_loop *loop)
{
	struct trx_value rest, generator = { .kind = TRX_V_GENERATOR };
	bool ahead = loop->after.kind != TRX_V_MISSING;

	if (loop->length != -1)
		return 0;
	if (loop->over.kind != TRX_V_MISSING &&
	    loop->over.kind != TRX_V_GENERATOR) {
		loop->length = trx_value_length(run, &loop->over);
		return loop->length == -1 ? -1 : 0;
	}
	generator.u.iter = loop->items;
	if (trx_iter_list(run, &generator, &rest) == -1)
		return -1;
	loop->items = trx_run_alloc(run, sizeof(*loop->items));
	if (loop->items == NULL || trx_iter_open(run, &rest, loop->items) == -1)
		return -1;
	loop->length = (int64_t)rest.u.seq.n + loop->index0 + 1 + ahead;
	return 0;
}

static struct trx_value
absent(const char *hint)
{
	return trx_value_undefined(TRX_UNDEF_HINT, TRX_V_NONE, trx_str(hint));
}

enum trx_loop_attribute
trx_loop_find(struct trx_str name)
{
	static const char *const names[TRX_LOOP_NATTRS] = { "", "index",
		"index0", "first", "last", "length", "revindex", "revindex0",
		"previtem", "nextitem", "depth", "depth0" };
	int i;

	for (i = TRX_LOOP_NATTRS - 1; i > TRX_LOOP_NONE; i--)
		if (trx_str_is(name, names[i]))
			break;
	return (enum trx_loop_attribute)i;
}

int
trx_loop_attr(struct trx_run *run, struct trx_loop *loop,
    enum trx_loop_attribute which, struct trx_value *out)
{
	int more = 1;

	if ((which == TRX_LOOP_LAST || which == TRX_LOOP_NEXT) &&
	    (more = peek(run, loop)) == -1)
		return -1;
	if ((which == TRX_LOOP_LENGTH || which == TRX_LOOP_REVINDEX ||
		which == TRX_LOOP_REVINDEX0) &&
	    measure(run, loop) == -1)
		return -1;
	switch (which) {
	case TRX_LOOP_PREV:
		*out = loop->previous.kind == TRX_V_MISSING
			   ? absent("there is no previous item")
			   : loop->previous;
		break;
	case TRX_LOOP_NEXT:
		*out =
		    more == 1 ? loop->after : absent("there is no next item");
		break;
	case TRX_LOOP_FIRST:
		*out = trx_value_bool(loop->index0 == 0);
		break;
	case TRX_LOOP_LAST:
		*out = trx_value_bool(more == 0);
		break;
	case TRX_LOOP_INDEX:
	case TRX_LOOP_INDEX0:
		*out = trx_value_int(loop->index0 + (which == TRX_LOOP_INDEX));
		break;
	case TRX_LOOP_LENGTH:
		*out = trx_value_int(loop->length);
		break;
	case TRX_LOOP_REVINDEX:
	case TRX_LOOP_REVINDEX0:
		*out = trx_value_int(loop->length - loop->index0 -
				     (which == TRX_LOOP_REVINDEX0));
		break;
	default:
		*out = trx_value_int(loop->depth0 + (which == TRX_LOOP_DEPTH));
		break;
	}
	return 0;
}

int
trx_loop_call(struct trx_run *run, struct trx_loop *loop,
    const struct trx_call *call, struct trx_value *out)
{
	static const char *const names_[] = { "iterable" };
	struct trx_value v;

	if (trx_call_bind(run, call, names_, 1, 1, &v) == -1)
		return -1;
	if (loop->node == NULL)
		return trx_run_fail(run,
		    "The loop must have the 'recursive' marker to be called "
		    "recursively.");
	return trx_exec_recursion(run, loop->node, loop->outer, loop, &v, out);
}

int
trx_loop_cycle(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	size_t at = (size_t)call->self.u.loop->index0;

	if (call->nkw != 0)
		return trx_run_fail(
		    run, "cycle() got an unexpected keyword argument");
	if (call->nargs == 0)
		return trx_run_fail(run, "no items for cycling given");
	*out = call->args[at % call->nargs];
	return 0;
}

int
trx_loop_changed(
    struct trx_run *run, const struct trx_call *call, struct trx_value *out)
{
	struct trx_loop *loop = call->self.u.loop;
	struct trx_value *at, now;
	int same = 0;

	if (call->nkw != 0)
		return trx_run_fail(
		    run, "changed() got an unexpected keyword argument");
	if ((at = trx_run_calloc(run, call->nargs, sizeof(*at))) == NULL)
		return -1;
	if (call->nargs != 0)
		memcpy(at, call->args, call->nargs * sizeof(*at));
	now = trx_value_seq(TRX_V_TUPLE, at, call->nargs);
	if (loop->changed.kind != TRX_V_MISSING &&
	    (same = trx_value_equal(run, &loop->changed, &now)) == -1)
		return -1;
	if (same == 0)
		loop->changed = now;
	*out = trx_value_bool(same == 0);
	return 0;
}
