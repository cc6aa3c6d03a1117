#include "common/base/base64.h"
#include "common/base/bytes.h"
#include "common/base/utf8.h"
#include "common/llama/charsmap.h"
#include "common/tokenizer/normalizer_steps.h"
#include "common/ucd/grapheme.h"

enum { CLUSTER_MAX = 5 }; /* bytes; larger ones go by their characters */

/* A sound one, as trx_charsmap_check has it. */
struct trx_charsmap {
	const uint8_t *units; /* of 4 bytes */
	const char *texts;    /* each ended by a NUL */
};

#define IS_VALUE (UINT32_C(1) << 31)

static uint32_t
unit_at(const struct trx_charsmap *m, size_t i)
{
	return trx_le32_get(m->units + i * 4);
}

static size_t
children_of(size_t at, uint32_t unit)
{
	return at ^ (size_t)(unit >> 10) << (unit >> 6 & 8);
}

/*
 * The text that the n bytes at p become; .p is NULL where they stay.  As the
 * reference does it: a key that only begins them counts, and the shortest one
 * at that.
 */
static struct trx_str
transform(const struct trx_charsmap *m, const uint8_t *p, size_t n)
{
	size_t at = children_of(0, unit_at(m, 0)), i;
	uint32_t unit;

	for (i = 0; i < n && p[i] != 0; i++) {
		at ^= p[i];
		unit = unit_at(m, at);
		if ((unit & (IS_VALUE | 0xff)) != p[i])
			break;
		at = children_of(at, unit);
		if ((unit >> 8 & 1) != 0)
			return trx_str(m->texts + (unit_at(m, at) & ~IS_VALUE));
	}
	return (struct trx_str){ 0 };
}

static void
by_characters(const struct trx_normalizer_step *s, struct trx_rewrite *w,
    size_t i, size_t end)
{
	const uint8_t *p = (const uint8_t *)w->from.p;
	struct trx_str made;
	size_t width;

	for (; i < end; i += width) {
		width = trx_ucd_width(p + i);
		made = transform(s->charsmap, p + i, width);
		if (made.p != NULL)
			trx_rewrite_put(w, i, i + width, made);
	}
}

int
trx_normalizer_precompiled(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err)
{
	const uint8_t *p = (const uint8_t *)w->from.p;
	size_t i, end, n = w->from.n;
	struct trx_str made;

	(void)room;
	(void)err;
	for (i = 0; i < n; i = end) {
		end = i + 1;
		/* No ASCII joins what prints. */
		if (p[i] < 0x80 && s->plain[p[i]] &&
		    (end == n || p[end] < 0x80))
			continue;
		end = trx_ucd_cluster_end(w->from, i);
		made.p = NULL;
		if (end - i <= CLUSTER_MAX)
			made = transform(s->charsmap, p + i, end - i);
		if (made.p != NULL)
			trx_rewrite_put(w, i, end, made);
		else
			by_characters(s, w, i, end);
	}
	return 0;
}

/* Does every replacement begin where a character does, of UTF-8? */
static bool
is_text(const struct trx_charsmap *m, size_t units, struct trx_str texts)
{
	uint32_t unit;
	size_t i;

	if (!trx_utf8_valid(texts))
		return false;
	for (i = 0; i < units; i++) {
		unit = unit_at(m, i);
		if ((unit & IS_VALUE) != 0 && (unit & ~IS_VALUE) < texts.n &&
		    ((uint8_t)texts.p[unit & ~IS_VALUE] & 0xc0) == 0x80)
			return false;
	}
	return true;
}

static int
decode(struct trx_str base64, struct trx_arena *a, struct trx_str *map,
    struct trx_error *err)
{
	uint8_t *bytes = trx_arena_alloc(a, base64.n / 4 * 3);

	if (bytes == NULL)
		return trx_error_memory(err);
	if (trx_base64_decode(base64, bytes, &map->n) == -1)
		return trx_error_set(
		    err, TRX_INPUT, "precompiled_charsmap: it is not base64");
	map->p = (const char *)bytes;
	return trx_charsmap_check(*map, err);
}

int
trx_normalizer_charsmap(struct trx_str base64, struct trx_arena *a,
    struct trx_normalizer_step *s, struct trx_error *err)
{
	struct trx_charsmap *m = trx_arena_alloc(a, sizeof(*m));
	struct trx_str map, texts;
	size_t n;
	uint8_t c;

	if (m == NULL)
		return trx_error_memory(err);
	if (decode(base64, a, &map, err) == -1)
		return -1;
	n = trx_le32_get(map.p);
	m->units = (const uint8_t *)map.p + 4;
	m->texts = map.p + 4 + n;
	texts = (struct trx_str){ m->texts, map.n - 4 - n };
	if (!is_text(m, n / 4, texts))
		return trx_error_set(err, TRX_INPUT,
		    "precompiled_charsmap: its texts are not UTF-8");
	s->run = trx_normalizer_precompiled;
	s->charsmap = m;
	for (c = ' '; c < 0x7f; c++)
		s->plain[c] = transform(m, &c, 1).p == NULL;
	return 0;
}
