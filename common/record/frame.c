#include <inttypes.h>
#include <string.h>

#include "common/base/bytes.h"
#include "common/digest/crc32c.h"
#include "common/record/frame.h"

/* Where the fields of a head stand (trx-records(5)). */
enum {
	AT_TYPE = 8,
	AT_FLAGS = 9,
	AT_ZERO = 10,
	AT_LENGTH = 12,
	AT_SEQUENCE = 16,
	AT_PAYLOAD_CRC = 24,
	AT_HEAD_CRC = 28
};

#define FLAG_ANCILLARY 1

static uint32_t
head_crc(const uint8_t *head)
{
	return trx_crc32c_mask(trx_crc32c(0, head, AT_HEAD_CRC));
}

void
trx_frame_put(struct trx_frame *f, uint8_t head[TRX_FRAME_HEAD_SIZE])
{
	memcpy(head, TRX_FRAME_SYNC, TRX_FRAME_SYNC_SIZE);
	head[AT_TYPE] = f->type;
	head[AT_FLAGS] = f->ancillary ? FLAG_ANCILLARY : 0;
	trx_le16_put(head + AT_ZERO, 0);
	trx_le32_put(head + AT_LENGTH, f->length);
	trx_le64_put(head + AT_SEQUENCE, f->sequence);
	trx_le32_put(head + AT_PAYLOAD_CRC, f->payload_crc);
	f->head_crc = head_crc(head);
	trx_le32_put(head + AT_HEAD_CRC, f->head_crc);
}

static bool
known_type(uint8_t type)
{
	return type == TRX_FRAME_HEADER || type == TRX_FRAME_DATA ||
	       type == TRX_FRAME_END || type == TRX_FRAME_ABORT;
}

int
trx_frame_get(const uint8_t head[TRX_FRAME_HEAD_SIZE], struct trx_frame *f,
    struct trx_error *err)
{
	if (memcmp(head, TRX_FRAME_SYNC, TRX_FRAME_SYNC_SIZE) != 0)
		return trx_error_set(err, TRX_INPUT,
		    "no frame begins here: damaged, or not a trx stream");
	f->head_crc = trx_le32_get(head + AT_HEAD_CRC);
	if (f->head_crc != head_crc(head))
		return trx_error_set(
		    err, TRX_INPUT, "the frame's head is damaged");
	if ((head[AT_FLAGS] & ~FLAG_ANCILLARY) != 0 ||
	    trx_le16_get(head + AT_ZERO) != 0)
		return trx_error_set(
		    err, TRX_INPUT, "the frame is of a newer format");
	f->type = head[AT_TYPE];
	f->ancillary = head[AT_FLAGS] & FLAG_ANCILLARY;
	f->length = trx_le32_get(head + AT_LENGTH);
	f->sequence = trx_le64_get(head + AT_SEQUENCE);
	f->payload_crc = trx_le32_get(head + AT_PAYLOAD_CRC);
	if (!known_type(f->type) && !f->ancillary)
		return trx_error_set(err, TRX_INPUT,
		    "unknown frame type 0x%02x: a newer format", f->type);
	if (f->length > TRX_FRAME_MAX)
		return trx_error_set(err, TRX_INPUT,
		    "a frame of %" PRIu32 " bytes: the limit is %" PRIu32,
		    f->length, TRX_FRAME_MAX);
	return 0;
}
