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
from render import compiled, raise_exception, tojson

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


def measure(make, source, rows, seconds):
    """Renders a second, and the digest of one pass; None where it fails."""
    try:
        render = make(source)
        texts = [render(row) for row in rows]
    except Exception:
        return None, None
    sha = hashlib.sha256("".join(texts).encode()).hexdigest()
    count, at, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        block = rows[at:at + 64]
        for row in block * 4:
            render(row)
        count += 4 * len(block)
        at = at + 64 if at + 128 <= len(rows) else 0
    return count / (time.perf_counter() - start), sha


def main(ours, chats, seconds, *templates):
    warnings.simplefilter("ignore")
    rows = [json.loads(line) for line in Path(chats).open()]
    variables = "\n".join(f"{key}={json.dumps(value)}"
                          for key, value in TOKENS.items())
    print(f"jinja2 {version('jinja2')}, minijinja {version('minijinja')}; "
          f"{len(rows)} conversations; renders a second on one core")
    worst = None
    for path in templates:
        source = Path(path).read_text()
        speed, sha = measure(jinja, source, rows, float(seconds))
        peer, other = measure(mini, source, rows, float(seconds))
        mine = subprocess.run([ours, path, variables, chats, seconds],
                              stdout=subprocess.PIPE, text=True, check=True)
        own, digest = mine.stdout.split()
        if digest != sha:
            sys.exit(f"{path}: not the text of Jinja2")
        ratio = float(own) / speed
        worst = ratio if worst is None else min(worst, ratio)
        peer = "fails" if peer is None else f"{float(own) / peer:.1f} times" \
            + ("" if other == sha else ", whose text is wrong")
        print(f"{Path(path).parent.name}/{Path(path).stem}: {ratio:.1f} times "
              f"jinja2; minijinja: {peer}")
    print(f"at least {worst:.1f} times jinja2")


main(*sys.argv[1:])
