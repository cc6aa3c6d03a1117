/*
 * fit: random windows of lengths, packed by common/pack/fit.h and by a plain
 * model of it that searches all bins.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/pack/fit.h"

#define BINS 4000
#define WINDOW 200

struct model {
	uint32_t capacity;
	uint32_t room[BINS];
	int open[BINS];
};

static uint64_t state = 1;

static uint32_t
below(uint32_t n)
{
	state = state * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)((state >> 33) % n);
}

static void
fail(const char *what)
{
	printf("differs from the model: %s\n", what);
	exit(1);
}

/* The least room that an open bin has for it; the capacity where none has. */
static uint32_t
best_room(const struct model *m, uint32_t length)
{
	uint32_t best = UINT32_MAX;
	int i;

	for (i = 0; i < BINS; i++)
		if (m->open[i] && m->room[i] >= length && m->room[i] < best)
			best = m->room[i];
	return best;
}

static void
place(struct model *m, uint32_t bin, uint32_t length)
{
	uint32_t best = best_room(m, length);

	if (bin >= BINS)
		fail("bin numbers are not used again");
	if (best == UINT32_MAX) {
		if (m->open[bin])
			fail("a bin without room");
		m->open[bin] = 1;
		m->room[bin] = m->capacity;
	} else if (!m->open[bin] || m->room[bin] != best)
		fail("not the best fit");
	m->room[bin] -= length;
}

static void
check_window(struct model *m, struct trx_fit *f)
{
	uint32_t lengths[WINDOW], bins[WINDOW], n = 1 + below(WINDOW), i, l;
	struct trx_error err;

	for (i = 0; i < n; i++)
		lengths[i] = 1 + below(m->capacity);
	if (trx_fit_window(f, lengths, n, bins, &err) == -1)
		fail("memory");
	for (l = m->capacity; l > 0; l--)
		for (i = 0; i < n; i++)
			if (lengths[i] == l)
				place(m, bins[i], l);
}

static size_t
count_open(const struct model *m, uint32_t *least)
{
	size_t n = 0;
	int i;

	*least = UINT32_MAX;
	for (i = 0; i < BINS; i++)
		if (m->open[i]) {
			n++;
			*least = m->room[i] < *least ? m->room[i] : *least;
		}
	return n;
}

static void
check_close(struct model *m, struct trx_fit *f, size_t keep)
{
	uint32_t bin, least;
	size_t n;

	while (trx_fit_close(f, keep, &bin)) {
		n = count_open(m, &least);
		if (!m->open[bin] || m->room[bin] != least ||
		    (n <= keep && least != 0))
			fail("not the fullest bin is closed");
		m->open[bin] = 0;
	}
	n = count_open(m, &least);
	if (n > keep || (n > 0 && least == 0))
		fail("a bin stays open");
}

int
main(void)
{
	static struct model m;
	static const uint32_t capacities[] = { 1, 2, 63, 64, 65, 500, 4095,
		4096, 4097, 70000 };
	struct trx_error err;
	struct trx_fit *f;
	size_t i, w, windows = 0;

	for (i = 0; i < sizeof(capacities) / sizeof(*capacities); i++) {
		memset(&m, 0, sizeof(m));
		m.capacity = capacities[i];
		if ((f = trx_fit_new(m.capacity, &err)) == NULL)
			return 1;
		for (w = 0; w < 5; w++, windows++) {
			check_window(&m, f);
			check_close(&m, f, 16);
		}
		check_close(&m, f, 0);
		trx_fit_free(f);
	}
	printf("%zu windows, all as the model has them\n", windows);
	return 0;
}
