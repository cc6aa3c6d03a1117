/*
 * For each line {"pre_tokenizer":...,"texts":[...]} on standard input: either
 * {"error":...}, or {"bytes":...,"pieces":[...],"ends":[...]} with the pieces
 * of each text, a byte to a character, and where they end in the text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/json/reader.h"
#include "common/tokenizer/pretokenizer.h"

static void
print_string(const char *p, size_t n)
{
	size_t i;

	putchar('"');
	for (i = 0; i < n; i++)
		if (p[i] >= ' ' && p[i] < 0x7f && p[i] != '"' && p[i] != '\\')
			putchar(p[i]);
		else
			printf("\\u%04x", (unsigned char)p[i]);
	putchar('"');
}

static void
print_pieces(const struct trx_pieces *s, bool ends)
{
	uint32_t end;
	size_t i;

	putchar('[');
	for (i = 0; i < s->n; i++) {
		end = s->at[i].end;
		if (i > 0)
			putchar(',');
		if (!ends)
			print_string(
			    s->text.p + s->at[i].begin, end - s->at[i].begin);
		else
			printf("%u", s->ends == NULL ? end : s->ends[end - 1]);
	}
	putchar(']');
}

static int
print_texts(const struct trx_pretokenizer *p, const struct trx_json *texts,
    struct trx_pieces *pieces, bool ends, struct trx_error *err)
{
	size_t i;

	for (i = 0; i < texts->u.array.n; i++) {
		if (trx_pretokenize(p, texts->u.array.items[i].u.string, true,
			ends, pieces, err) == -1)
			return -1;
		if (i > 0)
			putchar(',');
		print_pieces(pieces, ends);
	}
	return 0;
}

static int
print_error(const struct trx_error *err)
{
	printf("\"error\":");
	print_string(err->text, strlen(err->text));
	return err->status == TRX_INPUT ? 0 : -1;
}

static int
pretokenize_line(struct trx_str line, struct trx_arena *a,
    struct trx_pieces *pieces, struct trx_error *err)
{
	const struct trx_json *texts;
	struct trx_pretokenizer *p;
	struct trx_json v;
	int r = 0;

	trx_arena_reset(a);
	if (trx_json_parse(line, a, &v, err) == -1)
		return -1;
	texts = trx_json_get(&v, "texts");
	p = trx_pretokenizer_new(trx_json_get(&v, "pre_tokenizer"), a, err);
	putchar('{');
	if (p == NULL)
		r = print_error(err);
	else {
		printf("\"bytes\":%s,\"pieces\":[",
		    trx_pretokenizer_is_bytes(p) ? "true" : "false");
		r = print_texts(p, texts, pieces, false, err);
		printf("],\"ends\":[");
		if (r == 0)
			r = print_texts(p, texts, pieces, true, err);
		printf("]");
		if (r == -1) {
			putchar(',');
			r = print_error(err);
		}
	}
	printf("}\n");
	fflush(stdout);
	return r;
}

int
main(void)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_pieces pieces = { 0 };
	struct trx_error err = { 0 };
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = getline(&line, &cap, stdin)) > 0)
		r = pretokenize_line(
		    (struct trx_str){ .p = line, .n = (size_t)n }, &a, &pieces,
		    &err);
	if (r == -1)
		fprintf(stderr, "pretokenize: %s\n", err.text);
	free(line);
	trx_arena_free(&a);
	trx_pieces_free(&pieces);
	return r == 0 ? TRX_OK : (int)err.status;
}
