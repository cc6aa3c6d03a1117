/*
 * settings DIR [TOKEN...]: what the settings in DIR say of tokens, where the
 * TOKENs have the ids 0, 1, ...
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/tokenizer/settings.h"

static int64_t
lookup(const void *arg, struct trx_str content)
{
	char *const *tokens = arg;
	int64_t i;

	for (i = 0; tokens[i] != NULL; i++)
		if (trx_str_is(content, tokens[i]))
			return i;
	return -1;
}

int
main(int argc, char **argv)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_tokenizer_info info;
	struct trx_error err;
	size_t i;

	if (argc < 2)
		return TRX_USAGE;
	if (trx_settings_read(argv[1], &a, lookup, argv + 2, &info, &err) ==
	    -1) {
		fprintf(stderr, "settings: %s\n", err.text);
		trx_arena_free(&a);
		return err.status;
	}
	printf("bos %" PRId64 " eos %" PRId64 " pad %" PRId64 " unk %" PRId64
	       " eot",
	    info.bos, info.eos, info.pad, info.unk);
	for (i = 0; i < info.neot; i++)
		printf(" %" PRIu32, info.eot[i]);
	printf("\n");
	trx_arena_free(&a);
	return TRX_OK;
}
