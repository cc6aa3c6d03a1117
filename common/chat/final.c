#include <string.h>

#include "common/chat/final.h"
#include "common/template/strings.h"

/* What transformers puts behind a final message that is to be continued. */
#define TAG "CONTINUE_FINAL_MESSAGE_TAG"

/* s with the tag behind it, in the arena. */
static int
add_tag(struct trx_str *s, struct trx_arena *a, struct trx_error *err)
{
	static const char tag[] = TAG " ";
	char *p = trx_arena_alloc(a, s->n + strlen(tag));

	if (p == NULL)
		return trx_error_memory(err);
	memcpy(p, s->p, s->n);
	memcpy(p + s->n, tag, strlen(tag));
	*s = (struct trx_str){ p, s->n + strlen(tag) };
	return 0;
}

/* A copy of an array's items, or an object's members, to be changed. */
static void *
copy_children(const void *from, size_t n, size_t size, struct trx_arena *a)
{
	void *to = trx_arena_calloc(a, n, size);

	if (to != NULL && n != 0)
		memcpy(to, from, n * size);
	return to;
}

/* The member of an object whose members were copied, or NULL. */
static struct trx_json *
member(struct trx_json *object, const char *key)
{
	return (struct trx_json *)(uintptr_t)trx_json_get(object, key);
}

/*
 * Does Python's `"text" in part` say no for a part that is no object?  Where it
 * says yes, or fails, so does taking the part's text.
 */
static bool
lacks_text(const struct trx_json *part)
{
	const struct trx_json *items = part->u.array.items;
	size_t i;

	if (part->type == TRX_JSON_STRING)
		return trx_strings_find(
			   part->u.string, TRX_STR("text"), false) == -1;
	if (part->type != TRX_JSON_ARRAY)
		return false;
	for (i = 0; i < part->u.array.n; i++)
		if (items[i].type == TRX_JSON_STRING &&
		    trx_str_is(items[i].u.string, "text"))
			return false;
	return true;
}

/* The text of the last part that has one; NULL: there is none, or no memory. */
static struct trx_json *
last_text(struct trx_json *parts, struct trx_arena *a)
{
	struct trx_json *one;
	size_t i;

	parts->u.array.items = copy_children(
	    parts->u.array.items, parts->u.array.n, sizeof(*parts), a);
	for (i = parts->u.array.n; parts->u.array.items != NULL && i-- > 0;) {
		one = &parts->u.array.items[i];
		if (one->type != TRX_JSON_OBJECT && !lacks_text(one))
			return NULL;
		if (one->type != TRX_JSON_OBJECT ||
		    trx_json_get(one, "text") == NULL)
			continue;
		one->u.object.members = copy_children(one->u.object.members,
		    one->u.object.n, sizeof(*one->u.object.members), a);
		return one->u.object.members == NULL ? NULL
						     : member(one, "text");
	}
	return NULL;
}

int
trx_chat_final_tag(struct trx_json *messages, struct trx_str *final,
    struct trx_arena *a, struct trx_error *err)
{
	size_t n = messages->u.array.n;
	struct trx_json *last, *text;

	messages->u.array.items =
	    copy_children(messages->u.array.items, n, sizeof(*messages), a);
	if (messages->u.array.items == NULL)
		return trx_error_memory(err);
	last = &messages->u.array.items[n - 1];
	if (last->type == TRX_JSON_OBJECT &&
	    (last->u.object.members = copy_children(last->u.object.members,
		 last->u.object.n, sizeof(*last->u.object.members), a)) == NULL)
		return trx_error_memory(err);
	text = last->type == TRX_JSON_OBJECT ? member(last, "content") : NULL;
	if (text != NULL && text->type == TRX_JSON_ARRAY)
		text = last_text(text, a);
	if (text == NULL || text->type != TRX_JSON_STRING)
		return trx_error_set(err, TRX_INPUT,
		    "the last message has no text to be continued");
	*final = text->u.string;
	return add_tag(&text->u.string, a, err);
}

int
trx_chat_final_find(
    struct trx_str text, struct trx_str final, size_t *n, struct trx_error *err)
{
	const struct trx_str tag = TRX_STR(TAG),
			     bare = trx_strings_strip(final, NULL, true, true);
	int64_t at;

	if (trx_strings_find(text, bare, false) == -1)
		return trx_error_set(err, TRX_INPUT,
		    "the template does not print the message to be continued");
	if ((at = trx_strings_find(text, tag, true)) == -1)
		return trx_error_set(err, TRX_INPUT,
		    "the template changes the message to be continued");
	*n = (size_t)at;
	if (*n + tag.n == text.n || text.p[*n + tag.n] != ' ')
		*n = trx_strings_strip(
		    (struct trx_str){ text.p, *n }, NULL, false, true)
			 .n;
	return 0;
}

void
trx_chat_final_cut(struct trx_template_trace *t, size_t n)
{
	while (t->npieces > 0 && t->pieces[t->npieces - 1].begin >= n)
		t->npieces--;
	if (t->npieces > 0 && t->pieces[t->npieces - 1].end > n)
		t->pieces[t->npieces - 1].end = n;
	while (t->nspans > 0 && t->spans[t->nspans - 1].begin >= n)
		t->nspans--;
	if (t->nspans > 0 && t->spans[t->nspans - 1].end > n)
		t->spans[t->nspans - 1].end = n;
}
