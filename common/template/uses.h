/* What a part of a template mentions, as Jinja's compiler looks for it. */
#ifndef TRX_TEMPLATE_USES_H
#define TRX_TEMPLATE_USES_H

#include "common/template/tree.h"

/* All count the nodes that they see into *work. */

enum trx_use { TRX_USE_NONE, TRX_USE_READ, TRX_USE_WRITE };

/*
 * Which comes first below node, a read of the name or a write?  Jinja goes
 * through a statement in an order of its own, and not into blocks.
 */
enum trx_use trx_uses_first(
    const struct trx_node *node, const char *name, size_t *work);

/* What sets loop below a for, inner loops' targets included, or NULL. */
const struct trx_node *trx_uses_loop(const struct trx_node *node, size_t *work);

/* Is there a scoped block below node?  It may read loop unseen. */
bool trx_uses_scoped_block(const struct trx_node *node, size_t *work);

#endif
