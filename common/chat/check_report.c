#include <string.h>

#include "common/chat/check.h"
#include "common/chat/check_report.h"
#include "common/json/canonical.h"
#include "common/template/unicode.h"

#define SHOWN 60 /* code points of a text in a line of the report */

/* What a finding means for training; `bad` spoils it. */
static const char good[] = "good", note[] = "note", bad[] = "bad";

/* One of the words of a finding. */
struct word {
	const char *word;
	const char *verdict;
	const char *says;
};

static const struct word tools_words[] = {
	{ "printed", good, "a tool that is given is printed" },
	{ "changes", note, "a tool changes the text, but is not printed" },
	{ "ignored", note, "tools are ignored" },
	{ "error", note, "the template fails where tools are given" },
	{ 0 },
};

static const struct word object_words[] = {
	{ "json", good, "arguments that are an object are printed as JSON" },
	{ "other", good,
	    "arguments that are an object are printed in the template's own "
	    "form" },
	{ "escaped", note,
	    "arguments that are an object are printed as a JSON string" },
	{ "python", note,
	    "arguments that are an object are printed as Python has them, "
	    "not as JSON" },
	{ "dropped", note, "arguments that are an object are not printed" },
	{ "error", note,
	    "the template fails on a call's arguments that are an object" },
	{ 0 },
};

static const struct word string_words[] = {
	{ "json", good, "arguments that are a string are printed as it is" },
	{ "other", note,
	    "arguments that are a string are printed in another form" },
	{ "escaped", bad,
	    "arguments that are a string are quoted once more: JSON in JSON" },
	{ "python", note,
	    "arguments that are a string are printed as Python has an object" },
	{ "dropped", note, "arguments that are a string are not printed" },
	{ "error", note,
	    "the template fails on a call's arguments that are a string" },
	{ 0 },
};

static const struct word content_words[] = {
	{ "fine", good, "a content that is null prints nothing" },
	{ "None", bad, "a content that is null is printed: None" },
	{ "error", note, "the template fails on a content that is null" },
	{ 0 },
};

static const struct word keys_words[] = {
	{ "same", good, "other members that are null change nothing" },
	{ "changes", bad,
	    "other members that are null change the text: leave them out" },
	{ "error", note,
	    "the template fails on other members that are null: leave them "
	    "out" },
	{ 0 },
};

static const char unknown[] =
    "not known, as the template fails on a part of the plain chat";

/* The head of s, quoted, with a mark where it is not all. */
static void
add_shown(struct trx_buf *b, struct trx_str s)
{
	struct trx_str head = { s.p, trx_unicode_offset(s, SHOWN) };

	trx_json_quote(b, head);
	if (head.n < s.n)
		trx_buf_addf(b, "... (%zu characters)", trx_unicode_length(s));
}

/* A line; value ends it unless .p is NULL. */
static void
say(struct trx_buf *b, const char *verdict, const char *key, const char *says,
    struct trx_str value)
{
	trx_buf_addf(b, "%-4s  %s: %s", verdict, key, says);
	if (value.p != NULL) {
		trx_buf_addc(b, ' ');
		add_shown(b, value);
	}
	trx_buf_addc(b, '\n');
}

static void
say_plain(
    struct trx_buf *b, const char *verdict, const char *key, const char *says)
{
	say(b, verdict, key, says, (struct trx_str){ NULL, 0 });
}

static void
say_word(struct trx_buf *b, const char *key, const struct word *words,
    const char *word)
{
	while (strcmp(words->word, word) != 0)
		words++;
	say_plain(b, words->verdict, key, words->says);
}

