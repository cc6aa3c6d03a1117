/*
 * Fuzz target: a tokenizer.json is refused, or compiled, opened and used; what
 * it gives for texts keeps the promises of ids and ends.
 */
#include <stdlib.h>
#include <string.h>

#include "common/tokenizer/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[] = { "", " ", "Hello  world's 123\n\n<s>x",
	"\xe2\x96\x81\xc3\xa9\xcc\x81 \xe4\xb8\xad\xe6\x96\x87\r\n\t'S",
	"<|a|><|a|> a [UNK] ##b \xf0\x9f\x98\x80\xf0\x9f\x98\x80 "
	"aaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

static void
check(struct trx_pipeline_worker *w, uint32_t vocab_size, struct trx_str text)
{
	struct trx_finding whole = { .text = text }, again = { .text = text };
	struct trx_ids ids = { .keeps_ends = true }, same = { 0 };
	struct trx_error err;
	uint32_t end = 0;
	size_t i;

	if (trx_pipeline_encode(w, &whole, true, &ids, &err) == 0) {
		if (trx_pipeline_encode(w, &again, false, &same, &err) != 0 ||
		    same.n != ids.n)
			abort();
		for (i = 0; i < ids.n; i++) {
			if (ids.ids[i] != same.ids[i] ||
			    ids.ids[i] >= vocab_size || ids.ends[i] < end ||
			    ids.ends[i] > text.n)
				abort();
			end = ids.ends[i];
		}
	}
	trx_ids_free(&ids);
	trx_ids_free(&same);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trx_buf json = TRX_BUF_INIT;
	struct trx_pipeline_worker *w;
	struct trx_pipeline *p = NULL;
	struct trx_image *image;
	struct trx_error err;
	size_t i;

	trx_buf_add(&json, data, size);
	image = trx_pipeline_compile(&json, &err);
	trx_buf_free(&json);
	if (image != NULL)
		p = trx_pipeline_open(image, true, &err);
	w = p == NULL ? NULL : trx_pipeline_worker_new(p, &err);
	for (i = 0; w != NULL && i < sizeof(texts) / sizeof(*texts); i++)
		check(w, trx_pipeline_vocab_size(p), trx_str(texts[i]));
	trx_pipeline_worker_free(w);
	trx_pipeline_free(p);
	return 0;
}
