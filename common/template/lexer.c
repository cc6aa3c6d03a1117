#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/utf8.h"
#include "common/template/lexer.h"
#include "common/template/literal.h"
#include "common/template/unicode.h"

struct lexer {
	struct trx_str src; /* newlines normalised */
	size_t at;
	uint32_t line;
	bool line_starting; /* nothing but what was trimmed before at */
	struct trx_arena *arena;
	struct trx_token *tokens; /* malloced until the end */
	size_t n;
	size_t cap;
	char *closers; /* of the brackets that are open, malloced */
	size_t open;
	size_t open_cap;
	struct trx_error *err;
};

static int
fail(struct lexer *lx, const char *what)
{
	return trx_error_set(
	    lx->err, TRX_INPUT, "%u: %s", (unsigned)lx->line, what);
}

/* Double an array when it is full. */
static void *
grow(void *p, size_t n, size_t *cap, size_t size)
{
	void *q;
	size_t more = *cap == 0 ? 64 : *cap * 2;

	if (n < *cap)
		return p;
	if ((q = realloc(p, more * size)) != NULL)
		*cap = more;
	return q;
}

static int
push(struct lexer *lx, enum trx_token_type type, struct trx_str text)
{
	struct trx_token *t;

	t = grow(lx->tokens, lx->n, &lx->cap, sizeof(*lx->tokens));
	if (t == NULL)
		return trx_error_memory(lx->err);
	lx->tokens = t;
	t[lx->n++] =
	    (struct trx_token){ .type = type, .line = lx->line, .text = text };
	return 0;
}

/* Go on to position `to`, counting lines. */
static void
advance(struct lexer *lx, size_t to)
{
	size_t i;

	for (i = lx->at; i < to; i++)
		lx->line += lx->src.p[i] == '\n';
	if (to > lx->at)
		lx->line_starting = lx->src.p[to - 1] == '\n';
	lx->at = to;
}

static struct trx_str
rest(const struct lexer *lx, size_t from)
{
	return (struct trx_str){ .p = lx->src.p + from, .n = lx->src.n - from };
}

static bool
looking_at(const struct lexer *lx, size_t from, const char *text)
{
	size_t n = strlen(text);

	return lx->src.n - from >= n && memcmp(lx->src.p + from, text, n) == 0;
}

/* Where white space that begins at `from` ends. */
static size_t
skip_space(const struct lexer *lx, size_t from)
{
	return from + trx_unicode_space_before(rest(lx, from));
}

/* Where the next tag of any kind begins, or the end. */
static size_t
find_tag(const struct lexer *lx)
{
	size_t i;

	for (i = lx->at; i + 1 < lx->src.n; i++)
		if (lx->src.p[i] == '{' &&
		    strchr("{%#", lx->src.p[i + 1]) != NULL &&
		    lx->src.p[i + 1] != '\0')
			return i;
	return lx->src.n;
}

/*
 * The part of the data before a tag that stays: `sign` is what follows the
 * tag's opening; lstrip_blocks spares print tags.
 */
static size_t
stripped(const struct lexer *lx, size_t tag, char sign, bool print)
{
	struct trx_str data = { .p = lx->src.p + lx->at, .n = tag - lx->at };
	size_t start;

	if (sign == '-')
		return data.n - trx_unicode_space_after(data);
	if (sign == '+' || print)
		return data.n;
	for (start = data.n; start > 0 && data.p[start - 1] != '\n'; start--)
		;
	if (start == 0 && !lx->line_starting)
		return data.n;
	if (trx_unicode_space_before((struct trx_str){
		.p = data.p + start, .n = data.n - start }) == data.n - start)
		return start;
	return data.n;
}

static int
push_data(struct lexer *lx, size_t n)
{
	struct trx_str data = { .p = lx->src.p + lx->at, .n = n };

	return n == 0 ? 0 : push(lx, TRX_T_DATA, data);
}

/* The end of a tag that closes with `close` at i: bytes, or 0 if not there. */
static size_t
tag_end(const struct lexer *lx, size_t i, const char *close, bool trim)
{
	size_t n = strlen(close);

	if (lx->src.p[i] == '-' && looking_at(lx, i + 1, close))
		return skip_space(lx, i + 1 + n) - i;
	if (trim && lx->src.p[i] == '+' && looking_at(lx, i + 1, close))
		return 1 + n;
	if (!looking_at(lx, i, close))
		return 0;
	return n + (trim && looking_at(lx, i + n, "\n"));
}

static int
comment(struct lexer *lx, size_t from)
{
	size_t i, n;

	for (i = from; i < lx->src.n; i++)
		if ((n = tag_end(lx, i, "#}", true)) != 0) {
			advance(lx, i + n);
			return 0;
		}
	return from < lx->src.n ? fail(lx, "Missing end of comment tag") : 0;
}

