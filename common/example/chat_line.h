/* A line of chat JSONL on its way through trx-template: its examples. */
#ifndef TRX_EXAMPLE_CHAT_LINE_H
#define TRX_EXAMPLE_CHAT_LINE_H

#include "common/example/render.h"
#include "common/example/stage.h"
#include "common/json/reader.h"

/*
 * The work of a stage (common/example/stage.h) on the line r: makes its next
 * example, with the counts of common/example/render.h.
 */
enum trx_reason trx_chat_line(const struct trx_renderer *renderer,
    struct trx_json_reader *reader, struct trx_stage_row *r,
    struct trx_error *err);

#endif
