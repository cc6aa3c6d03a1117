/* The steps of a normalizer; for common/tokenizer/normalizer*.c alone. */
#ifndef TRX_TOKENIZER_NORMALIZER_STEPS_H
#define TRX_TOKENIZER_NORMALIZER_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/base/bytes.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/tokenizer/normalizer.h"
#include "common/tokenizer/rewrite.h"
#include "common/ucd/ucd.h"

/* What a step is made of; which part counts, its function knows. */
struct trx_normalizer_step {
	/*
	 * Write to w, which has begun, what the step makes of w->from, never
	 * empty.  Returns 0, or -1 with err set; w's own failure shows later.
	 */
	int (*run)(const struct trx_normalizer_step *s, struct trx_rewrite *w,
	    struct trx_normalizer_room *room, struct trx_error *err);
	enum trx_ucd_form form;
	/* The text that a character becomes, in room or not; .p NULL: itself */
	struct trx_str (*map)(uint32_t cp, char room[8]);
	bool plain[128]; /* ASCII that stays as it is */
	bool all_plain;	 /* all of it */
	struct trx_str pattern, content;
	bool left, right;
	const struct trx_regex *regex;
	const struct trx_charsmap *charsmap;
	struct trx_normalizer_step *next;
};

struct trx_normalizer {
	struct trx_normalizer_step *first;
};

/* Strip; Prepend s->content; Replace s->pattern or s->regex by it. */
int trx_normalizer_strip(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);
int trx_normalizer_prepend(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);
int trx_normalizer_replace(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);
int trx_normalizer_replace_regex(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);

/*
 * The place behind the ASCII text at i, or n.  Words of 8 bytes, four at a
 * time, which compilers make vectors of.
 */
static inline size_t
trx_normalizer_skip_ascii(const uint8_t *p, size_t i, size_t n)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t words[4];

	for (; n - i >= sizeof(words); i += sizeof(words)) {
		memcpy(words, p + i, sizeof(words));
		if (((words[0] | words[1] | words[2] | words[3]) & high) != 0)
			break;
	}
	for (; n - i >= 8; i += 8) {
		words[0] = trx_le64_get(p + i) & high;
		if (words[0] != 0)
			return i + (size_t)__builtin_ctzll(words[0]) / 8;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

/* NFC, NFD, NFKC or NFKD, as s->form says. */
int trx_normalizer_form(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);

/* s->map of every character; s->plain says in which ASCII it changes none. */
int trx_normalizer_map(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);

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
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err);

/*
 * Fill s in from a precompiled_charsmap, in base64.  What it allocates is the
 * arena's.  Returns 0, or -1 with err set.
 */
int trx_normalizer_charsmap(struct trx_str base64, struct trx_arena *a,
    struct trx_normalizer_step *s, struct trx_error *err);

#endif
