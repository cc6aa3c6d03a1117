/*
 * Any bytes as a template: it must compile or be refused, and render over a
 * small conversation or fail, without a crash, a leak or a long run.
 */
#include <stddef.h>
#include <stdint.h>

#include "common/template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT(s) \
	{ \
		.type = TRX_JSON_STRING, .u.string = {(s), sizeof(s) - 1 } \
	}
#define KEY(s) \
	{ \
		(s), sizeof(s) - 1 \
	}

static struct trx_json_member user[] = {
	{ .key = KEY("role"), .value = TEXT("user") },
	{ .key = KEY("content"), .value = TEXT("It's \"\xc3\xa9\" <x>\n") },
};

static struct trx_json_member assistant[] = {
	{ .key = KEY("role"), .value = TEXT("assistant") },
	{ .key = KEY("content"), .value = TEXT("<think>a</think> b") },
	{ .key = KEY("n"),
	    .value = { .type = TRX_JSON_NUMBER, .u.number = KEY("1e16") } },
	{ .key = KEY("tool_calls"), .value = { .type = TRX_JSON_NULL } },
};

static struct trx_json items[] = {
	{ .type = TRX_JSON_OBJECT, .u.object = { user, 2 } },
	{ .type = TRX_JSON_OBJECT, .u.object = { assistant, 4 } },
	{ .type = TRX_JSON_OBJECT, .u.object = { user, 2 } },
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct trx_json messages = { .type = TRX_JSON_ARRAY,
		.u.array = { items, 3 } };
	static const struct trx_json yes = { .type = TRX_JSON_BOOL,
		.u.boolean = true };
	static const struct trx_json token = TEXT("<s>");
	const struct trx_template_var vars[] = { { "messages", &messages },
		{ "add_generation_prompt", &yes }, { "bos_token", &token } };
	const struct trx_template_input input = { .vars = vars, .nvars = 3 };
	struct trx_str source = { .p = (const char *)data, .n = size };
	struct trx_arena arena = TRX_ARENA_INIT;
	struct trx_buf out = TRX_BUF_INIT;
	struct trx_template *t;
	struct trx_error err;

	t = trx_template_compile(source, "fuzz", &err);
	if (t != NULL)
		(void)trx_template_render(t, &input, &arena, NULL, &out, &err);
	trx_template_free(t);
	trx_buf_free(&out);
	trx_arena_free(&arena);
	return 0;
}
