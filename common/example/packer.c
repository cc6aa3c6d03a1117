#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/example/packer.h"
#include "common/pack/fit.h"
#include "common/pack/permute.h"

/* A row that came in, kept until its bin is closed. */
struct member {
	struct member *next; /* of its bin; the last one in comes first */
	size_t size;
	char payload[];
};

struct trx_packer {
	uint32_t length;
	int (*out)(void *ctx, const struct trx_row *row, struct trx_error *err);
	void *ctx;
	struct trx_fit *fit;
	/* The window. */
	struct member *members[TRX_PACKER_ROWS];
	uint32_t lengths[TRX_PACKER_ROWS];
	size_t n;
	uint64_t tokens;
	uint64_t bytes;
	/* What each bin holds, by its number; NULL: it is not open. */
	struct member **bins;
	size_t nbins;
	/* Rows that are closed and not given out yet. */
	struct member **closed;
	size_t nclosed;
	size_t cclosed;
	uint64_t seed;
	struct trx_arena arena; /* of the row that is given out */
};

struct trx_packer *
trx_packer_new(uint32_t length,
    int (*out)(void *ctx, const struct trx_row *row, struct trx_error *err),
    void *ctx, struct trx_error *err)
{
	struct trx_packer *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	p->length = length;
	p->out = out;
	p->ctx = ctx;
	if ((p->fit = trx_fit_new(length, err)) == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

static void
free_members(struct member *m)
{
	struct member *next;

	for (; m != NULL; m = next) {
		next = m->next;
		free(m);
	}
}

void
trx_packer_free(struct trx_packer *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n; i++)
		free_members(p->members[i]);
	for (i = 0; i < p->nbins; i++)
		free_members(p->bins[i]);
	for (i = 0; i < p->nclosed; i++)
		free_members(p->closed[i]);
	free(p->bins);
	free(p->closed);
	trx_fit_free(p->fit);
	trx_arena_free(&p->arena);
	free(p);
}

/* The members of a bin in the order in which they came in. */
static struct member *
reversed(struct member *m)
{
	struct member *next, *list = NULL;

	for (; m != NULL; m = next) {
		next = m->next;
		m->next = list;
		list = m;
	}
	return list;
}

/* Append src, whose first token and group become those after dst's. */
static void
join(struct trx_row *dst, const struct trx_row *src)
{
	uint32_t base = (uint32_t)dst->nids;
	size_t i;

	memcpy(dst->ids + base, src->ids, src->nids * sizeof(*src->ids));
	for (i = 0; i < src->nspans; i++)
		dst->spans[dst->nspans++] =
		    (struct trx_span){ .begin = base + src->spans[i].begin,
			    .end = base + src->spans[i].end };
	for (i = 0; i < src->nsegments; i++) {
		const struct trx_segment *s = &src->segments[i];

		dst->segments[dst->nsegments++] =
		    (struct trx_segment){ .begin = base + s->begin,
			    .context_end = base + s->context_end,
			    .end = base + s->end,
			    .group = (uint32_t)dst->ngroups + s->group };
	}
	memcpy(dst->groups + dst->ngroups, src->groups,
	    src->ngroups * sizeof(*src->groups));
	dst->nids += src->nids;
	dst->ngroups += src->ngroups;
}

/* Room in dst for all of the rows. */
static int
make_room(const struct trx_row *rows, size_t n, struct trx_arena *a,
    struct trx_row *dst, struct trx_error *err)
{
	size_t i, ids = 0, spans = 0, segments = 0, groups = 0;

	for (i = 0; i < n; i++) {
		ids += rows[i].nids;
		spans += rows[i].nspans;
		segments += rows[i].nsegments;
		groups += rows[i].ngroups;
	}
	*dst = (struct trx_row){ .kind = TRX_KIND_TOKENS };
	dst->ids = trx_arena_calloc(a, ids, sizeof(*dst->ids));
	dst->spans = trx_arena_calloc(a, spans, sizeof(*dst->spans));
	dst->segments = trx_arena_calloc(a, segments, sizeof(*dst->segments));
	dst->groups = trx_arena_calloc(a, groups, sizeof(*dst->groups));
	if (dst->ids == NULL || dst->spans == NULL || dst->segments == NULL ||
	    dst->groups == NULL)
		return trx_error_memory(err);
	return 0;
}

static int
give_out(struct trx_packer *p, const struct member *list, struct trx_error *err)
{
	const struct member *m;
	struct trx_row *rows, joined;
	size_t i, n = 0;

	trx_arena_reset(&p->arena);
	for (m = list; m != NULL; m = m->next)
		n++;
	if ((rows = trx_arena_calloc(&p->arena, n, sizeof(*rows))) == NULL)
		return trx_error_memory(err);
	for (i = 0, m = list; m != NULL; m = m->next, i++)
		if (trx_row_decode((struct trx_str){ m->payload, m->size },
			TRX_KIND_TOKENS, &p->arena, &rows[i], err) == -1)
			return -1;
	if (make_room(rows, n, &p->arena, &joined, err) == -1)
		return -1;
	for (i = 0; i < n; i++)
		join(&joined, &rows[i]);
	return p->out(p->ctx, &joined, err);
}

/* Close bins until at most `keep` are open. */
static int
close_bins(struct trx_packer *p, size_t keep, struct trx_error *err)
{
	struct member **more;
	uint32_t bin;

	while (trx_fit_close(p->fit, keep, &bin)) {
		if (p->nclosed == p->cclosed) {
			more = realloc(p->closed,
			    (p->cclosed + 1024) * sizeof(struct member *));
			if (more == NULL)
				return trx_error_memory(err);
			p->closed = more;
			p->cclosed += 1024;
		}
		p->closed[p->nclosed++] = reversed(p->bins[bin]);
		p->bins[bin] = NULL;
	}
	return 0;
}

/* Give out what is closed, permuted. */
static int
flush(struct trx_packer *p, struct trx_error *err)
{
	uint32_t *order = malloc((p->nclosed + 1) * sizeof(*order));
	struct member **m;
	size_t i;
	int rc = 0;

	if (order == NULL)
		return trx_error_memory(err);
	for (i = 0; i < p->nclosed; i++)
		order[i] = (uint32_t)i;
	trx_permute(&p->seed, order, p->nclosed);
	for (i = 0; i < p->nclosed && rc == 0; i++) {
		m = &p->closed[order[i]];
		rc = give_out(p, *m, err);
		free_members(*m);
		*m = NULL;
	}
	if (rc == 0)
		p->nclosed = 0;
	free(order);
	return rc;
}

/* Room for the bins that a window may open. */
static int
reserve_bins(struct trx_packer *p, size_t n, struct trx_error *err)
{
	struct member **more;

	if (n <= p->nbins)
		return 0;
	if ((more = realloc(p->bins, n * sizeof(struct member *))) == NULL)
		return trx_error_memory(err);
	memset(more + p->nbins, 0, (n - p->nbins) * sizeof(struct member *));
	p->bins = more;
	p->nbins = n;
	return 0;
}

static int
place_window(struct trx_packer *p, size_t keep, struct trx_error *err)
{
	uint32_t bins[TRX_PACKER_ROWS];
	size_t i;

	if (trx_fit_window(p->fit, p->lengths, p->n, bins, err) == -1)
		return -1;
	for (i = 0; i < p->n; i++)
		if (reserve_bins(p, (size_t)bins[i] + 1, err) == -1)
			return -1;
	for (i = 0; i < p->n; i++) {
		p->members[i]->next = p->bins[bins[i]];
		p->bins[bins[i]] = p->members[i];
	}
	p->n = 0;
	p->tokens = 0;
	p->bytes = 0;
	if (close_bins(p, keep, err) == -1)
		return -1;
	return flush(p, err);
}

int
trx_packer_add(struct trx_packer *p, struct trx_str payload,
    const struct trx_row *row, struct trx_error *err)
{
	struct member *m = malloc(sizeof(*m) + payload.n);

	if (m == NULL)
		return trx_error_memory(err);
	m->next = NULL;
	m->size = payload.n;
	memcpy(m->payload, payload.p, payload.n);
	p->members[p->n] = m;
	p->lengths[p->n++] = (uint32_t)row->nids;
	p->tokens += row->nids;
	p->bytes += payload.n;
	if (p->n < TRX_PACKER_ROWS && p->tokens < TRX_PACKER_TOKENS &&
	    p->bytes < TRX_PACKER_BYTES)
		return 0;
	return place_window(p, TRX_PACKER_OPEN, err);
}

int
trx_packer_finish(struct trx_packer *p, struct trx_error *err)
{
	return place_window(p, 0, err);
}
