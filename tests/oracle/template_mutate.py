"""Templates in pieces: tokens that join to the same text, and random changes
of them."""

import re

from template_grammar import ALL_METHODS, LITERALS, Grammar

OPENING = re.compile(r"\{[%{#][-+]?")
RAW = re.compile(r"[-+]?%\}.*?\{%[-+]?\s*endraw", re.S)
INSIDE = re.compile(r"""
    (?P<end>[-+]?[%}]\}) | (?P<space>\s+) | (?P<name>[^\W\d]\w*) |
    (?P<number>(?:0[xob][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)) |
    (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") |
    (?P<operator>//|\*\*|[=!<>]=|.)""", re.S | re.X)
KEYWORDS = set("""if elif else endif for endfor in not and or is set endset
    macro endmacro call endcall filter endfilter generation endgeneration
    recursive break continue raw endraw with endwith block endblock""".split())
OPERATORS = ["+ - * / // % ~".split(), "== != < > <= >=".split(),
             [",", ":", ".", "|", "=", "**"]]
BRACKETS = {"(": ")", "[": "]", "{": "}"}
SPACES = ["", " ", "\n", "\n\n", "  ", "\t", "\n  ", " \n", "\r\n", "é", "x"]


def split(source):
    """The tokens (kind, text) of a template."""
    tokens, at = [], 0
    while opening := OPENING.search(source, at):
        if opening.start() > at:
            tokens.append(("data", source[at:opening.start()]))
        at = opening.end()
        if opening[0][1] == "#":
            end = source.find("#}", at)
            end = len(source) if end == -1 else end + 2
            tokens.append(("comment", source[opening.start():end]))
            at = end
            continue
        tokens.append(("begin", opening[0]))
        nesting = 0
        while at < len(source):
            found = INSIDE.match(source, at)
            kind, text = found.lastgroup, found[0]
            if kind == "end" and text[-2] == "}" and nesting > 0:
                kind, text = "operator", text[0]
            nesting += (text in BRACKETS) - (text in BRACKETS.values())
            tokens.append((kind, text))
            at += len(text)
            if kind == "end":
                break
        if [one for _, one in tokens[-4:-1] if one.strip()][-1:] == ["raw"]:
            raw = RAW.match(source, at - len(tokens[-1][1]))
            if raw:
                tokens.append(("data", source[at:raw.end()]))
                at = raw.end()
    if at < len(source):
        tokens.append(("data", source[at:]))
    return tokens


def join(tokens):
    return "".join(text for _, text in tokens)


