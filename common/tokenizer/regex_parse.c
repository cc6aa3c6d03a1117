#include <string.h>

#include "common/tokenizer/regex_class.h"
#include "common/tokenizer/regex_parse.h"
#include "common/ucd/ucd.h"

struct parser {
	struct trx_regex_cursor c;
	bool fold; /* (?i) */
	bool dots; /* (?m): '.' is a newline too */
	int depth;
	struct trx_regex_set *sets;
	size_t nsets;
	uint32_t word;
};

static struct trx_regex_node *parse_alts(struct parser *ps);

static void *
refuse(struct parser *ps, const char *what)
{
	ps->c.refused = what;
	return NULL;
}

static struct trx_regex_node *
new_node(struct parser *ps, enum trx_regex_kind kind)
{
	struct trx_regex_node *n = trx_arena_calloc(ps->c.a, 1, sizeof(*n));

	if (n != NULL)
		n->kind = kind;
	return n;
}

/* The place of set among the sets, which it joins if it is a new one. */
static int
intern(struct parser *ps, const struct trx_regex_set *set, uint32_t *place)
{
	size_t i;

	for (i = 0; i < ps->nsets; i++)
		if (ps->sets[i].n == set->n &&
		    memcmp(ps->sets[i].at, set->at,
			set->n * sizeof(*set->at)) == 0)
			break;
	if (i == TRX_REGEX_SETS_MAX) {
		refuse(ps, "so many different characters");
		return -1;
	}
	if (i == ps->nsets)
		ps->sets[ps->nsets++] = *set;
	*place = (uint32_t)i;
	return 0;
}

static struct trx_regex_node *
set_node(struct parser *ps, const struct trx_regex_set *set)
{
	struct trx_regex_node *n = new_node(ps, TRX_REGEX_SET);

	return n == NULL || intern(ps, set, &n->set) == -1 ? NULL : n;
}

static struct trx_regex_node *
character(struct parser *ps, uint32_t cp)
{
	struct trx_regex_node *n;
	struct trx_regex_set set;
	uint32_t lower = cp | 0x20;

	if (!ps->fold) {
		if (trx_regex_set_range(cp, cp, ps->c.a, &set) == -1)
			return NULL;
		return set_node(ps, &set);
	}
	if (trx_regex_fold(&ps->c, cp, &set) == -1)
		return NULL;
	n = set_node(ps, &set);
	if (n != NULL && cp < 0x80 && lower >= 'a' && lower <= 'z') {
		n->folds = true;
		n->first = n->last = 1u << (lower - 'a');
	}
	return n;
}

static struct trx_regex_node *
class_node(struct parser *ps)
{
	struct trx_regex_node *n;
	struct trx_regex_set set;

	if (trx_regex_class(&ps->c, ps->fold, &set) == -1)
		return NULL;
	n = set_node(ps, &set);
	if (n != NULL)
		n->folds = ps->fold;
	return n;
}

static struct trx_regex_node *
dot(struct parser *ps)
{
	struct trx_regex_set set;

	if (trx_regex_set_range('\n', '\n', ps->c.a, &set) == -1 ||
	    trx_regex_set_invert(&set, ps->c.a, &set) == -1)
		return NULL;
	if (ps->dots && trx_regex_set_range(
			    0, TRX_REGEX_CODE_POINTS - 1, ps->c.a, &set) == -1)
		return NULL;
	return set_node(ps, &set);
}

static struct trx_regex_node *
assertion(struct parser *ps, enum trx_regex_assert assert)
{
	struct trx_regex_node *n = new_node(ps, TRX_REGEX_ASSERT);
	struct trx_regex_set word;

	if (n == NULL)
		return NULL;
	n->assert = assert;
	n->empty = true;
	if (assert == TRX_REGEX_WORD_EDGE || assert == TRX_REGEX_NO_WORD_EDGE)
		if (trx_regex_word(&ps->c, false, &word) == -1 ||
		    intern(ps, &word, &ps->word) == -1)
			return NULL;
	return n;
}

