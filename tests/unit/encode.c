/*
 * encode MODEL: the ids and ends of the {"text":...} lines on standard input.
 * encode -i MODEL: what the tokenizer says of itself.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json/reader.h"
#include "common/tokenizer/tokenizer.h"

static int
fail(const struct trx_error *err)
{
	fprintf(stderr, "encode: %s\n", err->text);
	return err->status;
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

static void
print_info(const struct trx_tokenizer_info *info)
{
	printf("{\"vocab_size\":%" PRIu32 ",\"sha256\":\"%s\",\"bos\":%" PRId64
	       ",\"eos\":%" PRId64 ",\"pad\":%" PRId64 ",\"unk\":%" PRId64 ",",
	    info->vocab_size, info->sha256, info->bos, info->eos, info->pad,
	    info->unk);
	print_list("eot", info->eot, info->neot);
	printf(",");
	print_list("prefix", info->prefix, info->nprefix);
	printf(",");
	print_list("suffix", info->suffix, info->nsuffix);
	printf("}\n");
}

static int
encode_line(struct trx_tokenizer_worker *w, struct trx_str line,
    struct trx_ids *ids, struct trx_arena *a, struct trx_error *err)
{
	struct trx_tokenizer_input in = { .want_ends = true };
	struct trx_json v;

	trx_arena_reset(a);
	if (trx_json_parse(line, a, &v, err) == -1)
		return -1;
	if (trx_json_get_string(&v, "text", &in.text) != 1)
		return trx_error_set(err, TRX_INPUT, "a line has no text");
	ids->n = 0;
	if (trx_tokenizer_encode(w, &in, ids, err) == -1)
		return -1;
	printf("{");
	print_list("ids", ids->ids, ids->n);
	printf(",");
	print_list("ends", ids->ends, ids->n);
	printf("}\n");
	return 0;
}

int
main(int argc, char **argv)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_ids ids = { 0 };
	struct trx_error err = { 0 };
	struct trx_tokenizer_options options = { .ignore_truncation = true,
		.no_cache = true };
	struct trx_tokenizer_worker *w;
	struct trx_tokenizer *t;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int r = 0;

	if (argc < 2)
		return TRX_USAGE;
	t = trx_tokenizer_open(argv[argc - 1], &options, &err);
	if (t == NULL || (w = trx_tokenizer_worker_new(t, &err)) == NULL)
		return fail(&err);
	if (strcmp(argv[1], "-i") == 0)
		print_info(trx_tokenizer_info(t));
	else
		while (r == 0 && (n = getline(&line, &cap, stdin)) > 0)
			r = encode_line(w,
			    (struct trx_str){ .p = line, .n = (size_t)n }, &ids,
			    &a, &err);
	free(line);
	trx_arena_free(&a);
	trx_ids_free(&ids);
	trx_tokenizer_worker_free(w);
	trx_tokenizer_free(t);
	return r == 0 ? TRX_OK : fail(&err);
}
