/* The one place that meets simdjson: its On-Demand API behind a C face. */
#include <algorithm>
#include <cstring>
#include <new>
#include <simdjson.h>
#include <utility>
#include <vector>

extern "C" {
#include "common/json/reader.h"
}

static_assert(TRX_JSON_PADDING >= simdjson::SIMDJSON_PADDING,
    "trx_json_read's callers pad too little");

#define STRINGIFY_TOKENS(...) #__VA_ARGS__
#define STRINGIFY(...) STRINGIFY_TOKENS(__VA_ARGS__)

namespace od = simdjson::ondemand;

using slice = struct trx_str; /* trx_str alone is the function */

struct trx_json_reader {
	od::parser parser;
	/* Children of the containers that are open, the innermost last. */
	std::vector<trx_json> items;
	std::vector<trx_json_member> members;
	std::vector<slice> keys; /* of one object, to be sorted */
};

namespace
{

/* One document being read. */
struct walk {
	trx_json_reader *r;
	const char *begin;
	const char *end;
	const char *at; /* what was read without fault ends here */
	trx_arena *arena;
	const char *why;	 /* of a syntax fault */
	const char *const *keys; /* the root's members to be read; NULL: all */
};

bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

trx_json_fault
syntax(walk &w, const char *why)
{
	w.why = why;
	return TRX_JSON_SYNTAX;
}

/* Pass white space and the byte c, which must follow. */
bool
pass(walk &w, char c)
{
	while (w.at < w.end && is_space(*w.at))
		w.at++;
	if (w.at == w.end || *w.at != c)
		return false;
	w.at++;
	return true;
}

/* A token as simdjson has it goes up to the next one: less white space. */
slice
trimmed(std::string_view token)
{
	size_t n = token.size();

	while (n > 0 && is_space(token[n - 1]))
		n--;
	return slice{ token.data(), n };
}

size_t
digits(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && *q >= '0' && *q <= '9')
		q++;
	return static_cast<size_t>(q - p);
}

/* Is s a number by JSON's grammar?  simdjson is not asked for its value. */
bool
is_number(slice s)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n;

	if (p < end && *p == '-')
		p++;
	if ((n = digits(p, end)) == 0 || (n > 1 && *p == '0'))
		return false;
	p += n;
	if (p < end && *p == '.') {
		p++;
		if ((n = digits(p, end)) == 0)
			return false;
		p += n;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if ((n = digits(p, end)) == 0)
			return false;
		p += n;
	}
	return p == end;
}

