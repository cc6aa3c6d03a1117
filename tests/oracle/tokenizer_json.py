#!/usr/bin/env python3
"""Whether a program gives the ids of tokenizers on a model's tokenizer.json.

  tokenizer_json.py PROGRAM MODEL random SEED N   N random texts
  tokenizer_json.py PROGRAM MODEL vocabulary      every string of it, alone and
                                                  behind a space
  tokenizer_json.py PROGRAM MODEL chats FILE...   the contents of all messages

PROGRAM MODEL is the likes of tests/unit/encode; -i MODEL gives it the special
tokens around a text.  Texts on which it differs, or ends, are printed as short
as they get.  On some texts the reference itself panics: of those the program
need not give the ids, but it must go on.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
from tokenizers import Tokenizer, __version__  # noqa: E402
from tokenizer_texts import Maker, vocabulary  # noqa: E402

CHUNK = 50_000  # texts in one call of the program
SHOWN = 5  # differing texts that are made short


class Reference:
    def __init__(self, path):
        self.it = Tokenizer.from_file(str(path))
        # As transformers does for a call that does not ask for them.
        self.it.no_truncation()
        self.it.no_padding()

    def ids(self, text, special=False):
        """None where it panics."""
        try:
            return self.it.encode(text, add_special_tokens=special).ids
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
            return None

    def lists(self, texts):
        try:
            return [encoding.ids for encoding in self.it.encode_batch_fast(
                texts, add_special_tokens=False)]
        except BaseException as e:
            if isinstance(e, KeyboardInterrupt):
                raise
            return [self.ids(text) for text in texts]


def sound(ends, ids, text):
    """What the ends of tokens promise."""
    return len(ends) == len(ids) and ends == sorted(ends) and \
        (not ends or ends[-1] <= len(text.encode()))


class Program:
    def __init__(self, program, model):
        self.command = [program, str(model)]

    def start(self, texts):
        lines = tempfile.TemporaryFile("w+")
        lines.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        lines.seek(0)
        out = tempfile.TemporaryFile("w+")
        run = subprocess.Popen(self.command, stdin=lines, stdout=out,
                               stderr=subprocess.PIPE, text=True)
        return run, out

    def finish(self, started, texts):
        """The ids of the texts it came to."""
        run, out = started
        self.said = run.communicate()[1].strip()
        self.status = run.returncode
        out.seek(0)
        ids = []
        for line, text in zip(out, texts):
            try:
                held = json.loads(line)
            except json.JSONDecodeError:
                break  # it died while it wrote
            ids.append(held["ids"] if sound(held["ends"], held["ids"], text)
                       else "ends that are not in order")
        return ids

    def around(self):
        run = subprocess.run([self.command[0], "-i", self.command[1]],
                             capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{Path(self.command[1]).name}: {run.stderr.strip()}")
        info = json.loads(run.stdout)
        return info["prefix"], info["suffix"]


def differing(program, reference, texts):
    """The texts of which the ids differ, and the one at which it ended."""
    started = program.start(texts)
    wanted = reference.lists(texts)
    got = program.finish(started, texts)
    if program.status:
        yield texts[len(got)]
    for text, ours, theirs in zip(texts, got, wanted):
        if theirs is not None and ours != theirs:
            yield text


def shorter(program, reference, text):
    """Delete characters while it still differs."""
    size = max(1, len(text) // 2)
    while size:
        tries = [text[:at] + text[at + size:]
                 for at in range(0, len(text), size)][:2000]
        # Another call where it ends at a text, for those behind it.
        found = next(differing(program, reference, tries), None)
        if found is None:
            size //= 2
        else:
            text = found
            size = min(size, max(1, len(text) // 2))
    return text


def report(program, reference, text):
    text = shorter(program, reference, text)
    ours = (program.finish(program.start([text]), [text]) or
            [f"status {program.status}, {program.said}"])[0]
    print(f"  {json.dumps(text)}\n    theirs {reference.ids(text)}\n"
          f"    ours   {ours}", flush=True)


def special_tokens(around, reference, texts):
    """The texts that get other ones around them than the program says."""
    prefix, suffix = around
    for text in texts:
        whole, plain = (reference.ids(text, special) for special in (1, 0))
        if plain is not None and whole != prefix + plain + suffix:
            print(f"  special tokens of {json.dumps(text)}: {whole}, not "
                  f"{prefix} {plain} {suffix}")
            yield text


def contents(paths):
    for path in paths:
        with open(path) as lines:
            for line in lines:
                for message in json.loads(line)["messages"]:
                    yield message["content"]


def texts_of(held, kind, args):
    if kind == "random":
        return Maker(held, int(args[0])).texts(int(args[1]))
    if kind == "vocabulary":
        return (start + token for token in vocabulary(held)
                for start in ("", " "))
    return contents(args)


def main(name, model, kind, *args):
    path = Path(model, "tokenizer.json")
    texts = texts_of(json.loads(path.read_text()), kind, args)
    program, reference = Program(name, model), Reference(path)
    around = program.around()
    seen = different = 0
    while chunk := list(itertools.islice(texts, CHUNK)):
        bad = list(differing(program, reference, chunk))
        if not seen:
            bad += special_tokens(around, reference, ["", *chunk[:50]])
        for text in bad[:max(0, SHOWN - different)]:
            report(program, reference, text)
        seen += len(chunk)
        different += len(bad)
        if program.status:
            print(f"  ended with status {program.status}: {program.said}")
    print(f"{Path(model).name}, {kind} {' '.join(map(str, args))}: {seen} "
          f"texts, {different} different from tokenizers {__version__}",
          flush=True)
    sys.exit(different > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
