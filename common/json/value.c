#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/json/value.h"

const struct trx_json *
trx_json_get(const struct trx_json *v, const char *key)
{
	size_t i;

	if (v == NULL || v->type != TRX_JSON_OBJECT)
		return NULL;
	for (i = 0; i < v->u.object.n; i++)
		if (trx_str_is(v->u.object.members[i].key, key))
			return &v->u.object.members[i].value;
	return NULL;
}

struct trx_json
trx_json_get_or_null(const struct trx_json *v, const char *key)
{
	const struct trx_json *m = trx_json_get(v, key);

	return m == NULL ? (struct trx_json){ .type = TRX_JSON_NULL } : *m;
}

int
trx_json_get_string(
    const struct trx_json *v, const char *key, struct trx_str *out)
{
	const struct trx_json *m = trx_json_get(v, key);

	if (m == NULL || m->type == TRX_JSON_NULL)
		return 0;
	if (m->type != TRX_JSON_STRING)
		return -1;
	*out = m->u.string;
	return 1;
}

int
trx_json_to_uint(const struct trx_json *v, uint64_t *out)
{
	struct trx_str s;
	uint64_t n = 0;
	size_t i;

	if (v->type != TRX_JSON_NUMBER)
		return -1;
	s = v->u.number;
	if (s.n == 0 || s.n > 19 || (s.n > 1 && s.p[0] == '0'))
		return -1;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	if (n > INT64_MAX)
		return -1;
	*out = n;
	return 0;
}

int
trx_json_get_uint(const struct trx_json *v, const char *key, uint64_t *out)
{
	const struct trx_json *m = trx_json_get(v, key);

	if (m == NULL || m->type == TRX_JSON_NULL)
		return 0;
	return trx_json_to_uint(m, out) == -1 ? -1 : 1;
}

double
trx_json_to_double(const struct trx_json *number)
{
	char copy[501];
	struct trx_str s = number->u.number;

	if (s.n >= sizeof(copy))
		return NAN;
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	return strtod(copy, NULL);
}

bool
trx_json_truth(const struct trx_json *v)
{
	switch (v->type) {
	case TRX_JSON_NULL:
		return false;
	case TRX_JSON_BOOL:
		return v->u.boolean;
	case TRX_JSON_NUMBER:
		return trx_json_to_double(v) != 0;
	case TRX_JSON_STRING:
		return v->u.string.n != 0;
	case TRX_JSON_ARRAY:
		return v->u.array.n != 0;
	case TRX_JSON_OBJECT:
		return v->u.object.n != 0;
	}
	return false;
}

struct trx_json
trx_json_object(void)
{
	return (struct trx_json){ .type = TRX_JSON_OBJECT };
}

struct trx_json
trx_json_array(void)
{
	return (struct trx_json){ .type = TRX_JSON_ARRAY };
}

struct trx_json
trx_json_string(struct trx_str s)
{
	return (struct trx_json){ .type = TRX_JSON_STRING, .u.string = s };
}

struct trx_json
trx_json_bool(bool b)
{
	return (struct trx_json){ .type = TRX_JSON_BOOL, .u.boolean = b };
}

struct trx_json
trx_json_uint(struct trx_arena *a, uint64_t v)
{
	struct trx_json j = { .type = TRX_JSON_NUMBER };
	char text[24];
	int n = snprintf(text, sizeof(text), "%" PRIu64, v);

	j.u.number.p = trx_arena_copy(a, (struct trx_str){ text, (size_t)n });
	j.u.number.n = j.u.number.p == NULL ? 0 : (size_t)n;
	return j;
}

/* Is a list of n full?  Lists grow by doubling, from 4. */
static bool
is_full(size_t n)
{
	return n == 0 || (n >= 4 && (n & (n - 1)) == 0);
}

/* Room for one more item of that size; the list moves, or stays. */
static void *
grow(struct trx_arena *a, const void *list, size_t n, size_t size)
{
	void *more = trx_arena_calloc(a, n < 4 ? 4 : 2 * n, size);

	if (more != NULL && n > 0)
		memcpy(more, list, n * size);
	return more;
}

struct trx_json *
trx_json_set(struct trx_arena *a, struct trx_json *object, const char *key,
    struct trx_json value)
{
	struct trx_json *old = (struct trx_json *)trx_json_get(object, key);
	struct trx_json_member *m = object->u.object.members;
	size_t n = object->u.object.n;

	if (old != NULL) {
		*old = value;
		return old;
	}
	if (is_full(n) || object->raw.p != NULL) {
		if ((m = grow(a, m, n, sizeof(*m))) == NULL)
			return NULL;
		object->u.object.members = m;
		object->raw = (struct trx_str){ NULL, 0 };
	}
	m[n] = (struct trx_json_member){ .key = trx_str(key), .value = value };
	object->u.object.n = n + 1;
	return &m[n].value;
}

struct trx_json *
trx_json_push(
    struct trx_arena *a, struct trx_json *array, struct trx_json value)
{
	struct trx_json *items = array->u.array.items;
	size_t n = array->u.array.n;

	if (is_full(n) || array->raw.p != NULL) {
		if ((items = grow(a, items, n, sizeof(*items))) == NULL)
			return NULL;
		array->u.array.items = items;
		array->raw = (struct trx_str){ NULL, 0 };
	}
	items[n] = value;
	array->u.array.n = n + 1;
	return &items[n];
}

static int
drop_null_in_array(
    const struct trx_json *v, struct trx_arena *a, struct trx_json *out)
{
	struct trx_json *items = trx_arena_calloc(a, v->u.array.n, sizeof(*v));
	size_t i;

	if (items == NULL)
		return -1;
	for (i = 0; i < v->u.array.n; i++)
		if (trx_json_drop_null(&v->u.array.items[i], a, &items[i]) ==
		    -1)
			return -1;
	out->u.array.items = items;
	return 0;
}

static int
drop_null_in_object(
    const struct trx_json *v, struct trx_arena *a, struct trx_json *out)
{
	struct trx_json_member *members, *to;
	const struct trx_json_member *m;
	size_t i;

	members = to = trx_arena_calloc(a, v->u.object.n, sizeof(*members));
	if (members == NULL)
		return -1;
	for (i = 0; i < v->u.object.n; i++) {
		m = &v->u.object.members[i];
		if (m->value.type == TRX_JSON_NULL)
			continue;
		*to = *m;
		if (trx_json_drop_null(&m->value, a, &to->value) == -1)
			return -1;
		to++;
	}
	out->u.object.members = members;
	out->u.object.n = (size_t)(to - members);
	return 0;
}

int
trx_json_drop_null(
    const struct trx_json *v, struct trx_arena *a, struct trx_json *out)
{
	*out = *v;
	if (v->type == TRX_JSON_ARRAY)
		return drop_null_in_array(v, a, out);
	if (v->type == TRX_JSON_OBJECT)
		return drop_null_in_object(v, a, out);
	return 0;
}
