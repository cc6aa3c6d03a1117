#include <string.h>

#include "common/chat/check.h"
#include "common/json/reader.h"
#include "common/template/strings.h"
#include "common/template/unicode.h"

#define USER "{\"role\":\"user\",\"content\":\"Hello\"}"
#define ASSISTANT "{\"role\":\"assistant\",\"content\":\"Hi there\"}"
#define TALK \
	"[" USER "," ASSISTANT \
	",{\"role\":\"user\",\"content\":\"Tell me a joke\"}" \
	",{\"role\":\"assistant\",\"content\":\"Why did the chicken\"}]"
#define NULL_KEYS \
	"[{\"role\":\"user\",\"content\":\"Hello\",\"name\":null," \
	"\"tool_calls\":null}," ASSISTANT "]"
#define TOOLS \
	"[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"," \
	"\"description\":\"Weather of a city\",\"parameters\":{\"type\":" \
	"\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}," \
	"\"required\":[\"city\"]}}}]"
#define CALL(content, arguments) \
	"[" USER ",{\"role\":\"assistant\",\"content\":" content \
	",\"tool_calls\":[{\"id\":\"call00001\",\"type\":\"function\"," \
	"\"function\":{\"name\":\"get_weather\",\"arguments\":" arguments \
	"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call00001\"," \
	"\"name\":\"get_weather\",\"content\":\"Sunny\"}]"
#define OBJECT "{\"city\": \"Paris\"}"
#define STRING "\"{\\\"city\\\": \\\"Paris\\\"}\""

/* Texts of the conversation. */
static const struct trx_str hello = { .p = "Hello", .n = 5 };
static const struct trx_str hi_there = { .p = "Hi there", .n = 8 };
static const struct trx_str joke = { .p = "Tell me a joke", .n = 14 };
static const struct trx_str chicken = { .p = "Why did the chicken", .n = 19 };

struct work {
	const struct trx_chat *chat;
	struct trx_arena *arena;
	struct trx_arena values; /* of one rendering */
	struct trx_json talk, tools;
	struct trx_check *out;
	struct trx_error *err; /* why the last rendering failed */
	bool broken;	       /* memory ran out */
};

/*
 * The text of the first n messages, in the arena; .p NULL where the template
 * fails.
 */
static struct trx_str
render(struct work *w, const struct trx_json *messages, size_t n,
    const struct trx_json *tools, bool prompt)
{
	const struct trx_chat_input in = { .messages = messages,
		.nmessages = n,
		.tools = tools,
		.add_generation_prompt = prompt };
	struct trx_str text = { NULL, 0 };
	struct trx_buf out = TRX_BUF_INIT;

	if (w->broken)
		return text;
	if (trx_chat_render(w->chat, &in, &w->values, &out, w->err) == 0) {
		text.p = trx_arena_copy(w->arena, trx_buf_str(&out));
		text.n = out.len;
		if (text.p == NULL)
			trx_error_memory(w->err);
	}
	w->broken = text.p == NULL && w->err->status != TRX_INPUT;
	trx_buf_free(&out);
	trx_arena_reset(&w->values);
	return text;
}

/* The text of the plain chat's first n messages. */
static struct trx_str
render_talk(struct work *w, size_t n, bool prompt)
{
	return render(w, &w->talk, n, NULL, prompt);
}

/* The text of messages given as JSON, with the tool or without. */
static struct trx_str
render_json(struct work *w, const char *json, bool tools)
{
	struct trx_json messages;

	if (w->broken ||
	    trx_json_parse(trx_str(json), w->arena, &messages, w->err) == -1) {
		w->broken = true;
		return (struct trx_str){ NULL, 0 };
	}
	return render(w, &messages, SIZE_MAX, tools ? &w->tools : NULL, tools);
}

static bool
begins(struct trx_str s, struct trx_str with)
{
	return s.p != NULL && with.p != NULL && s.n >= with.n &&
	       trx_str_equal((struct trx_str){ s.p, with.n }, with);
}

static bool
contains(struct trx_str s, const char *part)
{
	return trx_strings_find(s, trx_str(part), false) != -1;
}

/* s from byte `at` on. */
static struct trx_str
from(struct trx_str s, size_t at)
{
	return (struct trx_str){ s.p + at, s.n - at };
}

/* The failure's message. */
static struct trx_str
keep_error(struct work *w)
{
	struct trx_str s = trx_str(w->err->text);
	const char *p = trx_arena_copy(w->arena, s);

	if (p == NULL) {
		trx_error_memory(w->err);
		w->broken = true;
		return s;
	}
	return (struct trx_str){ p, s.n };
}

/* What the whole plain chat shows. */
static void
check_talk(struct work *w)
{
	struct trx_check *c = w->out;
	struct trx_str all = render_talk(w, 4, false), eos;
	size_t stop = 0;
	int64_t at;

	c->history_prefix = c->prompt_prefix = TRX_CHECK_UNKNOWN;
	c->stop_is_eos = TRX_CHECK_UNKNOWN;
	if (all.p == NULL) {
		c->error = keep_error(w);
		return;
	}
	c->history_prefix = begins(all, render_talk(w, 2, false));
	c->prompt_prefix = begins(all, render_talk(w, 3, true));
	if ((at = trx_strings_find(all, chicken, true)) == -1)
		return;
	c->after_assistant = from(all, (size_t)at + chicken.n);
	c->stop_token = trx_chat_special(w->chat, c->after_assistant, &stop);
	eos = trx_chat_eos(w->chat);
	if (c->stop_token.p != NULL)
		c->stop_is_eos =
		    eos.p != NULL && trx_str_equal(c->stop_token, eos);
}

