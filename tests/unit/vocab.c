/* Checks a vocabulary of many strings: all are found, others are not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/arena.h"
#include "common/tokenizer/vocab.h"

enum { N = 262144 };

static struct trx_vocab_entry entries[N];

/* Strings of all lengths, the ids not in their order, two ids left out. */
static void
fill(struct trx_arena *a)
{
	struct trx_str text;
	uint32_t i;

	for (i = 0; i < N; i++) {
		text = trx_arena_format(a, "%.*s%x", (int)(i % 40),
		    "\u00e9 and then a longer one, of many bytes", i);
		if (text.p == NULL)
			abort();
		entries[i] = (struct trx_vocab_entry){ text,
			(i * 77773) % N + (i * 77773 % N > 1000 ? 2 : 0) };
	}
	entries[5].text.n = 0;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
check(const struct trx_vocab *v)
{
	char other[128];
	size_t i, wrong = v->size != N + 2;
	struct trx_str s;

	for (i = 0; i < N; i++) {
		s = entries[i].text;
		wrong += trx_vocab_find(v, s) != (int64_t)entries[i].id;
		wrong += !trx_str_equal(trx_vocab_text(v, entries[i].id), s);
		memcpy(other, s.p, s.n);
		other[s.n] = '~';
		wrong +=
		    trx_vocab_find(v, (struct trx_str){ other, s.n + 1 }) != -1;
	}
	wrong += trx_vocab_text(v, 1001).n != 0;
	return wrong != 0;
}

static int
report(const struct trx_error *err)
{
	fprintf(stderr, "vocab: %s\n", err->text);
	return 1;
}

int
main(void)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_error err;
	struct trx_image *image = trx_image_new(&err);
	struct trx_vocab v;
	double times[3];
	int r = 0;

	if (image == NULL)
		return report(&err);
	fill(&a);
	times[0] = now();
	if (trx_vocab_build(entries, N, image, &err) == -1 ||
	    trx_vocab_open(image, &v, &err) == -1)
		r = report(&err);
	times[1] = now();
	if (r == 0 && check(&v) != 0)
		r = fprintf(stderr, "vocab: wrong\n") > 0;
	times[2] = now();
	printf("build %.1f ms, find %.0f ns\n", (times[1] - times[0]) * 1e3,
	    (times[2] - times[1]) * 1e9 / (2 * N));
	entries[7].id = entries[8].id;
	if (trx_vocab_build(entries, N, image, &err) == 0)
		r = fprintf(stderr, "vocab: an id twice\n") > 0;
	trx_image_free(image);
	trx_arena_free(&a);
	return r;
}
