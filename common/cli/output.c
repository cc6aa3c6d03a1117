#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cli/message.h"
#include "common/cli/output.h"

#define BUFFER ((size_t)256 * 1024)

struct trx_output {
	int fd;
	char *path;		 /* NULL: standard output */
	char *temporary;	 /* NULL: written to as it is, or committed */
	struct trx_output *next; /* of those with a temporary */
	size_t n;
	char data[BUFFER];
};

/*
 * Files that a signal must remove.  Whoever holds them has the signals
 * blocked, so the handler, in whatever thread it runs, waits for them only as
 * long as another thread takes.
 */
static struct trx_output *temporaries;
static atomic_flag temporaries_held = ATOMIC_FLAG_INIT;
static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

static void
ending_set(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		sigaddset(set, ending[i]);
}

/* Never lets go: no file may appear between this and the end. */
static void
remove_and_end(int sig)
{
	struct trx_output *o;

	while (atomic_flag_test_and_set(&temporaries_held))
		;
	for (o = temporaries; o != NULL; o = o->next)
		unlink(o->temporary);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
handle_signals(void)
{
	struct sigaction action = { .sa_handler = remove_and_end }, old;
	size_t i;

	ending_set(&action.sa_mask);
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (sigaction(ending[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(ending[i], &action, NULL);
}

static void
hold_temporaries(sigset_t *old)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	sigset_t set;

	pthread_once(&once, handle_signals);
	ending_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, old);
	while (atomic_flag_test_and_set(&temporaries_held))
		sched_yield();
}

static void
release_temporaries(const sigset_t *old)
{
	atomic_flag_clear(&temporaries_held);
	pthread_sigmask(SIG_SETMASK, old, NULL);
}

/* The file is renamed, or removed: take it off the list.  Held. */
static void
forget_temporary(struct trx_output *o)
{
	struct trx_output **p;

	for (p = &temporaries; *p != o; p = &(*p)->next)
		;
	*p = o->next;
	free(o->temporary);
	o->temporary = NULL;
}

static struct trx_output *
new_output(int fd, struct trx_error *err)
{
	struct trx_output *o = malloc(sizeof(*o));

	if (o == NULL) {
		trx_error_memory(err);
		return NULL;
	}
	o->fd = fd;
	o->path = NULL;
	o->temporary = NULL;
	o->next = NULL;
	o->n = 0;
	return o;
}

struct trx_output *
trx_output_binary(struct trx_error *err)
{
	if (isatty(STDOUT_FILENO)) {
		trx_error_set(err, TRX_USAGE,
		    "a stream is not written to a terminal: pipe it on, or "
		    "into a file");
		return NULL;
	}
	return new_output(STDOUT_FILENO, err);
}

struct trx_output *
trx_output_text(struct trx_error *err)
{
	return new_output(STDOUT_FILENO, err);
}

static char *
folder_of(const char *path)
{
	char *copy = strdup(path), *slash;

	if (copy == NULL)
		return NULL;
	if ((slash = strrchr(copy, '/')) == NULL)
		strcpy(copy, ".");
	else
		slash[slash == copy] = '\0';
	return copy;
}

/*
 * Open a new file under a name whose XXXXXX is made up here: unlike
 * mkostemps, with the mode that umask leaves, which could only be asked for by
 * changing it for all threads.
 */
static int
open_new(char *name, char *xs)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char random[6];
	int tries, fd = -1;
	size_t i;

	for (tries = 0; tries < 100; tries++) {
		if (getrandom(random, sizeof(random), 0) != sizeof(random))
			return -1;
		for (i = 0; i < sizeof(random); i++)
			xs[i] = letters[random[i] % (sizeof(letters) - 1)];
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd != -1 || errno != EEXIST)
			break;
	}
	return fd;
}

/* FOLDER/.NAME.XXXXXX.tmp, open for writing. */
static int
open_temporary(struct trx_output *o, struct trx_error *err)
{
	const char *slash = strrchr(o->path, '/');
	const char *name = slash == NULL ? o->path : slash + 1;
	sigset_t old;
	int n;

	n = asprintf(&o->temporary, "%.*s.%s.XXXXXX.tmp", (int)(name - o->path),
	    o->path, name);
	if (n == -1) {
		o->temporary = NULL;
		return trx_error_memory(err);
	}
	hold_temporaries(&old);
	o->fd = open_new(o->temporary, o->temporary + n - strlen("XXXXXX.tmp"));
	if (o->fd != -1) {
		o->next = temporaries;
		temporaries = o;
	}
	release_temporaries(&old);
	if (o->fd != -1)
		return 0;
	trx_error_set(err, TRX_MACHINE, "%s:", o->path);
	free(o->temporary);
	o->temporary = NULL;
	return -1;
}

