"""Random templates of the whole language: expressions by what they should
give, so that most of them mean something, and statements around them."""

import re

# What gives what: a line is `KIND: PATTERN; PATTERN ...`; in a pattern {KIND}
# stands for an expression of that kind.
EXPRESSIONS = r"""
any: {dict}[{key}]; {dict}.get({key}); {dict}.get({key}, {any}); {list}[{small}]
any: {list}|first; {list}|last; {iter}|first; {dict}|attr({key}); {message}[{key}]
any: {any} if {bool} else {any}; {any} if {bool}; {any} or {any}; {any} and {any}
any: {any}|default({any}); {any}|d({any}, true); {any}|default(default_value={any}, boolean={bool})
any: {ints}|min; {strs}|max; {messages}|map(attribute={attr})|first; {nested}[{key}][{key}]; nested.a.b[0]
any: {list}|min(attribute={small}); {messages}|max(attribute='role'); {iter}|random; {any}.{name}; {any}[{any}]
any: {joiner}; {dict}|first; {list}.copy; {str}.upper; f15.real; {dict}.items; {any}|attr({attr})
any: {cycler}; {cycler}.next(); {cycler}.current; {cycler}.reset(); namespace({name}={any}); ns; ns.a; ns[{key}]
any: {any}|safe; {any}|escape; {any}|forceescape; {list}.pop(); {dict}.update({dict}); {str}.encode(); {any}|pprint
any: loop; loop.cycle({any}, {any}); loop.cycle({any}); loop.previtem; loop.nextitem; self; caller; varargs; kwargs
none: {dict}.get('no'); {none} or {none}; nul; [none][0]; {list}.append({any}); {dict}.clear()
bool: {any} == {any}; {any} != {any}; {number} < {number}; {number} <= {number}; {str} > {str}; {str} >= {str}
bool: {int} < {int} < {int}; {int} == {int} == {int}; {ints} < {ints}; {tuple} <= {tuple}; not {any}; not {bool}
bool: {any} in {list}; {str} in {str}; {key} in {dict}; {any} not in {list}; {str} not in {str}; {int} in {ints}; {int} in {range}
bool: {bool} and {bool}; {bool} or {bool}; {bool} and not {bool}; {bool} if {bool} else {bool}; {any} is {test}; {any} is not {test}
bool: {int} is odd; {int} is even; {int} is divisibleby {pos}; {int} is divisibleby({pos}); {any} is defined; {any} is undefined
bool: {any} is none; {any} is string; {any} is mapping; {any} is iterable; {any} is sequence; {any} is number; {any} is integer
bool: {any} is float; {any} is boolean; {any} is true; {any} is false; {any} is callable; {any} is escaped; {any} is sameas({any})
bool: {any} is sameas none; {any} is eq({any}); {any} is equalto {any}; {any} is ne({any}); {number} is gt({number})
bool: {number} is ge {number}; {number} is lt({number}); {number} is le({number}); {number} is greaterthan({number}); {number} is lessthan({number})
bool: {any} is in({list}); {any} is in {list}; {str} is lower; {str} is upper; {filter} is filter; {tested} is test; {any} is not none
bool: {str}.startswith({text}); {str}.endswith({text}); {str}.startswith(({text}, {text})); {str}.endswith({text}, {small}, {small})
bool: {str}.isalnum(); {str}.isalpha(); {str}.isascii(); {str}.isdecimal(); {str}.isdigit(); {str}.isidentifier(); {str}.islower()
bool: {str}.isnumeric(); {str}.isprintable(); {str}.isspace(); {str}.istitle(); {str}.isupper(); {float}.is_integer()
bool: loop.first; loop.last; loop.changed({any}); loop.changed({any}, {any}); {dict}.keys() == {dict}.keys(); {dict} == {dict}
int: {int} + {int}; {int} - {int}; {int} * {int}; {int} // {pos}; {int} % {pos}; -{int}; +{int}; {int} ** {pos}; {pos} ** {pos}
int: {iter}|length; {list}|count; {str}|length; {str}|int; {str}|int({int}); {str}|int({int}, {base}); {str}|int(base={base}); {float}|int
int: {any}|int; {int}|abs; {ints}|sum; {ints}|sum(start={int}); {str}|wordcount; {list}|length; {ints}|max; {ints}|min; {ints}[0]
int: {str}.count({text}); {str}.find({text}); {str}.rfind({text}); {str}.find({text}, {small}); {str}.count({text}, {small}, {small}); {str}.index({char})
int: {str}.rindex({char}); {list}.count({any}); {ints}.index({int}); {tuple}.count({any}); {tuple}.index({any}); {range}.index({int}); {range}.count({int})
int: {int}.bit_length(); {int}.bit_count(); {int}.real; {int}.imag; {int}.numerator; {int}.denominator; {int}.conjugate(); {range}.start; {range}.stop
int: {range}.step; loop.index; loop.index0; loop.revindex; loop.revindex0; loop.length; loop.depth; loop.depth0; {int} if {bool} else {int}
int: {dict}|length; {bool} + {bool}; {int} if {int} > {int} else {int}; {messages}|length - {pos}; {messages}|sum(attribute='n'); {int}|round|int
float: {float} + {number}; {float} - {number}; {float} * {number}; {number} / {pos}; {number} // {float}; {number} % {float}; -{float}
float: {number} ** {small}; {float} ** {float}; {number}|round; {number}|round({small}); {number}|round({small}, {rounding}); {number}|round(method={rounding})
float: {number}|float; {str}|float; {str}|float({float}); {any}|float(default={any}); {float}|abs; {float}.real; {float}.imag; {float}.conjugate()
float: {number}|round(precision={small}); {float}|round(-{pos}); {floats}|sum; {floats}|max; {floats}|min; {int} / {int}; {float}.hex()
str: {str} ~ {any}; {str} + {str}; {str} ~ {str} ~ {any}; {any} ~ {any}; {str} * {small}; {small} * {str}; {str}[{small}]; {str}[{slice}]; {str}[{slice}]
str: {str}|upper; {str}|lower; {str}|capitalize; {str}|title; {str}|trim; {str}|trim({text}); {str}|trim(chars={text}); {any}|string; {any}|trim; {any}|upper
str: {str}|replace({text}, {text}); {str}|replace({text}, {text}, {small}); {any}|replace({text}, {str}); {str}|replace(old={text}, new={text}, count={small})
str: {str}|center; {str}|center({width}); {str}|center(width={width}); {str}|indent; {str}|indent({small}); {str}|indent({text}, {bool}); {str}|indent(first={bool}, blank={bool}, width={small})
str: {str}|indent({small}, true); {str}|truncate; {str}|truncate({width}); {str}|truncate({width}, {bool}); {str}|truncate({width}, {bool}, {text}, {small}); {str}|truncate(leeway={small}, length={width})
str: {str}|wordwrap({width}); {str}|wordwrap({width}, {bool}); {str}|wordwrap({width}, {bool}, {text}); {str}|wordwrap(width={pos}, break_on_hyphens={bool}); {str}|striptags; {str}|urlize
str: {str}|urlencode; {dict}|urlencode; {any}|urlencode; {str}|e; {str}|escape; {str}|forceescape; {str}|safe; {html}|safe; {html}|escape; {html}|safe + {str}; {str} + {html}|e
str: {html}|striptags; {html}|urlize; {html}|urlize({width}, {bool}, {text}); {str}|urlize(rel={text}, target={text}); {dict}|xmlattr; {dict}|xmlattr({bool}); {dict}|xmlattr(autospace={bool})
str: {number}|filesizeformat; {number}|filesizeformat({bool}); {number}|filesizeformat(binary={bool}); {any}|pprint; {any}|tojson; {any}|tojson(indent={small}); {any}|tojson(ensure_ascii={bool})
str: {any}|tojson({bool}, {small}); {any}|tojson(separators=({text}, {text})); {any}|tojson(sort_keys={bool}); {any}|tojson(indent={text}); {dict}|tojson(indent={pos}, sort_keys=true); {messages}|tojson(indent=2)
str: {strs}|join; {strs}|join({text}); {iter}|join({text}); {messages}|join({text}, attribute={attr}); {messages}|join(attribute='role'); {list}|join({any}); {iter}|join(d={str}); {html}|safe|join({html}|e)
str: {percent}; {percent}; {braces}; {braces}; {filtered}; {str}.capitalize(); {str}.casefold(); {str}.center({width}); {str}.center({width}, {char}); {str}.expandtabs(); {str}.expandtabs({small})
str: {text}.join({strs}); {text}.join({str}); {str}.ljust({width}); {str}.ljust({width}, {char}); {str}.rjust({width}); {str}.rjust({width}, {char}); {str}.lower(); {str}.upper(); {str}.title(); {str}.swapcase()
str: {str}.strip(); {str}.lstrip(); {str}.rstrip(); {str}.strip({text}); {str}.lstrip({text}); {str}.rstrip({text}); {str}.removeprefix({text}); {str}.removesuffix({text}); {str}.zfill({width}); {str}.replace({text}, {text})
str: {str}.replace({text}, {text}, {small}); {str}.split({text})[{edge}]; {str}.partition({text})[{edge}]; {str}.rpartition({text})[{edge}]; {str}.format_map({dict}); {str}.translate({dict}); {str}.split({text})|last; {str} if {bool} else {str}
str: {message}.role; {message}['role']; {message}.content; {message}['content']|string; {message}.content|trim; {strs}[{edge}]; {strs}|first; {strs}|last; {str} or {str}; {str}|default({str}); {any}|default({str}, true); {call}; {call}; {strs}|max; {str}|reverse
list: [{any}, {any}]; [{any}]; {list} + {list}; {list} * {small}; {list}[{slice}]; {iter}|list; {dict}|list; {iter}|sort; {messages}|sort(attribute='role'); {list}|unique|list; {list}|reverse|list; {dict}|dictsort; {dict}|dictsort(true)
list: {dict}|dictsort(false, {by}); {dict}|dictsort(by={by}, reverse={bool}); {dict}|dictsort(reverse=true); {dict}|items|list; {dict}.items()|list; {list}|batch({pos})|list; {list}|batch({pos}, {any})|list; {list}|slice({pos})|list; {list}|slice({pos}, {any})|list
list: {messages}|groupby({attr}); {messages}|groupby('role', default={any}); {messages}|groupby({attr}, case_sensitive={bool})|list; {messages}|map(attribute={attr})|list; {messages}|map(attribute={attr}, default={any})|list; {iter}|map({filter})|list
list: {list}|select|list; {list}|reject|list; {list}|select({tested})|list; {list}|reject({tested})|list; {list}|select('in', {list})|list; {ints}|select('gt', {int})|list; {ints}|reject('divisibleby', {pos})|list; {list}|rejectattr({attr})|list; {str}|list
list: {str}.split(); {str}.rsplit(none, {small}); {list}.copy(); {list} if {bool} else {list}; {list} or {list}; {message}.tool_calls; {list}|map('default', {any})|list; {dict}.keys()|list; {dict}.values()|list; {list}|sort(reverse={bool}, case_sensitive={bool}); e; {varied}; {varied}
ints: [{int}, {int}, {int}]; {range}|list; {ints} + {ints}; {ints}[{slice}]; {ints}|sort; {ints}|sort(reverse=true); {ints}|unique|list; {strs}|map('length')|list; {strs}|map('int')|list; {ints}|map('abs')|list; l; {ints} * {pos}; {ints}|reverse|list; {ints}|select('odd')|list
floats: [{float}, {float}]; [{number}, {number}, {float}]; {ints}|map('float')|list; {floats}|sort; {floats}|map('round', {small})|list
strs: [{str}, {str}]; {str}.split({text}); {str}.split({text}, {small}); {str}.split(sep={text}, maxsplit={small}); {str}.split(); {str}.rsplit({text}); {str}.rsplit({text}, {pos}); {str}.splitlines(); {str}.splitlines({bool}); {str}.split(none, {pos})
strs: {messages}|map(attribute='role')|list; {strs}|map('upper')|list; {strs}|map('trim', {text})|list; {strs}|map('replace', {text}, {text})|list; {ints}|map('string')|list; {strs}|select|list; {strs}|sort; {strs}|unique|list; {strs} + {strs}; {strs}[{slice}]; {str}|list; {strs}|map('truncate', {pos})|list
tuple: ({any}, {any}); ({any},); (); {str}.partition({text}); {str}.rpartition({text}); {tuple} + {tuple}; {tuple}[{slice}]; {tuple} * {small}; {int}.as_integer_ratio(); {float}.as_integer_ratio(); {dict}|items|first; {dict}|dictsort|first; f.arguments
dict: {{a: {any}}}; {{'a': {any}, 'b': {any}}}; {{{key}: {any}, {key}: {any}}}; {{{any}: {any}}}; dict(a={any}, b={any}); dict({dict}, a={any}); dict({dict}); dict([[{str}, {any}]]); dict({dict}|items); m; n; {dict}.copy(); {dict} if {bool} else {dict}; dict.fromkeys({strs}, {any})
dict: {{}}; {message}; {messages}[{edge}]; {{'x': {dict}, 'y': {list}}}; {tools}[0].function.parameters; {tools}[0]['function']; nested; {dict} or {dict}; dict({strs}|map('list')|select('eq', {list})); {{{int}: {any}, {bool}: {any}, none: {any}, {tuple}: {any}}}
message: messages[0]; messages[-1]; messages[{small}]; msgs[{edge}]; {messages}|first; {messages}|last; {messages}[{edge}]; {{'role': {str}, 'content': {any}}}
messages: messages; msgs; messages[1:]; messages[:-1]; messages[::-1]; {messages}[{slice}]; {messages}|selectattr('role', 'equalto', {role})|list; {messages}|selectattr({attr})|list; {messages}|rejectattr('role', 'in', {strs})|list; {messages}|selectattr({attr}, {tested})|list
messages: {messages}|rejectattr('content', 'none')|list; {messages}|reverse|list; {messages}|selectattr('role', 'ne', {role})|list; {messages} + [{message}]; {messages}|selectattr('content', 'string')|list; {messages}|sort(attribute={attr}); {messages}|unique(attribute='role')|list; {messages}|rejectattr({attr}, {tested})|list
tools: tools; [{{'function': {{'name': {str}, 'parameters': {dict}}}}}]; {tools}[:1]
range: range({small}); range({small}, {small}); range({pos}, {small}, -1); range(0, {pos}, {pos}); range({messages}|length); {range}[{slice}]; range({int}, {int}, {int})
iter: {dict}.keys(); {dict}.values(); {dict}.items(); {range}; {list}; {list}; {dict}; {str}; {tuple}; {ints}; {strs}; {messages}; {messages}|map(attribute={attr}); {messages}|selectattr({attr}); {list}|reverse; {list}|unique; {dict}|items; {list}|batch({pos}); {list}|slice({pos}); {list}|select; {str}|reverse
iter: {iter}|map({filter}); {iter}|select({tested}); {iter}|reject({tested}); {strs}|map('upper'); {messages}|map(attribute={attr})|select|unique; {list}|reject; {list}|map('string'); {messages}|rejectattr({attr}, {tested}); {str}.split({text}); {str}.splitlines(); {dict}|dictsort
nested: nested; tools[0].function.parameters.properties; {{'a': {{'b': {list}, 'c': {dict}}}}}; {message}
cycler: cycler({any}, {any}); cycler({any}); cycler(*{strs})
joiner: joiner(); joiner({text}); joiner(sep={str})
html: html; '<b>&' ~ {str}; '<a href="x">' ~ {str} ~ '</a>'; {str}; '<!-- c --> x  <p>' ~ {any}; 'see http://a.b/c?d=' ~ {str} ~ ' and www.x.org, me@x.org'
"""

