/*
 * scanner FILE SEED N: whether N random texts are cut alike, for each line
 * {"name":...,"pre_tokenizer":...} of the file, by the general pre-tokenizer,
 * by the scanner's specification a piece at a time, and by the scanner with the
 * vectors that this machine has.  Prints the first text that is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json/reader.h"
#include "common/tokenizer/pretokenizer.h"
#include "common/tokenizer/scanner.h"
#include "common/tokenizer/scanner_rules.h"
#include "common/ucd/ucd.h"

enum { TEXT_MAX = 400, PIECES = 70 };

static uint64_t state;

static uint32_t
roll(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % n);
}

/* What the regular expressions tell apart, and what is next to it. */
static const char *const atoms[] = { " ", " ", " ", "  ", "\n", "\r\n", "\t",
	"\v", "\r", "a", "b", "Z", "word", "Word", "WORD", "iPhone", "0", "7",
	"12", "1234567", "'", "''", "'s", "'S", "'re", "'Re", "'LL", "'d", "'x",
	"s", "ll", "!", "?!", "(", ")", "/", "//", "\\", "_", "-", "<", "=",
	"\x7f", "\x01", "\xc3\xa9", "\xc3\x89", "\xc5\xbf", "'\xc5\xbf",
	"\xcc\x81", "\xc2\xa0", "\xc2\x85", "\xe3\x80\x80", "\xe2\x80\xa8",
	"\xe4\xb8\xad", "\xe3\x81\x8b", "\xe3\x83\xbc", "\xe3\x83\xbb",
	"\xd0\x9f\xd1\x80", "\xd9\xa3", "\xc2\xb2", "\xe2\x85\xa7", "\xc7\x85",
	"\xc2\xaa", "\xe0\xa4\x95\xe0\xa5\x8d", "\xf0\x9f\x98\x80",
	"\xe2\x80\x8d", "\xee\x80\x80", "\xef\xbf\xbf", "\xc2\xab",
	"\xe2\x82\xac" };

static size_t
make_text(uint8_t *to)
{
	size_t n = 0, want = roll(TEXT_MAX - 32), k;
	const char *atom;
	uint32_t cp;

	while (n < want) {
		if (roll(24) == 0) {
			do
				cp = roll(0x110000);
			while (cp >= 0xd800 && cp < 0xe000);
			n += trx_ucd_put(to + n, cp);
			continue;
		}
		atom = atoms[roll(sizeof(atoms) / sizeof(*atoms))];
		for (k = roll(12) == 0 ? roll(30) : 1; k > 0 && n < want; k--)
			n += (size_t)sprintf((char *)to + n, "%s", atom);
	}
	return n;
}

/* The ends of the pieces, one way or another. */
static size_t
cut_one_by_one(
    const struct trx_scanner *s, const uint8_t *text, size_t n, uint32_t *ends)
{
	size_t at, i = 0;

	for (at = 0; at < n; ends[i++] = (uint32_t)at)
		at = (size_t)(trx_scan_piece(s, text + at, text + n) - text);
	return i;
}

static size_t
cut_by_scanner(
    const struct trx_scanner *s, const uint8_t *text, size_t n, uint32_t *ends)
{
	struct trx_piece pieces[PIECES];
	size_t at = 0, i = 0, k, m;

	while (at < n) {
		m = trx_scanner_cut(s, text, at, n, pieces, 1 + roll(PIECES));
		for (k = 0; k < m; k++) {
			if (pieces[k].begin != at)
				return 0;
			ends[i++] = pieces[k].end;
			at = pieces[k].end;
		}
	}
	return i;
}

static bool
agree(const struct trx_pretokenizer *p, const struct trx_scanner *s,
    const uint8_t *text, size_t n, struct trx_pieces *pieces)
{
	uint32_t one[TEXT_MAX], all[TEXT_MAX];
	size_t i, none = cut_one_by_one(s, text, n, one);
	size_t nall = cut_by_scanner(s, text, n, all);
	struct trx_error err;

	if (trx_pretokenize(p, (struct trx_str){ (const char *)text, n }, true,
		false, pieces, &err) == -1 ||
	    pieces->n != none || none != nall)
		return false;
	for (i = 0; i < none; i++)
		if (one[i] != all[i] || one[i] != pieces->at[i].end)
			return false;
	return true;
}

/* Drop characters of a text on which they disagree, as long as they do. */
static size_t
shrink(const struct trx_pretokenizer *p, const struct trx_scanner *s,
    uint8_t *text, size_t n, struct trx_pieces *pieces)
{
	uint8_t less[TEXT_MAX];
	size_t at = 0, width;

	while (at < n) {
		width = trx_ucd_width(text + at);
		memcpy(less, text, at);
		memcpy(less + at, text + at + width, n - at - width);
		if (agree(p, s, less, n - width, pieces)) {
			at += width;
			continue;
		}
		n -= width;
		memcpy(text, less, n);
		at = 0;
	}
	return n;
}

/* Try n texts on one line's pre-tokenizer. */
static int
try_line(struct trx_str line, unsigned long n, struct trx_arena *a)
{
	struct trx_pieces pieces = { 0 };
	const struct trx_pretokenizer *p = NULL;
	const struct trx_scanner *s = NULL;
	const struct trx_json *spec;
	uint8_t text[TEXT_MAX];
	struct trx_json v;
	struct trx_error err = { 0 };
	unsigned long i;
	size_t size = 0;

	if (trx_json_parse(line, a, &v, &err) == 0) {
		spec = trx_json_get(&v, "pre_tokenizer");
		p = trx_pretokenizer_new(spec, a, &err);
		s = trx_scanner_find(spec);
	}
	if (p == NULL || s == NULL) {
		printf("no scanner: %s %.*s\n", err.text, (int)line.n, line.p);
		return -1;
	}
	for (i = 0; i < n; i++) {
		size = make_text(text);
		if (!agree(p, s, text, size, &pieces))
			break;
	}
	if (i < n)
		size = shrink(p, s, text, size, &pieces);
	trx_pieces_free(&pieces);
	if (i < n)
		printf("differs: %.*s: '%.*s'\n", (int)line.n, line.p,
		    (int)size, (const char *)text);
	return i < n ? -1 : 0;
}

int
main(int argc, char **argv)
{
	struct trx_arena a = TRX_ARENA_INIT;
	char *line = NULL;
	size_t cap = 0, lines = 0;
	ssize_t n;
	FILE *f;
	int r = 0;

	if (argc != 4 || (f = fopen(argv[1], "r")) == NULL)
		return 2;
	state = strtoul(argv[2], NULL, 10);
	while ((n = getline(&line, &cap, f)) > 0) {
		trx_arena_reset(&a);
		lines++;
		if (try_line((struct trx_str){ line, (size_t)n },
			strtoul(argv[3], NULL, 10), &a) == -1)
			r = 1;
	}
	printf("%zu scanners, %s texts each\n", lines, argv[3]);
	free(line);
	fclose(f);
	trx_arena_free(&a);
	return r;
}
