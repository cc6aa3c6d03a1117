#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/pack/fit.h"

#define LEVELS 6 /* of 64: covers every 32-bit room */
#define NONE UINT32_MAX

struct bin {
	uint32_t room;
	uint32_t next; /* of the list of equal room, or of the unused ones */
};

struct trx_fit {
	uint32_t capacity;
	struct bin *bins;
	uint32_t nbins; /* slots in use or unused, of cbins allocated */
	uint32_t cbins;
	uint32_t unused; /* list of closed slots */
	size_t open;
	uint32_t *first; /* [capacity + 1]: the open bins that have this room */
	uint64_t *levels[LEVELS]; /* bit i of level 0: first[i] is no NONE */
	uint64_t *order;	  /* scratch: a window's items, sorted */
	size_t corder;
};

struct trx_fit *
trx_fit_new(uint32_t capacity, struct trx_error *err)
{
	struct trx_fit *f = calloc(1, sizeof(*f));
	size_t rooms = (size_t)capacity + 1;
	size_t words = rooms;
	int i;

	if (f == NULL)
		goto err0;
	f->capacity = capacity;
	f->unused = NONE;
	if ((f->first = malloc(rooms * sizeof(*f->first))) == NULL)
		goto err1;
	memset(f->first, 0xff, rooms * sizeof(*f->first));
	for (i = 0; i < LEVELS; i++) {
		words = (words + 63) / 64;
		f->levels[i] = calloc(words, sizeof(*f->levels[i]));
		if (f->levels[i] == NULL)
			goto err1;
	}
	return f;
err1:
	trx_fit_free(f);
err0:
	trx_error_memory(err);
	return NULL;
}

void
trx_fit_free(struct trx_fit *f)
{
	int i;

	if (f == NULL)
		return;
	for (i = 0; i < LEVELS; i++)
		free(f->levels[i]);
	free(f->first);
	free(f->bins);
	free(f->order);
	free(f);
}

static void
mark(struct trx_fit *f, uint32_t room)
{
	int i;

	for (i = 0; i < LEVELS; i++, room /= 64)
		f->levels[i][room / 64] |= (uint64_t)1 << room % 64;
}

static void
unmark(struct trx_fit *f, uint32_t room)
{
	int i;

	for (i = 0; i < LEVELS; i++, room /= 64) {
		f->levels[i][room / 64] &= ~((uint64_t)1 << room % 64);
		if (f->levels[i][room / 64] != 0)
			return;
	}
}

/* The least room, at least `room`, that an open bin has; NONE if none has. */
static uint32_t
least_room(const struct trx_fit *f, uint32_t room)
{
	uint64_t bits;
	int i;

	for (i = 0; i < LEVELS; i++, room = room / 64 + 1) {
		/* After the first level: one past the word already seen. */
		if (room / 64 > (f->capacity >> 6 * i) / 64)
			return NONE;
		bits = f->levels[i][room / 64] & ~(uint64_t)0 << room % 64;
		if (bits != 0)
			break;
	}
	if (i == LEVELS)
		return NONE;
	room = room / 64 * 64 + (uint32_t)__builtin_ctzll(bits);
	while (i-- > 0)
		room =
		    room * 64 + (uint32_t)__builtin_ctzll(f->levels[i][room]);
	return room;
}

static void
push(struct trx_fit *f, uint32_t bin)
{
	uint32_t room = f->bins[bin].room;

	f->bins[bin].next = f->first[room];
	f->first[room] = bin;
	mark(f, room);
}

static uint32_t
pop(struct trx_fit *f, uint32_t room)
{
	uint32_t bin = f->first[room];

	f->first[room] = f->bins[bin].next;
	if (f->first[room] == NONE)
		unmark(f, room);
	return bin;
}

/* A new, empty bin; room for it was made before. */
static uint32_t
new_bin(struct trx_fit *f)
{
	uint32_t bin = f->unused;

	if (bin != NONE)
		f->unused = f->bins[bin].next;
	else
		bin = f->nbins++;
	f->bins[bin].room = f->capacity;
	f->open++;
	return bin;
}

static int
reserve(struct trx_fit *f, size_t n, struct trx_error *err)
{
	size_t need = f->nbins + n;
	void *p;

	if (need >= NONE)
		return trx_error_memory(err);
	if (need > f->cbins) {
		if ((p = realloc(f->bins, need * sizeof(*f->bins))) == NULL)
			return trx_error_memory(err);
		f->bins = p;
		f->cbins = (uint32_t)need;
	}
	if (n > f->corder) {
		if ((p = realloc(f->order, n * sizeof(*f->order))) == NULL)
			return trx_error_memory(err);
		f->order = p;
		f->corder = n;
	}
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int
trx_fit_window(struct trx_fit *f, const uint32_t *lengths, size_t n,
    uint32_t *bins, struct trx_error *err)
{
	uint32_t item, room, bin;
	size_t i;

	if (n == 0)
		return 0;
	if (reserve(f, n, err) == -1)
		return -1;
	/* Longest first, then by input order, in one key. */
	for (i = 0; i < n; i++)
		f->order[i] = (uint64_t)~lengths[i] << 32 | i;
	qsort(f->order, n, sizeof(*f->order), compare_keys);
	for (i = 0; i < n; i++) {
		item = (uint32_t)f->order[i];
		room = least_room(f, lengths[item]);
		bin = room == NONE ? new_bin(f) : pop(f, room);
		f->bins[bin].room -= lengths[item];
		push(f, bin);
		bins[item] = bin;
	}
	return 0;
}

int
trx_fit_close(struct trx_fit *f, size_t keep, uint32_t *bin)
{
	uint32_t room = least_room(f, 0);

	if (room == NONE || (f->open <= keep && room != 0))
		return 0;
	*bin = pop(f, room);
	f->bins[*bin].next = f->unused;
	f->unused = *bin;
	f->open--;
	return 1;
}
