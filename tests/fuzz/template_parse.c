/* Any bytes as a template: it compiles, or is refused with a line. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_str source = { .p = (const char *)data, .n = size };
	struct trx_error err = { .status = TRX_OK };
	struct trx_template *t;

	t = trx_template_compile(source, "fuzz", &err);
	if (t == NULL && strncmp(err.text, "fuzz:", 5) != 0)
		abort();
	trx_template_free(t);
	return 0;
}