/* After a backslash. */
static struct trx_regex_node *
escape(struct parser *ps)
{
	struct trx_regex_set set;
	bool is_set;
	uint32_t cp;

	if (trx_regex_take(&ps->c, "A"))
		return assertion(ps, TRX_REGEX_TEXT_BEGIN);
	if (trx_regex_take(&ps->c, "z"))
		return assertion(ps, TRX_REGEX_TEXT_END);
	if (trx_regex_take(&ps->c, "Z"))
		return assertion(ps, TRX_REGEX_LAST_LINE_END);
	if (trx_regex_take(&ps->c, "b"))
		return assertion(ps, TRX_REGEX_WORD_EDGE);
	if (trx_regex_take(&ps->c, "B"))
		return assertion(ps, TRX_REGEX_NO_WORD_EDGE);
	if (trx_regex_escape(&ps->c, false, &is_set, &cp, &set) == -1)
		return NULL;
	return is_set ? set_node(ps, &set) : character(ps, cp);
}

/*
 * Characters that n takes, whatever it matches, or -1: what may stand in a
 * lookbehind takes one number of them.
 */
static int64_t
fixed_length(const struct trx_regex_node *n)
{
	const struct trx_regex_node *k;
	int64_t length, sum = 0;

	if (n->opaque || n->folds)
		return -1;
	switch (n->kind) {
	case TRX_REGEX_EMPTY:
		return 0;
	case TRX_REGEX_SET:
		return 1;
	case TRX_REGEX_CAT:
		for (k = n->child; k != NULL; k = k->next) {
			length = fixed_length(k);
			if (length == -1)
				return -1;
			sum += length;
		}
		return sum;
	case TRX_REGEX_REPEAT:
		length = fixed_length(n->child);
		return length == -1 || n->min != n->max ? -1 : length * n->min;
	default:
		return -1;
	}
}

static struct trx_regex_node *
look(
    struct parser *ps, struct trx_regex_node *child, bool negative, bool behind)
{
	struct trx_regex_node *n = new_node(ps, TRX_REGEX_LOOK);
	int64_t back;

	if (n == NULL)
		return NULL;
	n->child = child;
	n->negative = negative;
	n->behind = behind;
	n->empty = true;
	if (!behind)
		return n;
	back = fixed_length(child);
	if (back <= 0 || back > UINT16_MAX)
		return refuse(ps, "such a lookbehind");
	n->back = (uint32_t)back;
	return n;
}

/*
 * Alternatives in a lookbehind may differ in length: to look for any of them
 * is to look for each.
 */
static struct trx_regex_node *
look_behind(struct parser *ps, struct trx_regex_node *child, bool negative)
{
	struct trx_regex_node *n, *k, *next, **tail;

	if (child->kind != TRX_REGEX_ALT || child->opaque)
		return look(ps, child, negative, true);
	n = new_node(ps, negative ? TRX_REGEX_CAT : TRX_REGEX_ALT);
	if (n == NULL)
		return NULL;
	n->empty = true;
	tail = &n->child;
	for (k = child->child; k != NULL; k = next) {
		next = k->next;
		k->next = NULL;
		*tail = look(ps, k, negative, true);
		if (*tail == NULL)
			return NULL;
		tail = &(*tail)->next;
	}
	return look(ps, n, false, false);
}

static struct trx_regex_node *
close_group(struct parser *ps, struct trx_regex_node *n)
{
	if (n != NULL && !trx_regex_take(&ps->c, ")"))
		return refuse(ps, "a group without end");
	return n;
}

