/*
 * Shards made, read and damaged, for tests.
 *
 *   archive make PATTERN plain|zstd ROWS LENGTH SHARD_BYTES VOCAB
 *   archive read [FILE]       the rows and the manifest, a line of JSON each
 *   archive cat [FILE]        what trx_zin makes of it
 *   archive damage FILE       every bit flipped, every length cut
 *   archive refuse FOLDER     what the writer must not take
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/archive/shard.h"
#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/json/canonical.h"

#define LENGTH_MAX (1u << 24)

static const char header[] = "{\"format\":1,\"kind\":\"tokens\"}";

static int
fail(const struct trx_error *err)
{
	fprintf(stderr, "archive: %s\n", err->text);
	return (int)err->status;
}

/* A row whose content follows from its index. */
static void
make_row(uint32_t index, uint32_t length, uint32_t vocab,
    struct trx_shard_row *row, struct trx_buf *json)
{
	static uint32_t ids[LENGTH_MAX];
	static uint8_t mask[LENGTH_MAX];
	static uint32_t segs[2][3];
	uint32_t i, half = length / 2, state = index * 2654435761u + 1;

	for (i = 0; i < length; i++) {
		state = state * 1664525u + 1013904223u;
		ids[i] = (state >> 8) % vocab;
		mask[i] = i > half / 2 && i != half;
	}
	segs[0][0] = 0;
	segs[0][1] = half / 2 + 1;
	segs[0][2] = half;
	segs[1][0] = segs[1][1] = half;
	segs[1][2] = length;
	trx_buf_reset(json);
	trx_buf_addf(json,
	    "{\"examples\":[{\"id\":\"a%" PRIu32 "\"},{\"id\":\"b%" PRIu32
	    "\",\"n\":1.50}]}",
	    index, index);
	*row = (struct trx_shard_row){ .ids = ids,
		.nids = length,
		.mask = mask,
		.segs = (const uint32_t(*)[3])segs,
		.nsegs = 2,
		.json = trx_buf_str(json) };
}

/* Rows of 4 to `length` tokens, then the end. */
static int
make_rows(struct trx_shards *s, uint32_t rows, uint32_t length, uint32_t vocab,
    struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_buf json = TRX_BUF_INIT;
	struct trx_json trailer = trx_json_object();
	struct trx_shard_row row;
	int rc = -1;
	uint32_t i;

	for (i = 0; i < rows; i++) {
		make_row(i, length - i % (length - 3), vocab, &row, &json);
		if (trx_shards_add(s, &row, err) == -1)
			goto out;
	}
	if (trx_json_set(&a, &trailer, "ledger", trx_json_array()) == NULL) {
		trx_error_memory(err);
		goto out;
	}
	rc = trx_shards_commit(s, &trailer, err);
out:
	trx_buf_free(&json);
	trx_arena_free(&a);
	return rc;
}

static int
make(char **argv)
{
	uint32_t rows = (uint32_t)strtoul(argv[2], NULL, 10);
	uint32_t length = (uint32_t)strtoul(argv[3], NULL, 10);
	uint32_t vocab = (uint32_t)strtoul(argv[5], NULL, 10);
	struct trx_shard_options options = {
		.compress = strcmp(argv[1], "zstd") == 0,
		.shard_bytes = strtoull(argv[4], NULL, 10),
	};
	struct trx_shards *s;
	struct trx_error err;
	int rc;

	if (length < 4 || length > LENGTH_MAX)
		return TRX_USAGE;
	s = trx_shards_create(argv[0], &options, trx_str(header), vocab, &err);
	if (s == NULL)
		return fail(&err);
	rc = make_rows(s, rows, length, vocab, &err);
	trx_shards_free(s);
	return rc == -1 ? fail(&err) : 0;
}

/* A shard in fd, which is taken, or NULL. */
static struct trx_shard_reader *
open_shard(int fd, const char *name, struct trx_error *err)
{
	struct trx_zin *zin = trx_zin_open(fd, name, err);
	char first[TRX_SHARD_PEEK];
	ssize_t n;

	if (zin == NULL)
		return NULL;
	if ((n = trx_zin_peek(zin, first, sizeof(first), err)) == -1) {
		trx_zin_close(zin);
		return NULL;
	}
	if (!trx_shard_begins(first, (size_t)n)) {
		trx_error_set(err, TRX_INPUT, "%s: not a shard", name);
		trx_zin_close(zin);
		return NULL;
	}
	return trx_shard_open(zin, err);
}

