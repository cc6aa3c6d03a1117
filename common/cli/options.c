#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/progress.h"

#define MAX_OPTIONS 32
#define HELP_COLUMN 28 /* where an option's help begins, less the margin */
#define HELP_WIDTH 50  /* what is left of 80 columns */

/* What getopt_long gives for an option: its index in the table plus this. */
#define LONG_BASE 256

enum { HELP = LONG_BASE + MAX_OPTIONS, VERSION };

/*
 * A descriptor that the parent closed would be given to the next file opened.
 * In its place comes one that fails: reads of 0, writes of 1 and 2.
 */
static int
fill_descriptors(struct trx_error *err)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) == -1)
			return trx_error_set(err, TRX_MACHINE, "/dev/null:");
	return 0;
}

int
trx_options_count(const char *text, uint64_t *out)
{
	uint64_t n = 0, unit = 1;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return -1;
	if (p == text)
		return -1;
	switch (*p) {
	case 'G':
		unit *= 1024; /* fall through */
	case 'M':
		unit *= 1024; /* fall through */
	case 'K':
		unit *= 1024;
		p++;
	}
	return *p != '\0' || __builtin_mul_overflow(n, unit, out) ? -1 : 0;
}

static int
set_choice(const struct trx_option *o, const char *text, struct trx_error *err)
{
	int i;

	for (i = 0; o->choices[i] != NULL; i++)
		if (strcmp(o->choices[i], text) == 0) {
			*(int *)o->value = i;
			return 0;
		}
	return trx_error_set(
	    err, TRX_USAGE, "--%s is %s, not '%s'", o->name, o->argument, text);
}

/* Add text to the list that the option is. */
static int
add_text(const char ***list, const char *text, struct trx_error *err)
{
	const char **more;
	size_t n = 0;

	while (*list != NULL && (*list)[n] != NULL)
		n++;
	if ((more = realloc(*list, (n + 2) * sizeof(*more))) == NULL)
		return trx_error_memory(err);
	more[n] = text;
	more[n + 1] = NULL;
	*list = more;
	return 0;
}

static int
set_option(const struct trx_option *o, const char *text, struct trx_error *err)
{
	switch (o->kind) {
	case TRX_OPTION_FLAG:
		*(bool *)o->value = true;
		return 0;
	case TRX_OPTION_TEXT:
		*(const char **)o->value = text;
		return 0;
	case TRX_OPTION_TEXTS:
		return add_text(o->value, text, err);
	case TRX_OPTION_COUNT:
		if (trx_options_count(text, o->value) == 0)
			return 0;
		return trx_error_set(err, TRX_USAGE,
		    "--%s wants a number such as 4096 or 4K, not '%s'", o->name,
		    text);
	default:
		return set_choice(o, text, err);
	}
}

/* The help of an option, broken between words. */
static void
print_wrapped(const char *text)
{
	int n;

	while (strlen(text) > HELP_WIDTH) {
		for (n = HELP_WIDTH; n > 0 && text[n] != ' '; n--)
			;
		if (n == 0)
			break;
		printf("%.*s\n  %*s", n, text, HELP_COLUMN, "");
		text += n + 1;
	}
	printf("%s\n", text);
}

static void
print_option(const struct trx_option *o)
{
	char left[128];
	int n;

	n = o->letter != 0 ? snprintf(left, sizeof(left), "-%c, ", o->letter)
			   : snprintf(left, sizeof(left), "    ");
	n += snprintf(left + n, sizeof(left) - (size_t)n, "--%s%s%s", o->name,
	    o->argument != NULL ? " " : "",
	    o->argument != NULL ? o->argument : "");
	if (n > HELP_COLUMN - 2)
		printf("  %s\n  %*s", left, HELP_COLUMN, "");
	else
		printf("  %-*s", HELP_COLUMN, left);
	print_wrapped(o->help);
}

