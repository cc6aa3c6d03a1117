/* Token ids that grow, and where in a text the bytes of each end. */
#ifndef TRX_BASE_IDS_H
#define TRX_BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is a valid empty one, which keeps no ends. */
struct trx_ids {
	uint32_t *ids;	/* owned */
	uint32_t *ends; /* owned; NULL where they are not kept */
	size_t n, cap;
	bool keeps_ends; /* by trx_ids_keep_ends */
};

/*
 * Keep ends from here on; those of ids that are there are 0.  Returns 0, or -1
 * when memory runs out.
 */
int trx_ids_keep_ends(struct trx_ids *ids);

/* Append one, and its end if ends are kept.  Returns 0, or -1 when memory runs
 * out. */
int trx_ids_push(struct trx_ids *ids, uint32_t id, uint32_t end);

/* Make room for n more.  Returns 0, or -1 when memory runs out. */
int trx_ids_reserve(struct trx_ids *ids, size_t n);

/*
 * Insert n ids (of another array) before the one at index `at`; their ends are
 * 0.  Returns 0, or -1 when memory runs out.
 */
int trx_ids_insert(
    struct trx_ids *ids, size_t at, const uint32_t *more, size_t n);

/* Free what it owns and make it empty. */
void trx_ids_free(struct trx_ids *ids);

#endif
