#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/cli/rejects.h"

#define WHOLE 1000000 /* 100 % in the unit of a bound: 0.0001 % */

struct trx_rejects {
	struct trx_output *out; /* NULL: there is no file */
	const char *max;	/* as it was given; borrowed */
	bool bounded;
	bool percent;
	uint64_t bound; /* rows, or parts of a WHOLE */
	uint64_t n;
};

/* "0.5%" as parts of a WHOLE: at most four digits after the point. */
static int
parse_percent(const char *text, uint64_t *out)
{
	uint64_t v = 0;
	int after = -1;
	const char *p;

	for (p = text; *p != '%'; p++) {
		if (*p == '.' && after == -1 && p > text)
			after = 0;
		else if (*p >= '0' && *p <= '9' && after < 4 && v < WHOLE) {
			v = v * 10 + (uint64_t)(*p - '0');
			after += after >= 0;
		} else
			return -1;
	}
	if (p == text || p[1] != '\0')
		return -1;
	for (after = after < 0 ? 0 : after; after < 4; after++)
		v *= 10;
	*out = v;
	return v > WHOLE ? -1 : 0;
}

static int
parse_bound(struct trx_rejects *r, const char *path, struct trx_error *err)
{
	if (r->max == NULL)
		return 0;
	if (path == NULL)
		return trx_error_set(
		    err, TRX_USAGE, "--max-rejects is for --rejects FILE");
	r->bounded = true;
	r->percent = strchr(r->max, '%') != NULL;
	if ((r->percent ? parse_percent(r->max, &r->bound)
			: trx_options_count(r->max, &r->bound)) == -1)
		return trx_error_set(err, TRX_USAGE,
		    "--max-rejects wants a number or a percentage, not '%s'",
		    r->max);
	return 0;
}

struct trx_rejects *
trx_rejects_open(const char *path, const char *max, struct trx_error *err)
{
	struct trx_rejects *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	r->max = max;
	if (parse_bound(r, path, err) == 0 &&
	    (path == NULL || (r->out = trx_output_create(path, err)) != NULL))
		return r;
	trx_rejects_free(r);
	return NULL;
}

bool
trx_rejects_wanted(const struct trx_rejects *r)
{
	return r->out != NULL;
}

/* The bound is passed; the file, which says by what, stays. */
static int
passed(struct trx_rejects *r, struct trx_error *err)
{
	if (trx_output_commit(r->out, err) == -1)
		return -1;
	return trx_error_set(err, TRX_INPUT,
	    "%" PRIu64 " rows rejected: more than --max-rejects %s", r->n,
	    r->max);
}

int
trx_rejects_add(
    struct trx_rejects *r, struct trx_str line, struct trx_error *err)
{
	if (trx_output_write(r->out, line.p, line.n, err) == -1 ||
	    trx_output_write(r->out, "\n", 1, err) == -1)
		return -1;
	r->n++;
	if (r->bounded && !r->percent && r->n > r->bound)
		return passed(r, err);
	return 0;
}

int
trx_rejects_check(struct trx_rejects *r, uint64_t in, struct trx_error *err)
{
	if (r->percent &&
	    (unsigned __int128)r->n * WHOLE > (unsigned __int128)in * r->bound)
		return passed(r, err);
	return 0;
}

int
trx_rejects_commit(
    struct trx_rejects *r, uint64_t in, uint64_t out, struct trx_error *err)
{
	if (r->out != NULL && trx_output_commit(r->out, err) == -1)
		return -1;
	if (in > 0 && out == 0)
		return trx_error_set(
		    err, TRX_INPUT, "nothing came through: all were rejected");
	return 0;
}

void
trx_rejects_free(struct trx_rejects *r)
{
	if (r == NULL)
		return;
	trx_output_free(r->out);
	free(r);
}
