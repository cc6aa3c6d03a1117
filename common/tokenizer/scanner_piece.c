#include "common/tokenizer/scanner_rules.h"
#include "common/ucd/ucd.h"

/*
 * The specification of the scanners: one piece at a time, by the alternatives
 * of the regular expression, in their order.  A white run is looked at twice at
 * most; all else goes forward only.
 */

#define U TRX_SCAN_UPPER
#define L TRX_SCAN_LOWER
#define N TRX_SCAN_NUMBER
#define W TRX_SCAN_SPACE
#define C (TRX_SCAN_SPACE | TRX_SCAN_NEWLINE)
#define P TRX_SCAN_PUNCT

const uint8_t trx_scan_ascii[128] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, W, C, W, W, C,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* space */
	W, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P,	      /* digits */
	N, N, N, N, N, N, N, N, N, N, P, P, P, P, P, P,	      /* upper case */
	P, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
	U, U, U, P, P, P, P, P, /* lower case */
	P, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	L, L, L, P, P, P, P, 0 };

#undef U
#undef L
#undef N
#undef W
#undef C
#undef P

static const uint8_t of_category[TRX_UCD_CATEGORIES] = {
	[TRX_UCD_LU] = TRX_SCAN_UPPER,
	[TRX_UCD_LT] = TRX_SCAN_UPPER,
	[TRX_UCD_LL] = TRX_SCAN_LOWER,
	[TRX_UCD_LM] = TRX_SCAN_CASELESS,
	[TRX_UCD_LO] = TRX_SCAN_CASELESS,
	[TRX_UCD_MN] = TRX_SCAN_MARK,
	[TRX_UCD_MC] = TRX_SCAN_MARK,
	[TRX_UCD_ME] = TRX_SCAN_MARK,
	[TRX_UCD_ND] = TRX_SCAN_NUMBER,
	[TRX_UCD_NL] = TRX_SCAN_NUMBER,
	[TRX_UCD_NO] = TRX_SCAN_NUMBER,
	[TRX_UCD_PC] = TRX_SCAN_PUNCT,
	[TRX_UCD_PD] = TRX_SCAN_PUNCT,
	[TRX_UCD_PS] = TRX_SCAN_PUNCT,
	[TRX_UCD_PE] = TRX_SCAN_PUNCT,
	[TRX_UCD_PI] = TRX_SCAN_PUNCT,
	[TRX_UCD_PF] = TRX_SCAN_PUNCT,
	[TRX_UCD_PO] = TRX_SCAN_PUNCT,
	[TRX_UCD_SM] = TRX_SCAN_PUNCT,
	[TRX_UCD_SC] = TRX_SCAN_PUNCT,
	[TRX_UCD_SK] = TRX_SCAN_PUNCT,
	[TRX_UCD_SO] = TRX_SCAN_PUNCT,
	[TRX_UCD_ZS] = TRX_SCAN_SPACE,
	[TRX_UCD_ZL] = TRX_SCAN_SPACE,
	[TRX_UCD_ZP] = TRX_SCAN_SPACE,
	[TRX_UCD_CC_SPACE] = TRX_SCAN_SPACE,
};

/* The set of the character at p, and where the next one is. */
static inline unsigned
get(const uint8_t *p, const uint8_t **next)
{
	if (*p < 0x80) {
		*next = p + 1;
		return trx_scan_ascii[*p];
	}
	*next = p + trx_ucd_width(p);
	return of_category[trx_ucd_category(trx_ucd_get(p))];
}

/* Past the characters from p on that are in `set`. */
static inline const uint8_t *
pass(const uint8_t *p, const uint8_t *end, unsigned set)
{
	const uint8_t *next;

	for (; p < end && (get(p, &next) & set) != 0; p = next)
		;
	return p;
}

/* Past those that are not; max of them at most. */
static inline const uint8_t *
pass_others(const uint8_t *p, const uint8_t *end, unsigned set)
{
	const uint8_t *next;

	for (; p < end && (get(p, &next) & set) == 0; p = next)
		;
	return p;
}

static const uint8_t *
pass_digits(const uint8_t *p, const uint8_t *end, unsigned max)
{
	const uint8_t *next;
	unsigned n;

	for (n = 0; p < end && (max == 0 || n < max); p = next, n++)
		if ((get(p, &next) & TRX_SCAN_NUMBER) == 0)
			break;
	return p;
}

/* Past "re", "ve", "ll", or one of s, t, m, d; p itself where there is none. */
static const uint8_t *
pass_suffix(const uint8_t *p, const uint8_t *end, bool caseless)
{
	uint8_t fold = caseless ? 0x20 : 0, a, b;

	if (p == end)
		return p;
	a = p[0] | fold;
	b = end - p > 1 ? p[1] | fold : 0;
	if (a == 's' || a == 't' || a == 'm' || a == 'd')
		return p + 1;
	if ((b == 'e' && (a == 'r' || a == 'v')) || (a == 'l' && b == 'l'))
		return p + 2;
	/* U+017F is an s in another case. */
	return caseless && end - p > 1 && p[0] == 0xc5 && p[1] == 0xbf ? p + 2
								       : p;
}

