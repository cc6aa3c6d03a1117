"""Render random templates with trx and with Jinja2, and say where they differ.

  template_fuzz.py [-l] [-t SECONDS] [-d TEMPLATES] [-o FILE] SEED [COUNT]

renders COUNT times (or for SECONDS): templates of template_grammar.py, half
of them changed ones of TEMPLATES/*/*.jinja if given, each over several
contexts of template_chats.py.  A seed always gives the same run.  Each sort of
difference is printed with a minimal request, for tests/unit/render.c and
render.py; FILE gets them as JSON lines.  Status 0 unless something is wrong:
refusing by a name of the two lists below is not, and that both fail but in
different lines is only with -l."""

import argparse
import gc
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import render
import template_chats
import template_mutate
from template_grammar import Grammar
from template_shrink import shrink

UNIT = os.environ.get("TRX_UNIT") or \
    Path(__file__).resolve().parents[2] / "build/unit"
CONTEXTS = 8      # renderings of one template
BATCH = 48        # templates whose requests go out together
POOL = 400        # contexts that are drawn from; a new pool for each
POOL_LIFE = 2400  # so many templates
OUTPUT = 1 << 22  # characters of a text that is compared
MEMORY = 4 << 30  # bytes that Jinja2 may take
SHRINKING = 20    # seconds in which one difference is made smaller; all
SHARE = .3        # together take this part of the time, from a minute on

# "refused": what is another text in another run of Python, by addresses, by
# chance, by which equal values are one object, or by the day.
UNKNOWABLE = r"""
the text of a [\w.]+ cannot be known
trx does not support random\(\) of several items
trx does not support lipsum\(\)
trx does not support sameas of equal values
trx does not support whether two NaN are one object
trx does not support (unique of|groups by|sorting so with) NaN
trx does not support comparing such values
the template asks for today's date
"""
# "unsupported": what trx has no code for, and where its bounds are.
UNSUPPORTED = r"""
trx does not support a complex number
trx does not support (an attribute|a subscript) of dict itself
trx does not support (that attribute of|the operator % on) bytes
trx does not support (a separator of hex|surrogatepass|the encoding|the error)
trx does not support so (large an integer|deep an indent|many views)
trx does not support (such a directive|the directive %s) of a date
trx does not support (a namespace with __html|(dict|items)\(\) of a namespace)
trx does not support the difference of such views
trx does not support (pprint of keys without|sorting so many views)
trx does not support a width that is not a number
trx does not support (names beyond ASCII|a slice among several subscripts)
trx does not support include without context in a function
the template (takes|writes) too (much|many)|the template (has|is) too
(macros|loops) call each other too deeply|tags nest too deeply
a value is nested too deeply|an expression is too long
a number has too many digits|a size of a format is too big
"""


def listed(lines):
    return re.compile("|".join(lines.split("\n")[1:-1])).match


is_unknowable, is_unsupported = listed(UNKNOWABLE), listed(UNSUPPORTED)


class TooLong(BaseException):
    """Jinja2 took more than its time."""


def too_long(_signal, _frame):
    raise TooLong


def limited(work):
    """work()'s answer; {"skip": CAUSE} where Python's own limits are met."""
    signal.setitimer(signal.ITIMER_PROF, 1)
    try:
        return work()
    except (TooLong, RecursionError, MemoryError) as error:
        return {"skip": type(error).__name__}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def bounded():
    """So much memory for Jinja2, but not for what is started."""
    old = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, old[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, old)


def failure(error, template):
    return {"error": str(error), "line": render.line_of(error, template),
            "type": type(error).__name__}


def compiled(source):
    """A template of Jinja2's, or an answer."""
    def work():
        try:
            return render.environment().from_string(source)
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            return failure(error, None)
    return limited(work)


def rendered(template, values):
    """The answer of Jinja2."""
    def work():
        try:
            text = render.run(template, values)
            if len(text) > OUTPUT:
                return {"skip": "long text"}
            text.encode()
            return {"out": text}
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            return failure(error, template)
    return template if isinstance(template, dict) else limited(work)


def request(source, values):
    """The line that asks for a rendering; values may be JSON text."""
    if not isinstance(values, str):
        values = json.dumps(values, ensure_ascii=False)
    # JSON has no infinity, but large numbers become one.
    values = values.replace("Infinity", "1e400")
    return f'{{"source":{json.dumps(source)},"vars":{values}}}\n'


