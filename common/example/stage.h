/*
 * A stage of the chain: rows in, each worked on by itself, rows out.  What is
 * the same for all of them stands here: workers, order, rejects, the ledger,
 * progress, and the abort that goes downstream when a stage fails.
 */
#ifndef TRX_EXAMPLE_STAGE_H
#define TRX_EXAMPLE_STAGE_H

#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/example/source.h"
#include "common/record/header.h"
#include "common/record/ledger.h"
#include "common/record/row.h"

/* The counts, beside the law's, that a stage may keep. */
#define TRX_STAGE_COUNTS 5

/* Options that every stage has; zero is the default. */
struct trx_stage_options {
	const char *rejects;	 /* --rejects FILE */
	const char *max_rejects; /* --max-rejects N|P% */
	uint64_t threads;	 /* -j N; 0: one */
};

/* Their places in a filter's option table. */
#define TRX_STAGE_THREADS_OPTION(o) \
	{ \
		'j', "threads", TRX_OPTION_COUNT, &(o)->threads, "N", \
		    "worker threads; they never change the output", NULL \
	}
#define TRX_STAGE_REJECT_OPTIONS(o) \
	{ 0, "rejects", TRX_OPTION_TEXT, &(o)->rejects, "FILE", \
		"write bad rows to FILE and go on", NULL }, \
	{ \
		0, "max-rejects", TRX_OPTION_TEXT, &(o)->max_rejects, "N|P%", \
		    "how many bad rows may be", NULL \
	}

/* A row on its way through a stage. */
struct trx_stage_row {
	const struct trx_source_event *event; /* where it came from */
	/*
	 * A record: decoded, to be changed in place.  A line: to be made.
	 * What the function adds is the arena's.
	 */
	struct trx_row row;
	struct trx_arena *arena;
	/* The example's id for messages, once known; a copy of the arena's. */
	struct trx_str id;
	uint64_t counts[TRX_STAGE_COUNTS];
	/*
	 * A line of several examples: where `more` is set work is called again
	 * for the next one, with state as it was left and the rest cleared.
	 */
	bool more;
	void *state;
	/* What a rejects file is to show instead of the line; .p NULL: it. */
	struct trx_str shown;
};

struct trx_stage {
	const char *name; /* of the filter */
	/* What counts[i] counts, in ledger and summary; ends with NULL. */
	const char *const *count_names;
	/* Say in the segment's header what this stage does. */
	int (*header)(void *ctx, struct trx_header *h, struct trx_arena *a,
	    struct trx_error *err);
	/*
	 * Work on a row, in any thread (0 to threads-1).  Returns the reason
	 * for which it is rejected, with err set; TRX_REASON_NONE with
	 * err->status TRX_OK when it is done, and with another status where the
	 * run cannot go on.
	 */
	enum trx_reason (*work)(void *ctx, unsigned thread,
	    struct trx_stage_row *r, struct trx_error *err);
	void *ctx;
	/* Is a record decoded before work is called?  False for lines. */
	bool records;
};

/* How many threads the options ask for: 1 to 1024. */
unsigned trx_stage_threads(const struct trx_stage_options *o);

/*
 * Run the stage from source to standard output, and print its summary.
 * Failures are sent downstream, also the one that err holds where source is
 * NULL: the filter could not open what it needs.  Returns 0, or -1 with err
 * set.
 */
int trx_stage_run(const struct trx_stage *stage, struct trx_source *source,
    const struct trx_stage_options *options, struct trx_error *err);

#endif
