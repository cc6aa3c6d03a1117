#include <stdlib.h>

#include "common/tokenizer/pretokenizer.h"
#include "common/tokenizer/pretokenizer_load.h"
#include "common/tokenizer/pretokenizer_steps.h"

struct trx_pretokenizer {
	struct trx_pretokenizer_steps steps;
};

struct trx_pretokenizer *
trx_pretokenizer_new(
    const struct trx_json *spec, struct trx_arena *a, struct trx_error *err)
{
	struct trx_pretokenizer *p = trx_arena_calloc(a, 1, sizeof(*p));

	if (p == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	return trx_pretokenizer_load(spec, a, &p->steps, err) == -1 ? NULL : p;
}

bool
trx_pretokenizer_is_bytes(const struct trx_pretokenizer *p)
{
	return p->steps.is_bytes;
}

/* The pieces that were found become the pieces, but for empty ones. */
static void
exchange(struct trx_pieces *out)
{
	struct trx_piece *at = out->at;
	size_t i, n = 0, cap = out->cap;

	for (i = 0; i < out->other_n; i++)
		if (out->other[i].begin < out->other[i].end)
			out->other[n++] = out->other[i];
	out->at = out->other;
	out->n = n;
	out->cap = out->other_cap;
	out->other = at;
	out->other_n = 0;
	out->other_cap = cap;
}

static int
take_step(const struct trx_pretokenizer_step *step, bool first, bool want_ends,
    struct trx_pieces *out, struct trx_error *err)
{
	size_t i;

	if (step->kind >= TRX_PRETOKENIZER_PREFIX)
		return trx_pretokenizer_change(
		    step, first, want_ends, out, err);
	for (i = 0; i < out->n; i++)
		if (trx_pretokenizer_split(step, out->at[i], out, err) == -1)
			return -1;
	exchange(out);
	return 0;
}

int
trx_pretokenize(const struct trx_pretokenizer *p, struct trx_str text,
    bool first, bool want_ends, struct trx_pieces *out, struct trx_error *err)
{
	size_t i;

	if (text.n > UINT32_MAX)
		return trx_error_set(err, TRX_INPUT, "a text passes 4 GiB");
	out->text = text;
	out->ends = NULL;
	out->other_n = 0;
	if (trx_pretokenizer_push(out, 0, text.n, err) == -1)
		return -1;
	exchange(out);
	for (i = 0; i < p->steps.n; i++)
		if (take_step(&p->steps.at[i], first, want_ends, out, err) ==
		    -1)
			return -1;
	return 0;
}

void
trx_pieces_free(struct trx_pieces *p)
{
	size_t i;

	free(p->at);
	free(p->other);
	for (i = 0; i < 2; i++) {
		trx_buf_free(&p->made[i].text);
		trx_buf_free(&p->made[i].ends);
	}
	trx_regex_room_free(&p->regex);
	*p = (struct trx_pieces){ 0 };
}