static struct trx_regex_node *
opaque(struct parser *ps, struct trx_regex_node *child)
{
	struct trx_regex_node *n;

	if (child == NULL)
		return NULL;
	n = new_node(ps, TRX_REGEX_CAT);
	if (n == NULL)
		return NULL;
	n->child = child;
	n->opaque = true;
	n->empty = child->empty;
	n->folds = child->folds;
	n->first = child->first;
	n->last = child->last;
	return n;
}

/*
 * Options, after "(?".  Where no ':' follows they hold to the end of the group
 * around them, and what follows is one branch to it, '|' and all.
 */
static struct trx_regex_node *
options(struct parser *ps)
{
	bool fold = ps->fold, dots = ps->dots, on = true, group;
	struct trx_regex_node *n;

	while (!trx_regex_take(&ps->c, ":") && ps->c.p < ps->c.end &&
	       *ps->c.p != ')') {
		if (trx_regex_take(&ps->c, "-"))
			on = false;
		else if (trx_regex_take(&ps->c, "i"))
			ps->fold = on;
		else if (trx_regex_take(&ps->c, "m"))
			ps->dots = on;
		else
			return refuse(ps, "such a group");
	}
	group = ps->c.p[-1] == ':';
	if (!group && !trx_regex_take(&ps->c, ")"))
		return refuse(ps, "a group without end");
	n = opaque(ps, parse_alts(ps));
	ps->fold = fold;
	ps->dots = dots;
	return group ? close_group(ps, n) : n;
}

/* After a '('. */
static struct trx_regex_node *
group(struct parser *ps)
{
	struct trx_regex_node *n;

	if (!trx_regex_take(&ps->c, "?"))
		return close_group(ps, opaque(ps, parse_alts(ps)));
	if (trx_regex_take(&ps->c, ":"))
		return close_group(ps, parse_alts(ps));
	if (trx_regex_take(&ps->c, ">")) {
		struct trx_regex_node *child = opaque(ps, parse_alts(ps));

		if (child != NULL)
			child->kind = TRX_REGEX_ATOMIC;
		return close_group(ps, child);
	}
	if (trx_regex_take(&ps->c, "=")) {
		n = parse_alts(ps);
		return n == NULL ? NULL
				 : close_group(ps, look(ps, n, false, false));
	}
	if (trx_regex_take(&ps->c, "!")) {
		n = parse_alts(ps);
		return n == NULL ? NULL
				 : close_group(ps, look(ps, n, true, false));
	}
	if (trx_regex_take(&ps->c, "<=")) {
		n = parse_alts(ps);
		return n == NULL ? NULL
				 : close_group(ps, look_behind(ps, n, false));
	}
	if (trx_regex_take(&ps->c, "<!")) {
		n = parse_alts(ps);
		return n == NULL ? NULL
				 : close_group(ps, look_behind(ps, n, true));
	}
	return options(ps);
}

/* What quantifiers are for; NULL with nothing refused where there is none. */
static struct trx_regex_node *
atom(struct parser *ps)
{
	uint32_t cp;

	if (trx_regex_take(&ps->c, "\\"))
		return escape(ps);
	if (trx_regex_take(&ps->c, "["))
		return class_node(ps);
	if (trx_regex_take(&ps->c, "("))
		return group(ps);
	if (trx_regex_take(&ps->c, "."))
		return dot(ps);
	if (trx_regex_take(&ps->c, "^"))
		return assertion(ps, TRX_REGEX_LINE_BEGIN);
	if (trx_regex_take(&ps->c, "$"))
		return assertion(ps, TRX_REGEX_LINE_END);
	if (memchr("*+?{", *ps->c.p, 4) != NULL)
		return refuse(ps, "a quantifier of nothing");
	cp = trx_ucd_get(ps->c.p);
	ps->c.p += trx_ucd_width(ps->c.p);
	return character(ps, cp);
}

static bool
number(struct parser *ps, uint32_t *out)
{
	const uint8_t *begin = ps->c.p;

	*out = 0;
	while (ps->c.p < ps->c.end && *ps->c.p >= '0' && *ps->c.p <= '9' &&
	       *out < 10000)
		*out = *out * 10 + *ps->c.p++ - '0';
	return ps->c.p > begin;
}