static void
say_end(struct trx_buf *b, const struct trx_check *c)
{
	const struct trx_str after = c->after_assistant;

	if (after.p == NULL)
		say_plain(b, bad, "after_assistant",
		    "the assistant's text is not there: the template changes "
		    "or drops it");
	else if (after.n == 0)
		say_plain(b, bad, "after_assistant",
		    "nothing stands behind the assistant's text");
	else
		say(b, good, "after_assistant",
		    "behind the assistant's text stands", after);
	if (!c->special_known)
		say_plain(b, note, "stop_token",
		    "not known, for no special tokens are: name the model");
	else if (c->stop_token.p == NULL)
		say_plain(b, bad, "stop_token",
		    "no special token ends the assistant's text: a model does "
		    "not learn to stop");
	else if (c->stop_is_eos == TRX_CHECK_YES)
		say(b, good, "stop_token",
		    "the assistant's text ends with eos_token,", c->stop_token);
	else
		say(b, note, "stop_token",
		    "not eos_token, but where generation must stop as well, is",
		    c->stop_token);
}

static void
say_talk(struct trx_buf *b, const struct trx_check *c)
{
	if (c->error.p != NULL) {
		trx_buf_addf(b, "%-4s  plain: a plain chat fails: %.*s\n", bad,
		    (int)c->error.n, c->error.p);
		return;
	}
	say_plain(b, good, "plain", "a plain chat renders");
	if (c->history_prefix == TRX_CHECK_YES)
		say_plain(b, good, "history_prefix",
		    "earlier turns stay as they are when others follow");
	else
		say_plain(b, note, "history_prefix",
		    "earlier turns change when others follow: learn each turn "
		    "from a text of its own");
	if (c->prompt_prefix == TRX_CHECK_YES)
		say_plain(b, good, "prompt_prefix",
		    "a chat with its answer begins with the prompt");
	else
		say_plain(b, bad, "prompt_prefix",
		    "a chat with its answer does not begin with the prompt: "
		    "what is learned from it is not what will be asked");
	say_end(b, c);
}

static void
say_begin(struct trx_buf *b, const struct trx_check *c)
{
	if (c->bos.p == NULL)
		say_plain(
		    b, good, "bos_printed", "the model names no bos_token");
	else if (c->bos_printed == TRX_CHECK_UNKNOWN)
		say_plain(b, note, "bos_printed", unknown);
	else if (c->bos_printed == TRX_CHECK_YES)
		say(b, good, "bos_printed",
		    "the text begins with bos_token (encode it without "
		    "another):",
		    c->bos);
	else
		say(b, note, "bos_printed",
		    "the text does not begin with bos_token,", c->bos);
	if (!c->system_known)
		say_plain(b, note, "system_text", unknown);
	else if (c->system_text.p == NULL)
		say_plain(b, good, "system_text",
		    "nothing is put in where no system message is given");
	else
		say(b, note, "system_text",
		    "before the first turn only, though no system message is "
		    "given, stands",
		    c->system_text);
	if (!c->generation_prompt_appends)
		say_plain(b, note, "generation_prompt_appends",
		    "add_generation_prompt changes what stands before it");
	else if (c->generation_prompt.n == 0)
		say_plain(b, note, "default_generation_prompt",
		    "add_generation_prompt adds nothing");
	else
		say(b, good, "default_generation_prompt",
		    "add_generation_prompt adds", c->generation_prompt);
}

static void
add_text(struct trx_buf *b, const struct trx_check *c, const char *name)
{
	trx_buf_addf(b, "template %s\n", name);
	say_talk(b, c);
	say_begin(b, c);
	if (c->asks_date)
		say_plain(b, bad, "asks_date",
		    "today's date is asked for: fix one by --now");
	else
		say_plain(b, good, "asks_date", "no date is asked for");
	say_plain(b, c->generation_tags ? good : note, "generation_tags",
	    c->generation_tags
		? "{% generation %} marks what the assistant says"
		: "no {% generation %} marks what the assistant says");
	say_word(b, "tools", tools_words, c->tools);
	say_word(b, "tool_call_object", object_words, c->tool_call_object);
	say_word(b, "tool_call_string", string_words, c->tool_call_string);
	say_word(b, "null_content", content_words, c->null_content);
	say_word(b, "null_keys", keys_words, c->null_keys);
}

