/* trx-gpuload: rows become arrays in the memory of a device. */
#include <inttypes.h>
#include <stdio.h>

#include "common/archive/tarball.h"
#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/cli/progress.h"
#include "common/device/device.h"
#include "common/example/archived.h"
#include "common/example/inputs.h"
#include "common/json/reader.h"
#include "common/zstream/frames.h"

static const char *opt_device;
static bool opt_verify;

static const struct trx_option options[] = {
	{ 'd', "device", TRX_OPTION_TEXT, &opt_device, "host|cuda:N",
	    "where rows go (cuda:0; host where there is no driver)", NULL },
	{ 0, "verify", TRX_OPTION_FLAG, &opt_verify, NULL,
	    "read everything back and compare", NULL },
	{ 0 },
};

static const char *(*const libraries[])(void) = { trx_device_version,
	trx_json_version, trx_zstream_version, trx_tarball_version, NULL };

static const struct trx_program program = {
	.name = "trx-gpuload",
	.synopsis = "[-d host|cuda:N] [--verify] [FILE...]",
	.about = "Load streams or shards of tokens into device memory.",
	.options = options,
	.libraries = libraries,
};

/* What stands in device memory, each one array (trx-gpuload(1)). */
enum { IDS, MASK, SEGS, ROW_TOKENS, ROW_SEGS, ARRAYS };
static const char *const array_names[ARRAYS] = { "ids", "mask", "segs",
	"row_tokens", "row_segs" };

struct load {
	struct trx_device *device;
	struct trx_device_array *arrays[ARRAYS];
	struct trx_inputs inputs;
	struct trx_arena arena; /* of one row */
	uint64_t examples;	/* of this segment */
	uint64_t rows, tokens, segs;
};

static int
append_row(
    struct load *l, const struct trx_shard_row *row, struct trx_error *err)
{
	l->rows++;
	l->tokens += row->nids;
	l->segs += row->nsegs;
	if (trx_device_append(l->arrays[IDS], row->ids,
		row->nids * sizeof(*row->ids), err) == -1 ||
	    trx_device_append(l->arrays[MASK], row->mask, row->nids, err) ==
		-1 ||
	    trx_device_append(l->arrays[SEGS], row->segs,
		row->nsegs * sizeof(*row->segs), err) == -1 ||
	    trx_device_append(l->arrays[ROW_TOKENS], &l->tokens,
		sizeof(l->tokens), err) == -1)
		return -1;
	return trx_device_append(
	    l->arrays[ROW_SEGS], &l->segs, sizeof(l->segs), err);
}

static int
take_row(
    struct load *l, const struct trx_source_event *e, struct trx_error *err)
{
	struct trx_shard_row arrays;
	struct trx_row row;

	trx_arena_reset(&l->arena);
	if (trx_row_decode(e->bytes, TRX_KIND_TOKENS, &l->arena, &row, err) ==
		-1 ||
	    trx_row_check_ids(
		&row, trx_header_vocab_size(&l->inputs.first), err) == -1)
		return trx_error_at(
		    err, "%s: record %" PRIu64, e->name, e->number);
	l->examples += row.ngroups;
	trx_progress_update(l->rows, l->rows, 0);
	if (trx_archived_arrays(&row, &l->arena, &arrays, err) == -1)
		return -1;
	return append_row(l, &arrays, err);
}

static int
take(struct load *l, const struct trx_source_event *e, struct trx_error *err)
{
	switch (e->type) {
	case TRX_EVENT_HEADER:
		l->examples = 0;
		return trx_inputs_begin(&l->inputs, e, err) == -1 ? -1 : 0;
	case TRX_EVENT_ROW:
		return take_row(l, e, err);
	default:
		return trx_inputs_end(&l->inputs, e, l->examples, err);
	}
}

static int
load_all(struct load *l, struct trx_source *source, struct trx_error *err)
{
	struct trx_source_event e;
	int i, rc;

	while ((rc = trx_source_next(source, &e, err)) == 1)
		if (take(l, &e, err) == -1)
			return -1;
	for (i = 0; i < ARRAYS && rc == 0; i++)
		rc = trx_device_flush(l->arrays[i], err);
	return rc;
}

static int
open_device(struct load *l, struct trx_error *err)
{
	int i;

	trx_inputs_init(&l->inputs);
	l->device = trx_device_open(
	    opt_device, opt_verify ? TRX_DEVICE_VERIFY : 0, err);
	if (l->device == NULL)
		return -1;
	if (trx_device_note(l->device) != NULL)
		trx_warn("%s", trx_device_note(l->device));
	for (i = 0; i < ARRAYS; i++) {
		l->arrays[i] =
		    trx_device_array_new(l->device, array_names[i], err);
		if (l->arrays[i] == NULL)
			return -1;
	}
	return 0;
}

static void
close_device(struct load *l)
{
	int i;

	for (i = 0; i < ARRAYS; i++)
		trx_device_array_free(l->arrays[i]);
	trx_device_close(l->device);
	trx_inputs_free(&l->inputs);
	trx_arena_free(&l->arena);
}

static void
report(const struct load *l)
{
	uint64_t bytes = 0;
	int i;

	for (i = 0; i < ARRAYS; i++)
		bytes += trx_device_array_bytes(l->arrays[i]);
	printf("%s: %" PRIu64 " rows, %" PRIu64 " tokens, %" PRIu64
	       " segments, %" PRIu64 " bytes%s\n",
	    trx_device_name(l->device), l->rows, l->tokens, l->segs, bytes,
	    opt_verify ? ", verified" : "");
}

int
main(int argc, char **argv)
{
	struct load load = { 0 };
	struct trx_source *source = NULL;
	struct trx_error err;
	int first, rc = -1;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0)
		return trx_output_finish();
	if (open_device(&load, &err) == 0)
		source = trx_source_records(argv + first, argc - first, &err);
	if (source != NULL)
		rc = load_all(&load, source, &err);
	trx_progress_end();
	if (rc == 0)
		report(&load);
	trx_source_free(source);
	close_device(&load);
	return rc == -1 ? trx_message_fail(&err) : trx_output_finish();
}
