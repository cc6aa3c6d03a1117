#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/llama/added.h"
#include "common/llama/llama.h"
#include "common/llama/spmodel.h"

/* U+2581, which stands for a space in pieces. */
#define MARK "\xe2\x96\x81"

enum { MARK_SIZE = sizeof(MARK) - 1 };

/* Texts may be this long: offsets are of 32 bits, marks of three bytes. */
enum { TEXT_MAX = INT32_MAX / 4 };

struct trx_llama {
	struct trx_spm *spm;
	struct trx_added *added;
	uint32_t *ids; /* by piece: its id, where an added token has its text */
	uint32_t vocab_size;
	bool legacy;
	bool add_prefix_space;
	struct trx_buf unk; /* the unknown token's text */
	size_t unk_length;  /* pieces that it makes */
};

/* One text on its way. */
struct run {
	const struct trx_llama *l;
	struct trx_ids *out;
	size_t first; /* ids that were there before */
	struct trx_added_split split;
	struct trx_buf text; /* what is split, where it is not the text given */
	struct trx_buf gap;  /* what the library gets, where it is another */
	/* The gap that the library is at. */
	const struct trx_added_part *part;
	size_t lead;	   /* bytes before it that are not its own */
	size_t skip;	   /* pieces to be left out */
	bool mark_first;   /* the first token is a mark */
	bool special_next; /* the second one is special */
};

static int
count_sink(void *arg, struct trx_str piece, uint32_t id, size_t end)
{
	size_t *n = arg;

	(void)piece;
	(void)id;
	(void)end;
	(*n)++;
	return 0;
}

/* The ids of pieces whose text is also an added token's. */
static int
make_ids(struct trx_llama *l, const struct trx_special_tokens *special,
    struct trx_error *err)
{
	uint32_t i, n = trx_spm_size(l->spm);
	const struct trx_llama_token *t;
	size_t k;

	l->ids = calloc(n, sizeof(*l->ids));
	if (l->ids == NULL)
		return trx_error_memory(err);
	for (i = 0; i < n; i++)
		l->ids[i] = i;
	l->vocab_size = n;
	for (k = 0; k < special->n; k++) {
		t = &special->tokens[k];
		i = trx_spm_id(l->spm, t->content);
		if (trx_str_equal(trx_spm_piece(l->spm, i), t->content))
			l->ids[i] = t->id;
		if (t->id >= l->vocab_size)
			l->vocab_size = t->id + 1;
	}
	return 0;
}

struct trx_llama *
trx_llama_new(struct trx_str model, const struct trx_token_config *config,
    struct trx_arena *a, struct trx_special_tokens *special,
    struct trx_error *err)
{
	struct trx_llama *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	l->legacy = config->legacy;
	l->add_prefix_space = config->add_prefix_space;
	trx_buf_adds(&l->unk, config->named[TRX_TOKEN_UNK].content);
	if (l->unk.failed) {
		trx_error_memory(err);
		goto failed;
	}
	if (trx_spm_check(model, err) == -1)
		goto failed;
	l->spm = trx_spm_load(model, l->legacy, err);
	if (l->spm == NULL ||
	    trx_special_tokens_make(config, l->spm, a, special, err) == -1 ||
	    make_ids(l, special, err) == -1 ||
	    trx_spm_encode(l->spm, trx_buf_str(&l->unk), count_sink,
		&l->unk_length, err) == -1)
		goto failed;
	l->added = trx_added_new(special->tokens, special->n, err);
	if (l->added == NULL)
		goto failed;
	return l;
failed:
	trx_llama_free(l);
	return NULL;
}

void
trx_llama_free(struct trx_llama *l)
{
	if (l == NULL)
		return;
	trx_spm_free(l->spm);
	trx_added_free(l->added);
	trx_buf_free(&l->unk);
	free(l->ids);
	free(l);
}

uint32_t
trx_llama_vocab_size(const struct trx_llama *l)
{
	return l->vocab_size;
}

/* Take one token: its text and id, and where its text ends in what is split. */
static int
take(struct run *r, struct trx_str token, uint32_t id, size_t end)
{
	const struct trx_llama_token *t;
	size_t n = r->out->n - r->first;

	if (n == 0)
		r->mark_first = trx_str_is(token, MARK);
	if (n == 1 && r->mark_first) {
		t = trx_added_find(r->l->added, token);
		r->special_next = t != NULL && t->special;
	}
	return trx_ids_push(r->out, id, (uint32_t)end);
}

static int
take_piece(void *arg, struct trx_str piece, uint32_t id, size_t end)
{
	struct run *r = arg;
	const struct trx_llama_token *t;

	if (r->skip > 0) {
		r->skip--;
		return 0;
	}
	if (id != trx_spm_unknown(r->l->spm)) {
		id = r->l->ids[id];
	} else {
		/* Unknown text may yet be the text of a token or a piece. */
		t = trx_added_find(r->l->added, piece);
		id = t != NULL ? t->id : trx_spm_id(r->l->spm, piece);
	}
	end = end < r->lead ? 0 : end - r->lead;
	return take(r, piece, id, trx_added_place(&r->split, r->part, end));
}