static void
put_answer(struct trx_buf *b, const char *key, enum trx_check_answer answer)
{
	trx_buf_addf(b, ",\"%s\":%s", key,
	    answer == TRX_CHECK_UNKNOWN ? "null"
	    : answer == TRX_CHECK_YES	? "true"
					: "false");
}

static void
put_text(struct trx_buf *b, const char *key, struct trx_str text)
{
	trx_buf_addf(b, ",\"%s\":", key);
	if (text.p == NULL)
		trx_buf_addz(b, "null");
	else
		trx_json_quote(b, text);
}

static void
put_word(struct trx_buf *b, const char *key, const char *word)
{
	put_text(b, key, trx_str(word));
}

static void
add_json(struct trx_buf *b, const struct trx_check *c, const char *name)
{
	trx_buf_addf(b, "{\"name\":\"%s\"", name);
	put_answer(b, "plain", c->error.p == NULL);
	put_text(b, "error", c->error);
	put_answer(b, "history_prefix", c->history_prefix);
	put_answer(b, "prompt_prefix", c->prompt_prefix);
	put_text(b, "after_assistant", c->after_assistant);
	put_text(b, "stop_token", c->stop_token);
	put_answer(b, "stop_is_eos", c->stop_is_eos);
	put_answer(b, "bos_printed", c->bos_printed);
	put_text(b, "system_text", c->system_text);
	put_text(b, "default_generation_prompt", c->generation_prompt);
	put_answer(
	    b, "generation_prompt_appends", c->generation_prompt_appends);
	put_answer(b, "asks_date", c->asks_date);
	put_answer(b, "generation_tags", c->generation_tags);
	put_word(b, "tools", c->tools);
	put_word(b, "tool_call_object", c->tool_call_object);
	put_word(b, "tool_call_string", c->tool_call_string);
	put_word(b, "null_content", c->null_content);
	put_word(b, "null_keys", c->null_keys);
	trx_buf_addc(b, '}');
}

/* Check one template, alone in its chat layer. */
static int
add_template(const struct trx_chat_options *options, const char *name,
    bool json, struct trx_buf *out, struct trx_error *err)
{
	struct trx_chat *chat = trx_chat_open(options, err);
	struct trx_arena arena = TRX_ARENA_INIT;
	struct trx_check check;
	int rc = -1;

	if (chat != NULL && trx_chat_know_added(chat, err) == 0 &&
	    trx_check_run(chat, &arena, &check, err) == 0) {
		(json ? add_json : add_text)(out, &check, name);
		rc = 0;
	}
	trx_arena_free(&arena);
	trx_chat_free(chat);
	return rc;
}

int
trx_check_report(const struct trx_chat_options *options, bool json,
    struct trx_buf *out, struct trx_error *err)
{
	static const char *const names[] = { "default", "tool_use" };
	struct trx_chat *chat = trx_chat_open(options, err);
	struct trx_chat_options one = *options;
	const struct trx_template *of[2];
	size_t i, n = 0;
	int rc = 0;

	if (chat == NULL)
		return -1;
	of[0] = trx_chat_template(chat, false);
	of[1] = trx_chat_template(chat, true);
	trx_buf_addz(out, json ? "{\"templates\":[" : "");
	for (i = 0; i < 2 && rc == 0; i++) {
		if (of[i] == NULL || (i == 1 && of[1] == of[0]))
			continue;
		/* Where there is one only it may be a file. */
		if (of[0] != of[1])
			one.template = names[i];
		if (n++ != 0)
			trx_buf_addc(out, json ? ',' : '\n');
		rc = add_template(&one, names[i], json, out, err);
	}
	trx_buf_addz(out, json ? "]}\n" : "");
	trx_chat_free(chat);
	if (rc == 0 && out->failed)
		rc = trx_error_memory(err);
	return rc;
}