static void
print_help(const struct trx_program *p)
{
	static const struct trx_option common[] = {
		{ .name = "help", .help = "print this" },
		{ .name = "version",
		    .help = "print versions, the libraries' too" },
	};
	const struct trx_option *o;

	printf("usage: %s %s\n\n%s\n\n", p->name, p->synopsis, p->about);
	for (o = p->options; o->name != NULL; o++)
		print_option(o);
	print_option(&common[0]);
	print_option(&common[1]);
}

static void
print_version(const struct trx_program *p)
{
	size_t i;

	printf("%s " TRX_VERSION "\n", p->name);
	for (i = 0; p->libraries[i] != NULL; i++)
		printf("%s\n", p->libraries[i]());
}

/* getopt's tables, made from ours. */
struct tables {
	struct option longs[MAX_OPTIONS + 3];
	char shorts[2 * MAX_OPTIONS + 2];
};

static void
make_tables(const struct trx_option *options, struct tables *t)
{
	char *s = t->shorts;
	int i, has;

	*s++ = ':'; /* a missing argument is told from an unknown option */
	for (i = 0; options[i].name != NULL; i++) {
		has = options[i].kind != TRX_OPTION_FLAG;
		t->longs[i] = (struct option){ options[i].name, has, NULL,
			LONG_BASE + i };
		if (options[i].letter != 0) {
			*s++ = options[i].letter;
			if (has)
				*s++ = ':';
		}
	}
	t->longs[i++] = (struct option){ "help", 0, NULL, HELP };
	t->longs[i++] = (struct option){ "version", 0, NULL, VERSION };
	t->longs[i] = (struct option){ 0 };
	*s = '\0';
}

static const struct trx_option *
find(const struct trx_option *options, int c)
{
	const struct trx_option *o;

	if (c >= LONG_BASE)
		return &options[c - LONG_BASE];
	for (o = options; o->name != NULL; o++)
		if (o->letter == c)
			return o;
	return NULL;
}

/* getopt takes a long option's first letters for it: we do not. */
static bool
abbreviated(const struct tables *t, int value, const char *word)
{
	const struct option *o = t->longs;

	while (o->val != value)
		o++;
	return strcspn(word + 2, "=") != strlen(o->name);
}

/* What getopt refuses: c is ':' where an argument is missing, else '?'. */
static int
refuse(const struct tables *t, int c, const char *word, struct trx_error *err)
{
	char letter[] = "-?";
	bool known = c == ':';

	if (optopt == 0 || optopt >= LONG_BASE)
		known = optopt != 0 && !abbreviated(t, optopt, word);
	else {
		/* Where it stands among others, getopt is still at the word. */
		if (optopt > ' ' && optopt < 0x7f)
			letter[1] = (char)optopt;
		word = letter;
	}
	if (!known)
		return trx_error_set(
		    err, TRX_USAGE, "unknown option '%s'", word);
	if (c == ':')
		return trx_error_set(
		    err, TRX_USAGE, "option '%s' wants an argument", word);
	return trx_error_set(err, TRX_USAGE, "option '%.*s' takes no argument",
	    (int)strcspn(word, "="), word);
}

int
trx_options_parse(const struct trx_program *program, int argc, char **argv,
    struct trx_error *err)
{
	struct tables t;
	const char *word;
	int c;

	trx_message_name(program->name);
	if (fill_descriptors(err) == -1)
		return -1;
	trx_progress_start();
	make_tables(program->options, &t);
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		/* An option's argument may be a word of its own, after it. */
		word = argv[optind - 1 - (optarg == argv[optind - 1])];
		if (c == ':' || c == '?')
			return refuse(&t, c, word, err);
		if (c >= LONG_BASE && abbreviated(&t, c, word))
			return trx_error_set(
			    err, TRX_USAGE, "unknown option '%s'", word);
		if (c == HELP || c == VERSION) {
			(c == HELP ? print_help : print_version)(program);
			return 0;
		}
		if (set_option(find(program->options, c), optarg, err) == -1)
			return -1;
	}
	return optind;
}
