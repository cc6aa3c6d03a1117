/* A main for a fuzz target: runs it on each file named. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t n = 0, cap = 0;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	do {
		if (n == cap) {
			cap = cap * 2 + 4096;
			data = realloc(data, cap);
			if (data == NULL)
				abort();
		}
		n += fread(data + n, 1, cap - n, f);
	} while (n == cap);
	fclose(f);
	/* An exact copy, so that a sanitizer sees a read past its end. */
	data = realloc(data, n > 0 ? n : 1);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	return 0;
}

int
main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (replay(argv[i]) == -1)
			return 1;
	printf("%d inputs\n", argc - 1);
	return 0;
}
