/*
 * postprocessor: for each line on standard input, the value of a
 * tokenizer.json's post_processor, the ids before and behind a text, or that
 * it is refused and why.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/json/reader.h"
#include "common/tokenizer/postprocessor.h"

static void
print_list(const char *name, const uint32_t *list, size_t n)
{
	size_t i;

	printf("\"%s\":[", name);
	for (i = 0; i < n; i++)
		printf("%s%" PRIu32, i == 0 ? "" : ",", list[i]);
	printf("]");
}

static int
read_line(struct trx_str line, struct trx_arena *a)
{
	struct trx_postprocessor p;
	struct trx_error err;
	struct trx_json v;

	trx_arena_reset(a);
	if (trx_json_parse(line, a, &v, &err) == -1 ||
	    trx_postprocessor_read(&v, a, &p, &err) == -1) {
		printf("{\"refused\":\"%s\"}\n", err.text);
		return err.status == TRX_INPUT ? 0 : -1;
	}
	printf("{");
	print_list("prefix", p.prefix, p.nprefix);
	printf(",");
	print_list("suffix", p.suffix, p.nsuffix);
	printf("}\n");
	return 0;
}

int
main(void)
{
	struct trx_arena a = TRX_ARENA_INIT;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int r = 0;

	while (r == 0 && (n = getline(&line, &cap, stdin)) > 0)
		r = read_line((struct trx_str){ line, (size_t)n }, &a);
	free(line);
	trx_arena_free(&a);
	return r == 0 ? TRX_OK : TRX_MACHINE;
}
