"""Requests for tests/unit/render.c and tests/oracle/render.py, and how their
answers compare.

  chats SHARED N           the required templates over N real conversations
  cases FILE...            the small cases of the language in these files
  record FILE SOURCES      add to FILE a case of each line of SOURCES (a JSON
                           string, or an object with src), as Jinja2 has it
  verify ANSWERS FILE...   0 unless ANSWERS to `cases` differ from the files
  golden SHARED            every template over every context
  random SEED N            N random templates
  compare OURS THEIRS [all]   0 unless they differ; refusing is no difference
                           (with `all` it is)
"""

import json
import random
import subprocess
import sys
from pathlib import Path

ODD = [" \t", "日本語", "\u2003x\u00a0", "<think>a</think>\n\nb", "",
       "<tool_response>x</tool_response>", 'it\'s "q" \\ \n', "😀é\u0301",
       "\u2028\u200b", "</think></think>x\n\n"]
REQUIRED = ["axolotl/chatml", "chujiezheng/chatml", "chujiezheng/llama-2-chat",
            "chujiezheng/llama-3-instruct", "chujiezheng/zephyr",
            "llama.cpp/meta-llama-Llama-3.1-8B-Instruct",
            "unsloth/zephyr_template", "unsloth/llama3_template"]


def ask(request):
    print(json.dumps(request, ensure_ascii=False))


def conversation(rnd, row):
    """The row's messages, roughened: odd text, a system message, tools."""
    messages = [dict(one) for one in row["messages"]]
    kind = rnd.random()
    if kind < .2:
        messages.insert(0, {"role": "system", "content": rnd.choice(ODD)})
    if kind > .6:
        one = rnd.choice(messages)
        one["content"] = rnd.choice(ODD) + one["content"] + rnd.choice(ODD)
    if kind > .85:
        arguments = rnd.choice([{"a": 1.5, "b": [None, True, 'é"'],
                                 "n": 10 ** 20, "z": {}}, '{"x":1}'])
        messages.append({
            "role": "assistant", "content": rnd.choice(ODD),
            "tool_calls": [{"type": "function", "id": "c", "function":
                            {"name": "f", "arguments": arguments}}]})
        messages.append({"role": "tool", "content": rnd.choice(ODD)})
        messages.append({"role": "assistant", "content": "done",
                         "reasoning_content": rnd.choice(ODD)})
    return messages


def chats(shared, count):
    rnd = random.Random(1)
    packed = shared / "chats/oasst_chat.jsonl.zst"
    text = subprocess.run(["zstd", "-dc", packed], stdout=subprocess.PIPE,
                          check=True).stdout
    rows = [json.loads(line) for line in text.splitlines()]
    contexts = json.loads((shared / "templates/contexts.json").read_text())
    rows = rnd.sample(rows, int(count))
    for name in [None] + REQUIRED:
        for row in rows:
            chat = {"messages": conversation(rnd, row),
                    "add_generation_prompt": rnd.random() < .5}
            if rnd.random() < .3:
                chat["n"] = rnd.randint(1, len(chat["messages"]))
            if rnd.random() < .3:
                chat["tools"] = rnd.choice(
                    [contexts["tools_round"]["tools"], [], None])
            if rnd.random() < .3:
                chat["kwargs"] = rnd.choice(
                    [{"enable_thinking": False}, {"bos_token": "<B>"}])
            request = {"model": str(shared / "models/qwen3"), "chat": chat}
            if name:
                request["model"] = str(shared / "models/llama2-pipeline")
                request["template"] = str(shared / f"templates/{name}.jinja")
            ask(request)


def read_cases(*files):
    """The cases of these files, each with the variables it is run with."""
    for file in files:
        values = json.loads(
            (Path(file).parent / "spec_context.json").read_text())
        for line in Path(file).open():
            case = json.loads(line)
            yield {"vars": values, **case, "file": file}


def cases(*files):
    for case in read_cases(*files):
        ask({"source": case["src"], "vars": case["vars"]})


def record(file, sources):
    """Cases with what Jinja2 makes of them; a repeated source is left out."""
    known = {json.dumps(case["src"]) for case in read_cases(file)} \
        if Path(file).exists() else set()
    shared = json.loads(
        (Path(file).parent / "spec_context.json").read_text())
    new = []
    for line in Path(sources).open():
        case = json.loads(line)
        case = case if isinstance(case, dict) else {"src": case}
        if json.dumps(case["src"]) not in known:
            known.add(json.dumps(case["src"]))
            new.append(case)
    text = "".join(json.dumps({"source": case["src"],
                               "vars": case.get("vars", shared)}) + "\n"
                   for case in new)
    oracle = subprocess.run(
        [sys.executable, Path(__file__).parent / "render.py"], text=True,
        input=text, stdout=subprocess.PIPE, check=True).stdout
    with Path(file).open("a") as out:
        for case, line in zip(new, oracle.split("\n")[:-1], strict=True):
            answer = json.loads(line)
            for key in ("out", "error", "line"):
                if key in answer:
                    case[key] = answer[key]
            print(json.dumps(case, ensure_ascii=False), file=out)