/* After a '{'.  Returns -1 with what is refused. */
static int
interval(struct parser *ps, uint32_t *min, uint32_t *max, bool *fixed)
{
	bool has_min = number(ps, min), has_max;

	*fixed = !trx_regex_take(&ps->c, ",");
	*max = *min;
	has_max = !*fixed && number(ps, max);
	if (!*fixed && !has_max)
		*max = TRX_REGEX_INFINITE;
	if (!trx_regex_take(&ps->c, "}") || (!has_min && !has_max) ||
	    *min > *max || *min > 10000) {
		refuse(ps, "such a '{'");
		return -1;
	}
	return 0;
}

/*
 * A quantifier at the cursor.  Returns 1, 0 where there is none, -1 with what
 * is refused.  A '+' after {n,m}, and a '?' after {n}, is a quantifier of its
 * own.
 */
static int
quantifier(struct parser *ps, struct trx_regex_node *n, bool *possessive)
{
	bool fixed = false, is_interval = false;

	if (trx_regex_take(&ps->c, "*"))
		n->max = TRX_REGEX_INFINITE;
	else if (trx_regex_take(&ps->c, "+")) {
		n->min = 1;
		n->max = TRX_REGEX_INFINITE;
	} else if (trx_regex_take(&ps->c, "?"))
		n->max = 1;
	else if (trx_regex_take(&ps->c, "{")) {
		is_interval = true;
		if (interval(ps, &n->min, &n->max, &fixed) == -1)
			return -1;
	} else
		return 0;
	n->lazy = !fixed && trx_regex_take(&ps->c, "?");
	*possessive = !is_interval && !n->lazy && trx_regex_take(&ps->c, "+");
	return 1;
}

static uint32_t
letter(char c)
{
	return 1u << (c - 'a');
}

/* May a letter of last before one of first equal a single character? */
static bool
joins(uint32_t last, uint32_t first)
{
	return ((last & letter('s')) != 0 &&
		   (first & (letter('s') | letter('t'))) != 0) ||
	       ((last & letter('f')) != 0 &&
		   (first & (letter('f') | letter('i') | letter('l'))) != 0);
}

static bool
is_assertion(const struct trx_regex_node *n)
{
	return !n->opaque &&
	       (n->kind == TRX_REGEX_LOOK || n->kind == TRX_REGEX_ASSERT);
}

/* What can't be said to be repeated as Oniguruma does it. */
static const char *
unrepeatable(const struct trx_regex_node *n)
{
	const struct trx_regex_node *child = n->child, *k;

	if (is_assertion(child))
		return "a quantifier of an assertion";
	if (child->kind == TRX_REGEX_ALT && !child->opaque)
		for (k = child->child; k != NULL; k = k->next)
			if (is_assertion(k))
				return "a quantifier of an assertion";
	if (child->kind == TRX_REGEX_REPEAT && child->min == 1 &&
	    child->max == 1)
		return "a quantifier of {1}";
	if (child->empty && n->max > 1 &&
	    !(n->max == TRX_REGEX_INFINITE && n->min <= 1))
		return "a number of times what may be empty";
	if (n->max > 1 && joins(child->last, child->first))
		return "ignoring the case of such letters";
	return NULL;
}