static int
open_file(struct trx_output *o, const char *path, struct trx_error *err)
{
	struct stat st;
	bool direct = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
	/* A link stays: what it leads to is replaced. */
	bool link = !direct && lstat(path, &st) == 0 && S_ISLNK(st.st_mode);

	if (path[0] == '\0')
		return trx_error_set(err, TRX_USAGE, "a file name is empty");
	o->path = link ? realpath(path, NULL) : strdup(path);
	if (o->path == NULL)
		return trx_error_set(err, TRX_MACHINE, "%s:", path);
	if (!direct)
		return open_temporary(o, err);
	o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return o->fd == -1 ? trx_error_set(err, TRX_MACHINE, "%s:", path) : 0;
}

struct trx_output *
trx_output_create(const char *path, struct trx_error *err)
{
	struct trx_output *o = new_output(-1, err);

	if (o == NULL || open_file(o, path, err) == 0)
		return o;
	trx_output_free(o);
	return NULL;
}

static int
failed(const struct trx_output *o, struct trx_error *err)
{
	return trx_error_set(err, TRX_MACHINE,
	    "%s:", o->path == NULL ? "standard output" : o->path);
}

/* The reader is gone: end as those do that did not ignore SIGPIPE. */
static void
end_by_sigpipe(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGPIPE);
}

static int
write_all(struct trx_output *o, const char *p, size_t n, struct trx_error *err)
{
	ssize_t some;

	while (n > 0) {
		some = write(o->fd, p, n);
		if (some == -1 && errno == EINTR)
			continue;
		if (some == -1 && errno == EPIPE)
			end_by_sigpipe();
		if (some == -1)
			return failed(o, err);
		p += some;
		n -= (size_t)some;
	}
	return 0;
}

int
trx_output_flush(struct trx_output *o, struct trx_error *err)
{
	size_t n = o->n;

	o->n = 0;
	return write_all(o, o->data, n, err);
}

int
trx_output_write(
    struct trx_output *o, const void *p, size_t n, struct trx_error *err)
{
	if (n > BUFFER - o->n && trx_output_flush(o, err) == -1)
		return -1;
	if (n >= BUFFER)
		return write_all(o, p, n, err);
	if (n > 0)
		memcpy(o->data + o->n, p, n);
	o->n += n;
	return 0;
}

int
trx_output_sync(struct trx_output *o, struct trx_error *err)
{
	int fd = o->fd;

	if (fd == -1)
		return 0;
	if (trx_output_flush(o, err) == -1)
		return -1;
	if (o->temporary != NULL && fsync(fd) == -1)
		return failed(o, err);
	o->fd = -1;
	return close(fd) == -1 ? failed(o, err) : 0;
}

/* A name is safe once its folder is on the disk. */
static int
sync_folder(const struct trx_output *o, struct trx_error *err)
{
	char *folder = folder_of(o->path);
	int fd, rc = 0;

	if (folder == NULL)
		return trx_error_memory(err);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some file systems cannot sync a folder, and say EINVAL. */
	if (fd == -1 || (fsync(fd) == -1 && errno != EINVAL))
		rc = trx_error_set(err, TRX_MACHINE, "%s:", folder);
	if (fd != -1)
		close(fd);
	free(folder);
	return rc;
}

int
trx_output_commit(struct trx_output *o, struct trx_error *err)
{
	sigset_t old;
	int rc;

	if (trx_output_sync(o, err) == -1)
		return -1;
	if (o->temporary == NULL)
		return 0;
	hold_temporaries(&old);
	if ((rc = rename(o->temporary, o->path)) == 0)
		forget_temporary(o);
	release_temporaries(&old);
	return rc == -1 ? failed(o, err) : sync_folder(o, err);
}

void
trx_output_free(struct trx_output *o)
{
	sigset_t old;

	if (o == NULL)
		return;
	if (o->fd != -1 && o->path != NULL)
		close(o->fd);
	if (o->temporary != NULL) {
		hold_temporaries(&old);
		unlink(o->temporary);
		forget_temporary(o);
		release_temporaries(&old);
	}
	free(o->path);
	free(o);
}

int
trx_output_finish(void)
{
	bool bad = ferror(stdout);

	if (fclose(stdout) == 0) {
		if (!bad)
			return TRX_OK;
		errno = EIO; /* which one it was, stdio no longer says */
	}
	if (errno == EPIPE)
		end_by_sigpipe();
	trx_warn("standard output: %s", strerror(errno));
	return TRX_MACHINE;
}
