#include "common/example/render_work.h"
#include "common/template/date.h"

/* Does a template want to know today's date? */
static bool
asks_date(const struct trx_renderer *r)
{
	const struct trx_template *t;
	bool asks = false;
	int tools;

	for (tools = 0; r->chat != NULL && tools < 2; tools++) {
		t = trx_chat_template(r->chat, tools);
		asks |= t != NULL && trx_template_reads(t, "strftime_now");
	}
	return asks;
}

int
trx_render_describe(const struct trx_renderer *r, struct trx_arena *a,
    struct trx_json *o, struct trx_error *err)
{
	const struct trx_render_options *options = &r->options;
	static const char *const ends[] = { NULL, "turn", "eos" };
	static const char *const turns[] = { NULL, "each", "all" };
	const char *end = ends[options->end], *turn = turns[options->turns];
	const char *const *vars = options->chat.vars;
	const struct trx_date *now = options->chat.now;
	struct trx_json list = trx_json_array();
	bool fine = true;
	size_t i;

	for (i = 0; vars != NULL && vars[i] != NULL; i++)
		fine &= trx_json_push(a, &list,
			    trx_json_string(trx_str(vars[i]))) != NULL;
	if (end != NULL)
		fine &= trx_json_set(
			    a, o, "end", trx_json_string(trx_str(end))) != NULL;
	if (turn != NULL)
		fine &= trx_json_set(a, o, "turns",
			    trx_json_string(trx_str(turn))) != NULL;
	if (options->continue_final)
		fine &= trx_json_set(a, o, "continue_final_message",
			    trx_json_bool(true)) != NULL;
	if (now != NULL && asks_date(r))
		fine &= trx_json_set(a, o, "now",
			    trx_json_string(trx_arena_format(a,
				"%04d-%02d-%02dT%02d:%02d:%02d", now->year,
				now->month, now->day, now->hour, now->minute,
				now->second))) != NULL;
	if (options->drop_null)
		fine &= trx_json_set(a, o, "drop_null", trx_json_bool(true)) !=
			NULL;
	if (i != 0)
		fine &= trx_json_set(a, o, "vars", list) != NULL;
	return fine ? 0 : trx_error_memory(err);
}
