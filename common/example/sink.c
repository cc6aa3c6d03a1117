#include <stdlib.h>

#include "common/archive/pattern.h"
#include "common/base/arena.h"
#include "common/base/buf.h"
#include "common/example/archived.h"
#include "common/example/sink.h"
#include "common/json/canonical.h"

struct trx_sink {
	const char *pattern; /* NULL: a stream */
	struct trx_shard_options options;
	struct trx_shards *shards;
	struct trx_output *out;
	struct trx_stream_writer writer;
	struct trx_arena arena; /* of one row */
	struct trx_buf bytes;	/* of one frame */
};

struct trx_sink *
trx_sink_open(const char *pattern, const struct trx_shard_options *options,
    struct trx_error *err)
{
	const char *suffix = options->compress ? ".tar.zst" : ".tar";
	struct trx_pattern parsed;
	struct trx_sink *s;

	/* A wrong pattern is told before any input is read. */
	if (pattern != NULL &&
	    trx_pattern_parse(&parsed, pattern, suffix, err) == -1)
		return NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	s->pattern = pattern;
	s->options = *options;
	if (pattern != NULL)
		return s; /* its shards need the header first */
	if ((s->out = trx_output_binary(err)) == NULL) {
		free(s);
		return NULL;
	}
	trx_stream_writer_init(&s->writer, s->out);
	return s;
}

int
trx_sink_begin(
    struct trx_sink *s, const struct trx_header *h, struct trx_error *err)
{
	trx_buf_reset(&s->bytes);
	if (trx_header_write(h, &s->bytes, err) == -1)
		return -1;
	if (s->pattern == NULL)
		return trx_stream_begin(
		    &s->writer, trx_buf_str(&s->bytes), err);
	s->shards = trx_shards_create(s->pattern, &s->options,
	    trx_buf_str(&s->bytes), trx_header_vocab_size(h), err);
	return s->shards == NULL ? -1 : 0;
}

int
trx_sink_row(
    struct trx_sink *s, const struct trx_row *row, struct trx_error *err)
{
	struct trx_shard_row archived;

	if (s->pattern == NULL) {
		trx_buf_reset(&s->bytes);
		if (trx_row_encode(row, &s->bytes, err) == -1)
			return -1;
		return trx_stream_row(&s->writer, trx_buf_str(&s->bytes), err);
	}
	trx_arena_reset(&s->arena);
	if (trx_archived_from_row(row, &s->arena, &archived, err) == -1)
		return -1;
	return trx_shards_add(s->shards, &archived, err);
}

int
trx_sink_end(
    struct trx_sink *s, const struct trx_json *trailer, struct trx_error *err)
{
	if (s->pattern != NULL)
		return trx_shards_commit(s->shards, trailer, err);
	trx_buf_reset(&s->bytes);
	if (trx_json_canonical(trailer, &s->bytes, err) == -1)
		return -1;
	if (s->bytes.failed)
		return trx_error_memory(err);
	if (trx_stream_end(&s->writer, trx_buf_str(&s->bytes), err) == -1)
		return -1;
	return trx_output_commit(s->out, err);
}

void
trx_sink_fail(struct trx_sink *s, const char *filter, struct trx_str inherited,
    const struct trx_error *why)
{
	if (s->pattern == NULL)
		trx_stream_fail(&s->writer, filter, inherited, why);
}

void
trx_sink_free(struct trx_sink *s)
{
	if (s == NULL)
		return;
	trx_shards_free(s->shards);
	trx_output_free(s->out);
	trx_arena_free(&s->arena);
	trx_buf_free(&s->bytes);
	free(s);
}
