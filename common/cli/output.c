#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
 * Files that a signal must remove.  The handler runs in the thread that holds
 * the lock only if that thread was interrupted, and signals are blocked while
 * it is held.
 */
static struct trx_output *temporaries;
static pthread_mutex_t temporaries_lock = PTHREAD_MUTEX_INITIALIZER;
static const int ending[] = { SIGINT, SIGTERM, SIGHUP };

static void
remove_and_end(int sig)
{
	struct trx_output *o;

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

	sigemptyset(&action.sa_mask);
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (sigaction(ending[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			sigaction(ending[i], &action, NULL);
}

/* Add o to the list, or take it off. */
static void
enlist(struct trx_output *o, bool on)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct trx_output **p;
	sigset_t set, old;
	size_t i;

	pthread_once(&once, handle_signals);
	sigemptyset(&set);
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		sigaddset(&set, ending[i]);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	pthread_mutex_lock(&temporaries_lock);
	for (p = &temporaries; *p != NULL && *p != o; p = &(*p)->next)
		;
	if (on) {
		o->next = NULL;
		*p = o;
	} else if (*p != NULL)
		*p = o->next;
	pthread_mutex_unlock(&temporaries_lock);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
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
		strcpy(copy, path[0] == '\0' ? "" : ".");
	else
		slash[slash == copy] = '\0';
	return copy;
}

/* FOLDER/.NAME.XXXXXX.tmp, open for writing. */
static int
open_temporary(struct trx_output *o, struct trx_error *err)
{
	const char *slash = strrchr(o->path, '/');
	const char *name = slash == NULL ? o->path : slash + 1;
	mode_t mask;

	if (asprintf(&o->temporary, "%.*s.%s.XXXXXX.tmp", (int)(name - o->path),
		o->path, name) == -1) {
		o->temporary = NULL;
		return trx_error_memory(err);
	}
	o->fd = mkostemps(o->temporary, 4, O_CLOEXEC);
	if (o->fd == -1) {
		trx_error_set(err, TRX_MACHINE, "%s:", o->path);
		free(o->temporary);
		o->temporary = NULL;
		return -1;
	}
	enlist(o, true);
	umask(mask = umask(0));
	fchmod(o->fd, 0666 & ~mask);
	return 0;
}

struct trx_output *
trx_output_create(const char *path, struct trx_error *err)
{
	struct trx_output *o = new_output(-1, err);
	struct stat st;
	int rc = 0;

	if (o == NULL)
		return NULL;
	if ((o->path = strdup(path)) == NULL)
		rc = trx_error_memory(err);
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		if (o->fd == -1)
			rc = trx_error_set(err, TRX_MACHINE, "%s:", path);
	} else
		rc = open_temporary(o, err);
	if (rc == 0)
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
	if (trx_output_sync(o, err) == -1)
		return -1;
	if (o->temporary == NULL)
		return 0;
	if (rename(o->temporary, o->path) == -1)
		return failed(o, err);
	enlist(o, false);
	free(o->temporary);
	o->temporary = NULL;
	return sync_folder(o, err);
}

void
trx_output_free(struct trx_output *o)
{
	if (o == NULL)
		return;
	if (o->fd != -1 && o->path != NULL)
		close(o->fd);
	if (o->temporary != NULL) {
		unlink(o->temporary);
		enlist(o, false);
	}
	free(o->temporary);
	free(o->path);
	free(o);
}

int
trx_output_finish(void)
{
	bool bad = ferror(stdout);

	if (fclose(stdout) == 0 && !bad)
		return TRX_OK;
	if (errno == EPIPE)
		end_by_sigpipe();
	trx_warn("standard output: %s", strerror(errno));
	return TRX_MACHINE;
}
