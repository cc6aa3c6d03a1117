#include <stddef.h>
#include <string.h>

#include "common/base/str.h"
#include "common/tokenizer/regex_class.h"
#include "common/ucd/ucd.h"

#define BIT(c) (1u << TRX_UCD_##c)
#define LETTERS (BIT(LU) | BIT(LL) | BIT(LT) | BIT(LM) | BIT(LO))
#define MARKS (BIT(MN) | BIT(MC) | BIT(ME))
#define NUMBERS (BIT(ND) | BIT(NL) | BIT(NO))
#define PUNCTUATION \
	(BIT(PC) | BIT(PD) | BIT(PS) | BIT(PE) | BIT(PI) | BIT(PF) | BIT(PO))
#define SYMBOLS (BIT(SM) | BIT(SC) | BIT(SK) | BIT(SO))
#define SEPARATORS (BIT(ZS) | BIT(ZL) | BIT(ZP))
#define CONTROLS (BIT(CC) | BIT(CC_SPACE))
#define OTHERS (CONTROLS | BIT(CF) | BIT(CN) | BIT(CO) | BIT(CS))
#define SPACES (SEPARATORS | BIT(CC_SPACE))

static const struct {
	const char *name;
	uint32_t mask;
	unsigned script;
} properties[] = {
	{ "L", LETTERS, 0 },
	{ "Lu", BIT(LU), 0 },
	{ "Ll", BIT(LL), 0 },
	{ "Lt", BIT(LT), 0 },
	{ "Lm", BIT(LM), 0 },
	{ "Lo", BIT(LO), 0 },
	{ "M", MARKS, 0 },
	{ "Mn", BIT(MN), 0 },
	{ "Mc", BIT(MC), 0 },
	{ "Me", BIT(ME), 0 },
	{ "N", NUMBERS, 0 },
	{ "Nd", BIT(ND), 0 },
	{ "Nl", BIT(NL), 0 },
	{ "No", BIT(NO), 0 },
	{ "P", PUNCTUATION, 0 },
	{ "Pc", BIT(PC), 0 },
	{ "Pd", BIT(PD), 0 },
	{ "Ps", BIT(PS), 0 },
	{ "Pe", BIT(PE), 0 },
	{ "Pi", BIT(PI), 0 },
	{ "Pf", BIT(PF), 0 },
	{ "Po", BIT(PO), 0 },
	{ "S", SYMBOLS, 0 },
	{ "Sm", BIT(SM), 0 },
	{ "Sc", BIT(SC), 0 },
	{ "Sk", BIT(SK), 0 },
	{ "So", BIT(SO), 0 },
	{ "Z", SEPARATORS, 0 },
	{ "Zs", BIT(ZS), 0 },
	{ "Zl", BIT(ZL), 0 },
	{ "Zp", BIT(ZP), 0 },
	{ "C", OTHERS, 0 },
	{ "Cc", CONTROLS, 0 },
	{ "Cf", BIT(CF), 0 },
	{ "Cn", BIT(CN), 0 },
	{ "Co", BIT(CO), 0 },
	{ "Letter", LETTERS, 0 },
	{ "Mark", MARKS, 0 },
	{ "Number", NUMBERS, 0 },
	{ "Punctuation", PUNCTUATION, 0 },
	{ "Symbol", SYMBOLS, 0 },
	{ "Separator", SEPARATORS, 0 },
	{ "Han", 0, TRX_UCD_HAN },
	{ "Hiragana", 0, TRX_UCD_HIRAGANA },
	{ "Katakana", 0, TRX_UCD_KATAKANA },
	{ "Hangul", 0, TRX_UCD_HANGUL },
};

static int
refuse(struct trx_regex_cursor *c, const char *what)
{
	c->refused = what;
	return -1;
}

bool
trx_regex_take(struct trx_regex_cursor *c, const char *literal)
{
	size_t n = strlen(literal);

	if ((size_t)(c->end - c->p) < n || memcmp(c->p, literal, n) != 0)
		return false;
	c->p += n;
	return true;
}

