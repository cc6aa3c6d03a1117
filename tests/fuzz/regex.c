/* A regular expression, a NUL, and a text to look for it in. */
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8.h"
#include "common/tokenizer/regex.h"

/* Of a text: an expression may take steps for each byte. */
enum { TEXT_MAX = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Matches rise, within the text, and hold whole characters. */
static void
search(const struct trx_regex *r, struct trx_str text)
{
	struct trx_regex_room room = { 0 };
	struct trx_regex_search s;
	struct trx_error err;
	size_t at = 0;

	trx_regex_begin(&s, r, text, &room);
	while (trx_regex_next(&s, &err) == 1) {
		if (s.begin < at || s.end < s.begin || s.end > text.n ||
		    !trx_utf8_valid((struct trx_str){
			.p = text.p + s.begin, .n = s.end - s.begin }))
			abort();
		at = s.end;
	}
	trx_regex_room_free(&room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size == 0 ? NULL : memchr(data, '\0', size);
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_str pattern, text;
	struct trx_regex *r;
	struct trx_error err;
	char *copy;

	if (nul == NULL)
		return 0;
	pattern = (struct trx_str){ .p = (const char *)data,
		.n = (size_t)(nul - data) };
	text = (struct trx_str){ .p = (const char *)nul + 1,
		.n = size - pattern.n - 1 };
	if (text.n > TEXT_MAX || !trx_utf8_valid(pattern) ||
	    !trx_utf8_valid(text))
		return 0;
	r = trx_regex_new(pattern, &a, &err);
	if (r != NULL) {
		/* On its own, so that a read before or past it is seen. */
		copy = malloc(text.n > 0 ? text.n : 1);
		if (copy == NULL)
			abort();
		memcpy(copy, text.p, text.n);
		search(r, (struct trx_str){ .p = copy, .n = text.n });
		free(copy);
	}
	trx_arena_free(&a);
	return 0;
}
