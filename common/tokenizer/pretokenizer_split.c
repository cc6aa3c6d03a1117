#include <stdlib.h>

#include "common/tokenizer/pretokenizer_steps.h"
#include "common/ucd/ucd.h"

int
trx_pretokenizer_push(
    struct trx_pieces *out, size_t begin, size_t end, struct trx_error *err)
{
	size_t cap = out->other_cap * 2 + 64;
	void *grown;

	if (out->other_n == out->other_cap) {
		grown = realloc(out->other, cap * sizeof(*out->other));
		if (grown == NULL)
			return trx_error_memory(err);
		out->other = grown;
		out->other_cap = cap;
	}
	out->other[out->other_n++] =
	    (struct trx_piece){ .begin = (uint32_t)begin,
		    .end = (uint32_t)end };
	return 0;
}

/* What was found in a piece, on its way to the pieces it is cut into. */
struct cutter {
	const struct trx_pretokenizer_step *step;
	struct trx_pieces *out;
	struct trx_error *err;
	size_t from;   /* the first of these pieces in out->other */
	bool previous; /* was the last one a match? */
};

/* Make the last piece end at end, if there is one.  Returns whether. */
static bool
extend(struct cutter *c, size_t end)
{
	if (c->out->other_n == c->from)
		return false;
	c->out->other[c->out->other_n - 1].end = (uint32_t)end;
	return true;
}

/* The next match, or what lies between two.  Returns 0, or -1. */
static int
found(struct cutter *c, size_t begin, size_t end, bool is_match)
{
	bool previous = c->previous, joined = false;

	is_match = is_match != c->step->invert;
	c->previous = is_match;
	switch (c->step->behavior) {
	case TRX_PRETOKENIZER_REMOVED:
		joined = is_match;
		break;
	case TRX_PRETOKENIZER_ISOLATED:
		break;
	case TRX_PRETOKENIZER_PREVIOUS:
		joined = is_match && !previous && extend(c, end);
		break;
	case TRX_PRETOKENIZER_NEXT:
		joined = !is_match && previous && extend(c, end);
		break;
	case TRX_PRETOKENIZER_CONTIGUOUS:
		joined = is_match == previous && extend(c, end);
		break;
	}
	return joined ? 0 : trx_pretokenizer_push(c->out, begin, end, c->err);
}

static int
split_regex(struct cutter *c, struct trx_piece piece)
{
	struct trx_str text = { .p = c->out->text.p + piece.begin,
		.n = piece.end - piece.begin };
	struct trx_regex_search s;
	size_t at = 0;
	int r;

	trx_regex_begin(&s, c->step->regex, text, &c->out->regex);
	while ((r = trx_regex_next(&s, c->err)) == 1) {
		if ((at < s.begin && found(c, piece.begin + at,
					 piece.begin + s.begin, false) == -1) ||
		    found(c, piece.begin + s.begin, piece.begin + s.end,
			true) == -1)
			return -1;
		at = s.end;
	}
	if (r == 0 && at < text.n)
		return found(c, piece.begin + at, piece.end, false);
	return r;
}

static bool
is_sought(const struct trx_pretokenizer_step *step, uint32_t cp)
{
	switch (step->kind) {
	case TRX_PRETOKENIZER_SPACES:
		return trx_ucd_is_space(cp);
	case TRX_PRETOKENIZER_NUMERIC:
		return (trx_ucd_properties(cp) & TRX_UCD_NUMERIC) != 0;
	case TRX_PRETOKENIZER_PUNCTUATION:
		return (trx_ucd_properties(cp) & TRX_UCD_PUNCTUATION) != 0;
	default:
		return cp == step->character;
	}
}

static int
split_characters(struct cutter *c, struct trx_piece piece)
{
	const uint8_t *text = (const uint8_t *)c->out->text.p;
	size_t at = piece.begin, i, n;

	for (i = piece.begin; i < piece.end; i += n) {
		n = trx_ucd_width(text + i);
		if (!is_sought(c->step, trx_ucd_get(text + i)))
			continue;
		if ((at < i && found(c, at, i, false) == -1) ||
		    found(c, i, i + n, true) == -1)
			return -1;
		at = i + n;
	}
	return at < i ? found(c, at, i, false) : 0;
}

enum word { SPACE, WORD, NEITHER };

static enum word
word_of(uint32_t cp)
{
	if ((trx_ucd_properties(cp) & TRX_UCD_WORD) != 0)
		return WORD;
	return trx_ucd_is_space(cp) ? SPACE : NEITHER;
}

static int
split_words(struct cutter *c, struct trx_piece piece)
{
	const uint8_t *text = (const uint8_t *)c->out->text.p;
	size_t at = piece.begin, i;
	enum word last = SPACE, now;

	for (i = piece.begin; i < piece.end; i += trx_ucd_width(text + i)) {
		now = word_of(trx_ucd_get(text + i));
		if (now == last)
			continue;
		if (last != SPACE && found(c, at, i, false) == -1)
			return -1;
		at = i;
		last = now;
	}
	return last != SPACE ? found(c, at, i, false) : 0;
}

static int
split_length(struct cutter *c, struct trx_piece piece)
{
	const uint8_t *text = (const uint8_t *)c->out->text.p;
	size_t i = piece.begin, begin, n;

	while (i < piece.end) {
		begin = i;
		for (n = 0; n < c->step->length && i < piece.end; n++)
			i += trx_ucd_width(text + i);
		if (found(c, begin, i, false) == -1)
			return -1;
	}
	return 0;
}

int
trx_pretokenizer_split(const struct trx_pretokenizer_step *step,
    struct trx_piece piece, struct trx_pieces *out, struct trx_error *err)
{
	struct cutter c = {
		.step = step, .out = out, .err = err, .from = out->other_n
	};

	switch (step->kind) {
	case TRX_PRETOKENIZER_REGEX:
		return split_regex(&c, piece);
	case TRX_PRETOKENIZER_WORDS:
		return split_words(&c, piece);
	case TRX_PRETOKENIZER_LENGTH:
		return split_length(&c, piece);
	default:
		return split_characters(&c, piece);
	}
}
