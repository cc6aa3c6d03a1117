#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/archive/npy.h"

#define MAGIC_SIZE 10 /* with version 1.0 and the length of the rest */
#define ROWS_MAX 0x7fffffffu

static const char magic[MAGIC_SIZE] = { '\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0,
	TRX_NPY_HEAD - MAGIC_SIZE, 0 };

static const struct {
	const char *name;
	unsigned size;
} types[] = { { "<i4", 4 }, { "<u2", 2 }, { "|u1", 1 } };

#define NTYPES (sizeof(types) / sizeof(types[0]))

uint64_t
trx_npy_size(const struct trx_npy *npy)
{
	return npy->rows * (npy->columns == 0 ? 1 : npy->columns) *
	       types[npy->type].size;
}

void
trx_npy_put(const struct trx_npy *npy, char head[TRX_NPY_HEAD])
{
	char text[TRX_NPY_HEAD], columns[16] = "";
	int n;

	if (npy->columns != 0)
		snprintf(columns, sizeof(columns), " %u", npy->columns);
	n = snprintf(text, sizeof(text),
	    "{'descr': '%s', 'fortran_order': False, 'shape': (%" PRIu64
	    ",%s), }",
	    types[npy->type].name, npy->rows, columns);
	memset(head, ' ', TRX_NPY_HEAD);
	memcpy(head, magic, sizeof(magic));
	memcpy(head + sizeof(magic), text, (size_t)n);
	head[TRX_NPY_HEAD - 1] = '\n';
}

int
trx_npy_get(const char head[TRX_NPY_HEAD], struct trx_npy *npy)
{
	char text[TRX_NPY_HEAD + 1], same[TRX_NPY_HEAD], descr[4] = "";
	size_t i;

	memcpy(text, head, TRX_NPY_HEAD);
	text[TRX_NPY_HEAD] = '\0';
	*npy = (struct trx_npy){ 0 };
	if (sscanf(text + MAGIC_SIZE,
		"{'descr': '%3[^']', 'fortran_order': False, 'shape': "
		"(%10" SCNu64 ", %1u)",
		descr, &npy->rows, &npy->columns) < 2)
		return -1;
	for (i = 0; i < NTYPES && strcmp(descr, types[i].name) != 0; i++)
		continue;
	if (i == NTYPES || npy->rows > ROWS_MAX)
		return -1;
	npy->type = (enum trx_npy_type)i;
	trx_npy_put(npy, same);
	return memcmp(head, same, TRX_NPY_HEAD) == 0 ? 0 : -1;
}
