#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/pretokenizer_steps.h"
#include "common/ucd/ucd.h"

/* A text in the making. */
struct maker {
	const struct trx_pretokenizer_step *step;
	struct trx_str from;
	const uint32_t *from_ends; /* NULL: those of from itself */
	struct trx_mapped *to;
	bool want_ends;
};

/* The end of what the character of width n at i came from. */
static uint32_t
end_of(const struct maker *m, size_t i, size_t n)
{
	return m->from_ends == NULL ? (uint32_t)(i + n)
				    : m->from_ends[i + n - 1];
}

static void
add(struct maker *m, const void *p, size_t n, uint32_t end)
{
	trx_buf_add(&m->to->text, p, n);
	for (; m->want_ends && n > 0; n--)
		trx_buf_add(&m->to->ends, &end, sizeof(end));
}

/* Add bytes as their characters in ByteLevel's alphabet. */
static void
add_letters(struct maker *m, const char *p, size_t n, uint32_t end)
{
	uint8_t letter[4];
	size_t i;

	for (i = 0; i < n; i++)
		add(m, letter,
		    trx_ucd_put(letter, trx_alphabet_char((uint8_t)p[i])), end);
}

static bool
begins(struct trx_str s, struct trx_str with)
{
	return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

/* What comes before piece, if anything. */
static struct trx_str
prefix_of(const struct maker *m, struct trx_str piece, bool first)
{
	struct trx_str none = { 0 }, space = TRX_STR(" ");

	if (m->step->kind == TRX_PRETOKENIZER_PREFIX)
		return begins(piece, space) ? none : space;
	if (m->step->kind == TRX_PRETOKENIZER_ALPHABET ||
	    m->step->scheme == TRX_PRETOKENIZER_NEVER ||
	    (m->step->scheme == TRX_PRETOKENIZER_FIRST && !first) ||
	    begins(piece, space) || begins(piece, m->step->replacement))
		return none;
	return m->step->replacement;
}

static void
change_piece(struct maker *m, struct trx_piece piece, bool first)
{
	const char *text = m->from.p;
	size_t i = piece.begin, n = trx_ucd_width((const uint8_t *)text + i);
	struct trx_str prefix = prefix_of(
	    m, (struct trx_str){ .p = text + i, .n = piece.end - i }, first);
	uint32_t end;

	add(m, prefix.p, prefix.n, end_of(m, i, n));
	for (; i < piece.end; i += n) {
		n = trx_ucd_width((const uint8_t *)text + i);
		end = end_of(m, i, n);
		if (m->step->kind == TRX_PRETOKENIZER_ALPHABET)
			add_letters(m, text + i, n, end);
		else if (m->step->kind == TRX_PRETOKENIZER_METASPACE &&
			 text[i] == ' ')
			add(m, m->step->replacement.p, m->step->replacement.n,
			    end);
		else
			add(m, text + i, n, end);
	}
}

int
trx_pretokenizer_change(const struct trx_pretokenizer_step *step, bool first,
    bool want_ends, struct trx_pieces *out, struct trx_error *err)
{
	struct maker m = { .step = step,
		.from = out->text,
		.from_ends = out->ends,
		.to = &out->made[out->text.p == out->made[0].text.data],
		.want_ends = want_ends };
	size_t i, begin;

	trx_buf_reset(&m.to->text);
	trx_buf_reset(&m.to->ends);
	for (i = 0; i < out->n; i++) {
		begin = m.to->text.len;
		change_piece(&m, out->at[i], first);
		if (m.to->text.failed || m.to->ends.failed)
			return trx_error_memory(err);
		if (m.to->text.len > UINT32_MAX)
			return trx_error_set(
			    err, TRX_INPUT, "a text passes 4 GiB");
		out->at[i] = (struct trx_piece){ .begin = (uint32_t)begin,
			.end = (uint32_t)m.to->text.len };
	}
	out->text = trx_buf_str(&m.to->text);
	out->ends = want_ends ? (const uint32_t *)m.to->ends.data : NULL;
	return 0;
}