def unencodable(text):
    return any("\ud800" <= char <= "\udfff" for char in text)


def verify(answers, *files):
    """Text, or failure and its line, must be those of the case."""
    wrong = right = 0
    lines = Path(answers).read_text().split("\n")[:-1]
    for case, line in zip(read_cases(*files), lines, strict=True):
        answer = json.loads(line)
        bad = answer.get("out") != case.get("out")
        if unencodable(case.get("out", "")):
            bad = "error" not in answer
        if "line" in case and "error" in answer and \
                case.get("compile_error") != "SyntaxError":
            bad |= not answer["error"].startswith(f"template:{case['line']}:")
        if "unportable" in case:
            bad = "error" not in answer
        wrong += bad
        right += not bad
        if bad:
            case.pop("vars")
            print(f"{str(answer)[:400]}\n   not {str(case)[:400]}")
    print(f"{right} as they should be, {wrong} wrong")
    return wrong != 0


def golden(shared):
    contexts = json.loads((shared / "templates/contexts.json").read_text())
    for line in (shared / "templates/golden.jsonl").open():
        case = json.loads(line)
        ask({"file": str(shared / "templates" / case["file"]),
             "vars": {"tools": None, "documents": None, **case["special"],
                      **contexts[case["ctx"]]}})


class Grammar:
    """Random templates: mostly meaningful, often failing."""

    names = "x y z l m s i ns f loop msgs u msg".split()
    texts = ["'a'", "''", "' b '", "'a-b-c'", '"it\'s"', "'é日'", "'\\n'",
             "'12'", "'role'", "'<think>q</think> r'"]
    numbers = "0 1 2 -1 3 1.5 1e16 0.1 true false none".split()
    filters = ["trim", "length", "tojson", 'default("d")', 'join("-")',
               'default("d", true)', "upper", "lower", "first", "last",
               "list", "string", "items", 'selectattr("role")|list',
               'selectattr("role", "equalto", "user")|list',
               'rejectattr("role", "in", ["user"])|list',
               'map(attribute="content")|list', 'map("length")|list',
               'replace("a", "bb")', 'replace("", "-", 2)', "capitalize",
               "tojson(indent=2)", "tojson(ensure_ascii=true)",
               'tojson(separators=(",", ":"))', "tojson(sort_keys=true)",
               "select|list", 'reject("none")|list', "safe"]
    tests = ["defined", "undefined", "none", "string", "number", "mapping",
             "iterable", "sequence", "boolean", "true", "false", "integer",
             "callable", "odd", 'in [1, "a"]', "eq 1", "divisibleby 2"]
    methods = ["strip()", 'lstrip("a")', "split()", 'split("-", 1)', "upper()",
               'split("a")[-1]', 'startswith("a")', 'endswith("b ")',
               "title()", 'replace("a", "z")', 'find("b")', "items()",
               "keys()", 'get("a")', 'rsplit("-", 1)', "role", "content",
               "a", "index", "index0", "first", "last", "length", "previtem",
               "nextitem", "items", "revindex", 'startswith(("a", "b"))']
    parts = ["[0]", "[-1]", '["a"]', '["role"]', "[x]", "[none]", "[5]",
             "[1:]", "[::-1]", "[:-1]", "[:2]", "[-2:]", "[x:]", "[5:1:-1]"]
    iterables = ["l", "msgs", "m", "s", "m.items()", "range(3)", "u",
                 "m|items", "[[1,2],[3,4]]"]

    def __init__(self, seed):
        self.rnd = random.Random(seed)

    def pick(self, *some):
        return self.rnd.choice(some)

    def atom(self, depth):
        choice = self.rnd.choice
        kind = self.rnd.randrange(20)
        if kind < 10:
            return choice(self.names)
        if kind < 13:
            return choice(self.texts)
        if kind < 16:
            return choice(self.numbers)
        if kind < 18:
            items = [self.expression(depth - 1) for _ in range(2)]
            return "[" + ", ".join(items) + "]"
        return "{'a': " + self.expression(depth - 1) + "}"

    def postfix(self, depth):
        choice = self.rnd.choice
        text = self.atom(depth)
        for _ in range(self.pick(0, 0, 1, 1, 2)):
            text += self.pick("." + choice(self.methods), choice(self.parts),
                              "|" + choice(self.filters))
        return text

    def expression(self, depth):
        kind = self.rnd.randrange(20)
        if depth <= 0 or kind < 11:
            return self.postfix(depth)
        one, two = self.expression(depth - 1), self.expression(depth - 1)
        if kind < 13:
            return f"{one} {self.pick('+', '-', '*', '~', '%', '//')} {two}"
        if kind < 16:
            return one + self.pick(" == ", " < ", " in ", " not in ",
                                   " and ", " or ") + two
        if kind < 17:
            return "not " + one
        if kind < 19:
            return self.postfix(0) + " is " + self.pick("", "not ") + \
                self.rnd.choice(self.tests)
        return f"{one} if {two}" + self.pick("", " else x")

    def space(self):
        return self.pick("", " ", "\n", "\n  ", "x\n", "\t\n ")

    def tag(self, text):
        return self.space() + "{%" + self.pick("", "-", "+") + f" {text} " + \
            self.pick("", "-", "+") + "%}" + self.space()

    def body(self, depth):
        return "".join(self.statement(depth - 1)
                       for _ in range(self.pick(1, 1, 2)))

    def block(self, depth, head, end):
        return self.tag(head) + self.body(depth) + self.tag(end)

    def branch(self, depth):
        text = self.tag("if " + self.expression(1)) + self.body(depth)
        if self.rnd.random() < .3:
            text += self.tag("elif " + self.expression(1)) + self.body(depth)
        if self.rnd.random() < .4:
            text += self.tag("else") + self.body(depth)
        return text + self.tag("endif")

    def loop(self, depth):
        test = self.pick("", "", "", " if " + self.expression(1))
        text = self.tag(f"for {self.pick('i', 'x', 'msg', 'k, v')} in " +
                        self.rnd.choice(self.iterables) + test)
        text += self.body(depth)
        if self.rnd.random() < .15:
            text += self.tag("if " + self.expression(1)) + self.tag(
                self.pick("break", "continue")) + self.tag("endif")
        if self.rnd.random() < .2:
            text += self.tag("else") + self.body(depth)
        return text + self.tag("endfor")

    def statement(self, depth):
        kind = self.rnd.randrange(40)
        name = self.pick("x", "y", "z", "u", "i", "msg")
        if depth <= 0 or kind < 14:
            return self.space() + "{{" + self.pick(" ", "- ") + \
                self.expression(self.pick(0, 1, 1, 2)) + \
                self.pick(" ", " -") + "}}" + self.space()
        if kind < 19:
            return self.tag(f"set {name} = {self.expression(1)}")
        if kind < 21:
            return self.tag(f"set ns.a = {self.expression(1)}")
        if kind < 27:
            return self.branch(depth)
        if kind < 33:
            return self.loop(depth)
        if kind < 35:
            return self.block(depth, f"set {name}", "endset")
        if kind < 37:
            parameters = self.pick("", "x", "x, y=1", "i=x")
            return self.block(depth, f"macro f({parameters})", "endmacro")
        if kind < 38:
            return "{{ f(" + self.pick("", "1", "x", "1, 2", "y=3") + ") }}"
        if kind < 39:
            return self.block(depth, "call f(1)", "endcall")
        return self.block(depth, "generation", "endgeneration")

    def template(self):
        text = "{% set ns = namespace(a=1) %}"
        if self.rnd.random() < .5:
            text += "{% macro f(x, y=2) %}<{{ x }}{{ y }}{{ z }}>{% endmacro %}"
        return text + "".join(self.statement(self.pick(1, 2))
                              for _ in range(self.pick(1, 2)))


