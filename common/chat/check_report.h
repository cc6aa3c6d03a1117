/* The report on a model's chat templates, for people and for programs. */
#ifndef TRX_CHAT_CHECK_REPORT_H
#define TRX_CHAT_CHECK_REPORT_H

#include <stdbool.h>

#include "common/base/buf.h"
#include "common/base/error.h"
#include "common/chat/chat.h"

/*
 * Append to *out the findings of common/chat/check.h on the template
 * `default` and, where there is one, `tool_use`, each rendered for rows with
 * and without tools: a section of lines each, or one line of JSON.  Returns
 * 0, or -1 with err set where trx_chat_open fails or memory runs out.
 */
int trx_check_report(const struct trx_chat_options *options, bool json,
    struct trx_buf *out, struct trx_error *err);

#endif
