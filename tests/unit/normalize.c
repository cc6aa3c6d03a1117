/*
 * normalize SPEC [N]: what the normalizer in the file SPEC makes of the texts
 * on standard input: each is a length (u32, little-endian) and that many bytes,
 * and so is the answer.  The ends are checked for what they promise.
 * normalize -e SPEC: each answer is a line, the ends of the text's bytes.
 * normalize -t N SPEC: the seconds of CPU that N times take, for each text.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/bytes.h"
#include "common/json/reader.h"
#include "common/tokenizer/normalizer.h"

struct program {
	struct trx_normalizer *normalizer;
	struct trx_normalizer_room room, other;
	bool print_ends;
	long times;
};

/* All that is left of the file, or status TRX_MACHINE. */
static int
slurp(FILE *f, struct trx_buf *b, struct trx_error *err)
{
	char *p;

	do {
		if ((p = trx_buf_reserve(b, 1 << 16)) == NULL)
			return trx_error_memory(err);
		b->len += fread(p, 1, 1 << 16, f);
	} while (!feof(f) && !ferror(f));
	return ferror(f) ? trx_error_set(err, TRX_MACHINE, "reading:") : 0;
}

/* Ends never fall and lie in the text; without a change there are none. */
static int
check_ends(struct trx_str text, struct trx_str out, const uint32_t *ends,
    struct trx_error *err)
{
	uint32_t last = 0;
	size_t i;

	if ((ends == NULL) != (out.p == text.p) && out.n != 0)
		return trx_error_set(err, TRX_INPUT, "ends, or none, wrongly");
	for (i = 0; ends != NULL && i < out.n; i++) {
		if (ends[i] < last || ends[i] > text.n)
			return trx_error_set(err, TRX_INPUT, "ends are wrong");
		last = ends[i];
	}
	return 0;
}

static void
print(struct trx_str out, const uint32_t *ends, bool print_ends)
{
	uint8_t length[4];
	size_t i;

	if (!print_ends) {
		trx_le32_put(length, (uint32_t)out.n);
		fwrite(length, 1, 4, stdout);
		fwrite(out.p, 1, out.n, stdout);
		return;
	}
	for (i = 0; i < out.n; i++)
		printf("%s%" PRIu32, i == 0 ? "" : " ",
		    ends == NULL ? (uint32_t)i + 1 : ends[i]);
	printf("\n");
}

static int
answer(struct program *pr, struct trx_str text, struct trx_error *err)
{
	struct trx_str out, plain;
	const uint32_t *ends, *none;

	if (trx_normalize(pr->normalizer, text, true, &pr->room, &out, &ends,
		err) == -1 ||
	    trx_normalize(pr->normalizer, text, false, &pr->other, &plain,
		&none, err) == -1)
		return -1;
	if (!trx_str_equal(out, plain) || none != NULL)
		return trx_error_set(err, TRX_INPUT, "ends change the text");
	if (check_ends(text, out, ends, err) == -1)
		return -1;
	print(out, ends, pr->print_ends);
	return 0;
}

static int
measure(struct program *pr, struct trx_str text, struct trx_error *err)
{
	struct timespec from, to;
	const uint32_t *ends;
	struct trx_str out;
	long i;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	for (i = 0; i < pr->times; i++)
		if (trx_normalize(pr->normalizer, text, false, &pr->room, &out,
			&ends, err) == -1)
			return -1;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	printf("%.6f\n", (double)(to.tv_sec - from.tv_sec) +
			     (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	return 0;
}

static int
answer_all(struct program *pr, struct trx_str in, struct trx_error *err)
{
	struct trx_str text;
	int r = 0;

	for (; r == 0 && in.n >= 4; in.p = text.p + text.n, in.n -= text.n) {
		text.n = trx_le32_get(in.p);
		text.p = in.p + 4;
		in.n -= 4;
		if (text.n > in.n)
			return trx_error_set(err, TRX_INPUT, "cut short");
		r = pr->times > 0 ? measure(pr, text, err)
				  : answer(pr, text, err);
	}
	return r;
}

static int
run(struct program *pr, const char *path, struct trx_arena *a,
    struct trx_error *err)
{
	struct trx_buf spec = { 0 }, in = { 0 };
	FILE *f = fopen(path, "r");
	struct trx_json v;
	int r = -1;

	if (f == NULL)
		trx_error_set(err, TRX_MACHINE, "%s:", path);
	else if (slurp(f, &spec, err) == 0 &&
		 trx_json_parse(trx_buf_str(&spec), a, &v, err) == 0 &&
		 (pr->normalizer = trx_normalizer_new(&v, a, err)) != NULL &&
		 slurp(stdin, &in, err) == 0)
		r = answer_all(pr, trx_buf_str(&in), err);
	if (f != NULL)
		fclose(f);
	trx_buf_free(&spec);
	trx_buf_free(&in);
	return r;
}

int
main(int argc, char **argv)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_error err = { 0 };
	struct program pr = { 0 };
	int r;

	if (argc < 2)
		return TRX_USAGE;
	pr.print_ends = strcmp(argv[1], "-e") == 0;
	if (strcmp(argv[1], "-t") == 0 && argc == 4)
		pr.times = strtol(argv[2], NULL, 10);
	r = run(&pr, argv[argc - 1], &a, &err);
	if (r == -1)
		fprintf(stderr, "normalize: %s\n", err.text);
	trx_normalizer_room_free(&pr.room);
	trx_normalizer_room_free(&pr.other);
	trx_arena_free(&a);
	return r == -1 ? (int)err.status : TRX_OK;
}
