"""Render what the lines of standard input ask for, with Jinja2 in the
environment that transformers sets up, and print {"out": TEXT} or
{"error": "template:LINE: MESSAGE", "line": LINE} for each.  The requests are
those of tests/unit/render.c."""

import json
import sys
import warnings
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import jinja2
import jinja2.nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import internal_code


class Generation(Extension):
    """{% generation %}: its body is a call block, as in transformers."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"],
                                       drop_needle=True)
        call = self.call_method("run_body")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def run_body(self, caller):
        return caller()


def tojson(value, ensure_ascii=False, indent=None, separators=None,
           sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent,
                      separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def strftime_now(form):
    return datetime(2026, 8, 22, 13, 5, 9).strftime(form)


@lru_cache(maxsize=None)
def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True,
        extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = strftime_now
    return env


@lru_cache(maxsize=None)
def compiled(source):
    return environment().from_string(source)


@lru_cache(maxsize=None)
def model(folder, template):
    """The templates by name and the special tokens of a model folder."""
    config, sources = {}, {}
    folder = folder and Path(folder)
    if folder and not folder.is_dir():
        folder = folder.parent
    if folder and (folder / "tokenizer_config.json").exists():
        config = json.loads((folder / "tokenizer_config.json").read_text())
    if template:
        sources = {"default": Path(template).read_text()}
    elif folder:
        if (folder / "chat_template.jinja").exists():
            sources["default"] = (folder / "chat_template.jinja").read_text()
        for file in (folder / "additional_chat_templates").glob("*.jinja"):
            sources[file.stem] = file.read_text()
        if not sources:
            given = config.get("chat_template")
            sources = {"default": given} if isinstance(given, str) else {
                one["name"]: one["template"] for one in given}
    tokens = {}
    named = dict(config.get("extra_special_tokens") or {})
    named.update((k, v) for k, v in config.items() if k.endswith("_token"))
    for key, value in named.items():
        if isinstance(value, dict):
            value = value.get("content")
        if isinstance(value, str):
            tokens[key] = value
    return sources, tokens


def render(request):
    if "chat" not in request:
        source = request.get("source")
        if source is None:
            source = Path(request["file"]).read_text()
        return compiled(source), request.get("vars", {})
    chat = request["chat"]
    sources, tokens = model(request.get("model"), request.get("template"))
    tools = chat.get("tools")
    name = "tool_use" if tools is not None and "tool_use" in sources \
        else "default"
    messages = chat["messages"][:chat.get("n")]
    if not messages:
        raise ValueError("the conversation is empty")
    values = {**tokens, **(chat.get("kwargs") or {})}
    values.update(messages=messages, tools=tools,
                  documents=chat.get("documents"),
                  add_generation_prompt=chat.get("add_generation_prompt",
                                                 False))
    return compiled(sources[name]), values


def run(template, values):
    """What template.render gives, failing with the error's own traceback."""
    return "".join(template.root_render_func(template.new_context(values)))


def line_of(error, template):
    """The template's line in which error was raised, if it is known."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    line = None
    at = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_filename == "<template>" and code not in internal_code:
            line = at.tb_lineno
        at = at.tb_next
    return line and template.get_corresponding_lineno(line)


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        answer, template = {}, None
        try:
            template, values = render(json.loads(line))
            text = run(template, values)
            text.encode()
            answer["out"] = text
        except Exception as error:
            line = line_of(error, template)
            answer["error"] = f"template:{line}: {error}"
            if line is not None:
                answer["line"] = line
        print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