static void
print_row(const struct trx_shard_row *row, uint64_t index)
{
	size_t i;

	printf("{\"index\":%" PRIu64 ",\"ids\":[", index);
	for (i = 0; i < row->nids; i++)
		printf("%s%" PRIu32, i == 0 ? "" : ",", row->ids[i]);
	printf("],\"mask\":[");
	for (i = 0; i < row->nids; i++)
		printf("%s%d", i == 0 ? "" : ",", row->mask[i]);
	printf("],\"segs\":[");
	for (i = 0; i < row->nsegs; i++)
		printf("%s[%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]",
		    i == 0 ? "" : ",", row->segs[i][0], row->segs[i][1],
		    row->segs[i][2]);
	printf("],\"json\":%.*s}\n", (int)row->json.n, row->json.p);
}

static int
read_shard(const char *path)
{
	struct trx_buf text = TRX_BUF_INIT;
	struct trx_shard_reader *r;
	struct trx_shard_row row;
	struct trx_error err;
	uint64_t index;
	int fd, got;

	fd = path == NULL ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return TRX_MACHINE;
	r = open_shard(fd, path == NULL ? "stdin" : path, &err);
	if (r == NULL)
		return fail(&err);
	printf("%.*s\n", (int)trx_shard_header(r).n, trx_shard_header(r).p);
	while ((got = trx_shard_next(r, &row, &index, &err)) == 1)
		print_row(&row, index);
	if (got == 0)
		got = trx_json_canonical(trx_shard_manifest(r), &text, &err);
	if (got == 0 && text.failed)
		got = trx_error_memory(&err);
	if (got == 0)
		printf("%.*s\n", (int)text.len, text.data);
	trx_buf_free(&text);
	trx_shard_close(r);
	return got == -1 ? fail(&err) : 0;
}

/* Copy a file, plain or compressed, to standard output. */
static int
cat(const char *path)
{
	int fd = path == NULL ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
	struct trx_zin *zin;
	struct trx_error err;
	char buf[8192];
	ssize_t n;

	if (fd == -1)
		return TRX_MACHINE;
	zin = trx_zin_open(fd, path == NULL ? "stdin" : path, &err);
	if (zin == NULL)
		return fail(&err);
	while ((n = trx_zin_read(zin, buf, sizeof(buf), &err)) > 0)
		if (write(1, buf, (size_t)n) != n)
			break;
	trx_zin_close(zin);
	return n == -1 ? fail(&err) : n != 0;
}

/* Is the shard in memfd accepted? */
static bool
accepted(int memfd)
{
	struct trx_shard_reader *r;
	struct trx_shard_row row;
	struct trx_error err;
	uint64_t index;
	int fd = dup(memfd), got;

	if (fd == -1 || lseek(fd, 0, SEEK_SET) == -1) {
		perror("archive");
		exit(TRX_MACHINE);
	}
	if ((r = open_shard(fd, "damaged", &err)) == NULL)
		return false;
	do
		got = trx_shard_next(r, &row, &index, &err);
	while (got == 1);
	trx_shard_close(r);
	return got == 0;
}

/* Try every flip of a bit; returns how many pass. */
static unsigned
flip_all(int memfd, unsigned char *bytes, size_t n)
{
	unsigned passed = 0;
	size_t i;
	int bit;

	for (i = 0; i < n; i++)
		for (bit = 0; bit < 8; bit++) {
			bytes[i] ^= (unsigned char)(1 << bit);
			if (accepted(memfd)) {
				printf("byte %zu bit %d: not seen\n", i, bit);
				passed++;
			}
			bytes[i] ^= (unsigned char)(1 << bit);
		}
	return passed;
}

/* Try every shorter length; returns how many pass. */
static unsigned
cut_all(int memfd, size_t n)
{
	unsigned passed = 0;

	while (n-- > 0) {
		if (ftruncate(memfd, (off_t)n) == -1)
			exit(TRX_MACHINE);
		if (accepted(memfd)) {
			printf("cut to %zu: not seen\n", n);
			passed++;
		}
	}
	return passed;
}

