#include <inttypes.h>
#include <string.h>

#include "common/example/chat_line.h"
#include "common/record/frame.h"

/* A line between its examples. */
struct line {
	struct trx_json root;
	struct trx_jsonl_row row;
	struct trx_str id;
	int64_t turn; /* the one to be made */
};

/* The id of a row that has none: FILE:LINE. */
static struct trx_str
place_id(const struct trx_source_event *e, struct trx_arena *a)
{
	const char *slash = strrchr(e->name, '/');
	const char *name = slash != NULL ? slash + 1 : e->name;

	return trx_arena_format(a, "%s:%" PRIu64, name, e->number);
}

/* Read a line, up to its first turn. */
static enum trx_reason
read_line(const struct trx_renderer *renderer, struct trx_json_reader *reader,
    struct trx_stage_row *r, struct line *line, struct trx_error *err)
{
	const struct trx_source_event *e = r->event;
	enum trx_json_fault fault;
	enum trx_reason reason;

	if (e->reason != TRX_REASON_NONE) {
		trx_error_set(err, TRX_INPUT,
		    "the line is longer than %u bytes", TRX_FRAME_MAX);
		return e->reason;
	}
	fault = trx_json_read(
	    reader, e->bytes.p, e->bytes.n, r->arena, &line->root, err);
	if (fault != TRX_JSON_FINE)
		return trx_jsonl_reason(fault);
	if (trx_renderer_options(renderer)->drop_null &&
	    trx_jsonl_drop_null(&line->root, r->arena) == -1) {
		trx_error_memory(err);
		return TRX_REASON_NONE;
	}
	reason = trx_jsonl_row(&line->root, r->arena, &line->row, err);
	r->id = line->row.has_id ? line->row.id : place_id(e, r->arena);
	line->id = r->id;
	if (reason == TRX_REASON_NONE)
		line->turn = trx_render_next_turn(renderer, &line->row, -1);
	return reason;
}

/* Make the example of the line's turn, and go on to the next one. */
static enum trx_reason
make_turn(const struct trx_renderer *renderer, struct line *line,
    struct trx_stage_row *r, struct trx_error *err)
{
	struct trx_buf b = TRX_BUF_INIT;
	enum trx_reason reason;

	r->id = line->id;
	if (trx_render_each(renderer, &line->row))
		r->id = trx_arena_format(r->arena, "%.*s#%" PRId64,
		    (int)line->id.n, line->id.p, line->turn);
	reason = trx_render_row(renderer, &line->row, line->turn, r->id,
	    r->arena, &r->row, r->counts, err);
	if (reason != TRX_REASON_NONE && r->id.p != line->id.p) {
		trx_jsonl_cut(&line->root, (size_t)line->turn + 1, r->id, &b);
		r->shown.p = trx_arena_copy(r->arena, trx_buf_str(&b));
		r->shown.n = b.len;
		trx_buf_free(&b);
	}
	line->turn = trx_render_next_turn(renderer, &line->row, line->turn);
	r->more = line->turn != -1;
	return reason;
}

enum trx_reason
trx_chat_line(const struct trx_renderer *renderer,
    struct trx_json_reader *reader, struct trx_stage_row *r,
    struct trx_error *err)
{
	struct line *line = r->state;
	enum trx_reason reason = TRX_REASON_NONE;

	if (line == NULL) {
		line = r->state = trx_arena_calloc(r->arena, 1, sizeof(*line));
		if (line == NULL) {
			trx_error_memory(err);
			return TRX_REASON_NONE;
		}
		reason = read_line(renderer, reader, r, line, err);
	}
	if (reason != TRX_REASON_NONE || err->status != TRX_OK)
		return reason;
	return make_turn(renderer, line, r, err);
}
