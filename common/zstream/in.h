/*
 * Input that may be compressed: a descriptor whose first four bytes say
 * whether it is zstd (several frames and skippable frames are fine) or plain.
 * Memory is bounded by the window limit, whatever the input claims.
 */
#ifndef TRX_ZSTREAM_IN_H
#define TRX_ZSTREAM_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/base/error.h"
#include "common/base/str.h"

/* trx_zin_peek looks no further than this many bytes of the file. */
#define TRX_ZIN_PEEK 262144

/* With a ratio limit: what may come out before the ratio counts. */
#define TRX_ZIN_RATIO_FROM 16777216u

struct trx_zin;

/* A frame that has been read to its end. */
struct trx_zin_frame {
	uint64_t compressed;   /* its size in bytes */
	uint64_t decompressed; /* the size of what came out of it */
	uint32_t checksum;     /* its content checksum; 0 where it has none */
};

/* Who wants to see the frames; any function may be NULL. */
struct trx_zin_watch {
	void *ctx;
	/* The bytes of the compressed frames, in order, as they are read. */
	void (*compressed)(void *ctx, const void *p, size_t n);
	/* A frame ended.  0, or -1 with err set, which ends the reading. */
	int (*frame)(void *ctx, const struct trx_zin_frame *frame,
	    struct trx_error *err);
	/*
	 * A skippable frame, its content whole; without this function they
	 * are skipped.  As frame.
	 */
	int (*skippable)(void *ctx, uint32_t magic, struct trx_str content,
	    struct trx_error *err);
};

struct trx_zin_options {
	int window_log;	      /* the largest window: 2^window_log bytes */
	bool checksums;	      /* every frame must have a content checksum */
	uint64_t ratio;	      /* most bytes out for one in; 0: any */
	size_t skippable_max; /* the longest content given to the watch */
	struct trx_zin_watch watch;
};

/*
 * Read fd, which is now z's (also closed on failure), with the options of a
 * stream: window_log 27, no other limit, no watch.  name is copied, for
 * messages.  Returns NULL with err set on failure.  Reads nothing yet.
 */
struct trx_zin *trx_zin_open(int fd, const char *name, struct trx_error *err);

/*
 * Copy the first n bytes (decompressed) into buf without taking them: what
 * kind of file is it?  Only before trx_zin_set and trx_zin_read; n is at most
 * 4096.  Returns how many there are (fewer at the end, in damaged data, and
 * where TRX_ZIN_PEEK bytes of the file do not hold as many; trx_zin_read will
 * say which), or -1 with err set where reading failed.
 */
ssize_t trx_zin_peek(
    struct trx_zin *z, void *buf, size_t n, struct trx_error *err);

/* Set other options, which are copied.  Only before the first trx_zin_read. */
void trx_zin_set(struct trx_zin *z, const struct trx_zin_options *options);

/*
 * Read up to n bytes: what is there, without waiting for more.  Returns how
 * many, 0 at the end (n must not be 0), or -1 with err set, the name before
 * it: TRX_INPUT where the file is damaged, cut short, passes a limit or a
 * watch refused it, TRX_MACHINE where reading failed.
 */
ssize_t trx_zin_read(
    struct trx_zin *z, void *buf, size_t n, struct trx_error *err);

/* Is it zstd?  Known after the first trx_zin_peek or trx_zin_read. */
bool trx_zin_compressed(const struct trx_zin *z);

/* The name given to trx_zin_open; borrowed until trx_zin_close. */
const char *trx_zin_name(const struct trx_zin *z);

/* Close the descriptor and free.  NULL is fine. */
void trx_zin_close(struct trx_zin *z);

#endif