class Ours:
    """tests/unit/render at work on some requests."""

    def __init__(self, lines):
        self.lines = lines
        self.start(0)

    def start(self, at):
        self.asked = tempfile.TemporaryFile("w+b")
        self.said = tempfile.TemporaryFile("w+b")
        self.asked.write("".join(self.lines[at:]).encode())
        self.asked.seek(0)
        self.process = subprocess.Popen(
            [Path(UNIT) / "render"], stdin=self.asked, stdout=self.said)
        self.watch = threading.Timer(60, self.process.kill)
        self.watch.start()

    def answers(self):
        """Its answers; a crash, or a minute for a rendering, is one too."""
        found = []
        while True:
            status = self.process.wait()
            self.watch.cancel()
            self.said.seek(0)
            lines = self.said.read().decode().split("\n")
            self.asked.close()
            self.said.close()
            found += [json.loads(line) for line in lines[:-1]]
            if len(found) == len(self.lines):
                return found
            if status != -signal.SIGKILL:
                found.append({"crash": f"trx ends with {status}"})
            elif len(lines) == 1:
                found.append({"crash": "trx takes too long"})
            self.start(len(found))


def general(text):
    """A message without its particulars."""
    text = re.sub(r"^template:\d+: ", "", text)
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", text)
    return re.sub(r"-?\d+", "N", text)[:120]


def judge(ours, theirs):
    """(verdict, its class) of two answers."""
    if "crash" in ours:
        return "wrong", ours["crash"]
    if "skip" in theirs:
        return "skipped", theirs["skip"]
    if "out" in ours:
        if "error" in theirs:
            return "wrong", "renders what Python refuses: " + \
                theirs["type"] + ": " + general(theirs["error"])
        if ours["out"] == theirs["out"]:
            return "equal", ""
        return "wrong", "the text differs"
    error = ours["error"]
    bare = re.sub(r"^template:\d+: ", "", error)[:120]
    if is_unknowable(bare):
        return "refused", bare
    if is_unsupported(bare):
        return "unsupported", bare
    if "error" in theirs:
        line = theirs["line"]
        if line is None or theirs["type"] == "SyntaxError" or \
                error.startswith(f"template:{line}:"):
            return "failed", ""
        return "line", general(error) + " / " + general(theirs["error"])
    return "wrong", "refuses what Python renders: " + general(error)


def answer(source, values):
    """What Jinja2 makes of a template."""
    with bounded():
        return rendered(compiled(source), json.loads(json.dumps(values)))


def verdicts(pairs, sort):
    """What is said of (source, values) pairs, where ours answers with an
    "out", an "error" or a "crash" as sort says; otherwise None."""
    ours = Ours([request(*pair) for pair in pairs]).answers()
    for one, pair in zip(ours, pairs):
        yield judge(one, answer(*pair)) if sort in one else None


class Templates:
    """Template number N of a seed, and the contexts it is rendered over."""

    def __init__(self, seed, folder):
        self.seed = seed
        self.filters = sorted(render.environment().filters)
        self.tests = [one for one in sorted(render.environment().tests)
                      if one.isidentifier()]
        self.corpus = [
            template_mutate.split(file.read_text())
            for file in sorted(Path(folder).glob("*/*.jinja"))
        ] if folder else []
        self.pool = None, []

    def contexts(self, number):
        life = number // POOL_LIFE
        if self.pool[0] != life:
            rnd = random.Random(f"{self.seed} contexts {life}")
            self.pool = life, [
                json.dumps(template_chats.variables(rnd), ensure_ascii=False)
                for _ in range(POOL)]
        return self.pool[1]

    def make(self, number):
        """(source, [variables as JSON text, ...])"""
        rnd = random.Random(f"{self.seed} template {number}")
        if self.corpus and number % 2:
            source = template_mutate.Mutator(
                rnd, self.filters, self.tests, self.corpus).template()
        else:
            source = Grammar(rnd, self.filters, self.tests).template()
        return source, rnd.sample(self.contexts(number), CONTEXTS)


