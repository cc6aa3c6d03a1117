#include <inttypes.h>
#include <stdlib.h>
#include <strings.h>

#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/digest/sha256.h"
#include "common/example/operands.h"
#include "common/example/source_kinds.h"
#include "common/json/reader.h"
#include "common/record/header.h"

#define READ_SIZE ((size_t)256 * 1024)
#define LINE_MAX_BYTES ((size_t)TRX_FRAME_MAX)

enum state { BEFORE, LINES, AFTER };

struct lines {
	struct trx_source base;
	struct trx_operands operands;
	struct trx_expectations expect;
	enum state state;
	struct trx_zin *zin; /* the operand being read, or NULL */
	const char *name;    /* of that operand */
	uint64_t number;     /* of its last line */
	/* What was read of it: at..end is not taken yet. */
	char *data;
	size_t cap;
	size_t at;
	size_t end;
	size_t seen; /* no newline in at..seen */
	struct trx_sha256 *sha256;
	uint64_t bytes; /* of all operands */
	uint64_t total; /* lines */
	uint64_t rows;	/* lines that are not blank */
	struct trx_buf json;
};

static struct trx_str
no_cause(const struct trx_source *s)
{
	(void)s;
	return TRX_STR("");
}

static void
lines_free(struct trx_source *s)
{
	struct lines *l = (struct lines *)s;

	trx_zin_close(l->zin);
	free(l->data);
	trx_sha256_free(l->sha256);
	trx_buf_free(&l->json);
	free(l);
}

/* Make room to read READ_SIZE more bytes, the taken ones thrown away. */
static int
make_room(struct lines *l, struct trx_error *err)
{
	size_t left = l->end - l->at;
	size_t need = left + READ_SIZE + TRX_JSON_PADDING;
	char *data;

	if (left > 0 && l->at > 0)
		memmove(l->data, l->data + l->at, left);
	l->seen -= l->at;
	l->at = 0;
	l->end = left;
	if (need <= l->cap)
		return 0;
	need = need > 2 * l->cap ? need : 2 * l->cap;
	if ((data = realloc(l->data, need)) == NULL)
		return trx_error_memory(err);
	l->data = data;
	l->cap = need;
	return 0;
}

/* Read more of the operand.  Returns 1, 0 at its end, -1. */
static int
read_more(struct lines *l, struct trx_error *err)
{
	ssize_t n;

	if (make_room(l, err) == -1)
		return -1;
	n = trx_zin_read(l->zin, l->data + l->end, READ_SIZE, err);
	if (n <= 0)
		return (int)n;
	trx_sha256_add(l->sha256, l->data + l->end, (size_t)n);
	l->bytes += (uint64_t)n;
	l->end += (size_t)n;
	return 1;
}

/* Throw away what is left of a line that is too long. */
static int
skip_line(struct lines *l, struct trx_error *err)
{
	char *newline;
	int rc;

	for (;;) {
		newline = memchr(l->data + l->at, '\n', l->end - l->at);
		if (newline != NULL) {
			l->at = (size_t)(newline - l->data) + 1;
			l->seen = l->at;
			return 0;
		}
		l->at = l->seen = l->end;
		if ((rc = read_more(l, err)) <= 0)
			return rc;
	}
}

static void
take_line(struct lines *l, size_t n, size_t newline, struct trx_str *line)
{
	*line = (struct trx_str){ l->data + l->at, n };
	l->at += n + newline;
	l->seen = l->at;
	l->number++;
	l->total++;
}

/*
 * The next line of the operand.  Returns 1; 2 where it is too long, and was
 * skipped; 0 at the operand's end; -1.
 */
static int
next_line(struct lines *l, struct trx_str *line, struct trx_error *err)
{
	char *newline;
	int rc;

	for (;;) {
		newline = l->seen == l->end ? NULL
					    : memchr(l->data + l->seen, '\n',
						  l->end - l->seen);
		if (newline != NULL) {
			take_line(
			    l, (size_t)(newline - l->data) - l->at, 1, line);
			return line->n > LINE_MAX_BYTES ? 2 : 1;
		}
		l->seen = l->end;
		if (l->end - l->at > LINE_MAX_BYTES) {
			take_line(l, l->end - l->at, 0, line);
			return skip_line(l, err) == -1 ? -1 : 2;
		}
		if ((rc = read_more(l, err)) == -1)
			return -1;
		if (rc == 0 && l->at == l->end)
			return 0;
		if (rc == 0) {
			take_line(l, l->end - l->at, 0, line);
			return 1;
		}
	}
}