# Kinds that others stand in for.
WIDER = {
    "number": ["int", "int", "float", "bool"],
    "any": ["str", "str", "str", "int", "float", "bool", "none", "list",
            "dict", "tuple", "ints", "strs", "messages", "message", "any",
            "any", "iter", "range", "html", "number"],
}

# Short literals.
CHOICES = {
    "small": ["0", "1", "2", "3", "-1", "-2", "5", "i", "loop.index"],
    "pos": ["1", "2", "3", "4", "7"],
    "edge": ["0", "-1", "1", "0", "-1"],
    "width": ["0", "1", "5", "9", "12", "20", "40", "-3"],
    "base": ["10", "16", "2", "8", "0", "36", "7"],
    "rounding": ["'common'", "'ceil'", "'floor'"],
    "by": ["'key'", "'value'"],
    "char": ["' '", "'a'", "'-'", "'é'", "'日'", "'0'", '"*"'],
    "role": ["'user'", "'system'", "'assistant'", "'tool'"],
    "name": ["a", "b", "role", "content", "x", "items", "name", "c", "get"],
    "key": ["'a'", "'b'", "'role'", "'content'", "'no'", "'c'", "'items'",
            "'k'", "'name'", "'type'"],
    "attr": ["'role'", "'content'", "'role'", "'name'", "'no'", "'n'",
             "'content.0.text'", "'tool_calls'", "'tool_calls.0.id'", "0"],
    "text": ["'a'", "' '", "'-'", "'\\n'", "'o'", "'é'", "', '", "''", "'ab'",
             '"it\'s"', "'</think>'", "'<|'", "'.'", "'日本'", "s", "'\\t '"],
    "slice": ["1:", ":-1", "::-1", ":2", "-2:", "1:3", "::2", "5:1:-1", ":",
              "i:", ":i", "-1:0:-1", "2:2", "-9:", "::", "none:2", "::-3",
              "1:-1:1", "x:", ":99"],
}