static struct trx_regex_node *
repeat(struct parser *ps, struct trx_regex_node *child)
{
	struct trx_regex_node *n, *outer;
	bool possessive = false;
	const char *why;
	int r;

	n = new_node(ps, TRX_REGEX_REPEAT);
	if (n == NULL)
		return NULL;
	r = quantifier(ps, n, &possessive);
	if (r != 1)
		return r == 0 ? child : NULL;
	if (++ps->depth > TRX_REGEX_DEPTH_MAX)
		return refuse(ps, "such depth");
	n->child = child;
	n->empty = n->min == 0 || child->empty;
	n->folds = child->folds;
	n->first = child->first;
	n->last = child->last;
	why = unrepeatable(n);
	if (why != NULL)
		return refuse(ps, why);
	if (!possessive)
		return repeat(ps, n);
	outer = opaque(ps, n);
	if (outer == NULL)
		return NULL;
	outer->kind = TRX_REGEX_ATOMIC;
	return repeat(ps, outer);
}

/* One alternative, to its '|', ')' or the end. */
static struct trx_regex_node *
parse_branch(struct parser *ps)
{
	struct trx_regex_node *n = new_node(ps, TRX_REGEX_CAT), *k, **tail;
	int depth = ps->depth;

	if (n == NULL)
		return NULL;
	n->empty = true;
	tail = &n->child;
	while (ps->c.p < ps->c.end && *ps->c.p != '|' && *ps->c.p != ')') {
		k = atom(ps);
		if (k == NULL)
			return NULL;
		k = repeat(ps, k);
		ps->depth = depth;
		if (k == NULL)
			return NULL;
		if (joins(n->last, k->first))
			return refuse(ps, "ignoring the case of such letters");
		if (n->empty)
			n->first |= k->first;
		n->last = k->last | (k->empty ? n->last : 0);
		n->empty = n->empty && k->empty;
		n->folds = n->folds || k->folds;
		*tail = k;
		tail = &k->next;
	}
	if (n->child == NULL)
		n->kind = TRX_REGEX_EMPTY;
	else if (n->child->next == NULL)
		return n->child;
	return n;
}

static struct trx_regex_node *
parse_alts(struct parser *ps)
{
	struct trx_regex_node *n, *k, **tail;
	int depth = ps->depth;

	if (++ps->depth > TRX_REGEX_DEPTH_MAX)
		return refuse(ps, "such depth");
	k = parse_branch(ps);
	if (k == NULL || ps->c.p == ps->c.end || *ps->c.p == ')') {
		ps->depth = depth;
		return k;
	}
	n = new_node(ps, TRX_REGEX_ALT);
	if (n == NULL)
		return NULL;
	for (tail = &n->child;; tail = &(*tail)->next) {
		*tail = k;
		n->empty = n->empty || k->empty;
		n->folds = n->folds || k->folds;
		n->first |= k->first;
		n->last |= k->last;
		if (!trx_regex_take(&ps->c, "|"))
			break;
		k = parse_branch(ps);
		if (k == NULL)
			return NULL;
	}
	ps->depth = depth;
	return n;
}

int
trx_regex_parse(struct trx_str pattern, struct trx_arena *a,
    struct trx_regex_tree *out, struct trx_error *err)
{
	struct parser ps = { .c = { .p = (const uint8_t *)pattern.p,
				 .end = (const uint8_t *)pattern.p + pattern.n,
				 .a = a } };

	ps.sets = trx_arena_calloc(a, TRX_REGEX_SETS_MAX, sizeof(*ps.sets));
	if (ps.sets == NULL)
		return trx_error_memory(err);
	if (pattern.n > TRX_REGEX_BYTES_MAX)
		out->root = refuse(&ps, "such length");
	else
		out->root = parse_alts(&ps);
	if (out->root != NULL && ps.c.p < ps.c.end)
		out->root = refuse(&ps, "a ')' without its '('");
	if (out->root == NULL && ps.c.refused == NULL)
		return trx_error_memory(err);
	if (out->root == NULL)
		return trx_error_set(err, TRX_INPUT,
		    "the regular expression '%.*s': %s is not supported",
		    (int)(pattern.n < 600 ? pattern.n : 600), pattern.p,
		    ps.c.refused);
	out->sets = ps.sets;
	out->nsets = ps.nsets;
	out->word = ps.word;
	return 0;
}