static int
select_set(struct trx_regex_cursor *c, uint32_t categories, unsigned others,
    struct trx_regex_set *out)
{
	if (c->runs.n == 0 && trx_regex_runs_new(c->a, &c->runs) == -1)
		return -1;
	return trx_regex_set_select(&c->runs, categories, others, c->a, out);
}

static int
add_range(struct trx_arena *a, uint32_t first, uint32_t last,
    struct trx_regex_set *set)
{
	struct trx_regex_set range;

	if (trx_regex_set_range(first, last, a, &range) == -1)
		return -1;
	return trx_regex_set_combine(set, &range, TRX_REGEX_OR, a, set);
}

int
trx_regex_word(
    struct trx_regex_cursor *c, bool in_class, struct trx_regex_set *out)
{
	/*
	 * Oniguruma has a table of its own for the first 256, where the
	 * superscripts and fractions are of words, but asks Unicode in a class.
	 */
	struct trx_regex_set numbers = { 0 };

	if (select_set(c, 0, TRX_UCD_REGEX_WORD, out) == -1)
		return -1;
	if (!in_class)
		return 0;
	if (add_range(c->a, 0xb2, 0xb3, &numbers) == -1 ||
	    add_range(c->a, 0xb9, 0xb9, &numbers) == -1 ||
	    add_range(c->a, 0xbc, 0xbe, &numbers) == -1)
		return -1;
	return trx_regex_set_combine(out, &numbers, TRX_REGEX_MINUS, c->a, out);
}

/* The sets that one letter stands for, in its lower case. */
static int
type_set(struct trx_regex_cursor *c, uint8_t type, bool in_class,
    struct trx_regex_set *out)
{
	switch (type) {
	case 'w':
		return trx_regex_word(c, in_class, out);
	case 's':
		return select_set(c, SPACES, 0, out);
	case 'd':
		return select_set(c, BIT(ND), 0, out);
	default:
		*out = (struct trx_regex_set){ 0 };
		if (add_range(c->a, '0', '9', out) == -1 ||
		    add_range(c->a, 'A', 'F', out) == -1)
			return -1;
		return add_range(c->a, 'a', 'f', out);
	}
}