/* The four hex digits at p as a number; -1 where they are not. */
int
hex4(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v * 16 + ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* Are the escapes of a string (between its quotes) valid, and paired? */
trx_json_fault
check_escapes(const char *p, const char *end)
{
	while ((p = static_cast<const char *>(memchr(
		    p, '\\', static_cast<size_t>(end - p)))) != nullptr) {
		if (++p == end || strchr("\"\\/bfnrtu", *p) == nullptr)
			return TRX_JSON_SYNTAX;
		if (*p++ != 'u')
			continue;
		int v = hex4(p, end);
		if (v < 0)
			return TRX_JSON_SYNTAX;
		p += 4;
		if (v < 0xd800 || v > 0xdfff)
			continue;
		int low = end - p >= 6 && p[0] == '\\' && p[1] == 'u'
			      ? hex4(p + 2, end)
			      : 0;
		if (v > 0xdbff || low < 0xdc00 || low > 0xdfff)
			return TRX_JSON_LONE_SURROGATE;
		p += 6;
	}
	return TRX_JSON_FINE;
}

/* The string whose quotes are raw's first and last byte, unescaped. */
trx_json_fault
unescape(walk &w, slice raw, od::raw_json_string token, slice *out)
{
	const char *p = raw.p + 1, *end = raw.p + raw.n - 1;
	size_t n = static_cast<size_t>(end - p);

	if (memchr(p, '\\', n) == nullptr) {
		*out = slice{ p, n };
		return TRX_JSON_FINE;
	}
	trx_json_fault fault = check_escapes(p, end);
	if (fault != TRX_JSON_FINE)
		return fault == TRX_JSON_SYNTAX
			   ? syntax(w, "a bad escape in a string")
			   : fault;
	auto *to = static_cast<uint8_t *>(
	    trx_arena_alloc(w.arena, n + simdjson::SIMDJSON_PADDING));
	if (to == nullptr)
		return TRX_JSON_MACHINE;
	std::string_view text;
	if (w.r->parser.unescape(token, to).get(text))
		return syntax(w, "a bad escape in a string");
	*out = slice{ text.data(), text.size() };
	return TRX_JSON_FINE;
}

/* The quoted string that begins at p: simdjson found its end before. */
slice
quoted(const char *p, const char *end)
{
	const char *q = p, *escape;

	do {
		q = static_cast<const char *>(
		    memchr(q + 1, '"', static_cast<size_t>(end - q - 1)));
		for (escape = q; escape[-1] == '\\'; escape--)
			;
	} while ((q - escape) % 2 != 0);
	return slice{ p, static_cast<size_t>(q + 1 - p) };
}

bool
has_duplicate(walk &w, const trx_json_member *m, size_t n)
{
	if (n <= 12) {
		for (size_t i = 1; i < n; i++)
			for (size_t k = 0; k < i; k++)
				if (trx_str_equal(m[i].key, m[k].key))
					return true;
		return false;
	}
	std::vector<slice> &keys = w.r->keys;
	keys.clear();
	for (size_t i = 0; i < n; i++)
		keys.push_back(m[i].key);
	std::sort(keys.begin(), keys.end(), [](const slice &a, const slice &b) {
		return trx_str_compare(a, b) < 0;
	});
	return std::adjacent_find(keys.begin(), keys.end(), trx_str_equal) !=
	       keys.end();
}

trx_json_fault walk_value(walk &w, od::value v, int depth, trx_json *out);

/* Move what lies on the stack from `base` on into the arena. */
template <typename T>
bool
to_arena(walk &w, std::vector<T> &stack, size_t base, T **out, size_t *n)
{
	*n = stack.size() - base;
	*out = static_cast<T *>(trx_arena_alloc(w.arena, (*n + 1) * sizeof(T)));
	if (*out == nullptr)
		return false;
	if (*n > 0)
		memcpy(static_cast<void *>(*out), stack.data() + base,
		    *n * sizeof(T));
	stack.resize(base);
	return true;
}

trx_json_fault
walk_array(walk &w, od::array array, int depth, trx_json *out)
{
	std::vector<trx_json> &stack = w.r->items;
	size_t base = stack.size();

	w.at++;
	for (auto element : array) {
		od::value v;
		trx_json item;

		if (element.get(v))
			return syntax(w, "a broken array");
		if (stack.size() > base && !pass(w, ','))
			return syntax(w, "no comma between array items");
		trx_json_fault fault = walk_value(w, v, depth + 1, &item);
		if (fault != TRX_JSON_FINE)
			return fault;
		stack.push_back(item);
	}
	if (!pass(w, ']'))
		return syntax(w, "an array that does not end");
	out->type = TRX_JSON_ARRAY;
	if (!to_arena(w, stack, base, &out->u.array.items, &out->u.array.n))
		return TRX_JSON_MACHINE;
	return TRX_JSON_FINE;
}

/* Is that member of the root to be read? */
bool
is_wanted(const walk &w, slice key)
{
	const char *const *k = w.keys;

	while (k != nullptr && *k != nullptr && !trx_str_is(key, *k))
		k++;
	return k == nullptr || *k != nullptr;
}

/* A value that is not read but for where it ends: null stands for it. */
trx_json_fault
pass_value(walk &w, od::value v, trx_json *out)
{
	std::string_view raw;

	if (simdjson::to_json_string(v).get(raw))
		return syntax(w, "a broken value");
	out->raw = trimmed(raw);
	out->type = TRX_JSON_NULL;
	w.at = out->raw.p + out->raw.n;
	return TRX_JSON_FINE;
}

trx_json_fault
walk_member(walk &w, od::field &field, int depth, trx_json_member *m)
{
	od::raw_json_string key = field.key();

	m->raw_key = quoted(key.raw() - 1, w.end);
	w.at = m->raw_key.p + m->raw_key.n;
	trx_json_fault fault = unescape(w, m->raw_key, key, &m->key);
	if (fault != TRX_JSON_FINE)
		return fault;
	if (!pass(w, ':'))
		return syntax(w, "no colon after a key");
	if (depth == 1 && !is_wanted(w, m->key))
		return pass_value(w, field.value(), &m->value);
	return walk_value(w, field.value(), depth + 1, &m->value);
}

trx_json_fault
walk_object(walk &w, od::object object, int depth, trx_json *out)
{
	std::vector<trx_json_member> &stack = w.r->members;
	size_t base = stack.size();

	w.at++;
	for (auto element : object) {
		od::field field;
		trx_json_member m;

		if (std::move(element).get(field))
			return syntax(w, "a broken object");
		if (stack.size() > base && !pass(w, ','))
			return syntax(w, "no comma between members");
		trx_json_fault fault = walk_member(w, field, depth, &m);
		if (fault != TRX_JSON_FINE)
			return fault;
		stack.push_back(m);
	}
	if (!pass(w, '}'))
		return syntax(w, "an object that does not end");
	if (has_duplicate(w, stack.data() + base, stack.size() - base))
		return TRX_JSON_DUPLICATE_KEY;
	out->type = TRX_JSON_OBJECT;
	if (!to_arena(w, stack, base, &out->u.object.members, &out->u.object.n))
		return TRX_JSON_MACHINE;
	return TRX_JSON_FINE;
}

/* A number or a literal: its token says all. */
trx_json_fault
walk_token(walk &w, slice token, trx_json *out)
{
	w.at = token.p + token.n;
	out->raw = token;
	if (trx_str_is(token, "null"))
		out->type = TRX_JSON_NULL;
	else if (trx_str_is(token, "true") || trx_str_is(token, "false")) {
		out->type = TRX_JSON_BOOL;
		out->u.boolean = token.p[0] == 't';
	} else if (is_number(token)) {
		out->type = TRX_JSON_NUMBER;
		out->u.number = token;
	} else
		return syntax(w, "neither a value nor a bracket");
	return TRX_JSON_FINE;
}

trx_json_fault
walk_string(walk &w, slice raw, od::raw_json_string token, trx_json *out)
{
	w.at = raw.p + raw.n;
	out->type = TRX_JSON_STRING;
	out->raw = raw;
	return unescape(w, raw, token, &out->u.string);
}

/* V is an od::value, or the od::document where the root is a scalar. */
template <typename V>
trx_json_fault
walk_scalar(walk &w, V &v, trx_json *out)
{
	std::string_view raw;
	od::raw_json_string string;

	if (simdjson::simdjson_result<std::string_view>(v.raw_json_token())
		.get(raw))
		return syntax(w, "no value");
	slice token = trimmed(raw);
	if (token.n == 0 || token.p[0] != '"')
		return walk_token(w, token, out);
	if (v.get_raw_json_string().get(string))
		return syntax(w, "a broken string");
	return walk_string(w, quoted(token.p, w.end), string, out);
}

template <typename V>
trx_json_fault
walk_container(walk &w, V &v, bool object, int depth, trx_json *out)
{
	const char *begin = w.at;
	trx_json_fault fault;
	od::object o;
	od::array a;

	if (depth > TRX_JSON_DEPTH)
		return TRX_JSON_TOO_DEEP;
	if (object)
		fault = v.get_object().get(o) ? syntax(w, "a broken object")
					      : walk_object(w, o, depth, out);
	else
		fault = v.get_array().get(a) ? syntax(w, "a broken array")
					     : walk_array(w, a, depth, out);
	out->raw = slice{ begin, static_cast<size_t>(w.at - begin) };
	return fault;
}

template <typename V>
trx_json_fault
walk_any(walk &w, V &v, int depth, trx_json *out)
{
	while (w.at < w.end && is_space(*w.at))
		w.at++;
	if (w.at < w.end && (*w.at == '{' || *w.at == '['))
		return walk_container(w, v, *w.at == '{', depth, out);
	return walk_scalar(w, v, out);
}

trx_json_fault
walk_value(walk &w, od::value v, int depth, trx_json *out)
{
	return walk_any(w, v, depth, out);
}

trx_json_fault
fault_of(simdjson::error_code code)
{
	switch (code) {
	case simdjson::UTF8_ERROR:
		return TRX_JSON_NOT_UTF8;
	case simdjson::MEMALLOC:
		return TRX_JSON_MACHINE;
	default:
		return TRX_JSON_SYNTAX;
	}
}

trx_json_fault
read_document(walk &w, trx_json *out)
{
	size_t n = static_cast<size_t>(w.end - w.begin);
	od::document doc;
	auto code =
	    w.r->parser.iterate(w.begin, n, n + TRX_JSON_PADDING).get(doc);

	w.r->items.clear();
	w.r->members.clear();
	if (code) {
		w.why = simdjson::error_message(code);
		return fault_of(code);
	}
	trx_json_fault fault = walk_any(w, doc, 1, out);
	if (fault != TRX_JSON_FINE)
		return fault;
	while (w.at < w.end && is_space(*w.at))
		w.at++;
	if (w.at != w.end)
		return syntax(w, "something follows the value");
	return TRX_JSON_FINE;
}

void
describe(const walk &w, trx_json_fault fault, trx_error *err)
{
	size_t at = static_cast<size_t>(w.at - w.begin);

	switch (fault) {
	case TRX_JSON_MACHINE:
		trx_error_memory(err);
		break;
	case TRX_JSON_NOT_UTF8:
		trx_error_set(err, TRX_INPUT, "not valid UTF-8");
		break;
	case TRX_JSON_LONE_SURROGATE:
		trx_error_set(err, TRX_INPUT,
		    "half a surrogate pair in the string before byte %zu", at);
		break;
	case TRX_JSON_DUPLICATE_KEY:
		trx_error_set(err, TRX_INPUT,
		    "a key stands twice in the object before byte %zu", at);
		break;
	case TRX_JSON_TOO_DEEP:
		trx_error_set(err, TRX_INPUT,
		    "nested deeper than %d levels at byte %zu", TRX_JSON_DEPTH,
		    at);
		break;
	default:
		trx_error_set(
		    err, TRX_INPUT, "not JSON at byte %zu: %s", at, w.why);
	}
}

} // namespace

