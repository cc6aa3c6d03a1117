#include <string.h>

#include "common/tokenizer/cpu.h"
#include "common/tokenizer/scanner.h"
#include "common/tokenizer/scanner_rules.h"

/* Parts that the patterns share. */
#define CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define WHITE "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CL100K(digits) \
	CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" digits \
		    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" WHITE
#define RISE "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define FALL "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define O200K(contraction, digits) \
	RISE "*" FALL "+" contraction "|" RISE "+" FALL "*" contraction \
	     "|" digits "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" WHITE

static const struct trx_scanner scanners[] = {
	{ .kind = TRX_SCAN_CL100K, /* Llama 3, GLM */
	    .letters = TRX_SCAN_LETTER,
	    .digits = 3,
	    .contractions = true,
	    .patterns = { CL100K("\\p{N}{1,3}") } },
	{ .kind = TRX_SCAN_CL100K, /* Qwen 2 and 3 */
	    .letters = TRX_SCAN_LETTER,
	    .digits = 1,
	    .contractions = true,
	    .patterns = { CL100K("\\p{N}") } },
	{ .kind = TRX_SCAN_CL100K, /* Qwen 3.5 */
	    .letters = TRX_SCAN_LETTER | TRX_SCAN_MARK,
	    .digits = 1,
	    .contractions = true,
	    .patterns = { CONTRACTION
		"|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}"
		"| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" WHITE } },
	{ .kind = TRX_SCAN_O200K, /* gpt-oss, Llama 4 */
	    .letters = TRX_SCAN_LETTER,
	    .digits = 3,
	    .contractions = true,
	    .slash = true,
	    .patterns = { O200K(CONTRACTION "?", "\\p{N}{1,3}") } },
	{ .kind = TRX_SCAN_O200K, /* Tekken */
	    .letters = TRX_SCAN_LETTER,
	    .digits = 1,
	    .slash = true,
	    .patterns = { O200K("", "\\p{N}") } },
	{ .kind = TRX_SCAN_DEEPSEEK,
	    .letters = TRX_SCAN_LETTER | TRX_SCAN_MARK,
	    .digits = 3,
	    .patterns = { "\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+",
		"[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
		"[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
		" ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+" } },
};

/* The regular expression that ByteLevel has of its own. */
static const struct trx_scanner gpt2 = {
	.kind = TRX_SCAN_GPT2, .letters = TRX_SCAN_LETTER, .contractions = true
};

/* Is v a bool of that value? */
static bool
is_bool(const struct trx_json *v, bool value)
{
	return v != NULL && v->type == TRX_JSON_BOOL && v->u.boolean == value;
}

/* Is spec ByteLevel without a prefix space, and with or without its regex? */
static bool
is_byte_level(const struct trx_json *spec, bool regex)
{
	const struct trx_json *use = trx_json_get(spec, "use_regex");
	const struct trx_json *trim = trx_json_get(spec, "trim_offsets");

	return trx_json_is(trx_json_get(spec, "type"), "ByteLevel") &&
	       is_bool(trx_json_get(spec, "add_prefix_space"), false) &&
	       trim != NULL && trim->type == TRX_JSON_BOOL &&
	       (is_bool(use, regex) || (use == NULL && regex));
}

/*
 * Is spec a Split at that regular expression, which keeps what it matches and
 * what it does not?  An only one matches all of a text (whole), so that one may
 * as well remove the rest.
 */
static bool
is_split(const struct trx_json *spec, const char *pattern, bool whole)
{
	const struct trx_json *behavior = trx_json_get(spec, "behavior");
	const struct trx_json *invert = trx_json_get(spec, "invert");
	const struct trx_json *p = trx_json_get(spec, "pattern");

	return trx_json_is(trx_json_get(spec, "type"), "Split") &&
	       trx_json_is(trx_json_get(p, "Regex"), pattern) &&
	       p->u.object.n == 1 &&
	       ((trx_json_is(behavior, "Isolated") && is_bool(invert, false)) ||
		   (whole && trx_json_is(behavior, "Removed") &&
		       is_bool(invert, true)));
}

/* How many patterns a scanner has. */
static size_t
count_patterns(const struct trx_scanner *s)
{
	size_t n = 0;

	while (n < sizeof(s->patterns) / sizeof(*s->patterns) &&
	       s->patterns[n] != NULL)
		n++;
	return n;
}

static bool
is_sequence(const struct trx_json *steps, const struct trx_scanner *s)
{
	const struct trx_json *step = steps->u.array.items;
	size_t n = count_patterns(s), i;

	if (steps->u.array.n != n + 1)
		return false;
	for (i = 0; i < n; i++)
		if (!is_split(&step[i], s->patterns[i], n == 1))
			return false;
	return is_byte_level(&step[n], false);
}

const struct trx_scanner *
trx_scanner_find(const struct trx_json *spec)
{
	const struct trx_json *steps = trx_json_get(spec, "pretokenizers");
	size_t i;

	if (is_byte_level(spec, true))
		return &gpt2;
	if (!trx_json_is(trx_json_get(spec, "type"), "Sequence") ||
	    steps == NULL || steps->type != TRX_JSON_ARRAY)
		return NULL;
	for (i = 0; i < sizeof(scanners) / sizeof(*scanners); i++)
		if (is_sequence(steps, &scanners[i]))
			return &scanners[i];
	return NULL;
}

/* Does the piece at p begin with what vectors do not cut? */
static bool
begins_strange(const uint8_t *p, const uint8_t *end)
{
	return *p >= 0x80 || (p + 1 < end && p[1] >= 0x80);
}

size_t
trx_scanner_cut(const struct trx_scanner *s, const uint8_t *text, size_t begin,
    size_t end, struct trx_piece *pieces, size_t n)
{
	const uint8_t *stop = text + end;
	bool avx2 = trx_cpu_has_avx2();
	size_t i = 0, done;

	while (i < n && begin < end) {
		if (avx2 && !begins_strange(text + begin, stop)) {
			done = trx_scan_avx2(
			    s, text, begin, end, pieces + i, n - i);
			if (done > 0) {
				i += done;
				begin = pieces[i - 1].end;
				continue;
			}
		}
		pieces[i].begin = (uint32_t)begin;
		begin = (size_t)(trx_scan_piece(s, text + begin, stop) - text);
		pieces[i++].end = (uint32_t)begin;
	}
	return i;
}
