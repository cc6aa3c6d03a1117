#include <string.h>

#include "common/tokenizer/bpe_cuts.h"
#include "common/tokenizer/bpe_pieces.h"

/* A member that may be absent or null.  Returns 0, or -1 with err set. */
static int
read_bool(const struct trx_json *model, const char *key, bool *out,
    struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(model, key);

	*out = false;
	if (trx_json_is_null(v))
		return 0;
	if (v->type != TRX_JSON_BOOL)
		return trx_error_set(
		    err, TRX_INPUT, "model.%s: not true or false", key);
	*out = v->u.boolean;
	return 0;
}

static int
read_text(const struct trx_json *model, const char *key, struct trx_str *out,
    struct trx_error *err)
{
	*out = (struct trx_str){ "", 0 };
	if (trx_json_get_string(model, key, out) == -1)
		return trx_error_set(
		    err, TRX_INPUT, "model.%s: not a string", key);
	return 0;
}

static int
refuse_dropout(const struct trx_json *model, struct trx_error *err)
{
	const struct trx_json *v = trx_json_get(model, "dropout");

	if (trx_json_is_null(v) ||
	    (v->type == TRX_JSON_NUMBER && trx_json_to_double(v) == 0))
		return 0;
	return trx_error_set(err, TRX_INPUT,
	    "model.dropout: ids that chance decides are not supported");
}

static int
refuse_unknown(const struct trx_json *model, struct trx_error *err)
{
	static const char *const known[] = { "type", "dropout", "unk_token",
		"continuing_subword_prefix", "end_of_word_suffix", "fuse_unk",
		"byte_fallback", "ignore_merges", "vocab", "merges" };
	size_t i, k;

	for (i = 0; i < model->u.object.n; i++) {
		for (k = 0; k < sizeof(known) / sizeof(*known); k++)
			if (trx_str_is(
				model->u.object.members[i].key, known[k]))
				break;
		if (k == sizeof(known) / sizeof(*known))
			return trx_error_set(err, TRX_INPUT,
			    "model.%.*s: not known",
			    (int)model->u.object.members[i].key.n,
			    model->u.object.members[i].key.p);
	}
	return 0;
}

static int
read_unk(struct trx_bpe *b, const struct trx_json *model, struct trx_error *err)
{
	struct trx_str unk;

	b->unk = -1;
	if (read_text(model, "unk_token", &unk, err) == -1)
		return -1;
	if (trx_json_is_null(trx_json_get(model, "unk_token")))
		return 0;
	b->unk = trx_vocab_find(&b->vocab, unk);
	if (b->unk == -1)
		return trx_error_set(err, TRX_INPUT,
		    "model.unk_token: '%.*s' is not in the vocabulary",
		    (int)unk.n, unk.p);
	return 0;
}

static int
read_settings(
    struct trx_bpe *b, const struct trx_json *model, struct trx_error *err)
{
	if (refuse_dropout(model, err) == -1 ||
	    refuse_unknown(model, err) == -1 ||
	    read_bool(model, "fuse_unk", &b->fuse_unk, err) == -1 ||
	    read_bool(model, "byte_fallback", &b->byte_fallback, err) == -1 ||
	    read_bool(model, "ignore_merges", &b->ignore_merges, err) == -1 ||
	    read_text(model, "continuing_subword_prefix", &b->prefix, err) ==
		-1 ||
	    read_text(model, "end_of_word_suffix", &b->suffix, err) == -1)
		return -1;
	return read_unk(b, model, err);
}

static void
find_fallback(struct trx_bpe *b)
{
	static const char hex[] = "0123456789ABCDEF";
	char s[] = "<0x00>";
	int64_t id;
	int byte;

	for (byte = 0; byte < 256; byte++) {
		s[3] = hex[byte >> 4];
		s[4] = hex[byte & 15];
		id = trx_vocab_find(&b->vocab, trx_str(s));
		b->fallback[byte] = id == -1 ? TRX_BPE_NONE : (uint32_t)id;
	}
}

