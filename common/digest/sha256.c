#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/digest/sha256.h"

struct trx_sha256 {
	EVP_MD_CTX *ctx;
	EVP_MD_CTX *copy; /* where a digest is finished without ending ours */
	bool failed;
};

struct trx_sha256 *
trx_sha256_new(struct trx_error *err)
{
	struct trx_sha256 *s = calloc(1, sizeof(*s));

	if (s == NULL)
		goto err0;
	if ((s->ctx = EVP_MD_CTX_new()) == NULL)
		goto err1;
	if ((s->copy = EVP_MD_CTX_new()) == NULL)
		goto err1;
	if (EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) != 1)
		goto err1;
	return s;
err1:
	trx_sha256_free(s);
err0:
	trx_error_memory(err);
	return NULL;
}

void
trx_sha256_add(struct trx_sha256 *s, const void *p, size_t n)
{
	if (n != 0 && EVP_DigestUpdate(s->ctx, p, n) != 1)
		s->failed = true;
}

int
trx_sha256_bytes(const struct trx_sha256 *s, unsigned char out[TRX_SHA256_SIZE],
    struct trx_error *err)
{
	if (s->failed || EVP_MD_CTX_copy_ex(s->copy, s->ctx) != 1 ||
	    EVP_DigestFinal_ex(s->copy, out, NULL) != 1)
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
	unsigned char bytes[TRX_SHA256_SIZE];

	if (EVP_Digest(p, n, bytes, NULL, EVP_sha256(), NULL) != 1)
		return trx_error_set(
		    err, TRX_MACHINE, "libcrypto's SHA-256 failed");
	to_hex(bytes, hex);
	return 0;
}

void
trx_sha256_free(struct trx_sha256 *s)
{
	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->ctx);
	EVP_MD_CTX_free(s->copy);
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