class Mutator:
    """Changes of a template's tokens, by chance."""

    def __init__(self, rnd, filters, tests, corpus):
        self.rnd = rnd
        self.grammar = Grammar(rnd, filters, tests)
        self.corpus = corpus

    def places(self, tokens, *kinds):
        return [index for index, (kind, _) in enumerate(tokens)
                if kind in kinds]

    def place(self, tokens, *kinds):
        some = self.places(tokens, *kinds)
        return self.rnd.choice(some) if some else 0

    def expression(self):
        kind = self.rnd.choice(["any", "str", "bool", "int", "list", "dict"])
        return ("other", self.grammar.expression(kind, self.rnd.choice(
            [0, 1, 1, 2])))

    def remove(self, tokens):
        del tokens[self.place(tokens, "name", "operator", "string", "number",
                              "begin", "end", "comment", "data")]

    def repeat(self, tokens):
        at = self.place(tokens, "name", "operator", "string", "data", "number")
        tokens.insert(at, tokens[at])

    def exchange(self, tokens):
        kind = self.rnd.choice(["name", "string", "data", "operator", "end"])
        one, two = self.place(tokens, kind), self.place(tokens, kind)
        tokens[one], tokens[two] = tokens[two], tokens[one]

    def rename(self, tokens):
        """Another name of the same sort."""
        at = self.place(tokens, "name")
        before = [text for _, text in tokens[max(0, at - 3):at]
                  if text.strip()][-1:] or [""]
        names = sorted({text for kind, text in tokens if kind == "name"} -
                       KEYWORDS) or ["x"]
        if before[0] == "|" or before[0] == "filter":
            names = self.grammar.filters
        elif before[0] in ("is", "not"):
            names = self.grammar.tests
        elif before[0] == ".":
            names = names + self.rnd.sample(ALL_METHODS, 9) + [
                "index", "index0", "first", "last", "length", "previtem",
                "nextitem", "revindex", "depth", "role", "content", "items"]
        elif tokens[at][1] in KEYWORDS and self.rnd.random() < .9:
            return
        tokens[at] = ("name", self.rnd.choice(names))

    def operate(self, tokens):
        """Another operator, or another joining word."""
        at = self.place(tokens, "operator")
        for some in OPERATORS + [list("()[]{}")]:
            if tokens[at][1] in some:
                tokens[at] = ("operator", self.rnd.choice(some))
        words = [index for index in self.places(tokens, "name")
                 if tokens[index][1] in ("and", "or", "in", "not", "is")]
        if words and self.rnd.random() < .3:
            tokens[self.rnd.choice(words)] = ("name", self.rnd.choice(
                ["and", "or", "in", "is", "not", "is not", "not in"]))

    def relabel(self, tokens):
        """Another literal."""
        at = self.place(tokens, "string", "number")
        kind = tokens[at][0]
        if kind not in ("string", "number"):
            return
        same = [tokens[index][1] for index in self.places(tokens, kind)]
        literals = LITERALS["str" if kind == "string" else "int"]
        tokens[at] = (kind, self.rnd.choice(
            self.rnd.choice([same, literals, LITERALS["float"], literals])))

    def replace(self, tokens):
        """A generated expression instead of a token or of a group."""
        at = self.place(tokens, "name", "string", "number", "operator")
        end, kind = at + 1, tokens[at][0]
        if kind == "operator" and tokens[at][1] in BRACKETS:
            nesting = 1
            while nesting and end < len(tokens):
                nesting += (tokens[end][1] in BRACKETS) - \
                    (tokens[end][1] in BRACKETS.values())
                end += 1
            brackets = tokens[at][1], tokens[end - 1][1]
            tokens[at:end] = [("operator", brackets[0]), self.expression(),
                              ("operator", brackets[1])]
        elif kind != "operator" and tokens[at][1] not in KEYWORDS:
            tokens[at:end] = [("operator", "("), self.expression(),
                              ("operator", ")")]

    def printed(self, tokens):
        """A generated expression, filter or addition in a printing tag."""
        at = self.place(tokens, "begin")
        end = next((index for index in range(at, len(tokens))
                    if tokens[index][0] == "end"), None)
        if end is None or tokens[at][1][:2] != "{{":
            return
        kind = self.rnd.randrange(4)
        if kind == 0:
            tokens[at + 1:end] = [("space", " "), self.expression()]
        elif kind == 1:
            tokens.insert(end, ("other", "|" + self.rnd.choice(
                self.grammar.filters)))
        elif kind == 2:
            tokens[end:end] = [("operator", self.rnd.choice(
                [" + ", " ~ ", " if ", " or "])), self.expression()]
        else:
            inside = tokens[at + 1:end]
            tokens[at + 1:end] = [("operator", "(")] + inside + [
                ("operator", ")"), ("other", self.rnd.choice(
                    ["|length", "[1:]", "[0]", ".strip()", "|trim", "|list",
                     "|tojson", " * 2", "|string", ".split()", "[::-1]"]))]

    def trim(self, tokens):
        """Other white-space control."""
        for _ in range(self.rnd.choice([1, 1, 3])):
            at = self.place(tokens, "begin", "end")
            kind, text = tokens[at]
            sign = self.rnd.choice(["-", "-", "+", ""])
            if kind == "begin":
                tokens[at] = (kind, text[:2] + sign)
            elif kind == "end":
                tokens[at] = (kind, sign + text[-2:])

    def roughen(self, tokens):
        """Other white space or odd text between tags, or none."""
        at = self.place(tokens, "data")
        kind, text = tokens[at]
        if kind == "data":
            cut = self.rnd.randrange(len(text) + 1)
            tokens[at] = (kind, text[:cut] + self.rnd.choice(SPACES) + text[
                cut + self.rnd.choice([0, 0, 1]):])

    def cut(self, tokens):
        """Without a tag, or without a few tokens."""
        at = self.place(tokens, "begin")
        end = at + 1
        while end < len(tokens) and tokens[end - 1][0] != "end":
            end += 1
        if self.rnd.random() < .5:
            end = at + self.rnd.randrange(1, 12)
        del tokens[at:end]

    def insert(self, tokens):
        """A generated statement, or a run of another template's tokens."""
        at = self.place(tokens, "begin", "data")
        if self.rnd.random() < .6:
            tokens.insert(at, ("other", self.grammar.statement(
                self.rnd.choice([0, 1, 1, 2]))))
            return
        other = self.rnd.choice(self.corpus)
        start = self.place(other, "begin", "data")
        tokens[at:at] = other[start:start + self.rnd.randrange(1, 30)]

    changes = [(remove, 1), (repeat, 1), (exchange, 1), (rename, 4),
               (operate, 3), (relabel, 3), (replace, 4), (printed, 4),
               (trim, 4), (roughen, 2), (cut, 1), (insert, 3)]

    def template(self):
        """A real template, changed in one to four ways."""
        tokens = list(min(self.rnd.choices(self.corpus, k=2), key=len))
        changes, weights = zip(*self.changes)
        for change in self.rnd.choices(changes, weights,
                                       k=self.rnd.choice([0, 1, 1, 2, 2, 3, 4])):
            if tokens:
                change(self, tokens)
        return join(tokens)
