/*
 * Not the functions of EVP: before the first digest those read libcrypto's
 * configuration and make all of its algorithms known, which takes longer than
 * all else that a filter does when it starts.
 */
#define OPENSSL_API_COMPAT 10100

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/digest/sha256.h"

struct trx_sha256 {
	SHA256_CTX ctx;
	bool failed;
};

struct trx_sha256 *
trx_sha256_new(struct trx_error *err)
{
	struct trx_sha256 *s = calloc(1, sizeof(*s));

	if (s == NULL)
		trx_error_memory(err);
	else
		s->failed = SHA256_Init(&s->ctx) != 1;
	return s;
}

void
trx_sha256_add(struct trx_sha256 *s, const void *p, size_t n)
{
	if (n != 0 && SHA256_Update(&s->ctx, p, n) != 1)
		s->failed = true;
}

int
trx_sha256_bytes(const struct trx_sha256 *s, unsigned char out[TRX_SHA256_SIZE],
    struct trx_error *err)
{
	SHA256_CTX copy = s->ctx;

	if (s->failed || SHA256_Final(out, &copy) != 1)
		return trx_error_set(
		    err, TRX_MACHINE, "libcrypto's SHA-256 failed");
	return 0;
}

static void
to_hex(const unsigned char bytes[TRX_SHA256_SIZE], char hex[TRX_SHA256_HEX])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < TRX_SHA256_SIZE; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[2 * TRX_SHA256_SIZE] = '\0';
}

int
trx_sha256_hex(
    const struct trx_sha256 *s, char hex[TRX_SHA256_HEX], struct trx_error *err)
{
	unsigned char bytes[TRX_SHA256_SIZE];

	if (trx_sha256_bytes(s, bytes, err) == -1)
		return -1;
	to_hex(bytes, hex);
	return 0;
}

int
trx_sha256_of(
    const void *p, size_t n, char hex[TRX_SHA256_HEX], struct trx_error *err)
{
	struct trx_sha256 s = { 0 };

	s.failed = SHA256_Init(&s.ctx) != 1;
	trx_sha256_add(&s, p, n);
	return trx_sha256_hex(&s, hex, err);
}

void
trx_sha256_free(struct trx_sha256 *s)
{
	free(s);
}

const char *
trx_sha256_version(void)
{
	static char text[64];

	snprintf(text, sizeof(text), "libcrypto %s",
	    OpenSSL_version(OPENSSL_FULL_VERSION_STRING));
	return text;
}