/* White space from p on: \s*[\r\n]+ if newlines, \s+(?!\S), \s+ */
static const uint8_t *
pass_space(const uint8_t *p, const uint8_t *end, bool newlines)
{
	const uint8_t *at = p, *last = p, *next, *line = NULL;
	unsigned set;

	for (; at < end && ((set = get(at, &next)) & TRX_SCAN_SPACE) != 0;
	     at = next) {
		last = at;
		if (set & TRX_SCAN_NEWLINE)
			line = next;
	}
	if (newlines && line != NULL)
		return line;
	return at == end || last == p ? at : last;
}

/* Punctuation and what is not known, then line ends, and slashes if so. */
static const uint8_t *
pass_punct(const uint8_t *p, const uint8_t *end, unsigned others, bool lines,
    bool slash)
{
	p = pass_others(p, end, others);
	while (lines && p < end &&
	       (*p == '\r' || *p == '\n' || (slash && *p == '/')))
		p++;
	return p;
}

static const uint8_t *
piece_gpt2(const struct trx_scanner *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q = p, *next;
	unsigned set;

	(void)s;
	if (*p == '\'' && (q = pass_suffix(p + 1, end, false)) > p + 1)
		return q;
	q = *p == ' ' && p + 1 < end ? p + 1 : p;
	set = get(q, &next);
	if (set & TRX_SCAN_LETTER)
		return pass(next, end, TRX_SCAN_LETTER);
	if (set & TRX_SCAN_NUMBER)
		return pass(next, end, TRX_SCAN_NUMBER);
	if ((set & TRX_SCAN_SPACE) == 0)
		return pass_others(next, end,
		    TRX_SCAN_SPACE | TRX_SCAN_LETTER | TRX_SCAN_NUMBER);
	return pass_space(p, end, false);
}

static const uint8_t *
piece_cl100k(const struct trx_scanner *s, const uint8_t *p, const uint8_t *end)
{
	const uint8_t *q, *next, *after;
	unsigned set, others = TRX_SCAN_SPACE | TRX_SCAN_NUMBER | s->letters;

	if (*p == '\'' && (q = pass_suffix(p + 1, end, true)) > p + 1)
		return q;
	set = get(p, &next);
	if (set & s->letters)
		return pass(next, end, s->letters);
	if (set & TRX_SCAN_NUMBER)
		return pass_digits(p, end, s->digits);
	if ((set & TRX_SCAN_NEWLINE) == 0 && next < end &&
	    (get(next, &after) & s->letters) != 0)
		return pass(after, end, s->letters);
	if ((set & TRX_SCAN_SPACE) == 0)
		return pass_punct(next, end, others, true, false);
	if (*p == ' ' && next < end && (get(next, &after) & others) == 0)
		return pass_punct(after, end, others, true, false);
	return pass_space(p, end, true);
}

#define RISES (TRX_SCAN_UPPER | TRX_SCAN_CASELESS | TRX_SCAN_MARK)
#define FALLS (TRX_SCAN_LOWER | TRX_SCAN_CASELESS | TRX_SCAN_MARK)

/*
 * [RISES]*[FALLS]+ from p on, or p.  Where nothing that only falls comes behind
 * the first run it gives characters back, up to the last one of both kinds.
 */
static const uint8_t *
pass_word(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *at = p, *both = p, *next;
	unsigned set;

	for (; at < end && ((set = get(at, &next)) & RISES) != 0; at = next)
		if (set & FALLS)
			both = next;
	next = pass(at, end, FALLS);
	return next > at ? next : both;
}

/* One of both kinds of word, with one character before it or none. */
static const uint8_t *
pass_words(const uint8_t *p, const uint8_t *end)
{
	const uint8_t *next, *q;
	unsigned set = get(p, &next);
	bool prefix =
	    (set & (TRX_SCAN_NEWLINE | TRX_SCAN_LETTER | TRX_SCAN_NUMBER)) == 0;

	if (prefix && (q = pass_word(next, end)) > next)
		return q;
	if ((q = pass_word(p, end)) > p)
		return q;
	if (prefix && (q = pass(next, end, RISES)) > next)
		return q;
	return pass(p, end, RISES);
}