/* What looking whole pieces up needs. */
static void
measure(struct trx_bpe *b)
{
	uint8_t utf8[4];
	uint32_t id;
	size_t n;
	int byte;

	for (byte = 0; byte < 256; byte++) {
		utf8[1] = 0;
		trx_ucd_put(utf8, trx_alphabet_char((uint8_t)byte));
		memcpy(b->alphabet[byte], utf8, sizeof(b->alphabet[byte]));
	}
	for (id = 0; b->ignore_merges && id < b->vocab.size; id++) {
		/* U+2581 may stand for itself; no length: it does not fit. */
		n = b->lengths[id];
		if (n == 0 || b->input == TRX_BPE_SPACES)
			n = trx_vocab_text(&b->vocab, id).n;
		b->longest = n > b->longest ? n : b->longest;
	}
}

int
trx_bpe_open(struct trx_bpe *b, const struct trx_json *model,
    enum trx_bpe_input input, const struct trx_image *image,
    struct trx_error *err)
{
	size_t n, nchars, nlengths;

	*b = (struct trx_bpe){ .input = input };
	if (trx_vocab_open(image, &b->vocab, err) == -1 ||
	    trx_merges_open(image, &b->merges, err) == -1)
		return -1;
	b->start = trx_image_get(image, TRX_IMAGE_BPE_START, &n);
	b->chars = trx_image_get(image, TRX_IMAGE_BPE_CHARS, &nchars);
	b->lengths = trx_image_get(image, TRX_IMAGE_BPE_LENGTHS, &nlengths);
	if (n / sizeof(*b->start) != (input == TRX_BPE_BYTES ? 256 : 65536) ||
	    (input == TRX_BPE_BYTES && nchars / sizeof(*b->chars) != 65536) ||
	    nlengths / sizeof(*b->lengths) != b->vocab.size)
		return trx_error_set(err, TRX_INPUT, "no table of characters");
	if (read_settings(b, model, err) == -1)
		return -1;
	find_fallback(b);
	measure(b);
	if (b->prefix.n > 0 || b->suffix.n > 0)
		return 0; /* a piece's ends are not like its middle */
	return trx_bpe_cuts_open(b, image, err);
}

/* Append a piece of bytes as the vocabulary has it. */
static void
add_alphabet(const struct trx_bpe *b, struct trx_str piece, struct trx_buf *to)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	char *out = trx_buf_reserve(to, 2 * piece.n + 1);
	size_t i;

	if (out == NULL)
		return;
	for (i = 0; i < piece.n; i++) {
		memcpy(out, b->alphabet[p[i]], 2);
		out += 1 + (out[1] != 0);
	}
	to->len = (size_t)(out - to->data);
}

/* The id of a piece that is a token as it stands, or -1. */
static int64_t
find_whole(const struct trx_bpe *b, struct trx_str piece, struct trx_buf *text)
{
	const uint8_t *p = (const uint8_t *)piece.p;
	uint8_t utf8[4];
	size_t at = 0;
	uint32_t cp;

	if (piece.n > b->longest)
		return -1;
	trx_buf_reset(text);
	if (b->input == TRX_BPE_BYTES)
		add_alphabet(b, piece, text);
	else
		while (at < piece.n) {
			at += trx_bpe_char(b, p + at, &cp);
			trx_buf_add(text, utf8, trx_ucd_put(utf8, cp));
		}
	return text->failed ? -1 : trx_vocab_find(&b->vocab, trx_buf_str(text));
}

int
trx_bpe_encode(const struct trx_bpe *b, struct trx_str piece,
    struct trx_bpe_room *room, struct trx_ids *out, struct trx_error *err)
{
	struct trx_symbol whole = { .end = (uint32_t)piece.n };
	int64_t id;
	size_t n;

	if (b->ignore_merges &&
	    (id = find_whole(b, piece, &room->text)) != -1) {
		whole.id = (uint32_t)id;
		return trx_bpe_append(out, &whole, 1, 0, err);
	}
	if (piece.n > TRX_BPE_WINDOW && b->prefix.n + b->suffix.n == 0)
		return trx_bpe_windows(b, piece, room, out, err);
	if (trx_bpe_whole(b, piece, room, &room->symbols, &n, err) == -1)
		return -1;
	return trx_bpe_append(
	    out, (const struct trx_symbol *)room->symbols.data, n, 0, err);
}

void
trx_bpe_room_free(struct trx_bpe_room *room)
{
	trx_buf_free(&room->symbols);
	trx_buf_free(&room->check);
	trx_buf_free(&room->work);
	trx_buf_free(&room->text);
}
