/*
 * frame LENGTH: a header, then the head of a data frame that claims a payload
 * of LENGTH bytes, its checksum right, and nothing after it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/digest/crc32c.h"
#include "common/record/frame.h"

static void
put(uint8_t type, uint64_t sequence, const char *payload, uint32_t length)
{
	uint8_t head[TRX_FRAME_HEAD_SIZE];
	struct trx_frame f = {
		.type = type, .length = length, .sequence = sequence
	};

	if (payload != NULL)
		f.payload_crc = trx_crc32c_mask(trx_crc32c(0, payload, length));
	trx_frame_put(&f, head);
	fwrite(head, 1, sizeof(head), stdout);
	if (payload != NULL) {
		fwrite(payload, 1, length, stdout);
		fwrite("\0\0\0\0\0\0\0", 1, trx_frame_padding(length), stdout);
	}
}

int
main(int argc, char **argv)
{
	static const char header[] =
	    "{\"compat\":{\"vocab_size\":10},\"format\":1,\"kind\":\"tokens\","
	    "\"special\":{},\"stages\":[]}";

	if (argc != 2) {
		fprintf(stderr, "usage: frame LENGTH\n");
		return 2;
	}
	put(TRX_FRAME_HEADER, 0, header, sizeof(header) - 1);
	put(TRX_FRAME_DATA, 1, NULL, (uint32_t)strtoul(argv[1], NULL, 10));
	return 0;
}
