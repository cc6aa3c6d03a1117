/*
 * model FILE: the ids and ends that the model of a tokenizer.json gives the
 * {"text":...} lines on standard input, each text one piece; or that it has
 * none for it.
 * model -s FILE: the scores of a Unigram model, the bits of the doubles.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json/reader.h"
#include "common/tokenizer/number.h"
#include "common/tokenizer/unigram.h"
#include "common/tokenizer/wordpiece.h"

struct model {
	struct trx_arena arena;
	struct trx_image *image;
	struct trx_vocab vocab;
	struct trx_wordpiece *wordpiece; /* NULL: Unigram */
	struct trx_unigram *unigram;
	struct trx_buf work;
};

static int
open_model(struct model *m, const struct trx_json *spec, struct trx_error *err)
{
	if (!trx_json_is(trx_json_get(spec, "type"), "WordPiece")) {
		if (trx_unigram_build(spec, m->image, err) == -1)
			return -1;
		m->unigram = trx_unigram_new(spec, m->image, &m->arena, err);
		return m->unigram == NULL ? -1 : 0;
	}
	if (trx_vocab_build_object(
		trx_json_get(spec, "vocab"), m->image, err) == -1 ||
	    trx_vocab_open(m->image, &m->vocab, err) == -1)
		return -1;
	m->wordpiece = trx_wordpiece_new(spec, &m->vocab, &m->arena, err);
	return m->wordpiece == NULL ? -1 : 0;
}

static void
print_list(const char *name, const uint32_t *list, size_t n)
{
	size_t i;

	printf("\"%s\":[", name);
	for (i = 0; i < n; i++)
		printf("%s%" PRIu32, i == 0 ? "" : ",", list[i]);
	printf("]");
}

static int
encode_line(struct model *m, struct trx_str line, struct trx_ids *ids,
    struct trx_arena *a, struct trx_error *err)
{
	struct trx_json v;
	struct trx_str text;
	int r = 0;

	trx_arena_reset(a);
	if (trx_json_parse(line, a, &v, err) == -1)
		return -1;
	if (trx_json_get_string(&v, "text", &text) != 1)
		return trx_error_set(err, TRX_INPUT, "a line has no text");
	ids->n = 0;
	if (text.n > 0 && m->wordpiece != NULL)
		r = trx_wordpiece_encode(
		    m->wordpiece, text, &m->work, ids, err);
	else if (text.n > 0)
		r = trx_unigram_encode(m->unigram, text, &m->work, ids, err);
	if (r == -1 && err->status != TRX_INPUT)
		return -1;
	if (r == -1)
		return printf("{\"error\":true}\n") > 0 ? 0 : -1;
	printf("{");
	print_list("ids", ids->ids, ids->n);
	printf(",");
	print_list("ends", ids->ends, ids->n);
	printf("}\n");
	return 0;
}

static int
encode_lines(struct model *m, struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_ids ids = { .keeps_ends = true };
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = getline(&line, &cap, stdin)) > 0)
		r = encode_line(
		    m, (struct trx_str){ line, (size_t)n }, &ids, &a, err);
	free(line);
	trx_ids_free(&ids);
	trx_arena_free(&a);
	return r;
}

static void
print_scores(const struct trx_json *spec)
{
	const struct trx_json *vocab = trx_json_get(spec, "vocab");
	uint64_t bits;
	double score;
	size_t i;

	for (i = 0; i < vocab->u.array.n; i++) {
		if (trx_serde_double(
			vocab->u.array.items[i].u.array.items[1].u.number,
			&score) == -1)
			score = NAN;
		memcpy(&bits, &score, sizeof(bits));
		printf("%016" PRIx64 "\n", bits);
	}
}

int
main(int argc, char **argv)
{
	struct model m = { .arena = TRX_ARENA_INIT };
	struct trx_error err = { 0 };
	struct trx_json file;
	const struct trx_json *spec;
	int r;

	if (argc < 2)
		return TRX_USAGE;
	r = trx_json_read_file(
	    argv[argc - 1], 1 << 30, NULL, &m.arena, &file, &err);
	if (r == 0 && (m.image = trx_image_new(&err)) == NULL)
		r = -1;
	spec = r == 0 ? trx_json_get(&file, "model") : NULL;
	if (r == 0 && strcmp(argv[1], "-s") == 0)
		print_scores(spec);
	else if (r == 0 && (r = open_model(&m, spec, &err)) == 0)
		r = encode_lines(&m, &err);
	if (r == -1)
		fprintf(stderr, "model: %s\n", err.text);
	trx_image_free(m.image);
	trx_arena_free(&m.arena);
	trx_buf_free(&m.work);
	return r == 0 ? TRX_OK : (int)err.status;
}
