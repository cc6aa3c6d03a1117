#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/regex.h"
#include "common/tokenizer/regex_code.h"
#include "common/ucd/ucd.h"

/*
 * Steps that matching may take for each byte of a text.  Some honest patterns
 * look ahead over hundreds of characters at each of them, or to the end of a
 * number, however long.
 */
enum {
	STEPS_PER_BYTE = 1 << 14,
	CHOICES_MAX = 1 << 21,
};

enum choice_kind {
	OTHER_WAY, /* go on at code, at place */
	TAKE_LESS, /* a RUN ended at place: end it earlier, but not before low
		    */
	TAKE_MORE, /* a LAZY ended at place: take one more; left may follow */
	RESTORE	   /* slot `code` held place */
};

/* What is left to try, should what was tried first fail. */
struct trx_regex_choice {
	enum choice_kind kind;
	uint32_t code;
	const uint8_t *place;
	union {
		const uint8_t *low;
		size_t left;
	} u;
};

struct matcher {
	const struct trx_regex *r;
	struct trx_regex_room *room;
	const uint8_t *begin, *end; /* the text */
	struct trx_error *err;
	size_t n; /* choices */
	/* Of MARK and UNLESS, and of ENTER. */
	const uint8_t *place[TRX_REGEX_SLOTS];
	size_t kept[TRX_REGEX_SLOTS];
};

static inline uint8_t
kind_of(const struct trx_regex *r, uint32_t cp)
{
	return r->blocks[r->index[cp >> 7]][cp & 127];
}

static inline uint8_t
kind_at(const struct matcher *m, const uint8_t *p)
{
	if (p == m->end)
		return m->r->end;
	return *p < 0x80 ? m->r->blocks[0][*p] : kind_of(m->r, trx_ucd_get(p));
}

static const uint8_t *
before(const uint8_t *p)
{
	do
		p--;
	while ((*p & 0xc0) == 0x80);
	return p;
}

static int
too_many_steps(const struct matcher *m)
{
	const struct trx_str *s = &m->r->pattern;

	return trx_error_set(m->err, TRX_INPUT,
	    "the regular expression '%.*s' takes too long to match",
	    (int)(s->n < 600 ? s->n : 600), s->p);
}

/* Returns 0, or -1 with the error set. */
static inline int
spend(const struct matcher *m, size_t steps)
{
	if (m->room->steps < steps)
		return too_many_steps(m);
	m->room->steps -= steps;
	return 0;
}

static int
more_room(struct matcher *m)
{
	size_t cap = m->room->cap * 2 + 256;
	void *grown;

	if (m->n >= CHOICES_MAX)
		return too_many_steps(m);
	grown = realloc(m->room->choices, cap * sizeof(*m->room->choices));
	if (grown == NULL)
		return trx_error_memory(m->err);
	m->room->choices = grown;
	m->room->cap = cap;
	return 0;
}

static inline int
push(struct matcher *m, struct trx_regex_choice c)
{
	if (m->n == m->room->cap && more_room(m) == -1)
		return -1;
	m->room->choices[m->n++] = c;
	return 0;
}

/*
 * Take up to max characters of table from p on.  *taken, which may be NULL,
 * counts them.
 */
static const uint8_t *
take(const struct matcher *m, const uint8_t *p, const uint8_t *table,
    uint32_t max, uint32_t *taken)
{
	const uint8_t *ascii = m->r->blocks[0];
	uint32_t n;

	for (n = 0; n < max && p < m->end; n++)
		if (*p < 0x80) {
			if (table[ascii[*p]] == 0)
				break;
			p++;
		} else {
			if (table[kind_of(m->r, trx_ucd_get(p))] == 0)
				break;
			p += trx_ucd_width(p);
		}
	*taken = n;
	return p;
}

static bool
is_word(const struct matcher *m, const uint8_t *p)
{
	return m->r->word[kind_at(m, p)] != 0;
}

static bool
holds(const struct matcher *m, enum trx_regex_assert assert, const uint8_t *p)
{
	bool is_edge;

	switch (assert) {
	case TRX_REGEX_LINE_BEGIN:
		return p == m->begin || (p < m->end && p[-1] == '\n');
	case TRX_REGEX_LINE_END:
		return p == m->end || *p == '\n';
	case TRX_REGEX_TEXT_BEGIN:
		return p == m->begin;
	case TRX_REGEX_TEXT_END:
		return p == m->end;
	case TRX_REGEX_LAST_LINE_END:
		return p == m->end || (p == m->end - 1 && *p == '\n');
	default:
		is_edge =
		    is_word(m, p) != (p > m->begin && is_word(m, before(p)));
		return is_edge == (assert == TRX_REGEX_WORD_EDGE);
	}
}

/*
 * End a RUN earlier, at the last place that the rest may match from.  Returns
 * that, or NULL.
 */
static const uint8_t *
take_less(struct matcher *m, struct trx_regex_choice *c)
{
	const uint8_t *next = m->r->code[c->code].next;

	while (c->place > c->u.low) {
		c->place = before(c->place);
		if (next[kind_at(m, c->place)] != 0)
			return c->place;
	}
	return NULL;
}