extern "C" {

struct trx_json_reader *
trx_json_reader_new(struct trx_error *err)
{
	trx_json_reader *r = nullptr;

	try {
		r = new trx_json_reader;
	} catch (...) {
		trx_error_memory(err);
	}
	return r;
}

void
trx_json_reader_free(struct trx_json_reader *r)
{
	delete r;
}

enum trx_json_fault
trx_json_read_members(struct trx_json_reader *r, const char *text, size_t len,
    const char *const *keys, struct trx_arena *a, struct trx_json *out,
    struct trx_error *err)
{
	walk w = { r, text, text + len, text, a, "", keys };
	trx_json_fault fault;

	try {
		fault = read_document(w, out);
	} catch (...) {
		fault = TRX_JSON_MACHINE;
	}
	if (fault != TRX_JSON_FINE)
		describe(w, fault, err);
	return fault;
}

enum trx_json_fault
trx_json_read(struct trx_json_reader *r, const char *text, size_t len,
    struct trx_arena *a, struct trx_json *out, struct trx_error *err)
{
	return trx_json_read_members(r, text, len, nullptr, a, out, err);
}

bool
trx_json_is_utf8(slice text)
{
	return simdjson::validate_utf8(text.p, text.n);
}

const char *
trx_json_version(void)
{
	return "simdjson " STRINGIFY(SIMDJSON_VERSION);
}
}
