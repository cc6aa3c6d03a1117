/*
 * The added tokens of a text, and SentencePiece models: the first byte says
 * which.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/llama/added.h"
#include "common/llama/sentencepiece.h"
#include "common/llama/spmodel.h"

enum { TOKENS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Take up to n bytes. */
static struct trx_str
take(struct trx_str *s, size_t n)
{
	struct trx_str taken = { .p = s->p, .n = n < s->n ? n : s->n };

	s->p += taken.n;
	s->n -= taken.n;
	return taken;
}

static size_t
take_byte(struct trx_str *s)
{
	struct trx_str b = take(s, 1);

	return b.n == 0 ? 0 : (unsigned char)b.p[0];
}

/* A number of tokens, each {length, flags, bytes}. */
static size_t
take_tokens(struct trx_str *s, struct trx_llama_token *tokens)
{
	size_t i, k, n = take_byte(s) % (TOKENS_MAX + 1), length, flags;
	size_t made = 0;

	for (i = 0; i < n; i++) {
		length = take_byte(s) % 32;
		flags = take_byte(s);
		tokens[made] = (struct trx_llama_token){
			.content = take(s, length),
			.id = (uint32_t)i,
			.splits = (flags & 1) == 0,
			.lstrip = (flags & 2) != 0,
			.rstrip = (flags & 4) != 0,
			.single_word = (flags & 8) != 0,
		};
		for (k = 0; k < made; k++)
			if (trx_str_equal(
				tokens[k].content, tokens[made].content))
				break;
		if (k == made && tokens[made].content.n > 0)
			made++;
	}
	return made;
}

/* The parts must stand in order, within the text. */
static void
check_parts(const struct trx_added_split *s, size_t size)
{
	const struct trx_added_part *p;
	size_t i, k, at = 0, place;

	for (i = 0; i < s->nparts; i++) {
		p = &s->parts[i];
		if (p->text.n == 0)
			abort();
		for (k = 0; k <= p->text.n; k++) {
			place = trx_added_place(s, p, k);
			if (place < at || place > size)
				abort();
			at = place;
		}
	}
}

static void
split(struct trx_str s)
{
	struct trx_llama_token tokens[TOKENS_MAX];
	struct trx_added_split parts = { 0 };
	size_t n = take_tokens(&s, tokens);
	struct trx_error err;
	struct trx_added *a = trx_added_new(tokens, n, &err);

	if (a == NULL)
		abort();
	if (trx_added_split(a, s, &parts, &err) == -1)
		abort();
	check_parts(&parts, s.n);
	trx_added_split_free(&parts);
	trx_added_free(a);
}

static int
check_piece(void *arg, struct trx_str piece, uint32_t id, size_t end)
{
	size_t *last = arg;

	(void)piece;
	(void)id;
	if (end < *last)
		abort();
	*last = end;
	return 0;
}

static void
load(struct trx_str model)
{
	struct trx_str text = TRX_STR("a b\xe2\x96\x81\xc3\xa9\0<s>\xff  1");
	struct trx_error err;
	struct trx_spm *spm;
	size_t end = 0;

	if (trx_spm_check(model, &err) == -1)
		return;
	spm = trx_spm_load(model, false, &err);
	if (spm == NULL)
		return;
	trx_spm_encode(spm, text, check_piece, &end, &err);
	if (end > text.n)
		abort();
	trx_spm_free(spm);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_str s = { .p = (const char *)data, .n = size };

	if (take_byte(&s) == 'm')
		load(s);
	else
		split(s);
	return 0;
}
