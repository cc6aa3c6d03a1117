#include "common/ucd/grapheme.h"
#include "common/ucd/ucd.h"

/* What of a cluster decides whether more joins it. */
struct cluster {
	enum trx_ucd_grapheme last;
	enum { NO_CONJUNCT, AFTER_CONSONANT, AFTER_LINKER } conjunct;
	enum { NO_PICTURE, AFTER_PICTURE, AFTER_JOINER } picture;
};

static bool
is_extend(enum trx_ucd_grapheme g)
{
	return g == TRX_UCD_EXTEND || g == TRX_UCD_EXTEND_ALONE ||
	       g == TRX_UCD_LINKER;
}

static bool
joins_hangul(enum trx_ucd_grapheme last, enum trx_ucd_grapheme next)
{
	switch (last) {
	case TRX_UCD_HANGUL_L:
		return next == TRX_UCD_HANGUL_L || next == TRX_UCD_HANGUL_V ||
		       next == TRX_UCD_HANGUL_LV || next == TRX_UCD_HANGUL_LVT;
	case TRX_UCD_HANGUL_V:
	case TRX_UCD_HANGUL_LV:
		return next == TRX_UCD_HANGUL_V || next == TRX_UCD_HANGUL_T;
	case TRX_UCD_HANGUL_T:
	case TRX_UCD_HANGUL_LVT:
		return next == TRX_UCD_HANGUL_T;
	default:
		return false;
	}
}

static bool
joins(const struct cluster *c, enum trx_ucd_grapheme next)
{
	if (c->last == TRX_UCD_CR && next == TRX_UCD_LF)
		return true;
	if ((c->last >= TRX_UCD_CR && c->last <= TRX_UCD_CONTROL) ||
	    (next >= TRX_UCD_CR && next <= TRX_UCD_CONTROL))
		return false;
	return is_extend(next) || next == TRX_UCD_ZWJ ||
	       next == TRX_UCD_SPACING_MARK || c->last == TRX_UCD_PREPEND ||
	       joins_hangul(c->last, next) ||
	       (c->conjunct == AFTER_LINKER && next == TRX_UCD_CONSONANT) ||
	       (c->picture == AFTER_JOINER && next == TRX_UCD_PICTURE);
}

static void
join(struct cluster *c, enum trx_ucd_grapheme next)
{
	c->last = next;
	if (next == TRX_UCD_CONSONANT)
		c->conjunct = AFTER_CONSONANT;
	else if (next == TRX_UCD_LINKER && c->conjunct != NO_CONJUNCT)
		c->conjunct = AFTER_LINKER;
	else if (next != TRX_UCD_EXTEND && next != TRX_UCD_ZWJ)
		c->conjunct = NO_CONJUNCT;
	if (next == TRX_UCD_PICTURE)
		c->picture = AFTER_PICTURE;
	else if (next == TRX_UCD_ZWJ && c->picture == AFTER_PICTURE)
		c->picture = AFTER_JOINER;
	else if (!is_extend(next) || c->picture == AFTER_JOINER)
		c->picture = NO_PICTURE;
}

size_t
trx_ucd_cluster_end(struct trx_str text, size_t begin)
{
	const uint8_t *p = (const uint8_t *)text.p;
	struct cluster c = { 0 };
	enum trx_ucd_grapheme next;
	size_t i = begin;

	do {
		next = trx_ucd_grapheme(trx_ucd_get(p + i));
		if (i != begin && !joins(&c, next))
			break;
		join(&c, next);
		i += trx_ucd_width(p + i);
	} while (i < text.n);
	return i;
}