static bool
begins_with_space(struct trx_str s)
{
	return (s.n > 0 && s.p[0] == ' ') ||
	       (s.n >= MARK_SIZE && memcmp(s.p, MARK, MARK_SIZE) == 0);
}

/* Text between added tokens. */
static int
encode_gap(
    struct run *r, const struct trx_added_part *part, struct trx_error *err)
{
	struct trx_str text = part->text;

	r->part = part;
	r->lead = r->skip = 0;
	err->status = TRX_OK;
	if (!r->l->legacy && begins_with_space(text)) {
		/* The unknown token keeps the space from being stripped. */
		trx_buf_reset(&r->gap);
		trx_buf_adds(&r->gap, trx_buf_str(&r->l->unk));
		trx_buf_adds(&r->gap, text);
		if (r->gap.failed)
			return trx_error_memory(err);
		text = trx_buf_str(&r->gap);
		r->lead = r->l->unk.len;
		r->skip = r->l->unk_length;
	}
	if (trx_spm_encode(r->l->spm, text, take_piece, r, err) == 0)
		return 0;
	return err->status == TRX_OK ? trx_error_memory(err) : -1;
}

/* Marks in the text are spaces; one stands before it. */
static int
replace_marks(struct run *r, struct trx_str text, struct trx_error *err)
{
	const char *p = text.p, *end = text.p + text.n, *mark;

	if (r->l->add_prefix_space)
		trx_buf_addz(&r->text, MARK);
	while ((mark = memmem(p, (size_t)(end - p), MARK, MARK_SIZE)) != NULL) {
		trx_buf_add(&r->text, p, (size_t)(mark - p));
		trx_buf_addc(&r->text, ' ');
		p = mark + MARK_SIZE;
	}
	trx_buf_add(&r->text, p, (size_t)(end - p));
	return r->text.failed ? trx_error_memory(err) : 0;
}

/* The ends as offsets in the text given, which replace_marks has changed. */
static void
restore_ends(struct run *r, struct trx_str text)
{
	size_t prefix = r->l->add_prefix_space ? MARK_SIZE : 0;
	size_t at = prefix, original = 0, i;

	for (i = r->first; i < r->out->n; i++) {
		while (at < r->out->ends[i]) {
			if (text.n - original >= MARK_SIZE &&
			    memcmp(text.p + original, MARK, MARK_SIZE) == 0)
				original += MARK_SIZE;
			else
				original++;
			at++;
		}
		r->out->ends[i] = (uint32_t)original;
	}
}

/* Drop the first token: the mark before a special one. */
static void
drop_first(struct run *r)
{
	struct trx_ids *out = r->out;
	size_t n = out->n - r->first - 1;

	memmove(out->ids + r->first, out->ids + r->first + 1,
	    n * sizeof(*out->ids));
	memmove(out->ends + r->first, out->ends + r->first + 1,
	    n * sizeof(*out->ends));
	out->n--;
}

static int
encode(struct run *r, struct trx_str text, struct trx_error *err)
{
	const struct trx_added_part *p, *end;

	if (trx_added_split(r->l->added, text, &r->split, err) == -1)
		return -1;
	end = r->split.parts + r->split.nparts;
	for (p = r->split.parts; p < end; p++)
		if (p->token == NULL) {
			if (encode_gap(r, p, err) == -1)
				return -1;
		} else if (take(r, p->text, p->token->id,
			       trx_added_place(&r->split, p, p->text.n)) ==
			   -1) {
			return trx_error_memory(err);
		}
	if (!r->l->legacy && r->mark_first && r->special_next)
		drop_first(r);
	return 0;
}

int
trx_llama_encode(const struct trx_llama *l, struct trx_str text, bool want_ends,
    struct trx_ids *out, struct trx_error *err)
{
	struct run r = { .l = l, .out = out, .first = out->n };
	struct trx_str split = text;
	int result = 0;

	if (text.n == 0)
		return 0;
	/* They are of use here as well. */
	if (trx_ids_keep_ends(out) == -1)
		return trx_error_memory(err);
	if (text.n > TEXT_MAX)
		return trx_error_set(err, TRX_INPUT, "the text is too long");
	if (!l->legacy) {
		result = replace_marks(&r, text, err);
		split = trx_buf_str(&r.text);
	}
	if (result == 0)
		result = encode(&r, split, err);
	if (result == -1)
		out->n = r.first;
	else if (want_ends && !l->legacy)
		restore_ends(&r, text);
	trx_added_split_free(&r.split);
	trx_buf_free(&r.text);
	trx_buf_free(&r.gap);
	return result;
}