static int
damage(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int memfd = memfd_create("shard", MFD_CLOEXEC);
	off_t end = lseek(file, 0, SEEK_END);
	size_t n = (size_t)end;
	unsigned char *bytes;
	unsigned passed;

	if (file == -1 || memfd == -1 || end <= 0 ||
	    ftruncate(memfd, end) == -1 || lseek(file, 0, SEEK_SET) == -1)
		return TRX_MACHINE;
	bytes = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	if (bytes == MAP_FAILED || read(file, bytes, n) != (ssize_t)n)
		return TRX_MACHINE;
	close(file);
	if (!accepted(memfd)) {
		puts("the shard is bad before it is damaged");
		return 1;
	}
	passed = flip_all(memfd, bytes, n);
	munmap(bytes, n);
	passed += cut_all(memfd, n);
	close(memfd);
	printf("%zu flips, %zu cuts, %u not seen\n", 8 * n, n, passed);
	return passed != 0;
}

/* Give the writer one bad row and print what it says. */
static void
refuse_row(
    const char *what, const char *pattern, const struct trx_shard_row *row)
{
	const struct trx_shard_options options = { .compress = true };
	struct trx_error err = { .status = TRX_OK, .text = "taken" };
	struct trx_shards *s;

	s = trx_shards_create(pattern, &options, trx_str(header), 100, &err);
	if (s != NULL)
		trx_shards_add(s, row, &err);
	trx_shards_free(s);
	printf("%s: %d %s\n", what, (int)err.status, err.text);
}

static void
refuse_rows(const char *pattern)
{
	static const uint32_t ids[4] = { 1, 2, 3, 4 };
	static const uint32_t big[4] = { 1, 2, 3, 100 };
	static const uint8_t mask[4] = { 0, 0, 1, 1 };
	static const uint8_t first[4] = { 1, 0, 1, 1 };
	static const uint8_t context[4] = { 0, 1, 1, 1 };
	static const uint8_t two[4] = { 0, 0, 2, 1 };
	static const uint32_t segs[1][3] = { { 0, 2, 4 } };
	static const uint32_t shorter[1][3] = { { 0, 2, 3 } };
	static const uint32_t longer[1][3] = { { 0, 2, 5 } };
	static const uint32_t hole[2][3] = { { 0, 1, 2 }, { 3, 3, 4 } };
	static const uint32_t back[1][3] = { { 0, 5, 4 } };
	static const uint32_t empty[2][3] = { { 0, 0, 0 }, { 0, 2, 4 } };
	struct trx_shard_row row = { ids, 4, mask, segs, 1, TRX_STR("{}") };
#define TRY(member, value) \
	do { \
		struct trx_shard_row bad = row; \
		bad.member = (value); \
		refuse_row(#member " " #value, pattern, &bad); \
	} while (0)

	refuse_row("good", pattern, &row);
	TRY(ids, big);
	TRY(mask, first);
	TRY(mask, context);
	TRY(mask, two);
	TRY(segs, shorter);
	TRY(segs, longer);
	TRY(segs, back);
	TRY(nids, 0);
	TRY(nids, (size_t)1 << 26);
	TRY(nsegs, 0);
	TRY(json.n, ((size_t)1 << 30) + 1);
	row.nsegs = 2;
	TRY(segs, hole);
	TRY(segs, empty);
#undef TRY
}

static int
refuse(const char *folder)
{
	static const char *const patterns[] = { "x.tar.zst", "x-%d.tar.zst",
		"x-%06d.tar", "x-%06d-%06d.tar.zst", "x-%06x.tar.zst",
		"x-%00d.tar.zst", "x%%-%06d.tar.zst", "x-%06d.tar.zst.gz",
		"none/x-%06d.tar.zst" };
	const struct trx_shard_options options = { .compress = true };
	char pattern[4096];
	struct trx_error err;
	struct trx_shards *s;
	size_t i;

	if (chdir(folder) == -1)
		return TRX_MACHINE;
	refuse_rows("row-%06d.tar.zst");
	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		err = (struct trx_error){ .status = TRX_OK };
		snprintf(pattern, sizeof(pattern), "%s", patterns[i]);
		s = trx_shards_create(
		    pattern, &options, trx_str(header), 100, &err);
		printf("%s: %d %s\n", pattern, (int)err.status, err.text);
		trx_shards_free(s);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 8 && strcmp(argv[1], "make") == 0)
		return make(argv + 2);
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "read") == 0)
		return read_shard(argv[2]);
	if ((argc == 2 || argc == 3) && strcmp(argv[1], "cat") == 0)
		return cat(argv[2]);
	if (argc == 3 && strcmp(argv[1], "damage") == 0)
		return damage(argv[2]);
	if (argc == 3 && strcmp(argv[1], "refuse") == 0)
		return refuse(argv[2]);
	fprintf(stderr, "usage: archive make|read|cat|damage|refuse ...\n");
	return TRX_USAGE;
}
