/*
 * Any bytes as a template and, after a zero byte, a JSON object of variables
 * (without one: a small conversation).  It renders, or fails with a line and
 * nothing written, without a crash, a leak or a long run.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/json/reader.h"
#include "common/template/template.h"

#define MAX_VARS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char chat[] =
    "{\"messages\":[{\"role\":\"system\",\"content\":\"S\"},"
    "{\"role\":\"user\",\"content\":\"It's \\\"\xc3\xa9\\\" <x>\\n\"},"
    "{\"role\":\"assistant\",\"content\":\"<think>a</think> b\",\"n\":1e16,"
    "\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":"
    "{\"a\":[null,true,1.5,-0.0,123456789012345678901]}}}]},"
    "{\"role\":\"tool\",\"content\":[{\"type\":\"text\",\"text\":\" t\"}]}],"
    "\"tools\":null,\"add_generation_prompt\":true,\"bos_token\":\"<s>\"}";

/* Render with the members of an object as variables. */
static void
render(const struct trx_template *t, const struct trx_json *object,
    struct trx_arena *a)
{
	struct trx_template_var vars[MAX_VARS];
	struct trx_template_input input = { .vars = vars };
	struct trx_error err = { .status = TRX_OK };
	struct trx_buf out = TRX_BUF_INIT;
	size_t i, n;

	if (object->type != TRX_JSON_OBJECT ||
	    (n = object->u.object.n) > MAX_VARS)
		return;
	for (i = 0; i < n; i++) {
		const struct trx_json_member *m = &object->u.object.members[i];

		vars[i].name = m->key;
		vars[i].value = &m->value;
	}
	input.nvars = n;
	if (trx_template_render(t, &input, a, NULL, &out, &err) == -1 &&
	    (out.len != 0 || strncmp(err.text, "fuzz:", 5) != 0))
		abort();
	trx_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size == 0 ? NULL : memchr(data, '\0', size);
	struct trx_str source = { .p = (const char *)data, .n = size };
	struct trx_str values = TRX_STR(chat);
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_template *t;
	struct trx_json object;
	struct trx_error err;

	if (end != NULL) {
		source.n = (size_t)(end - data);
		values = (struct trx_str){ .p = (const char *)end + 1,
			.n = size - source.n - 1 };
	}
	t = trx_template_compile(source, "fuzz", &err);
	if (t != NULL && trx_json_parse(values, &a, &object, &err) == 0)
		render(t, &object, &a);
	trx_template_free(t);
	trx_arena_free(&a);
	return 0;
}