LITERALS = {
    "int": "0 1 2 3 -1 7 10 12 255 65 1_000 0xff 0o17 0b101 100".split() +
           "99999 -5 4294967296 9223372036854775807 10000000000000000".split(),
    "float": "1.5 0.1 2.0 -0.0 1e3 1e16 1.25e-7 1_0.5 3.14159 2.5 0.5 1e22 "
             "123456789.123 1E5 0.30000000000000004 1e-5 5e-324".split(),
    "bool": "true false True False".split(),
    "none": "none None".split(),
    "str": ["'a'", "''", "' b '", "'a-b-c'", '"it\'s"', "'é日'", "'\\n'",
            "'12'", "'role'", "'<think>q</think> r'", "'Hello World foo'",
            "'x\\ty'", "'\\u00e9\\x41'", "'ß'", "'a' 'b'", "'1e3'", "'-7'",
            "'0x1F'", "'\\\\'", '"\\""', "'%'", "'{}'", "'ﬁ Ǆ'", "'a\nb'",
            "'  lead\\n  two\\n\\nthree '", "'A.B, c-d'", "'😀é\u0301'"],
    "list": ["[]", "[1, 2, 3]", "['b', 'a', 'C']", "[1, 'a', none, 2.5]",
             "[[1, 2], [3, 4]]", "[true, 1, 1.0]", "[{'a': 1}, {'a': 0}]"],
    "ints": ["[3, 1, 2]", "[1]", "[0, -1, 10, 7]"],
    "floats": ["[1.5, 0.25]", "[0.1, 0.2, 0.3]"],
    "strs": ["['b', 'a', 'C']", "['x', 'é', 'Z', 'x']", "['']", "['a b']"],
    "tuple": ["(1, 2)", "()", "('a',)", "(1, 'b', none)"],
    "dict": ["{}", "{'a': 1, 'b': 'x'}", "{'b': 2, 'A': [1], 'c': none}",
             "{1: 2, 'x': {}}", "{'a': '<&>'}"],
    "range": ["range(3)", "range(1, 7, 2)", "range(5, 0, -2)", "range(0)"],
    "message": ["{'role': 'user', 'content': 'hi'}", "{'role': 'tool'}"],
    "messages": ["messages", "msgs"],
    "tools": ["tools"],
    "nested": ["nested"],
    "html": ["html", "'<a>&amp;\"</a>'"],
    "cycler": ["cycler(1, 'b')"],
    "joiner": ["joiner('; ')"],
}