static const uint8_t *
take_more(struct matcher *m, struct trx_regex_choice *c)
{
	const struct trx_regex_code *code = &m->r->code[c->code];

	while (c->u.left > 0 && code->table[kind_at(m, c->place)] != 0) {
		c->place += trx_ucd_width(c->place);
		c->u.left--;
		if (code->next[kind_at(m, c->place)] != 0)
			return c->place;
	}
	return NULL;
}

/*
 * The last choice that is left.  Returns 1 with the place to go on at and the
 * code, 0 where none is left, -1 with the error set.
 */
static int
next_choice(
    struct matcher *m, const uint8_t **p, const struct trx_regex_code **code)
{
	struct trx_regex_choice *c;
	const uint8_t *from;

	for (; m->n > 0; m->n--) {
		c = &m->room->choices[m->n - 1];
		from = c->place;
		*code = &m->r->code[c->code];
		switch (c->kind) {
		case OTHER_WAY:
			*p = c->place;
			m->n--;
			return spend(m, 1) == 0 ? 1 : -1;
		case RESTORE:
			m->place[c->code] = c->place;
			*p = NULL;
			break;
		case TAKE_LESS:
			*p = take_less(m, c);
			break;
		case TAKE_MORE:
			*p = take_more(m, c);
			break;
		}
		if (spend(m, 1 + (size_t)(from > c->place ? from - c->place
							  : c->place - from)))
			return -1;
		if (c->kind != RESTORE && *p != NULL) {
			++*code;
			return 1;
		}
	}
	return 0;
}

/* RUN, OWN and LAZY from *p on.  Returns 1, 0 for no match, or -1. */
static int
run(struct matcher *m, const struct trx_regex_code *code, const uint8_t **p)
{
	struct trx_regex_choice c = { .code = (uint32_t)(code - m->r->code) };
	const uint8_t *low = *p;
	uint32_t n = 0;

	if (code->min > 0 || code->op == TRX_REGEX_OP_LAZY) {
		low = take(m, *p, code->table, code->min, &n);
		if (n < code->min)
			return spend(m, (size_t)(low - *p));
	}
	if (code->op == TRX_REGEX_OP_LAZY) {
		c.place = low;
		c.kind = TAKE_MORE;
		c.u.left = code->max == TRX_REGEX_INFINITE
			       ? SIZE_MAX
			       : code->max - code->min;
	} else {
		c.place = take(m, low, code->table,
		    code->max == TRX_REGEX_INFINITE ? UINT32_MAX
						    : code->max - n,
		    &n);
		c.kind = TAKE_LESS;
		c.u.low = low;
	}
	if (spend(m, (size_t)(c.place - *p)) == -1)
		return -1;
	*p = c.place;
	if (code->op == TRX_REGEX_OP_OWN)
		return 1;
	if (code->next[kind_at(m, *p)] == 0) {
		*p = c.kind == TAKE_LESS ? take_less(m, &c) : take_more(m, &c);
		if (*p == NULL)
			return 0;
	}
	if (c.kind == TAKE_LESS && c.place == c.u.low)
		return 1;
	return push(m, c) == -1 ? -1 : 1;
}

/* Which way does a SPLIT go?  Returns the code, or NULL for neither. */
static const struct trx_regex_code *
split(struct matcher *m, const struct trx_regex_code *code, const uint8_t *p,
    int *failed)
{
	const struct trx_regex_code *there = &m->r->code[code->to];
	const struct trx_regex_code *first, *second;
	uint8_t ways = code->table[kind_at(m, p)];

	if (ways == TRX_REGEX_HERE)
		return code + 1;
	if (ways == TRX_REGEX_THERE)
		return there;
	if (ways == 0)
		return NULL;
	first = code->there_first ? there : code + 1;
	second = code->there_first ? code + 1 : there;
	*failed = push(m, (struct trx_regex_choice){ .kind = OTHER_WAY,
			      .code = (uint32_t)(second - m->r->code),
			      .place = p });
	return first;
}

/* *p, n characters earlier.  Returns whether there are so many. */
static bool
go_back(const struct matcher *m, uint32_t n, const uint8_t **p)
{
	for (; n > 0 && *p > m->begin; n--)
		*p = before(*p);
	return n == 0;
}

/*
 * What is neither a character nor a matter of which way to go.  Returns 1, 0
 * for no match, or -1 with the error set.
 */
static int
zero_width(
    struct matcher *m, const struct trx_regex_code **code, const uint8_t **p)
{
	const struct trx_regex_code *c = *code;
	struct trx_regex_choice choice = { .place = *p };

