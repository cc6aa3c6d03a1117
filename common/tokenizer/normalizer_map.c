#include "common/tokenizer/alphabet.h"
#include "common/tokenizer/normalizer_steps.h"

static const struct trx_str same = { 0 };
#define EMPTY TRX_STR("")
#define SPACE TRX_STR(" ")

struct trx_str
trx_normalizer_lower(uint32_t cp, char room[8])
{
	(void)room;
	return trx_ucd_lower(cp);
}

struct trx_str
trx_normalizer_strip_accent(uint32_t cp, char room[8])
{
	(void)room;
	return (trx_ucd_properties(cp) & TRX_UCD_ACCENT) != 0 ? EMPTY : same;
}

/* SentencePiece's "nmt" rules, as far as the reference has them. */
struct trx_str
trx_normalizer_nmt(uint32_t cp, char room[8])
{
	(void)room;
	switch (cp) {
	case 0x09:
	case 0x0a:
	case 0x0c:
	case 0x0d:
	case 0x1680:
	case 0x200b:
	case 0x200c:
	case 0x200d:
	case 0x200e:
	case 0x200f:
	case 0x2028:
	case 0x2029:
	case 0x2581:
	case 0xfeff:
	case 0xfffd:
		return SPACE;
	case 0x7f:
	case 0x8f:
	case 0x9f:
		return EMPTY;
	default:
		return cp - 1 < 0x1f ? EMPTY : same;
	}
}

struct trx_str
trx_normalizer_bytes(uint32_t cp, char room[8])
{
	uint8_t bytes[4];
	size_t n = trx_ucd_put(bytes, cp), i, len = 0;

	if (n == 1 && trx_alphabet_char(bytes[0]) == cp)
		return same;
	for (i = 0; i < n; i++)
		len += trx_ucd_put(
		    (uint8_t *)room + len, trx_alphabet_char(bytes[i]));
	return (struct trx_str){ room, len };
}

struct trx_str
trx_normalizer_bert_clean(uint32_t cp, char room[8])
{
	(void)room;
	if (cp == ' ')
		return same;
	if ((trx_ucd_properties(cp) & TRX_UCD_BERT_DROPPED) != 0)
		return EMPTY;
	return trx_ucd_is_space(cp) ? SPACE : same;
}

struct trx_str
trx_normalizer_bert_chinese(uint32_t cp, char room[8])
{
	size_t n;

	if ((trx_ucd_properties(cp) & TRX_UCD_BERT_CHINESE) == 0)
		return same;
	room[0] = ' ';
	n = 1 + trx_ucd_put((uint8_t *)room + 1, cp);
	room[n++] = ' ';
	return (struct trx_str){ room, n };
}

struct trx_str
trx_normalizer_bert_accent(uint32_t cp, char room[8])
{
	(void)room;
	return (trx_ucd_properties(cp) & TRX_UCD_BERT_ACCENT) != 0 ? EMPTY
								   : same;
}

int
trx_normalizer_map(const struct trx_normalizer_step *s, struct trx_rewrite *w,
    struct trx_normalizer_room *room, struct trx_error *err)
{
	const uint8_t *p = (const uint8_t *)w->from.p;
	size_t i = 0, n = w->from.n, width;
	struct trx_str made;
	char bytes[8];

	(void)room;
	(void)err;
	for (; i < n; i += width) {
		if (s->all_plain &&
		    (i = trx_normalizer_skip_ascii(p, i, n)) == n)
			break;
		width = 1;
		if (p[i] < 0x80 && s->plain[p[i]])
			continue;
		width = trx_ucd_width(p + i);
		made = s->map(trx_ucd_get(p + i), bytes);
		if (made.p != NULL)
			trx_rewrite_put(w, i, i + width, made);
	}
	return 0;
}