# The variables of every context, by kind (template_chats.py makes them).
VARIABLES = {
    "str": ["s", "uni", "q", "esc", "ws", "html", "bos_token", "eos_token"],
    "int": ["i", "x", "big"],
    "float": ["f15"],
    "bool": ["t", "add_generation_prompt", "enable_thinking"],
    "none": ["nul"],
    "list": ["l", "mixed", "e", "words", "documents"],
    "ints": ["l"],
    "strs": ["words"],
    "dict": ["m", "n", "nested"],
    "messages": ["messages", "msgs"],
    "tools": ["tools"],
    "any": ["y", "nothing"],
}

# Names that exist beyond those of the table above: for wrong calls.
METHODS = [sorted(name for name in dir(kind) if name[:2] != "__")
           for kind in (str, list, dict, int, float, tuple, range)]
ALL_METHODS = [name for names in METHODS for name in names]
PARAMETERS = """value width default d attribute first blank indent length end
    killwords leeway old new count chars base boolean by reverse start method
    precision case_sensitive fill_with sep maxsplit linecount name""".split()

PLACE = re.compile(r"\{\{|\{(\w+)\}|\}\}")
BRACKETED = re.compile(r"\([^()]*\)|\[[^][]*\]|\{[^{}]*\}")


def level(text):
    """How tightly an expression binds: 3 takes `.` and `[`, 2 `|`, 0 none."""
    before = None
    while before != text:
        before, text = text, BRACKETED.sub("", text)
    if " " in text or text[:1] in ("-", "+"):
        return 0
    return 2 if "|" in text else 3