/* Is the block tag whose inside begins at `from` `{% word %}`?  Its end, or 0.
 */
static size_t
word_tag(const struct lexer *lx, size_t from, const char *word, bool trim)
{
	size_t i = skip_space(lx, from), n;

	if (!looking_at(lx, i, word))
		return 0;
	i = skip_space(lx, i + strlen(word));
	if (i >= lx->src.n || (!trim && lx->src.p[i] == '+'))
		return 0;
	n = tag_end(lx, i, "%}", trim);
	return n == 0 ? 0 : i + n;
}

/* What follows {% raw %}, up to its {% endraw %}. */
static int
raw(struct lexer *lx)
{
	size_t i, end;
	char sign;

	for (i = lx->at; i + 1 < lx->src.n; i++) {
		if (!looking_at(lx, i, "{%") || i + 2 >= lx->src.n)
			continue;
		sign = lx->src.p[i + 2];
		end = word_tag(
		    lx, i + 2 + (sign == '-' || sign == '+'), "endraw", true);
		if (end == 0)
			continue;
		if (push_data(lx, stripped(lx, i, sign, false)) == -1)
			return -1;
		advance(lx, end);
		return 0;
	}
	return lx->at < lx->src.n ? fail(lx, "Missing end of raw directive")
				  : 0;
}

/* Track the brackets: inside them }} and %} are not the end of the tag. */
static int
balance(struct lexer *lx, char c)
{
	static const char opens[] = "([{", closes[] = ")]}";
	const char *p;
	char *q, text[64];

	if (c != '\0' && (p = strchr(opens, c)) != NULL) {
		q = grow(lx->closers, lx->open, &lx->open_cap, 1);
		if (q == NULL)
			return trx_error_memory(lx->err);
		lx->closers = q;
		q[lx->open++] = closes[p - opens];
	} else if (c != '\0' && strchr(closes, c) != NULL) {
		if (lx->open != 0 && lx->closers[lx->open - 1] == c) {
			lx->open--;
			return 0;
		}
		if (lx->open == 0)
			sprintf(text, "unexpected '%c'", c);
		else
			sprintf(text, "unexpected '%c', expected '%c'", c,
			    lx->closers[lx->open - 1]);
		return fail(lx, text);
	}
	return 0;
}

static int
operator_token(struct lexer *lx)
{
	static const char *const operators[] = { "//", "**",
		"==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]",
		"(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";" };
	struct trx_str text = rest(lx, lx->at);
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (looking_at(lx, lx->at, operators[i]))
			break;
	if (i == sizeof(operators) / sizeof(*operators))
		return trx_error_set(lx->err, TRX_INPUT,
		    "%u: unexpected char '%.*s' at %zu", (unsigned)lx->line,
		    (int)trx_unicode_width(text.p), text.p,
		    trx_unicode_length(
			(struct trx_str){ .p = lx->src.p, .n = lx->at }));
	text.n = strlen(operators[i]);
	if (push(lx, TRX_T_OPERATOR, text) == -1 ||
	    (text.n == 1 && balance(lx, *text.p) == -1))
		return -1;
	advance(lx, lx->at + text.n);
	return 0;
}

/* Bytes of the name at s: ASCII names only, as far as trx goes. */
static size_t
name_width(struct trx_str s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '_' &&
		    ((s.p[i] | 0x20) < 'a' || (s.p[i] | 0x20) > 'z'))
			break;
	return i;
}

static int
string_token(struct lexer *lx, struct trx_str s, size_t n)
{
	struct trx_str inside = { .p = s.p + 1, .n = n - 2 };

	if (trx_literal_unescape(inside, lx->arena, &inside, lx->err) == -1) {
		if (lx->err->status == TRX_INPUT)
			trx_error_at(lx->err, "%u", (unsigned)lx->line);
		return -1;
	}
	if (push(lx, TRX_T_STRING, inside) == -1)
		return -1;
	advance(lx, lx->at + n);
	return 0;
}

static int
number_token(struct lexer *lx, struct trx_str s, size_t n, bool real)
{
	s.n = n;
	if (push(lx, real ? TRX_T_FLOAT : TRX_T_INTEGER, s) == -1)
		return -1;
	advance(lx, lx->at + n);
	return 0;
}

/* One token of an expression at lx->at, which is no white space. */
static int
expression_token(struct lexer *lx)
{
	struct trx_str s = rest(lx, lx->at);
	bool real, after_dot = lx->at > 0 && s.p[-1] == '.';
	size_t n;

	if ((n = trx_literal_number(s, after_dot, &real)) != 0)
		return number_token(lx, s, n, real);
	if ((n = name_width(s)) != 0) {
		s.n = n;
		if (push(lx, TRX_T_NAME, s) == -1)
			return -1;
		advance(lx, lx->at + n);
		return 0;
	}
	if ((unsigned char)*s.p >= 0x80)
		return fail(lx, "trx does not support names beyond ASCII");
	if ((*s.p == '"' || *s.p == '\'') && (n = trx_literal_quoted(s)) != 0)
		return string_token(lx, s, n);
	return operator_token(lx);
}