class Report:
    """Counts of verdicts, and one example of each class."""

    def __init__(self, clock, lines):
        self.clock = clock
        self.bad = {"wrong", "line"} if lines else {"wrong"}
        self.verdicts = Counter()
        self.texts = 0
        self.classes = {"wrong": Counter(), "line": Counter(),
                        "refused": Counter(), "unsupported": Counter(),
                        "skipped": Counter()}
        self.examples = {}

    def add(self, origin, source, text, ours, theirs):
        verdict, name = judge(ours, theirs)
        self.verdicts[verdict] += 1
        self.texts += "out" in theirs
        if verdict not in self.classes:
            return
        if verdict in self.bad and (name == "the text differs" or
                                    (verdict, name) not in self.examples):
            name = self.example(origin, verdict, name, source,
                                json.loads(text), ours)
        self.classes[verdict][name] += 1

    def example(self, origin, verdict, name, source, values, ours):
        """Keep a minimal one; returns the class, which then is finer."""
        def fails(pairs):
            return (one == (verdict, name) for one in verdicts(
                pairs, next(iter(ours))))

        if self.clock.may("making smaller", SHARE, 60):
            source, values = shrink(source, values, fails, SHRINKING)
            self.clock.lap("making smaller")
            ours, = Ours([request(source, values)]).answers()
        if name == "the text differs":
            name += ": " + re.sub(r"'[^']*'|\"[^\"]*\"", "'…'",
                                  re.sub(r"\b\d[\w.]*", "N", source))
        self.examples.setdefault((verdict, name), {
            "class": name, **origin, "request": {
                "source": source, "vars": values}, "ours": ours,
            "theirs": answer(source, values)})
        return name

    def show(self, verdict):
        print(f"\n{verdict}:")
        for name, count in self.classes[verdict].most_common():
            print(f"{count:8} {name}")
            example = self.examples.get((verdict, name))
            if example:
                print(f"         seed {example['seed']} template "
                      f"{example['template']}: " + request(
                          *example["request"].values()).rstrip())
                print(f"         ours   {json.dumps(example['ours'])[:300]}")
                print(f"         theirs {json.dumps(example['theirs'])[:300]}")

    def write(self, file):
        with open(file, "w") as out:
            for (verdict, name), example in self.examples.items():
                print(json.dumps({
                    "verdict": verdict, "count": self.classes[verdict][name],
                    **example}, ensure_ascii=False), file=out)


class Clock:
    """Where the time went."""

    def __init__(self):
        self.spent = Counter()
        self.start = self.last = time.monotonic()

    def lap(self, name):
        now = time.monotonic()
        self.spent[name] += now - self.last
        self.last = now

    def may(self, name, share, least):
        """May one more of these be done?"""
        self.lap("comparing")
        return self.spent[name] < max(least, share * (self.last - self.start))

    def line(self, renders):
        total = self.last - self.start
        return f"{renders} renders in {total:.0f} s, {renders / total:.0f}/s" \
            " (" + ", ".join(f"{name} {spent / total:.0%}" for name, spent in
                             self.spent.most_common()) + ")"


def one_batch(templates, numbers, report):
    clock = report.clock
    made = [(number, *templates.make(number)) for number in numbers]
    clock.lap("making")
    jobs = []
    for number, source, contexts in made:
        with bounded():
            template = compiled(source)
        if isinstance(template, dict):
            contexts = contexts[:1]
        jobs += [(number, source, template, one) for one in contexts]
    clock.lap("Jinja2 compiles")
    ours = Ours([request(source, text) for _, source, _, text in jobs])
    clock.lap("requests")
    with bounded():
        # Fresh values each time: the filter indent may change a list.
        theirs = [rendered(template, json.loads(text))
                  for _, _, template, text in jobs]
    clock.lap("Jinja2 renders")
    said = ours.answers()
    clock.lap("waiting for trx")
    for (number, source, _, text), one, two in zip(
            jobs, said, theirs, strict=True):
        report.add({"seed": templates.seed, "template": number},
                   source, text, one, two)
    del made, jobs
    gc.collect()
    clock.lap("comparing")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-l", dest="lines", action="store_true")
    parser.add_argument("-t", dest="seconds", type=float)
    parser.add_argument("-d", dest="templates")
    parser.add_argument("-o", dest="file")
    parser.add_argument("seed", type=int)
    parser.add_argument("count", type=int, nargs="?", default=1 << 62)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, too_long)
    templates = Templates(given.seed, given.templates)
    clock, number = Clock(), 0
    report = Report(clock, given.lines)
    gc.freeze()
    gc.disable()
    while (done := report.verdicts.total()) < given.count and not (
            given.seconds and clock.last > clock.start + given.seconds):
        size = min(BATCH, (given.count - done) // CONTEXTS + 1)
        one_batch(templates, range(number, number + size), report)
        number += size
    for verdict in ("skipped", "refused", "unsupported", "line", "wrong"):
        if report.classes[verdict]:
            report.show(verdict)
    if given.file:
        report.write(given.file)
    done = report.verdicts.total()
    print(f"\nseed {given.seed}: {number} templates, " + clock.line(done))
    print(f"{report.texts / done:.0%} are texts in Python; " + ", ".join(
        f"{count} {verdict}" for verdict, count in
        report.verdicts.most_common()))
    return any(report.verdicts[verdict] for verdict in report.bad)


if __name__ == "__main__":
    sys.exit(main())
