/*
 * damage FILE: every prefix, every flipped bit and every dropped, doubled or
 * swapped frame of a stream must be seen by its reader.  Prints how many were
 * tried; ends with 1 if one was not seen.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/json/reader.h"
#include "common/record/header.h"
#include "common/record/ledger.h"
#include "common/record/stream.h"

struct bytes {
	uint8_t *p;
	size_t n;
};

static unsigned long tried;

/* Read all of it as a filter does.  Is it taken for a whole stream? */
static bool
accepted(struct bytes b)
{
	struct trx_arena a = TRX_ARENA_INIT;
	enum trx_kind kind = TRX_KIND_TEXT;
	struct trx_stream_reader *r;
	struct trx_json trailer;
	struct trx_header h;
	struct trx_event e;
	struct trx_error err;
	struct trx_zin *zin;
	struct trx_row row;
	uint64_t examples = 0;
	int fd = memfd_create("damage", 0), rc;

	if (fd == -1 || write(fd, b.p, b.n) != (ssize_t)b.n ||
	    lseek(fd, 0, SEEK_SET) != 0)
		abort();
	zin = trx_zin_open(fd, "damage", &err);
	r = trx_stream_reader_new(zin, "damage", &err);
	while ((rc = trx_stream_next(r, &e, &err)) == 1) {
		if (e.type == TRX_EVENT_HEADER) {
			rc = trx_header_parse(&h, e.bytes, &a, &err);
			kind = rc == 0 ? trx_header_kind(&h) : kind;
			examples = 0;
		} else if (e.type == TRX_EVENT_ROW) {
			rc = trx_row_decode(e.bytes, kind, &a, &row, &err);
			examples += rc == 0 ? row.ngroups : 0;
		} else if ((rc = trx_json_parse(e.bytes, &a, &trailer, &err)) ==
			   0)
			rc = trx_ledger_check(&trailer, examples, &err);
		if (rc == -1)
			break;
	}
	trx_stream_reader_free(r);
	trx_zin_close(zin);
	trx_arena_free(&a);
	return rc == 0;
}

static void
expect_seen(struct bytes b, const char *what, size_t i, size_t k)
{
	tried++;
	if (!accepted(b))
		return;
	printf("not seen: %s %zu %zu\n", what, i, k);
	exit(1);
}

/* Where the frames of a good stream begin; the last entry is its end. */
static size_t
find_frames(struct bytes b, size_t *at)
{
	size_t n = 0, i = 0;
	uint32_t length;

	for (; i < b.n; n++) {
		at[n] = i;
		length = trx_le32_get(b.p + i + 12);
		i += TRX_FRAME_HEAD_SIZE + length + trx_frame_padding(length);
	}
	at[n] = i;
	return n;
}

static void
add(struct bytes *to, struct bytes from, size_t begin, size_t end)
{
	memcpy(to->p + to->n, from.p + begin, end - begin);
	to->n += end - begin;
}

static void
damage_frames(struct bytes b, struct bytes copy)
{
	size_t *at = calloc(b.n, sizeof(*at)), n = find_frames(b, at), i, k;

	for (i = 0; i < n; i++) {
		copy.n = 0;
		add(&copy, b, 0, at[i]);
		add(&copy, b, at[i + 1], b.n);
		expect_seen(copy, "dropped frame", i, 0);
		copy.n = 0;
		add(&copy, b, 0, at[i + 1]);
		add(&copy, b, at[i], b.n);
		expect_seen(copy, "doubled frame", i, 0);
		for (k = i + 1; k < n; k++) {
			copy.n = 0;
			add(&copy, b, 0, at[i]);
			add(&copy, b, at[k], at[k + 1]);
			add(&copy, b, at[i + 1], at[k]);
			add(&copy, b, at[i], at[i + 1]);
			add(&copy, b, at[k + 1], b.n);
			expect_seen(copy, "swapped frames", i, k);
		}
	}
	free(at);
}

static void
damage_bytes(struct bytes b, struct bytes copy)
{
	size_t i;
	int bit;

	memcpy(copy.p, b.p, b.n);
	for (i = 0; i < b.n; i++) {
		copy.n = b.n;
		for (bit = 0; bit < 8; bit++) {
			copy.p[i] ^= (uint8_t)(1 << bit);
			expect_seen(copy, "flipped bit", i, (size_t)bit);
			copy.p[i] ^= (uint8_t)(1 << bit);
		}
	}
}

/* A prefix that ends with a segment is a whole stream: the others are not. */
static void
cut_short(struct bytes b)
{
	size_t *at = calloc(b.n, sizeof(*at)), n = find_frames(b, at), i, f = 0;

	for (i = 0; i < b.n; i++) {
		while (f < n && at[f + 1] <= i)
			f++;
		if (i > 0 && i == at[f] && b.p[at[f - 1] + 8] == TRX_FRAME_END)
			continue;
		expect_seen((struct bytes){ b.p, i }, "prefix", i, 0);
	}
	free(at);
}

int
main(int argc, char **argv)
{
	struct bytes b = { malloc(1 << 20), 0 };
	struct bytes copy = { malloc(1 << 21), 0 };
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (f == NULL || b.p == NULL || copy.p == NULL) {
		fprintf(stderr, "usage: damage FILE (of at most 1 MiB)\n");
		return 2;
	}
	b.n = fread(b.p, 1, 1 << 20, f);
	fclose(f);
	if (!accepted(b)) {
		printf("the stream is not good to begin with\n");
		return 1;
	}
	cut_short(b);
	damage_bytes(b, copy);
	damage_frames(b, copy);
	printf("%lu damaged streams, all seen\n", tried);
	free(b.p);
	free(copy.p);
	return 0;
}
