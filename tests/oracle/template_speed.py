"""How many conversations a second Jinja2 and minijinja render on one core,
over the same templates and rows as build/unit/render_speed, whose text they
must give; prints a line of ratios for each template.

  template_speed.py RENDER_SPEED CHATS SECONDS TEMPLATE...
"""

import hashlib
import json
import subprocess
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import minijinja
from jinja2 import TemplateError
from render import compiled, raise_exception, tojson

ROUNDS = 5  # of each; the best one counts
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def values(row):
    return {"messages": row["messages"], "tools": None, "documents": None,
            "add_generation_prompt": True, **TOKENS}


def jinja(source):
    template = compiled(source)
    return lambda row: template.render(**values(row))


def mini(source):
    env = minijinja.Environment(trim_blocks=True, lstrip_blocks=True,
                                pycompat=True)
    env.add_filter("tojson", tojson)
    env.add_global("raise_exception", raise_exception)
    env.add_template("chat", source)
    return lambda row: env.render_template("chat", **values(row))


def speed(render, rows, seconds):
    """Renders a second of processor time, a block of rows again and again."""
    count, at, start = 0, 0, time.process_time()
    while time.process_time() - start < seconds:
        block = rows[at:at + 64]
        for row in block * 4:
            render(row)
        count += 4 * len(block)
        at = at + 64 if at + 128 <= len(rows) else 0
    return count / (time.process_time() - start)


def prepare(make, source, rows):
    """The rendering function and the digest of its texts; None: it fails."""
    try:
        render = make(source)
        texts = "".join(map(render, rows))
    except Exception:
        return None, None
    return render, hashlib.sha256(texts.encode()).hexdigest()


def accepts(render, row):
    try:
        render(row)
    except TemplateError:
        return False
    return True


def main(ours, chats, seconds, *templates):
    warnings.simplefilter("ignore")
    every = [json.loads(line) for line in Path(chats).open()]
    seconds = str(float(seconds) / ROUNDS)
    variables = "\n".join(f"{key}={json.dumps(value)}"
                          for key, value in TOKENS.items())

    def own(path, rows, *traced):
        out = subprocess.run([ours, path, variables, rows, seconds, *traced],
                             stdout=subprocess.PIPE, text=True, check=True)
        number, digest = out.stdout.split()
        return float(number), digest

    print(f"jinja2 {version('jinja2')}, minijinja {version('minijinja')}; "
          f"{len(every)} conversations, one core; trx as its rate is to that "
          "of each, and traced: as trx-template knows where each byte is from")
    for path in templates:
        source = Path(path).read_text()
        render = jinja(source)
        rows = [row for row in every if accepts(render, row)]
        accepted = Path(f"{chats}.accepted")
        accepted.write_text("".join(json.dumps(r) + "\n" for r in rows))
        render, sha = prepare(jinja, source, rows)
        peer, peer_sha = prepare(mini, source, rows)
        best = {}
        for _ in range(ROUNDS):
            round_ = {"jinja2": speed(render, rows, float(seconds))}
            if peer is not None:
                round_["minijinja"] = speed(peer, rows, float(seconds))
            for name in "plain", "traced":
                round_[name], digest = own(path, accepted, *[name][:name == "traced"])
                if digest != sha:
                    sys.exit(f"{path}: not the text of Jinja2")
            best = {key: max(best.get(key, 0), round_[key]) for key in round_}
        line = f"{Path(path).parent.name}/{Path(path).stem}: " \
            f"{len(rows)} rows, " \
            f"{best['plain'] / best['jinja2']:.1f} times jinja2" \
            f" (traced {best['traced'] / best['jinja2']:.1f})"
        if peer is None:
            line += "; minijinja fails"
        else:
            line += f", {best['plain'] / best['minijinja']:.1f} times " \
                f"minijinja (traced {best['traced'] / best['minijinja']:.1f})"
            line += "" if peer_sha == sha else ", whose text is wrong"
        print(line, flush=True)


main(*sys.argv[1:])
