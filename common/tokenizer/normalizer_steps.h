/* The steps of a normalizer; for common/tokenizer/normalizer*.c alone. */
#ifndef TRX_TOKENIZER_NORMALIZER_STEPS_H
#define TRX_TOKENIZER_NORMALIZER_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/tokenizer/rewrite.h"
#include "common/ucd/ucd.h"

/* What a step is made of; which part counts, its function knows. */
struct trx_normalizer_step {
	/*
	 * Write to w, which has begun, what the step makes of w->from, never
	 * empty.  work is room of the thread's.  Returns 0, or -1 when memory
	 * runs out, which w need not be asked for.
	 */
	int (*run)(const struct trx_normalizer_step *s, struct trx_rewrite *w,
	    struct trx_buf *work);
	enum trx_ucd_form form;
	/* The text that a character becomes, in room or not; .p NULL: itself */
	struct trx_str (*map)(uint32_t cp, char room[8]);
	bool plain[128]; /* ASCII that stays as it is */
	struct trx_str pattern, content;
	bool left, right;
	const struct trx_charsmap *charsmap;
};

/* NFC, NFD, NFKC or NFKD, as s->form says. */
int trx_normalizer_form(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_buf *work);

/* s->map of every character; s->plain says in which ASCII it changes none. */
int trx_normalizer_map(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_buf *work);

/* The maps. */
struct trx_str trx_normalizer_lower(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_strip_accent(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_nmt(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_bytes(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_bert_clean(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_bert_chinese(uint32_t cp, char room[8]);
struct trx_str trx_normalizer_bert_accent(uint32_t cp, char room[8]);

/* Replacements by s->charsmap; s->plain: as with maps, where ASCII follows. */
int trx_normalizer_precompiled(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_buf *work);

/*
 * Fill s in from a precompiled_charsmap, in base64.  What it allocates is the
 * arena's.  Returns 0, or -1 with err set.
 */
int trx_normalizer_charsmap(struct trx_str base64, struct trx_arena *a,
    struct trx_normalizer_step *s, struct trx_error *err);

#endif
