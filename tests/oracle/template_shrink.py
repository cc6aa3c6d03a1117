"""Make a failing template, and its variables, as small as they go: delta
debugging, with the tries of one round judged together."""

import time

import template_mutate

ROUND = 24
ENDS = {"endif": "if", "endfor": "for", "endset": "set", "endcall": "call",
        "endmacro": "macro", "endfilter": "filter", "endwith": "with",
        "endgeneration": "generation", "endautoescape": "autoescape",
        "endblock": "block"}


def first(tries, still, deadline):
    """The first of these tries that still fails, and its number."""
    for start in range(0, len(tries), ROUND):
        if time.monotonic() > deadline:
            break
        for index, bad in enumerate(still(tries[start:start + ROUND])):
            if bad:
                return start + index, tries[start + index]
    return None


def chunks(items, still, deadline):
    """Without every run of items that is not needed."""
    size = max(1, len(items) // 2)
    while size and items:
        at = 0
        while at < len(items):
            found = first([items[:one] + items[one + size:]
                           for one in range(at, len(items), size)],
                          still, deadline)
            if found is None:
                break
            at += found[0] * size
            items = found[1]
        size //= 2
    return items


def tags(tokens):
    """The tags of a template: (first token, end, its word)."""
    start = None
    for index, (kind, text) in enumerate(tokens):
        if kind == "begin" and text[:2] == "{%":
            start = index
        if kind == "end" and start is not None:
            words = [one for what, one in tokens[start:index]
                     if what == "name"]
            yield start, index + 1, words[0] if words else ""
            start = None


def pairs(tokens):
    """What goes together: the tags of a block, brackets, `{{` and `}}`."""
    opened = []
    for start, end, word in tags(tokens):
        if word in ENDS:
            while opened and opened[-1][2] != ENDS[word]:
                opened.pop()
            if opened:
                one = opened.pop()
                yield [one[:2], (start, end)]
                yield [(one[0], end)]
        else:
            opened.append((start, end, word))
    brackets = []
    for index, (_, text) in enumerate(tokens):
        if text in template_mutate.BRACKETS:
            brackets.append(index)
        elif text in template_mutate.BRACKETS.values() and brackets:
            one = brackets.pop()
            yield [(one, one + 1), (index, index + 1)]
            yield [(one, index + 1)]
            if index > one + 1:
                yield [(one + 1, index)]


def unwrapped(tokens, still, deadline):
    """Without pairs that are not needed."""
    while True:
        tries = []
        for some in pairs(tokens):
            left = list(tokens)
            for start, end in reversed(some):
                del left[start:end]
            tries.append(left)
        found = first(tries, still, deadline)
        if found is None:
            return tokens
        tokens = found[1]


def simpler(value):
    """Smaller values instead of this one."""
    if isinstance(value, dict):
        for key in value:
            yield {k: v for k, v in value.items() if k != key}
        for key in value:
            for one in simpler(value[key]):
                yield {**value, key: one}
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value[:index] + value[index + 1:]
        for index, item in enumerate(value):
            for one in simpler(item):
                yield value[:index] + [one] + value[index + 1:]
    elif isinstance(value, str) and value not in ("", "a"):
        yield ""
        yield "a"
        if len(value) > 1:
            yield value[:len(value) // 2]
            yield value[len(value) // 2:]
            yield value[1:]
            yield value[:-1]
    elif isinstance(value, (int, float)) and value not in (0, 1):
        yield 1
        yield 0


def shrink(source, values, fails, seconds):
    """The smallest source and values found for which fails([(source, values),
    ...]) still says True."""
    deadline = time.monotonic() + seconds

    def with_tokens(tries):
        return fails([(template_mutate.join(one), values) for one in tries])

    def with_values(tries):
        return fails([(source, one) for one in tries])

    def with_names(tries):
        return with_values([{name: values[name] for name in names}
                            for names in tries])

    values = {name: values[name]
              for name in chunks(list(values), with_names, deadline)}
    before = None
    while source != before and time.monotonic() < deadline:
        before = source
        tokens = chunks(template_mutate.split(source), with_tokens, deadline)
        tokens = unwrapped(tokens, with_tokens, deadline)
        source = template_mutate.join(tokens)
    while (found := first(list(simpler(values)), with_values, deadline)):
        values = found[1]
    return source, values
