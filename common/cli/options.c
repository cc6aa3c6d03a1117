#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cli/message.h"
#include "common/cli/options.h"
#include "common/cli/progress.h"

#define MAX_OPTIONS 32
#define HELP_COLUMN 28 /* where an option's help begins */

/* What getopt_long gives for an option: its index in the table plus this. */
#define LONG_BASE 256

enum { HELP = LONG_BASE + MAX_OPTIONS, VERSION };

/*
 * A descriptor that the parent closed would be given to the next file opened.
 * In its place comes one that fails: reads of 0, writes of 1 and 2.
 */
static void
fill_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
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
		printf("  %s\n  %*s%s\n", left, HELP_COLUMN, "", o->help);
	else
		printf("  %-*s%s\n", HELP_COLUMN, left, o->help);
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
abbreviated(char *const *argv, const char *name)
{
	/* Its argument may stand in a word of its own, after it. */
	const char *word =
	    argv[optarg == argv[optind - 1] ? optind - 2 : optind - 1];

	return strcspn(word + 2, "=") != strlen(name);
}

static int
unknown(const char *word, struct trx_error *err)
{
	if (strncmp(word, "--", 2) == 0 || optopt == 0 || optopt >= LONG_BASE)
		return trx_error_set(
		    err, TRX_USAGE, "unknown option '%s'", word);
	return trx_error_set(err, TRX_USAGE, "unknown option '-%c'", optopt);
}

int
trx_options_parse(const struct trx_program *program, int argc, char **argv,
    struct trx_error *err)
{
	const struct trx_option *o = NULL;
	struct tables t;
	const char *name;
	int c;

	fill_descriptors();
	trx_message_name(program->name);
	trx_progress_start();
	make_tables(program->options, &t);
	opterr = 0;
	while ((c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		if (c == ':')
			return trx_error_set(err, TRX_USAGE,
			    "option '%s' wants an argument", argv[optind - 1]);
		if (c == '?')
			return unknown(argv[optind - 1], err);
		name = c == HELP      ? "help"
		       : c == VERSION ? "version"
				      : (o = find(program->options, c))->name;
		if (c >= LONG_BASE && abbreviated(argv, name))
			return unknown(argv[optind - 1], err);
		if (c == HELP || c == VERSION) {
			(c == HELP ? print_help : print_version)(program);
			return 0;
		}
		if (set_option(o, optarg, err) == -1)
			return -1;
	}
	return optind;
}
