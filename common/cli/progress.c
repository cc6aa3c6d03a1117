#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cli/message.h"
#include "common/cli/progress.h"

#define INTERVAL 250 /* ms between two drawings */

static atomic_ullong count_in, count_out, count_rejected;
static bool terminal;
static atomic_bool drawn; /* there is a line to be written over */
static long long last;

/* Append the number and the word to line, without stdio: for a handler. */
static size_t
add_count(char *line, size_t n, unsigned long long v, const char *word)
{
	char digits[24];
	size_t d = sizeof(digits);

	do
		digits[--d] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	memcpy(line + n, digits + d, sizeof(digits) - d);
	n += sizeof(digits) - d;
	memcpy(line + n, word, strlen(word));
	return n + strlen(word);
}

static void
put_counts(const char *before, const char *after)
{
	char line[256];
	const char *name = trx_message_program();
	size_t n = 0, length = strlen(name);

	memcpy(line, before, strlen(before));
	n = strlen(before);
	memcpy(line + n, name, length < 64 ? length : 64);
	n += length < 64 ? length : 64;
	memcpy(line + n, ": ", 2);
	n = add_count(line, n + 2, count_in, " in, ");
	n = add_count(line, n, count_out, " out, ");
	n = add_count(line, n, count_rejected, " rejected");
	memcpy(line + n, after, strlen(after));
	n += strlen(after);
	(void)!write(STDERR_FILENO, line, n);
}

static void
on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	put_counts(drawn ? "\r" : "", drawn ? "\033[K\n" : "\n");
	errno = saved;
}

void
trx_progress_start(void)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	terminal = isatty(STDERR_FILENO);
}

static long long
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void
trx_progress_update(uint64_t in, uint64_t out, uint64_t rejected)
{
	long long now;

	count_in = in;
	count_out = out;
	count_rejected = rejected;
	if (!terminal || (now = milliseconds()) - last < INTERVAL)
		return;
	last = now;
	drawn = true;
	put_counts("\r", "\033[K");
}

void
trx_progress_end(void)
{
	if (drawn)
		(void)!write(STDERR_FILENO, "\r\033[K", 4);
	drawn = false;
}
