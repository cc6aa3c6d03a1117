/*
 * What a chat template does to a few short conversations: findings that
 * matter before a model is trained on its text.  The user says "Hello", the
 * assistant "Hi there", the user "Tell me a joke", the assistant "Why did the
 * chicken"; trx-template(1) defines every finding.
 */
#ifndef TRX_CHAT_CHECK_H
#define TRX_CHAT_CHECK_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/str.h"
#include "common/chat/chat.h"

enum trx_check_answer { TRX_CHECK_UNKNOWN = -1, TRX_CHECK_NO, TRX_CHECK_YES };

/* Texts with .p NULL are not there; words are string literals. */
struct trx_check {
	/* Why the plain chat fails: then nothing up to stop_is_eos is known. */
	struct trx_str error;
	enum trx_check_answer history_prefix;
	enum trx_check_answer prompt_prefix;
	struct trx_str after_assistant;
	bool special_known; /* are the model's special tokens? */
	struct trx_str stop_token;
	enum trx_check_answer stop_is_eos;

	struct trx_str bos; /* the model's bos_token */
	enum trx_check_answer bos_printed;
	struct trx_str system_text;
	bool system_known; /* could system_text be told? */
	struct trx_str generation_prompt;
	bool generation_prompt_appends;
	bool asks_date;
	bool generation_tags;
	const char *tools; /* error, ignored, printed, changes */
	/* error, json, escaped, python, other, dropped */
	const char *tool_call_object;
	const char *tool_call_string;
	const char *null_content; /* error, None, fine */
	const char *null_keys;	  /* error, same, changes */
};

/*
 * Check the template of c that serves rows without tools; c has no other.
 * What *out holds is a's.  A template that fails is a finding; returns -1 with
 * err set where memory runs out.
 */
int trx_check_run(const struct trx_chat *c, struct trx_arena *a,
    struct trx_check *out, struct trx_error *err);

#endif
