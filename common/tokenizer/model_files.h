/* Where a model's tokenizer is. */
#ifndef TRX_TOKENIZER_MODEL_FILES_H
#define TRX_TOKENIZER_MODEL_FILES_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/error.h"

/* All zero is a valid empty one. */
struct trx_model_files {
	struct trx_buf dir;  /* a C string that ends in '/', or is empty */
	struct trx_buf file; /* a C string */
	bool is_json;	     /* a tokenizer.json, no SentencePiece model */
};

/*
 * Find the file of a model, a folder or the file itself.  Returns 0, or -1 with
 * err set.
 */
int trx_model_files_find(
    const char *model, struct trx_model_files *p, struct trx_error *err);

/* Append a file's bytes.  Returns 0, or -1 with err set. */
int trx_model_file_read(
    const char *path, struct trx_buf *out, struct trx_error *err);

/* Free what it owns. */
void trx_model_files_free(struct trx_model_files *p);

#endif
