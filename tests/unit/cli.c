/*
 * cli: what common/cli does, for tests/cli.bats.
 *
 *   cli show [options] [WORD...]   the options and operands, as parsed
 *   cli warn TEXT                  a line on standard error; with --flag how
 *                                  many writes that was
 *   cli progress                   counts, and a wait for standard input's end
 *   cli print -n BYTES             through stdio
 *   cli write -n BYTES [FILE]      through an output; --mode wait: stop before
 *                                  the commit until standard input ends;
 *                                  --flag: print a line first
 *   cli rejects -n ROWS --in ROWS [--bound MAX] [FILE]
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/output.h"
#include "common/cli/progress.h"
#include "common/cli/rejects.h"

static const char *const modes[] = { "plain", "wait", NULL };
enum { MODE_PLAIN, MODE_WAIT };

static bool opt_flag;
static const char *opt_bound;
static int opt_mode;
static uint64_t opt_n, opt_in;

static const struct trx_option options[] = {
	{ 'n', "max", TRX_OPTION_COUNT, &opt_n, "N",
	    "how many there are, of bytes or of rows, which is a long help",
	    NULL },
	{ 'f', "flag", TRX_OPTION_FLAG, &opt_flag, NULL, "a flag", NULL },
	{ 'b', "bound", TRX_OPTION_TEXT, &opt_bound, "TEXT", "a text", NULL },
	{ 0, "mode", TRX_OPTION_CHOICE, &opt_mode, "plain|wait", "a choice",
	    modes },
	{ 0, "in", TRX_OPTION_COUNT, &opt_in, "N", "rows that came in", NULL },
	{ 0 },
};

static const char *
library(void)
{
	return "library 1.2.3";
}

static const char *(*const libraries[])(void) = { library, NULL };

static const struct trx_program program = {
	.name = "cli",
	.synopsis = "[options] COMMAND [WORD...]",
	.about = "Try common/cli.",
	.options = options,
	.libraries = libraries,
};

static void
wait_for_end(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
}

static int
show(char **words, struct trx_error *err)
{
	(void)err;
	printf("max=%" PRIu64 " flag=%d bound=%s mode=%s", opt_n, opt_flag,
	    opt_bound == NULL ? "-" : opt_bound, modes[opt_mode]);
	for (; *words != NULL; words++)
		printf(" [%s]", *words);
	putchar('\n');
	return 0;
}

static int
warn(char **words, struct trx_error *err)
{
	int ends[2], writes = 0;
	char c;

	/* A message of this socket is what one write wrote. */
	if (opt_flag && (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == -1 ||
			    dup2(ends[1], STDERR_FILENO) == -1))
		return trx_error_set(err, TRX_MACHINE, "socketpair:");
	trx_warn("%s", *words);
	if (opt_flag) {
		while (recv(ends[0], &c, 1, MSG_DONTWAIT) != -1)
			writes++;
		printf("%d writes\n", writes);
	}
	return 0;
}

static int
progress(char **words, struct trx_error *err)
{
	(void)words;
	(void)err;
	trx_progress_update(UINT64_MAX, 5, 0);
	wait_for_end();
	trx_progress_end();
	return 0;
}

static int
print(char **words, struct trx_error *err)
{
	uint64_t i;

	(void)words;
	(void)err;
	for (i = 0; i < opt_n; i++)
		putchar('x');
	return 0;
}

/* Bytes that tell where they stand, in pieces of many sizes. */
static int
put_bytes(struct trx_output *o, struct trx_error *err)
{
	static char bytes[600000];
	uint64_t i, n, at = 0;

	for (i = 0; at < opt_n; i++, at += n) {
		n = i % 5 == 4 ? sizeof(bytes) : i * 9973 % 70000;
		n = n < opt_n - at ? n : opt_n - at;
		memset(bytes, 'a' + (int)(i % 26), n);
		if (trx_output_write(o, bytes, n, err) == -1)
			return -1;
	}
	return 0;
}

static int
write_output(char **words, struct trx_error *err)
{
	struct trx_output *o = *words != NULL ? trx_output_create(*words, err)
					      : trx_output_binary(err);
	int rc;

	if (o == NULL)
		return -1;
	if (opt_flag && puts("a line") != EOF)
		fflush(stdout);
	if ((rc = put_bytes(o, err)) == 0 && opt_mode == MODE_WAIT &&
	    (rc = trx_output_flush(o, err)) == 0)
		wait_for_end();
	if (rc == 0)
		rc = trx_output_commit(o, err);
	trx_output_free(o);
	return rc;
}

static int
reject(char **words, struct trx_error *err)
{
	struct trx_rejects *r = trx_rejects_open(*words, opt_bound, err);
	int rc = r == NULL ? -1 : 0;
	uint64_t i;

	for (i = 0; rc == 0 && i < opt_n; i++)
		rc = trx_rejects_add(r, TRX_STR("{}"), err);
	if (rc == 0)
		rc = trx_rejects_check(r, opt_in, err);
	if (rc == 0)
		rc = trx_rejects_commit(r, opt_in, opt_in - opt_n, err);
	trx_rejects_free(r);
	return rc;
}

static const struct command {
	const char *name;
	int (*run)(char **words, struct trx_error *err);
	bool closes; /* it closes standard output itself */
} commands[] = {
	{ "show", show, false },
	{ "warn", warn, false },
	{ "progress", progress, false },
	{ "print", print, false },
	{ "write", write_output, true },
	{ "rejects", reject, false },
};

int
main(int argc, char **argv)
{
	struct trx_error err;
	int first, rc, status;
	size_t i;

	if ((first = trx_options_parse(&program, argc, argv, &err)) == -1)
		return trx_message_fail(&err);
	if (first == 0 || first == argc)
		return trx_output_finish();
	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, argv[first]) != 0)
			continue;
		rc = commands[i].run(argv + first + 1, &err);
		status = commands[i].closes ? TRX_OK : trx_output_finish();
		return rc == -1 ? trx_message_fail(&err) : status;
	}
	return TRX_USAGE;
}