static bool
is_blank(struct trx_str line)
{
	size_t i;

	for (i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	return true;
}

/* A line that is not blank, of whatever operand.  As next_line. */
static int
next_row(struct lines *l, struct trx_str *line, struct trx_error *err)
{
	int i, rc;

	for (;;) {
		if (l->zin == NULL) {
			rc = trx_operands_next(
			    &l->operands, false, &l->zin, &i, err);
			if (rc <= 0)
				return rc;
			l->name = trx_operands_name(&l->operands, i);
			l->number = 0;
		}
		rc = next_line(l, line, err);
		if (rc == -1 || rc == 2 || (rc == 1 && !is_blank(*line)))
			return rc;
		if (rc == 0) {
			trx_zin_close(l->zin);
			l->zin = NULL;
		}
	}
}

static int
check_expectations(
    const struct lines *l, const char *sha256, struct trx_error *err)
{
	const struct trx_expectations *e = &l->expect;

	if (e->rows != NULL && *e->rows != l->rows)
		return trx_error_set(err, TRX_INPUT,
		    "the input has %" PRIu64 " rows, not the %" PRIu64
		    " expected",
		    l->rows, *e->rows);
	if (e->sha256 != NULL && strcasecmp(e->sha256, sha256) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "the input's SHA-256 is %s, not the one expected", sha256);
	if (l->rows == 0 && !e->allow_empty)
		return trx_error_set(err, TRX_INPUT,
		    "%s: no rows (--allow-empty permits it)",
		    l->name == NULL ? "<stdin>" : l->name);
	return 0;
}

static int
make_trailer(struct lines *l, struct trx_error *err)
{
	char sha256[TRX_SHA256_HEX];

	if (trx_sha256_hex(l->sha256, sha256, err) == -1 ||
	    check_expectations(l, sha256, err) == -1)
		return -1;
	trx_buf_reset(&l->json);
	trx_buf_addf(&l->json,
	    "{\"input\":{\"bytes\":%" PRIu64 ",\"lines\":%" PRIu64
	    ",\"sha256\":\"%s\"}}",
	    l->bytes, l->total, sha256);
	return l->json.failed ? trx_error_memory(err) : 0;
}

static int
make_header(struct lines *l, struct trx_error *err)
{
	struct trx_arena a = TRX_ARENA_INIT;
	struct trx_header h;
	int rc = -1;

	if (trx_header_init(&h, &a, err) == 0)
		rc = trx_header_write(&h, &l->json, err);
	trx_arena_free(&a);
	return rc;
}

static int
lines_next(
    struct trx_source *s, struct trx_source_event *event, struct trx_error *err)
{
	struct lines *l = (struct lines *)s;
	int rc;

	*event = (struct trx_source_event){ .type = TRX_EVENT_HEADER };
	if (l->state == AFTER)
		return 0;
	if (l->state == BEFORE) {
		if (make_header(l, err) == -1)
			return -1;
		l->state = LINES;
	} else {
		event->type = TRX_EVENT_ROW;
		if ((rc = next_row(l, &event->bytes, err)) == -1)
			return -1;
		event->name = l->name;
		event->number = l->number;
		if (rc == 2) {
			event->reason = TRX_REASON_TOO_LARGE;
			event->bytes.n = 0;
		}
		l->rows += rc > 0;
		if (rc > 0)
			return 1;
		if (make_trailer(l, err) == -1)
			return -1;
		l->state = AFTER;
		event->type = TRX_EVENT_END;
	}
	event->bytes = trx_buf_str(&l->json);
	return 1;
}

struct trx_source *
trx_source_lines(char *const *files, int n,
    const struct trx_expectations *expect, struct trx_error *err)
{
	struct lines *l = calloc(1, sizeof(*l));

	if (l == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	l->base = (struct trx_source){ lines_next, no_cause, lines_free };
	l->operands = (struct trx_operands){ .files = files, .n = n };
	l->expect = *expect;
	if ((l->sha256 = trx_sha256_new(err)) == NULL) {
		lines_free(&l->base);
		return NULL;
	}
	return &l->base;
}
