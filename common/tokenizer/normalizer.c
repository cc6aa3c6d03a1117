#include "common/tokenizer/normalizer_steps.h"

int
trx_normalizer_strip(const struct trx_normalizer_step *s, struct trx_rewrite *w,
    struct trx_normalizer_room *room, struct trx_error *err)
{
	const uint8_t *p = (const uint8_t *)w->from.p;
	size_t begin = 0, end = w->from.n, i;

	(void)room;
	(void)err;
	if (s->left)
		while (begin < end && trx_ucd_is_space(trx_ucd_get(p + begin)))
			begin += trx_ucd_width(p + begin);
	while (s->right && end > begin) {
		for (i = end - 1; (p[i] & 0xc0) == 0x80;)
			i--;
		if (!trx_ucd_is_space(trx_ucd_get(p + i)))
			break;
		end = i;
	}
	if (begin > 0)
		trx_rewrite_cut(w, 0, begin);
	if (end < w->from.n)
		trx_rewrite_cut(w, end, w->from.n);
	return 0;
}

int
trx_normalizer_prepend(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err)
{
	(void)room;
	(void)err;
	trx_rewrite_add(w, s->content, 0);
	return 0;
}

int
trx_normalizer_replace(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err)
{
	const char *p = w->from.p, *end = p + w->from.n, *found;
	size_t begin, n = s->pattern.n;

	(void)room;
	(void)err;
	while (
	    (found = memmem(p, (size_t)(end - p), s->pattern.p, n)) != NULL) {
		begin = (size_t)(found - w->from.p);
		trx_rewrite_put(w, begin, begin + n, s->content);
		p = found + n;
	}
	return 0;
}

int
trx_normalizer_replace_regex(const struct trx_normalizer_step *s,
    struct trx_rewrite *w, struct trx_normalizer_room *room,
    struct trx_error *err)
{
	struct trx_regex_search found;
	int r;

	trx_regex_begin(&found, s->regex, w->from, &room->regex);
	while ((r = trx_regex_next(&found, err)) == 1) {
		/* The reference loses count, and the next step may panic. */
		if (found.begin == found.end)
			return trx_error_set(err, TRX_INPUT,
			    "normalizer: Replace: the Regex matches nothing, "
			    "which is not supported");
		trx_rewrite_put(w, found.begin, found.end, s->content);
	}
	return r;
}

/* Make the ends, in the text before the last step, those in the first one. */
static const uint32_t *
join_ends(struct trx_mapped *last, const uint32_t *before)
{
	uint32_t *ends = (uint32_t *)(void *)last->ends.data;
	size_t i;

	if (before != NULL)
		for (i = 0; i < last->text.len; i++)
			ends[i] = ends[i] == 0 ? 0 : before[ends[i] - 1];
	return ends;
}

int
trx_normalize(const struct trx_normalizer *n, struct trx_str text,
    bool want_ends, struct trx_normalizer_room *room, struct trx_str *out,
    const uint32_t **ends, struct trx_error *err)
{
	const struct trx_normalizer_step *s;
	struct trx_rewrite w;
	struct trx_mapped *to = &room->text[0];
	int r;

	*ends = NULL;
	*out = text;
	/* No step makes anything of nothing. */
	for (s = n->first; s != NULL && out->n != 0; s = s->next) {
		trx_rewrite_begin(&w, *out, want_ends, to);
		if (s->run(s, &w, room, err) == -1)
			return -1;
		if ((r = trx_rewrite_end(&w)) == -1)
			return trx_error_memory(err);
		if (r == 0)
			continue;
		if (want_ends)
			*ends = join_ends(to, *ends);
		*out = to->text.len == 0 ? TRX_STR("") : trx_buf_str(&to->text);
		to = to == &room->text[0] ? &room->text[1] : &room->text[0];
	}
	return 0;
}

void
trx_normalizer_room_free(struct trx_normalizer_room *room)
{
	trx_buf_free(&room->text[0].text);
	trx_buf_free(&room->text[0].ends);
	trx_buf_free(&room->text[1].text);
	trx_buf_free(&room->text[1].ends);
	trx_buf_free(&room->work);
	trx_regex_room_free(&room->regex);
}