static const uint8_t *
piece_o200k(const struct trx_scanner *s, const uint8_t *p, const uint8_t *end)
{
	const unsigned others =
	    TRX_SCAN_SPACE | TRX_SCAN_NUMBER | TRX_SCAN_LETTER;
	const uint8_t *q = pass_words(p, end), *next, *after;
	unsigned set;

	if (q > p) {
		if (!s->contractions || q == end || *q != '\'')
			return q;
		next = pass_suffix(q + 1, end, true);
		return next > q + 1 ? next : q;
	}
	set = get(p, &next);
	if (set & TRX_SCAN_NUMBER)
		return pass_digits(p, end, s->digits);
	if ((set & TRX_SCAN_SPACE) == 0)
		return pass_punct(next, end, others, true, s->slash);
	if (*p == ' ' && next < end && (get(next, &after) & others) == 0)
		return pass_punct(after, end, others, true, s->slash);
	return pass_space(p, end, true);
}

/* [一-龥぀-ゟ゠-ヿ] */
static bool
is_cjk(const uint8_t *p)
{
	uint32_t cp;

	if (*p < 0xe3 || *p > 0xe9)
		return false;
	cp = trx_ucd_get(p);
	return (cp >= 0x4e00 && cp <= 0x9fa5) || (cp >= 0x3040 && cp <= 0x30ff);
}

/*
 * Where DeepSeek's first two Splits end what begins at p, which is no number:
 * at a number, and where CJK begins or ends.  Only what the third one may ask
 * of is looked at: a word, a run, and one character more.
 */
struct segment {
	const uint8_t *end; /* of the text */
	bool cjk;
};

/* The set of the character at p; 0 and false at the segment's end. */
static inline bool
get_in(const struct segment *g, const uint8_t *p, unsigned *set,
    const uint8_t **next)
{
	if (p == g->end)
		return false;
	*set = get(p, next);
	return (*set & TRX_SCAN_NUMBER) == 0 && is_cjk(p) == g->cjk;
}

static const uint8_t *
pass_in(const struct segment *g, const uint8_t *p, unsigned wanted)
{
	const uint8_t *next;
	unsigned set;

	while (get_in(g, p, &set, &next) && (set & wanted) != 0)
		p = next;
	return p;
}

static const uint8_t *
pass_punct_in(const struct segment *g, const uint8_t *p)
{
	p = pass_in(g, p, TRX_SCAN_PUNCT);
	while (!g->cjk && p < g->end && (*p == '\r' || *p == '\n'))
		p++;
	return p;
}

static const uint8_t *
pass_space_in(const struct segment *g, const uint8_t *p)
{
	const uint8_t *at = p, *last = p, *next, *line = NULL;
	unsigned set;
	bool in;

	for (; (in = get_in(g, at, &set, &next)) && (set & TRX_SCAN_SPACE) != 0;
	     at = next) {
		last = at;
		if (set & TRX_SCAN_NEWLINE)
			line = next;
	}
	if (line != NULL)
		return line;
	return !in || last == p ? at : last;
}

/* The third Split's match at p, or p where there is none. */
static const uint8_t *
match_deepseek(const struct segment *g, const uint8_t *p)
{
	const unsigned word = TRX_SCAN_LETTER | TRX_SCAN_MARK;
	const uint8_t *next, *q, *after;
	unsigned set, ahead;

	if (!get_in(g, p, &set, &next))
		return p;
	if (*p < 0x80 && (set & TRX_SCAN_PUNCT)) {
		for (q = next;
		     q < g->end && (*q | 0x20) >= 'a' && (*q | 0x20) <= 'z';)
			q++;
		if (q > next)
			return q;
	}
	if (set & word)
		return pass_in(g, next, word);
	if ((set & (TRX_SCAN_NEWLINE | TRX_SCAN_PUNCT)) == 0 &&
	    (q = pass_in(g, next, word)) > next)
		return q;
	if (set & TRX_SCAN_PUNCT)
		return pass_punct_in(g, next);
	if (*p == ' ' && get_in(g, next, &ahead, &after) &&
	    (ahead & TRX_SCAN_PUNCT))
		return pass_punct_in(g, after);
	return set & TRX_SCAN_SPACE ? pass_space_in(g, p) : p;
}

static const uint8_t *
piece_deepseek(
    const struct trx_scanner *s, const uint8_t *p, const uint8_t *end)
{
	struct segment g = { end, is_cjk(p) };
	const uint8_t *q, *next;
	unsigned set = get(p, &next);

	if (set & TRX_SCAN_NUMBER)
		return pass_digits(p, end, s->digits);
	if ((q = match_deepseek(&g, p)) > p)
		return q;
	/* What no alternative matches is a piece, up to what one does. */
	do
		q = p = next;
	while (get_in(&g, p, &set, &next) && match_deepseek(&g, p) == q);
	return p;
}

const uint8_t *
trx_scan_piece(
    const struct trx_scanner *s, const uint8_t *p, const uint8_t *end)
{
	switch (s->kind) {
	case TRX_SCAN_GPT2:
		return piece_gpt2(s, p, end);
	case TRX_SCAN_CL100K:
		return piece_cl100k(s, p, end);
	case TRX_SCAN_O200K:
		return piece_o200k(s, p, end);
	default:
		return piece_deepseek(s, p, end);
	}
}