/* The inside of a block or print tag, up to and with its end. */
static int
inside_tag(struct lexer *lx, bool print)
{
	const char *close = print ? "}}" : "%}";
	size_t n;

	lx->open = 0;
	while (lx->at < lx->src.n) {
		n = lx->open != 0 ? 0 : tag_end(lx, lx->at, close, !print);
		if (n != 0) {
			if (push(lx, print ? TRX_T_PRINT_END : TRX_T_BLOCK_END,
				TRX_STR("")) == -1)
				return -1;
			advance(lx, lx->at + n);
			return 0;
		}
		if ((n = skip_space(lx, lx->at)) != lx->at) {
			advance(lx, n);
			continue;
		}
		if (expression_token(lx) == -1)
			return -1;
	}
	return 0;
}

/* The tag at position `tag`, with the data before it. */
static int
tag(struct lexer *lx, size_t tag)
{
	char kind = lx->src.p[tag + 1];
	char sign = tag + 2 < lx->src.n ? lx->src.p[tag + 2] : '\0';
	size_t inside = tag + 2 + (sign == '-' || sign == '+'), end;

	if (push_data(lx, stripped(lx, tag, sign, kind == '{')) == -1)
		return -1;
	if (kind == '%' && (end = word_tag(lx, inside, "raw", false)) != 0) {
		advance(lx, end);
		return raw(lx);
	}
	advance(lx, tag);
	if (kind == '#') {
		advance(lx, inside);
		return comment(lx, inside);
	}
	if (push(lx, kind == '{' ? TRX_T_PRINT_BEGIN : TRX_T_BLOCK_BEGIN,
		TRX_STR("")) == -1)
		return -1;
	advance(lx, inside);
	return inside_tag(lx, kind == '{');
}

/* Newlines as \n, and the last one off: *out is in a. */
static int
normalise(struct trx_str source, struct trx_arena *a, struct trx_str *out,
    struct trx_error *err)
{
	char *p = trx_arena_alloc(a, source.n + 1);
	size_t i, n = 0;

	if (p == NULL)
		return trx_error_memory(err);
	for (i = 0; i < source.n; i++) {
		if (source.p[i] != '\r') {
			p[n++] = source.p[i];
			continue;
		}
		p[n++] = '\n';
		if (i + 1 < source.n && source.p[i + 1] == '\n')
			i++;
	}
	if (n > 0 && p[n - 1] == '\n')
		n--;
	p[n] = '\0';
	*out = (struct trx_str){ .p = p, .n = n };
	return 0;
}

static int
scan(struct lexer *lx)
{
	size_t next;

	while (lx->at < lx->src.n) {
		if ((next = find_tag(lx)) == lx->src.n) {
			if (push_data(lx, lx->src.n - lx->at) == -1)
				return -1;
			advance(lx, lx->src.n);
		} else if (tag(lx, next) == -1) {
			return -1;
		}
	}
	/* Jinja's end is on the line of its last token. */
	lx->line = lx->n == 0 ? 1 : lx->tokens[lx->n - 1].line;
	return push(lx, TRX_T_EOF, TRX_STR(""));
}

/* What scan() failed with, as the last token. */
static int
push_error(struct lexer *lx)
{
	struct trx_str text = trx_str(lx->err->text);

	if (lx->err->status != TRX_INPUT)
		return -1;
	if ((text.p = trx_arena_copy(lx->arena, text)) == NULL)
		return trx_error_memory(lx->err);
	return push(lx, TRX_T_ERROR, text);
}

int
trx_lexer_run(struct trx_str source, struct trx_arena *a,
    struct trx_token **tokens, size_t *n, struct trx_error *err)
{
	struct lexer lx = {
		.line = 1, .line_starting = true, .arena = a, .err = err
	};
	int rc = -1;

	if (!trx_utf8_valid(source))
		return trx_error_set(err, TRX_INPUT, "1: not UTF-8");
	if (normalise(source, a, &lx.src, err) == -1 ||
	    (scan(&lx) == -1 && push_error(&lx) == -1))
		goto out;
	*tokens = trx_arena_alloc(a, lx.n * sizeof(**tokens));
	if (*tokens == NULL) {
		trx_error_memory(err);
		goto out;
	}
	memcpy(*tokens, lx.tokens, lx.n * sizeof(**tokens));
	*n = lx.n;
	rc = 0;
out:
	free(lx.tokens);
	free(lx.closers);
	return rc;
}