	++*code;
	switch (c->op) {
	case TRX_REGEX_OP_MARK:
	case TRX_REGEX_OP_UNLESS:
		m->kept[c->slot] = m->n;
		m->place[c->slot] = *p;
		choice.code = c->to;
		return c->op == TRX_REGEX_OP_MARK || push(m, choice) == 0 ? 1
									  : -1;
	case TRX_REGEX_OP_CUT:
		m->n = m->kept[c->slot];
		return 1;
	case TRX_REGEX_OP_RETURN:
		m->n = m->kept[c->slot];
		*p = m->place[c->slot];
		return 1;
	case TRX_REGEX_OP_FAIL:
		m->n = m->kept[c->slot];
		return 0;
	case TRX_REGEX_OP_BACK:
		return go_back(m, c->min, p);
	case TRX_REGEX_OP_ENTER:
		choice.kind = RESTORE;
		choice.code = c->slot;
		choice.place = m->place[c->slot];
		m->place[c->slot] = *p;
		return push(m, choice) == 0 ? 1 : -1;
	case TRX_REGEX_OP_LEAVE:
		if (*p == m->place[c->slot])
			*code = &m->r->code[c->to];
		return 1;
	default:
		return holds(m, c->assert, *p);
	}
}

/*
 * Match at p.  Returns 1 with *end where the match ends, 0, or -1 with the
 * error set.
 */
static int
match(struct matcher *m, const uint8_t *p, const uint8_t **end)
{
	const struct trx_regex_code *code = m->r->code;
	int ok = 1;

	m->n = 0;
	for (;;) {
		if (spend(m, 1) == -1)
			return -1;
		switch (code->op) {
		case TRX_REGEX_OP_MATCH:
			*end = p;
			return 1;
		case TRX_REGEX_OP_SET:
			ok = code->table[kind_at(m, p)] != 0;
			if (ok)
				p += trx_ucd_width(p);
			code++;
			break;
		case TRX_REGEX_OP_NEXT:
			ok = code->table[kind_at(m, p)] != 0;
			code++;
			break;
		case TRX_REGEX_OP_RUN:
		case TRX_REGEX_OP_OWN:
		case TRX_REGEX_OP_LAZY:
			ok = run(m, code, &p);
			code++;
			break;
		case TRX_REGEX_OP_SPLIT:
			code = split(m, code, p, &ok);
			ok = code == NULL ? 0 : ok == -1 ? -1 : 1;
			break;
		case TRX_REGEX_OP_JUMP:
			code = &m->r->code[code->to];
			break;
		default:
			ok = zero_width(m, &code, &p);
			break;
		}
		if (ok == 0)
			ok = next_choice(m, &p, &code);
		if (ok != 1)
			return ok;
	}
}

/* The first match from s->at on, or where it is not there, 0; -1 as above. */
static int
find(struct trx_regex_search *s, struct trx_error *err)
{
	const uint8_t *begin = (const uint8_t *)s->text.p;
	struct matcher m;
	const uint8_t *p = begin + s->at, *end = NULL;
	int r;

	m.r = s->regex;
	m.room = s->room;
	m.begin = begin;
	m.end = begin + s->text.n;
	m.err = err;
	memset(m.place, 0, s->regex->nslots * sizeof(m.place[0]));
	for (;; p += trx_ucd_width(p)) {
		if (s->regex->first[kind_at(&m, p)] != 0) {
			r = match(&m, p, &end);
			if (r != 0)
				break;
		}
		if (p == m.end)
			return 0;
	}
	s->begin = (size_t)(p - begin);
	s->end = (size_t)(end - begin);
	return r;
}

void
trx_regex_begin(struct trx_regex_search *s, const struct trx_regex *r,
    struct trx_str text, struct trx_regex_room *room)
{
	*s = (struct trx_regex_search){
		.regex = r, .room = room, .text = text, .last = SIZE_MAX
	};
	room->steps = (uint64_t)STEPS_PER_BYTE * (text.n + 1);
}

int
trx_regex_next(struct trx_regex_search *s, struct trx_error *err)
{
	int r;

	while (s->at <= s->text.n) {
		r = find(s, err);
		if (r != 1)
			return r;
		if (s->end > s->begin || s->end != s->last) {
			s->at = s->last = s->end;
			return 1;
		}
		s->at +=
		    s->at == s->text.n
			? 1
			: trx_ucd_width((const uint8_t *)s->text.p + s->at);
	}
	return 0;
}

struct trx_regex *
trx_regex_new(
    struct trx_str pattern, struct trx_arena *a, struct trx_error *err)
{
	struct trx_arena work = TRX_ARENA_INIT;
	struct trx_regex *r = trx_arena_calloc(a, 1, sizeof(*r));
	struct trx_regex_tree tree;
	struct trx_regex_kinds *of;

	if (r == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	r->pattern = pattern;
	of = trx_arena_calloc(&work, TRX_REGEX_SETS_MAX, sizeof(*of));
	if (of == NULL)
		trx_error_memory(err);
	if (of == NULL || trx_regex_parse(pattern, &work, &tree, err) == -1 ||
	    trx_regex_sort(&tree, r, a, of, err) == -1 ||
	    trx_regex_compile(&tree, of, r, a, err) == -1)
		r = NULL;
	trx_arena_free(&work);
	return r;
}

void
trx_regex_room_free(struct trx_regex_room *room)
{
	free(room->choices);
	*room = (struct trx_regex_room){ 0 };
}
