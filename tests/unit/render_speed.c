/*
 * render_speed TEMPLATE VARS CHATS SECONDS [traced]: how many conversations a
 * second of processor time a template renders, for scripts/bench.
 *
 * The rows of CHATS (JSONL) are read before; what is timed is the rendering of
 * their messages, the text alone or traced as trx-template does it, a block of
 * rows again and again, as rows are that were just read, for that long.  Prints
 * renders a second and the SHA-256 of one pass's text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/chat/chat.h"
#include "common/digest/sha256.h"
#include "common/json/reader.h"

#define MAX_ROWS 100000
#define MAX_VARS 16
#define BLOCK 64   /* rows that are rendered */
#define REPEATS 20 /* so often, one after the other */

static struct trx_json rows[MAX_ROWS];

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t
read_rows(const char *path, struct trx_arena *a, struct trx_error *err)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t n = 0, cap = 0;
	ssize_t len;

	if (f == NULL)
		return 0;
	while (n < MAX_ROWS && (len = getline(&line, &cap, f)) > 0)
		if (trx_json_parse((struct trx_str){ line, (size_t)len }, a,
			&rows[n], err) == 0)
			n++;
	free(line);
	fclose(f);
	return n;
}

/* Render n rows once; their text goes to sha if it is not NULL. */
static int
pass(const struct trx_chat *chat, const struct trx_json *block, size_t n,
    bool traced, struct trx_arena *a, struct trx_buf *out,
    struct trx_sha256 *sha, struct trx_error *err)
{
	struct trx_chat_trace trace;
	struct trx_chat_input in = { .add_generation_prompt = true,
		.trace = traced ? &trace : NULL };
	size_t i;

	for (i = 0; i < n; i++) {
		trx_arena_reset(a);
		trx_buf_reset(out);
		trace = (struct trx_chat_trace){ 0 };
		in.messages = trx_json_get(&block[i], "messages");
		in.nmessages = in.messages->u.array.n;
		if (trx_chat_render(chat, &in, a, out, err) == -1)
			return -1;
		if (sha != NULL)
			trx_sha256_add(sha, out->data, out->len);
	}
	return 0;
}

/* The vars argument, KEY=JSON separated by newlines, as a list. */
static const char *const *
split_vars(char *text)
{
	static const char *vars[MAX_VARS + 1];
	size_t n = 0;
	char *one;

	for (one = strtok(text, "\n"); one != NULL && n < MAX_VARS;
	     one = strtok(NULL, "\n"))
		vars[n++] = one;
	return vars;
}

int
main(int argc, char **argv)
{
	struct trx_arena keep = TRX_ARENA_INIT, a = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_chat_options options = { 0 };
	struct trx_sha256 *sha = NULL;
	char hex[TRX_SHA256_HEX];
	struct trx_chat *chat = NULL;
	struct trx_error err = { .status = TRX_USAGE };
	bool traced = argc == 6 && strcmp(argv[5], "traced") == 0;
	size_t n, size, renders = 0, at = 0, i;
	double start, took = 0;
	int rc = -1;

	if (argc != 5 && !traced)
		return TRX_USAGE;
	options.template = argv[1];
	options.vars = split_vars(argv[2]);
	if ((n = read_rows(argv[3], &keep, &err)) == 0 ||
	    (chat = trx_chat_open(&options, &err)) == NULL ||
	    (sha = trx_sha256_new(&err)) == NULL ||
	    pass(chat, rows, n, traced, &a, &out, sha, &err) == -1 ||
	    trx_sha256_hex(sha, hex, &err) == -1)
		goto out;
	size = n < BLOCK ? n : BLOCK;
	for (start = now(); took < atof(argv[4]); took = now() - start) {
		for (i = 0; i < REPEATS; i++)
			if (pass(chat, rows + at, size, traced, &a, &out, NULL,
				&err) == -1)
				goto out;
		renders += size * REPEATS;
		at = at + 2 * size <= n ? at + size : 0;
	}
	printf("%.0f %s\n", (double)renders / took, hex);
	rc = 0;
out:
	if (rc == -1)
		fprintf(stderr, "render_speed: %s\n", err.text);
	trx_sha256_free(sha);
	trx_chat_free(chat);
	trx_buf_free(&out);
	trx_arena_free(&a);
	trx_arena_free(&keep);
	return rc == 0 ? 0 : 1;
}