/* After \p or \P. */
static int
property(struct trx_regex_cursor *c, bool negative, struct trx_regex_set *out)
{
	const uint8_t *name;
	struct trx_str s;
	size_t i;

	if (!trx_regex_take(c, "{"))
		return refuse(c, "\\p without {}");
	if (trx_regex_take(c, "^"))
		negative = !negative;
	name = c->p;
	while (c->p < c->end && *c->p != '}')
		c->p++;
	s = (struct trx_str){ .p = (const char *)name,
		.n = (size_t)(c->p - name) };
	if (!trx_regex_take(c, "}"))
		return refuse(c, "\\p{ without }");
	for (i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (trx_str_is(s, properties[i].name))
			break;
	if (i == sizeof(properties) / sizeof(properties[0]))
		return refuse(c, "such a property");
	if (select_set(c, properties[i].mask, properties[i].script, out) == -1)
		return -1;
	return negative ? trx_regex_set_invert(out, c->a, out) : 0;
}

static int
digit(uint8_t b)
{
	if (b >= '0' && b <= '9')
		return b - '0';
	b |= 0x20;
	return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
}

/* min to max hexadecimal digits. */
static int
hex(struct trx_regex_cursor *c, int min, int max, uint32_t *cp)
{
	int n;

	*cp = 0;
	for (n = 0; n < max && c->p < c->end && digit(*c->p) >= 0; n++)
		*cp = *cp << 4 | (uint32_t)digit(*c->p++);
	if (n < min || *cp >= TRX_REGEX_CODE_POINTS ||
	    (*cp >= 0xd800 && *cp < 0xe000))
		return refuse(c, "such a \\x or \\u");
	return 0;
}

static int
hex_escape(struct trx_regex_cursor *c, uint8_t kind, uint32_t *cp)
{
	if (kind == 'u')
		return hex(c, 4, 4, cp);
	if (trx_regex_take(c, "{")) {
		if (hex(c, 1, 6, cp) == -1)
			return -1;
		return trx_regex_take(c, "}") ? 0 : refuse(c, "such a \\x{");
	}
	if (hex(c, 2, 2, cp) == -1)
		return -1;
	/* Two digits are a byte, which may be a part of a character. */
	return *cp < 0x80 ? 0 : refuse(c, "\\x of a byte over 7F");
}

int
trx_regex_escape(struct trx_regex_cursor *c, bool in_class, bool *is_set,
    uint32_t *cp, struct trx_regex_set *out)
{
	static const char letters[] = "tnrfvae";
	static const uint8_t controls[] = "\t\n\r\f\v\a\x1b";
	const char *letter;
	uint8_t e;

	*is_set = false;
	if (c->p == c->end)
		return refuse(c, "a \\ at the end");
	e = *c->p++;
	if (e == 'p' || e == 'P') {
		*is_set = true;
		return property(c, e == 'P', out);
	}
	if (memchr("wsdhWSDH", e, 8) != NULL) {
		*is_set = true;
		if (type_set(c, e | 0x20, in_class, out) == -1)
			return -1;
		return (e & 0x20) != 0 ? 0
				       : trx_regex_set_invert(out, c->a, out);
	}
	if (e == 'x' || e == 'u')
		return hex_escape(c, e, cp);
	letter = memchr(letters, e, sizeof(letters) - 1);
	*cp = letter == NULL ? e : controls[letter - letters];
	if (letter == NULL && (e >= 0x80 || e < 0x20 || digit(e) >= 0 ||
				  ((e | 0x20) >= 'a' && (e | 0x20) <= 'z')))
		return refuse(c, "such an escape");
	return 0;
}

/*
 * ASCII letters fold among themselves but for two; of the rest only what has
 * no case whatsoever is known not to.
 */
int
trx_regex_fold(
    struct trx_regex_cursor *c, uint32_t cp, struct trx_regex_set *out)
{
	const uint32_t caseless = PUNCTUATION | SEPARATORS | CONTROLS |
				  BIT(SM) | BIT(SC) | BIT(SK) | BIT(ND);
	uint32_t lower = cp | 0x20;

	*out = (struct trx_regex_set){ 0 };
	if (cp < 0x80 && lower >= 'a' && lower <= 'z') {
		if (add_range(c->a, lower - 0x20, lower - 0x20, out) == -1 ||
		    add_range(c->a, lower, lower, out) == -1)
			return -1;
		if (lower == 's' || lower == 'k')
			cp = lower == 's' ? 0x17f : 0x212a;
		else
			return 0;
	} else if ((caseless >> trx_ucd_category(cp) & 1) == 0)
		return refuse(c, "ignoring the case of such a character");
	return add_range(c->a, cp, cp, out);
}

/* What a class holds so far: the operands before the last && and after it. */
struct class
{
	struct trx_regex_set before, now;
	bool has_before;
	bool fold;
};

static int
add_characters(
    struct trx_regex_cursor *c, uint32_t first, uint32_t last, struct class *k)
{
	struct trx_regex_set set;
	uint32_t cp;

	if (first > last)
		return refuse(c, "an empty range");
	if (!k->fold)
		return add_range(c->a, first, last, &k->now);
	if (last - first > 0x80)
		return refuse(c, "such a range where case is ignored");
	for (cp = first; cp <= last; cp++)
		if (trx_regex_fold(c, cp, &set) == -1 ||
		    trx_regex_set_combine(
			&k->now, &set, TRX_REGEX_OR, c->a, &k->now) == -1)
			return -1;
	return 0;
}

/* A character of a class, at the cursor; *is_set: it was a set, in *set. */
static int
class_item(struct trx_regex_cursor *c, bool *is_set, uint32_t *cp,
    struct trx_regex_set *set)
{
	*is_set = false;
	if (trx_regex_take(c, "\\")) {
		if (trx_regex_take(c, "b")) {
			*cp = '\b';
			return 0;
		}
		return trx_regex_escape(c, true, is_set, cp, set);
	}
	*cp = trx_ucd_get(c->p);
	c->p += trx_ucd_width(c->p);
	return 0;
}

static int
posix_bracket(struct trx_regex_cursor *c, struct trx_regex_set *out)
{
	static const struct {
		const char *name;
		char type;
	} brackets[] = { { "digit:]", 'd' }, { "space:]", 's' },
		{ "word:]", 'w' }, { "xdigit:]", 'h' } };
	size_t i;

	for (i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++)
		if (trx_regex_take(c, brackets[i].name))
			return type_set(
			    c, (uint8_t)brackets[i].type, true, out);
	return refuse(c, "such a [: in a class");
}

static int
add_set(struct trx_regex_cursor *c, const struct trx_regex_set *set,
    struct class *k)
{
	if (k->fold)
		return refuse(c, "such a class where case is ignored");
	return trx_regex_set_combine(&k->now, set, TRX_REGEX_OR, c->a, &k->now);
}

/* An item that is no '[', maybe a range. */
static int
add_item(struct trx_regex_cursor *c, struct class *k)
{
	struct trx_regex_set set;
	uint32_t first, last;
	bool is_set, begins;

	/* A '-' is itself only where it can't be taken for a range. */
	if (*c->p == '-' && !(c->end - c->p > 1 && c->p[1] == ']') &&
	    !(k->now.n == 0 && !k->has_before))
		return refuse(c, "such a '-' in a class");
	if (class_item(c, &is_set, &first, &set) == -1)
		return -1;
	if (is_set)
		return add_set(c, &set, k);
	begins = c->end - c->p > 1 && c->p[0] == '-' && c->p[1] != ']';
	if (!begins)
		return add_characters(c, first, first, k);
	c->p++;
	if (*c->p == '[' || *c->p == '-' ||
	    (*c->p == '&' && c->end - c->p > 1 && c->p[1] == '&'))
		return refuse(c, "such a range");
	if (class_item(c, &is_set, &last, &set) == -1)
		return -1;
	if (is_set || first == '-')
		return refuse(c, "such a range");
	return add_characters(c, first, last, k);
}

static int
intersect(struct trx_regex_cursor *c, struct class *k)
{
	if (k->has_before)
		return trx_regex_set_combine(
		    &k->before, &k->now, TRX_REGEX_AND, c->a, &k->before);
	k->before = k->now;
	k->has_before = true;
	return 0;
}

static int
class_body(
    struct trx_regex_cursor *c, bool fold, int depth, struct trx_regex_set *out)
{
	struct class k = { .fold = fold };
	bool negative = trx_regex_take(c, "^");
	struct trx_regex_set set;
	int r = 0;

	if (depth == 0)
		return refuse(c, "so deep a class");
	if (c->p < c->end && *c->p == ']')
		return refuse(c, "a class that begins with ']'");
	while (r == 0 && !trx_regex_take(c, "]")) {
		if (c->p == c->end)
			return refuse(c, "a class without end");
		if (trx_regex_take(c, "&&")) {
			r = fold ? refuse(c, "&& where case is ignored")
				 : intersect(c, &k);
			k.now = (struct trx_regex_set){ 0 };
		} else if (trx_regex_take(c, "[:")) {
			r = posix_bracket(c, &set);
			r = r == 0 ? add_set(c, &set, &k) : r;
		} else if (trx_regex_take(c, "[")) {
			r = class_body(c, fold, depth - 1, &set);
			r = r == 0 ? add_set(c, &set, &k) : r;
		} else
			r = add_item(c, &k);
	}
	if (r == -1 || (k.has_before && intersect(c, &k) == -1))
		return -1;
	*out = k.has_before ? k.before : k.now;
	return negative ? trx_regex_set_invert(out, c->a, out) : 0;
}

int
trx_regex_class(
    struct trx_regex_cursor *c, bool fold, struct trx_regex_set *out)
{
	return class_body(c, fold, 8, out);
}