def pieces(pattern):
    """A pattern as (text, kind, the level its place needs), its last text and
    its level."""
    parts = PLACE.sub(lambda found: f"\0{found[1]}\0" if found[1] else
                      found[0][0], pattern).split("\0")
    found, nesting = [], 0
    for before, kind, after in zip(parts[::2], parts[1::2], parts[2::2]):
        nesting += sum(map(before.count, "([{")) - \
            sum(map(before.count, ")]}"))
        need = 3 if after[:1] in (".", "[", "(") else \
            2 if after[:1] == "|" else \
            1 if before[-1:] in ("-", "+") or not nesting and (
                after[:1] == " " or before[-1:] == " ") else 0
        found.append((before, kind, need))
    parts[1::2] = "x" * len(found)
    return found, parts[-1], level("".join(parts))


def read_table():
    table = {}
    for line in EXPRESSIONS.strip().split("\n"):
        kind, patterns = line.split(": ", 1)
        table.setdefault(kind, []).extend(
            pieces(pattern) for pattern in patterns.split("; "))
    return table


class Grammar:
    """One random template; kinds are wrong with the probability `wrong`."""

    table = read_table()

    def __init__(self, rnd, filters, tests):
        self.rnd = rnd
        self.filters = filters
        self.tests = tests
        self.wrong = rnd.choice([0, 0, 0, .005, .02, .08])
        self.known = {kind: list(names) for kind, names in VARIABLES.items()}
        self.macros = []
        self.loops = 0

    def pick(self, *some):
        return self.rnd.choice(some)

    def chance(self, probability):
        return self.rnd.random() < probability

    # Expressions.

    def expression(self, kind, depth):
        return self.sized(kind, depth)[0]

    def sized(self, kind, depth):
        """An expression of that kind, and how tightly it binds."""
        if kind in CHOICES:
            text = self.rnd.choice(CHOICES[kind])
            if "loop." in text and not self.loops:
                text = "1"
            return text, 3 if text[0] in "'\"" else 1
        if hasattr(self, "kind_" + kind):
            return getattr(self, "kind_" + kind)(depth)
        if self.chance(self.wrong):
            kind = "any"
            if self.chance(.5):
                return self.junk(depth)
        while kind in WIDER and not (kind in self.table and self.chance(.4)):
            kind = self.rnd.choice(WIDER[kind])
        if depth <= 0 or self.chance(.2):
            return self.leaf(kind)
        return self.fill(self.rnd.choice(self.table.get(kind) or
                                         self.table["any"]), depth)

    def fill(self, pattern, depth):
        parts, end, binds = pattern
        text = ""
        for before, kind, need in parts:
            inner, tight = self.sized(kind, depth - 1)
            if tight < need and self.chance(.93):
                inner = f"({inner})"
            if self.chance(.01):
                before = before.replace(" ", "\n")
            text += before + inner
        text += end
        if not self.loops and text.startswith("loop"):
            return self.leaf("any")
        return text, binds

    def leaf(self, kind):
        names = self.known.get(kind, ())
        literals = LITERALS.get(kind, ())
        if names and (not literals or self.chance(.5)):
            return self.rnd.choice(names), 3
        if literals:
            text = self.rnd.choice(literals)
            return text, 3 if text[0] in "'\"[{" or text[0].isalpha() else 1
        return self.leaf(self.pick("str", "int", "dict", "list", "any"))

    def arguments(self, depth):
        some = [self.expression("any", depth - 1)
                for _ in range(self.pick(0, 1, 1, 2, 3))]
        if self.chance(.3):
            some.append(self.rnd.choice(PARAMETERS) + "=" +
                        self.expression("any", depth - 1))
        if self.chance(.05):
            some.append(self.pick("*", "**") + self.expression("any", 0))
        return "(" + ", ".join(some) + ")"

    def junk(self, depth):
        """A call that probably fails: any name on any value."""
        one = self.expression("any", depth - 1)
        kind = self.rnd.randrange(9)
        if kind < 3:
            return f"({one})|{self.rnd.choice(self.filters)}" + \
                self.pick("", self.arguments(depth)), 2
        if kind < 6:
            return f"({one}).{self.rnd.choice(ALL_METHODS)}" + \
                self.pick("", self.arguments(depth)), 3
        if kind < 7:
            return f"({one}) is {self.rnd.choice(self.tests)}" + \
                self.pick("", self.arguments(depth)), 0
        if kind < 8:
            return self.pick("range", "dict", "namespace", "cycler", "joiner",
                             "lipsum", "strftime_now", "loop", "x", "ns.a",
                             "raise_exception") + self.arguments(depth), 3
        return f"({one}) " + self.pick(
            "+", "-", "*", "/", "//", "%", "~", "<", ">=", "==", "in") + \
            " (" + self.expression("any", depth - 1) + ")", 0

    def kind_filter(self, _):
        return repr(self.rnd.choice(self.filters)), 3

    def kind_tested(self, _):
        return repr(self.rnd.choice(self.tests)), 3

    def kind_test(self, _):
        return self.pick("defined", "none", "string", "number", "mapping",
                         "iterable", "sequence", "boolean", "true", "false",
                         "integer", "float", "callable", "escaped", "odd",
                         "lower", "eq 1", "in [1, 'a']", "sameas true"), 0

    def kind_varied(self, depth):
        """A list in some of its spellings."""
        items = [self.expression("any", depth - 2)
                 for _ in range(self.rnd.randrange(4))]
        comma = self.pick("", "", ",") if items else ""
        return "[" + self.pick(", ", ",", " ,\n").join(items) + comma + "]", 3

    def kind_percent(self, depth):
        """'FORMAT' % arguments, mostly right."""
        text, values = "", []
        for _ in range(self.pick(1, 1, 2, 3)):
            kind = self.pick("s", "s", "d", "r", "f", "x", "g", "e", "i", "c",
                             "o", "X", "a", "u", "G", "F", "E", "%")
            text += self.pick("", "a ", "é", "<") + "%" + \
                self.pick("", "", "", "0", "-", "+", " ", "#", "-0") + \
                self.pick("", "", "", "5", "12", "1") + \
                self.pick("", "", "", ".2", ".0", ".10", ".") + kind
            if kind != "%":
                values.append(self.expression(
                    "any" if kind in "sra" else "int" if kind in "dxXoiuc"
                    else "number", depth - 2))
        if self.chance(.2):
            return f"'%(a){text[-1]} %(b)s'|format(a=" + \
                self.expression("number", 0) + ", b=" + \
                self.expression("any", 0) + ")", 2
        if self.chance(.3):
            return f"{text!r}|format({', '.join(values)})", 2
        right = f"({', '.join(values)}{',' if len(values) == 1 else ''})"
        if len(values) == 1 and self.chance(.5):
            right = f"({values[0]})"
        safe = self.pick("", "", "", "|safe")
        return f"{text!r}{safe} % {right}", 0

    def kind_braces(self, depth):
        """'FORMAT'.format(arguments), mostly right."""
        specs = {"any": ["", "!r", "!s", "!a", ""],
                 "str": ["", ":>9", ":<5", ":^7", ":*^9", ":.2", ":5.1s",
                         "!r:>9", "[0]"],
                 "int": ["", ":d", ":5", ":05", ":x", ":#x", ":b", ":,", ":+",
                         ":e", ":.1f", ":c", ":_", ":<4", ":%"],
                 "float": ["", ":.2f", ":e", ":g", ":10.3", ":%", ":+.1f",
                           ":,.2f", ":012", ":.3g"],
                 "dict": ["", "[a]", "!r", "[b]"],
                 "message": ["[role]", "[role]!r:>12"]}
        text, values = "", []
        numbered, named = self.chance(.3), self.chance(.3)
        for index in range(self.pick(1, 1, 2, 3)):
            kind = self.rnd.choice(list(specs))
            value = self.expression(kind, depth - 2)
            field = f"n{index}" if named else str(index) if numbered else ""
            text += self.pick("", "a ", "{{", "é", "}}") + "{" + field + \
                self.rnd.choice(specs[kind]) + "}"
            values.append(f"n{index}={value}" if named else value)
        safe = self.pick("", "", "", "|safe")
        text = f"({text!r}{safe})" if safe else repr(text)
        return f"{text}.format({', '.join(values)})", 3

    def kind_filtered(self, depth):
        """Several filters in a row that take any value."""
        text, tight = self.sized("any", depth - 1)
        text = text if tight >= 2 else f"({text})"
        for _ in range(self.pick(1, 2, 3)):
            text += "|" + self.pick("string", "trim", "upper", "lower", "e",
                                    "safe", "title", "capitalize", "tojson",
                                    "list|string", "length", "default('d')",
                                    "striptags", "urlencode", "wordcount")
        return text, 2

    def kind_call(self, depth):
        """A call of a macro that is known here."""
        if not self.macros:
            return self.leaf("str")
        name, parameters = self.rnd.choice(self.macros)
        given = self.rnd.randrange(len(parameters) + 1) if parameters else 0
        some = [self.expression("any", depth - 2) for _ in range(given)]
        some += [f"{one}={self.expression('any', 0)}"
                 for one in parameters[given:] if self.chance(.5)]
        if self.chance(.06):
            some.append(self.pick("1", "zz=1", "*l", "**m", "caller=1"))
        return f"{name}({', '.join(some)})", 3

    # Statements.

    def space(self):
        return self.pick("", "", " ", "\n", "\n  ", "x\n", "\t\n ", "  \n\n",
                         "é", "text ", "\r\n", "\n \t ")

    def tag(self, text):
        return self.space() + "{%" + self.pick("", "", "-", "-", "+") + \
            self.pick(" ", " ", "", "\n") + text + self.pick(" ", " ", "") + \
            self.pick("", "", "-", "-", "+") + "%}" + self.space()

    def print(self, depth):
        kind = self.pick("any", "str", "str", "int", "bool", "float", "list",
                         "dict", "tuple", "iter", "number")
        text = self.expression(kind, depth)
        if self.chance(.03):
            text += ", " + self.expression("any", 1)
        if self.chance(.02):
            return self.tag("print " + text)
        return self.space() + "{{" + self.pick(" ", "- ", "+ ", "") + text + \
            self.pick(" ", " ", " -", "") + "}}" + self.space()

    def body(self, depth, kind=None, names=()):
        """Statements, in which names (of a kind) are known."""
        before = {key: list(value) for key, value in self.known.items()}
        macros = list(self.macros)
        for name in names:
            self.learn(name, kind)
        text = "".join(self.statement(depth - 1)
                       for _ in range(self.pick(1, 1, 2, 3)))
        if self.chance(.9):
            self.known, self.macros = before, macros
        return text

    def learn(self, name, kind):
        """name is now of this kind alone."""
        for names in self.known.values():
            while name in names:
                names.remove(name)
        self.known.setdefault(kind, []).extend([name, name])

    def block(self, depth, head, end, kind=None, names=()):
        inner = self.body(depth, kind, names)
        return self.tag(head) + inner + self.tag(end)

    def make_condition(self):
        return self.expression(self.pick("bool", "bool", "bool", "any"), 2)

    def branch(self, depth):
        text = self.tag("if " + self.make_condition()) + self.body(depth)
        while self.chance(.25):
            text += self.tag("elif " + self.make_condition())
            text += self.body(depth)
        if self.chance(.4):
            text += self.tag("else") + self.body(depth)
        return text + self.tag("endif")

    def loop(self, depth):
        target, kind, over = self.pick(
            ("i", "int", "range"), ("i", "int", "ints"), ("x", "str", "strs"),
            ("msg", "message", "messages"), ("msg", "message", "messages"),
            ("c", "str", "str"), ("k, v", "any", "pairs"),
            ("y", "any", "iter"), ("y", "any", "list"),
            ("(k, v)", "any", "pairs"), ("k", "any", "dict"),
            ("tool", "dict", "tools"), ("g, items", "any", "groups"))
        if over == "pairs":
            over = self.expression("dict", 1) + self.pick(
                ".items()", "|items", "|dictsort")
        elif over == "groups":
            over = self.expression("messages", 1) + "|groupby('role')"
        else:
            over = self.expression(over, 2)
        names = re.findall(r"\w+", target)
        head = f"for {target} in {over}"
        if self.chance(.15):
            kept = {key: list(value) for key, value in self.known.items()}
            self.learn(names[0], kind)
            head += " if " + self.make_condition()
            self.known = kept
        recursive = self.chance(.06)
        self.loops += 1
        inner = self.body(depth, kind, names)
        if self.chance(.15):
            inner += self.tag("if " + self.make_condition()) + self.tag(
                self.pick("break", "continue")) + self.tag("endif")
        self.loops -= 1
        if recursive:
            head += " recursive"
            inner += "{% if loop.depth < 3 %}{{ loop(" + self.pick(
                names[0], "[1, 2]", "l", "msgs", "y.items", "'ab'") + \
                ") }}{% endif %}"
        if self.chance(.2):
            inner += self.tag("else") + self.body(depth)
        return self.tag(head) + inner + self.tag("endfor")

    def make_set(self, depth):
        kind = self.pick("any", "str", "int", "bool", "list", "dict", "ints",
                         "strs", "messages", "float", "iter", "html")
        name = self.pick("x", "y", "z", "u", "i", "msg", "s", "l", "a", "b")
        if self.chance(.06):
            value = self.pick("1, 2", "(3, 'b')", "'ab'", "[1, [2]]",
                              self.expression("tuple", 1))
            return self.tag(f"set {self.pick('a, b', '(a, b)', 'a,')} = " +
                            value)
        if self.chance(.3):
            attr = self.pick("a", "b", "c", "items")
            return self.tag(f"set ns.{attr} = " + self.expression(kind, 2))
        value = self.expression(kind, depth)
        self.learn(name, "any" if kind == "iter" else kind)
        return self.tag(f"set {name} = {value}")

    def make_macro(self, depth):
        name = self.pick("f", "g", "h")
        parameters = self.pick([], ["x"], ["x", "y"], ["msg"], ["a", "b", "c"])
        heads, defaults = [], False
        for one in parameters:
            defaults |= self.chance(.4)
            heads.append(one + "=" + self.expression("any", 1) if defaults
                         else one)
        loops, self.loops = self.loops, 0
        inner = self.body(depth, "any", parameters)
        self.loops = loops
        if self.chance(.15):
            inner += self.pick("{{ caller() }}", "{{ varargs }}",
                               "{{ kwargs }}", "{{ caller(1, x) }}",
                               "{{ varargs|join(',') }}{{ kwargs|length }}",
                               "{% if caller %}{{ caller('c') }}{% endif %}")
        self.macros.append((name, parameters))
        return self.tag(f"macro {name}({', '.join(heads)})") + inner + \
            self.tag("endmacro")

    def call_block(self, depth):
        parameters = self.pick("", "", "(a)", "(a, b=1)", "()")
        called = self.kind_call(2)[0] if self.macros else "f()"
        return self.block(depth, f"call{parameters} {called}", "endcall")

    def rare(self, depth):
        """Statements that chat templates hardly use."""
        kind = self.rnd.randrange(12)
        if kind < 3:
            name = self.pick("x", "y", "s")
            some = self.pick("", f"{name}=" + self.expression("any", 1),
                             "a=1, b=a")
            return self.block(depth, "with " + some, "endwith")
        if kind < 5:
            return self.block(depth, "autoescape " + self.pick(
                "true", "false", self.expression("any", 1)), "endautoescape")
        if kind < 7:
            return self.block(depth, "block " + self.pick("one", "two") +
                              self.pick("", "", " scoped", " required"),
                              "endblock" + self.pick("", "", " one"))
        if kind < 8:
            return "{{ self.one() }}" + self.pick("", "{{ super() }}")
        if kind < 10:
            return self.tag(self.pick("break", "continue"))
        return self.tag(self.pick(
            "include 'x'", "include 'x' ignore missing", "extends 'x'",
            "import 'x' as x", "from 'x' import y", "do x", "endif", "else",
            "set x", "for x in", "if", "include x without context", "raw",
            "include ['a', 'b'] ignore missing with context", "debug", "elif 1",
            "trans", "set x.y.z = 1", "set loop = 1", "set x['a'] = 1"))

    def verbatim(self):
        return self.pick(
            self.tag("raw") + self.pick("{{ x }}", "{% if", "{#") +
            self.tag("endraw"),
            "{#" + self.pick("", "-", "+") + " {{ x }} " +
            self.pick("", "-", "+") + "#}" + self.space(),
            "{ % }", "{{ '{{' }}", "}}", "%}", "# for x in y", "## c", "{")

    def statement(self, depth):
        kind = self.rnd.randrange(100)
        if depth <= 0 or kind < 40:
            return self.print(self.pick(1, 2, 2, 3, 4))
        if kind < 52:
            return self.make_set(2)
        if kind < 64:
            return self.branch(depth)
        if kind < 78:
            return self.loop(depth)
        if kind < 82:
            name = self.pick("x", "y", "u")
            some = self.pick("", "", "|upper", "|trim", "|replace('a', s)")
            text = self.block(depth, f"set {name}{some}", "endset")
            self.learn(name, "str")
            return text
        if kind < 86:
            return self.make_macro(depth)
        if kind < 89:
            return self.call_block(depth)
        if kind < 92:
            return self.block(depth, "filter " + self.pick(
                "upper", "trim", "replace('a', 'b')", "indent(2)", "title|e",
                "length", "list", "wordwrap(9)", "center(30)"), "endfilter")
        if kind < 95:
            return self.block(depth, "generation", "endgeneration")
        if kind < 98:
            return self.verbatim()
        return self.rare(depth)

    def template(self):
        text = "{% set ns = namespace(a=1) %}" if self.chance(.7) else ""
        if self.chance(.4):
            text += "{% macro f(x, y=2) %}<{{ x }}{{ y }}{{ z }}>{% endmacro %}"
            self.macros.append(("f", ["x", "y"]))
        return text + "".join(self.statement(self.pick(1, 2, 2, 3))
                              for _ in range(self.pick(1, 2, 3)))
