/* What a pipeline is made of: opened by pipeline_open.c, run by pipeline.c. */
#ifndef TRX_TOKENIZER_PIPELINE_PARTS_H
#define TRX_TOKENIZER_PIPELINE_PARTS_H

#include "common/base/arena.h"
#include "common/json/value.h"
#include "common/tokenizer/added_tokens.h"
#include "common/tokenizer/bpe.h"
#include "common/tokenizer/normalizer.h"
#include "common/tokenizer/pipeline.h"
#include "common/tokenizer/plan.h"
#include "common/tokenizer/pretokenizer.h"
#include "common/tokenizer/scanner.h"
#include "common/tokenizer/unigram.h"
#include "common/tokenizer/vocab.h"
#include "common/tokenizer/wordpiece.h"

struct trx_pipeline {
	struct trx_image *image; /* owned */
	struct trx_arena arena;	 /* all the rest */
	struct trx_json spec;	 /* TRX_IMAGE_META */
	struct trx_plan plan;
	struct trx_added_tokens added;
	const struct trx_finder *raw, *normalized;
	const struct trx_normalizer *normalizer;
	const struct trx_pretokenizer *pretokenizer;
	const struct trx_scanner *scanner; /* BPE's; NULL: pretokenizer runs */
	struct trx_vocab vocab;
	struct trx_bpe bpe; /* the model, one of these */
	const struct trx_wordpiece *wordpiece;
	const struct trx_unigram *unigram;
	struct trx_postprocessor post;
};

#endif