/* a without what it and b have in common at their ends. */
static struct trx_str
less_common_end(struct trx_str a, struct trx_str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[a.n - 1 - n] == b.p[b.n - 1 - n])
		n++;
	/* Not from inside a character. */
	while (n > 0 && ((unsigned char)a.p[a.n - n] & 0xc0) == 0x80)
		n--;
	return (struct trx_str){ a.p, a.n - n };
}

/*
 * Text that is put in where no system message is given: what stands before the
 * first user message and not before the second.
 */
static void
check_system(struct work *w, struct trx_str one)
{
	struct trx_str three = render_talk(w, 3, false), first, later;
	int64_t user, answer, second;

	if (one.p == NULL || three.p == NULL)
		return;
	user = trx_strings_find(one, hello, false);
	second = trx_strings_find(three, joke, true);
	answer = trx_strings_find(three, hi_there, true);
	if (user == -1 || second == -1)
		return;
	w->out->system_known = true;
	first = (struct trx_str){ one.p, (size_t)user };
	if (begins(first, w->out->bos))
		first = from(first, w->out->bos.n);
	later = (struct trx_str){ three.p, (size_t)second };
	if (answer != -1 && (size_t)answer + hi_there.n <= later.n)
		later = from(later, (size_t)answer + hi_there.n);
	else if (answer != -1)
		later.n = 0;
	first = less_common_end(first, later);
	if (trx_unicode_space_before(first) != first.n)
		w->out->system_text = first;
}

/* What a first message shows, and the template's source. */
static void
check_begin(struct work *w)
{
	const struct trx_template *t = trx_chat_template(w->chat, false);
	struct trx_str one = render_talk(w, 1, false);
	struct trx_str asked = render_talk(w, 1, true);
	struct trx_check *c = w->out;

	c->special_known = trx_chat_has_special(w->chat);
	c->bos = trx_chat_bos(w->chat);
	c->bos_printed = c->bos.p == NULL || one.p == NULL
			     ? TRX_CHECK_UNKNOWN
			     : begins(one, c->bos);
	check_system(w, one);
	c->generation_prompt_appends = begins(asked, one);
	if (c->generation_prompt_appends)
		c->generation_prompt = from(asked, one.n);
	c->asks_date = trx_template_asks_date(t);
	c->generation_tags = trx_template_generates(t);
}

static const char *
check_tools(struct work *w)
{
	struct trx_str without = render_talk(w, 1, true);
	struct trx_str with = render(w, &w->talk, 1, &w->tools, true);

	if (with.p == NULL)
		return "error";
	if (without.p != NULL && trx_str_equal(with, without))
		return "ignored";
	return contains(with, "get_weather") ? "printed" : "changes";
}

/* How the arguments of a tool call are printed. */
static const char *
arguments_form(struct trx_str text)
{
	if (text.p == NULL)
		return "error";
	if (contains(text, "{\"city\": \"Paris\"}"))
		return "json";
	if (contains(text, "\\\"city\\\""))
		return "escaped";
	if (contains(text, "{'city': 'Paris'}"))
		return "python";
	return contains(text, "Paris") ? "other" : "dropped";
}

/* How often the text has "None". */
static size_t
count_none(struct trx_str text)
{
	const struct trx_str none = TRX_STR("None");
	size_t n = 0;
	int64_t at;

	for (; (at = trx_strings_find(text, none, false)) != -1; n++)
		text = from(text, (size_t)at + none.n);
	return n;
}

static void
check_calls(struct work *w)
{
	struct trx_str object = render_json(w, CALL("\"\"", OBJECT), true);
	struct trx_str string = render_json(w, CALL("\"\"", STRING), true);
	struct trx_str null = render_json(w, CALL("null", OBJECT), true);

	w->out->tools = check_tools(w);
	w->out->tool_call_object = arguments_form(object);
	w->out->tool_call_string = arguments_form(string);
	if (null.p == NULL)
		w->out->null_content = "error";
	else
		w->out->null_content =
		    count_none(null) > count_none(object) ? "None" : "fine";
}

static const char *
check_null_keys(struct work *w)
{
	struct trx_str without = render_talk(w, 2, false);
	struct trx_str with = render_json(w, NULL_KEYS, false);

	if (with.p == NULL)
		return "error";
	return without.p != NULL && trx_str_equal(with, without) ? "same"
								 : "changes";
}

int
trx_check_run(const struct trx_chat *c, struct trx_arena *a,
    struct trx_check *out, struct trx_error *err)
{
	struct work w = { .chat = c, .arena = a, .out = out, .err = err };

	*out = (struct trx_check){ 0 };
	if (trx_json_parse(TRX_STR(TALK), a, &w.talk, err) == -1 ||
	    trx_json_parse(TRX_STR(TOOLS), a, &w.tools, err) == -1)
		return -1;
	check_talk(&w);
	check_begin(&w);
	check_calls(&w);
	out->null_keys = check_null_keys(&w);
	trx_arena_free(&w.values);
	return w.broken ? -1 : 0;
}
