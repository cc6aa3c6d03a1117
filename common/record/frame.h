/* A frame of a stream: a head of 32 bytes, a payload, zeros up to 8 bytes. */
#ifndef TRX_RECORD_FRAME_H
#define TRX_RECORD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

#define TRX_FRAME_SYNC "\377TRXrec\376"
#define TRX_FRAME_SYNC_SIZE 8
#define TRX_FRAME_HEAD_SIZE 32
#define TRX_FRAME_MAX ((uint32_t)64 * 1024 * 1024) /* of a payload, bytes */

enum trx_frame_type {
	TRX_FRAME_HEADER = 'H',
	TRX_FRAME_DATA = 'D',
	TRX_FRAME_END = 'E',
	TRX_FRAME_ABORT = 'X'
};

struct trx_frame {
	uint8_t type;	 /* one of the above, or an unknown ancillary one */
	bool ancillary;	 /* may be skipped where its type is unknown */
	uint32_t length; /* of the payload, bytes, without padding */
	uint64_t sequence;
	uint32_t payload_crc; /* masked */
	uint32_t head_crc;    /* masked; the segment's checksum chains it */
};

/* Fill head from f; f->head_crc is computed and set. */
void trx_frame_put(struct trx_frame *f, uint8_t head[TRX_FRAME_HEAD_SIZE]);

/*
 * Read a head, its checksum before anything else is believed.  Returns 0, or
 * -1 with err set, TRX_INPUT: no frame, damaged, of a newer format, or longer
 * than TRX_FRAME_MAX.
 */
int trx_frame_get(const uint8_t head[TRX_FRAME_HEAD_SIZE], struct trx_frame *f,
    struct trx_error *err);

/* Zero bytes after a payload of that length. */
static inline size_t
trx_frame_padding(uint32_t length)
{
	return (8 - length % 8) % 8;
}

#endif