def random_templates(seed, count):
    grammar = Grammar(int(seed))
    values = {"x": 1, "l": [3, 1, "a"], "m": {"b": 2, "a": "q", "k": [None]},
              "s": "a-b é", "i": 7,
              "msgs": [{"role": "system", "content": "S "},
                       {"role": "user", "content": "<think>U1"},
                       {"role": "assistant", "content": "A1"},
                       {"role": "user"}]}
    for _ in range(int(count)):
        ask({"source": grammar.template(),
             "vars": {key: value for key, value in values.items()
                      if grammar.rnd.random() < .95}})


def compare(ours, theirs, strictly=None):
    equal = refused = failed = wrong = 0
    # Not splitlines(), which cuts at U+2028 as well.
    pairs = zip(Path(ours).read_text().split("\n")[:-1],
                Path(theirs).read_text().split("\n")[:-1], strict=True)
    for line, (one, two) in enumerate(pairs, 1):
        one, two = json.loads(one), json.loads(two)
        bad = False
        if "out" in one:
            bad = one["out"] != two.get("out")
            equal += not bad
        elif "out" in two:
            refused += 1
            bad = strictly is not None
        else:
            failed += 1
        if bad:
            wrong += 1
            print(f"{line}: {str(one)[:400]}\n   not {str(two)[:400]}")
    print(f"{equal} equal, {failed} fail in both, {refused} refused, "
          f"{wrong} wrong")
    return wrong != 0


def main(command, *arguments):
    whole = {"compare": compare, "random": random_templates, "cases": cases,
             "record": record, "verify": verify}
    if command in whole:
        return whole[command](*arguments)
    make = {"chats": chats, "golden": golden}[command]
    return make(Path(arguments[0]), *arguments[1:])


sys.exit(main(*sys.argv[1:]))
