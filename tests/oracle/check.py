"""The report of `trx-template --check --json`, made with Jinja2.

  models SHARED DIR    for each template of the shared folder a model folder
                       DIR/NUMBER, with the special tokens that it asks for
  check FOLDER...      the report on each model folder, a line each
  compare OURS THEIRS  0 unless the reports differ (messages aside)
"""

import json
import sys
import warnings
from pathlib import Path

import jinja2.nodes
import render

# Special tokens of well-known models, beside those that have a name.
ADDED = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>",
         "<|eom_id|>", "<|start_header_id|>", "<|end_header_id|>",
         "<|end_of_text|>", "<start_of_turn>", "<end_of_turn>", "<|end|>",
         "<|user|>", "<|assistant|>", "<|return|>", "<s>", "</s>", "[INST]",
         "[/INST]", "<|END_OF_TURN_TOKEN|>", "<|eot|>", "<eos>", "<turn|>",
         "<|END_RESPONSE|>", "<|assistant_end|>", "<|role_end|>", "<|eos|>",
         "<｜end▁of▁sentence｜>", "<|end_of_turn|>", "[|endofturn|]", "<|EOT|>",
         "<|eom|>", "<sep>"]

USER = {"role": "user", "content": "Hello"}
ASSISTANT = {"role": "assistant", "content": "Hi there"}
TALK = [USER, ASSISTANT, {"role": "user", "content": "Tell me a joke"},
        {"role": "assistant", "content": "Why did the chicken"}]
TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a city",
    "parameters": {"type": "object",
                   "properties": {"city": {"type": "string"}},
                   "required": ["city"]}}}]
OBJECT = {"city": "Paris"}


def call(content, arguments):
    function = {"name": "get_weather", "arguments": arguments}
    return [USER,
            {"role": "assistant", "content": content, "tool_calls": [
                {"id": "call00001", "type": "function",
                 "function": function}]},
            {"role": "tool", "tool_call_id": "call00001",
             "name": "get_weather", "content": "Sunny"}]


def read(file):
    return json.loads(file.read_text()) if file.exists() else {}


def special_tokens(folder):
    """The texts of all tokens that the folder's files mark as special."""
    found = []

    def text(value):
        return value.get("content") if isinstance(value, dict) else value

    def listed(tokens):
        tokens = tokens or []
        found.extend(tokens.values() if isinstance(tokens, dict) else tokens)

    def marked(tokens):
        listed([one for one in tokens if one.get("special") is True])

    def take(config):
        found.extend(value for key, value in config.items()
                     if key.endswith("_token"))
        listed(config.get("extra_special_tokens"))
        listed(config.get("model_specific_special_tokens"))
        listed(config.get("additional_special_tokens"))
        marked(config.get("added_tokens_decoder", {}).values())

    config = read(folder / "tokenizer_config.json")
    take(config)
    if "added_tokens_decoder" not in config:
        take(read(folder / "special_tokens_map.json"))
    marked(read(folder / "tokenizer.json").get("added_tokens", []))
    return {text(one) for one in found
            if isinstance(text(one), str) and text(one)}


def first_special(tokens, text):
    places = [(text.find(one), -len(one), one) for one in tokens
              if one in text]
    return min(places)[2] if places else None


def report(name, source, tokens, special):
    template = render.compiled(source)
    found = {"name": name}

    def rendered(messages, prompt=False, tools=None):
        try:
            text = template.render({
                **tokens, "messages": messages, "tools": tools,
                "documents": None, "add_generation_prompt": prompt})
            text.encode()
            return text
        except Exception:
            return None

    def begins(text, start):
        return start is not None and text is not None and \
            text.startswith(start)

    def plain_chat():
        text = rendered(TALK)
        found["plain"] = text is not None
        keys = ["history_prefix", "prompt_prefix", "after_assistant",
                "stop_token", "stop_is_eos"]
        found.update(dict.fromkeys(keys))
        if text is None:
            return
        found["history_prefix"] = begins(text, rendered(TALK[:2]))
        found["prompt_prefix"] = begins(text, rendered(TALK[:3], True))
        before, there, after = text.rpartition(TALK[3]["content"])
        if there:
            found["after_assistant"] = after
            stop = first_special(special, after)
            found["stop_token"] = stop
            if stop is not None:
                found["stop_is_eos"] = stop == tokens.get("eos_token")

    def system_text():
        one, three = rendered(TALK[:1]), rendered(TALK[:3])
        user, joke = USER["content"], TALK[2]["content"]
        if one is None or three is None or user not in one or \
                joke not in three:
            return None
        first = one[:one.find(user)].removeprefix(
            tokens.get("bos_token", ""))
        answer = three.rfind(ASSISTANT["content"])
        start = answer + len(ASSISTANT["content"]) if answer != -1 else 0
        later = three[start:three.rfind(joke)]
        common = 0
        while common < min(len(first), len(later)) and \
                first[-1 - common] == later[-1 - common]:
            common += 1
        text = first[:len(first) - common]
        return text if text.strip() else None

    def beginning():
        one, asked = rendered(TALK[:1]), rendered(TALK[:1], True)
        bos = tokens.get("bos_token")
        found["bos_printed"] = None if bos is None or one is None \
            else one.startswith(bos)
        found["system_text"] = system_text()
        appends = begins(asked, one)
        found["default_generation_prompt"] = asked[len(one):] \
            if appends else None
        found["generation_prompt_appends"] = appends
        tree = template.environment.parse(source)
        found["asks_date"] = any(
            one.name == "strftime_now" and one.ctx == "load"
            for one in tree.find_all(jinja2.nodes.Name))
        found["generation_tags"] = any(
            one.identifier == render.Generation.identifier
            for one in tree.find_all(jinja2.nodes.ExtensionAttribute))
        tools = rendered(TALK[:1], True, TOOLS)
        found["tools"] = "error" if tools is None \
            else "ignored" if tools == asked \
            else "printed" if "get_weather" in tools else "changes"

    def arguments(text):
        if text is None:
            return "error"
        forms = [('{"city": "Paris"}', "json"), ('\\"city\\"', "escaped"),
                 ("{'city': 'Paris'}", "python"), ("Paris", "other")]
        return next((form for part, form in forms if part in text),
                    "dropped")

    def calls():
        objects = rendered(call("", OBJECT), True, TOOLS)
        null = rendered(call(None, OBJECT), True, TOOLS)
        found["tool_call_object"] = arguments(objects)
        found["tool_call_string"] = arguments(
            rendered(call("", json.dumps(OBJECT)), True, TOOLS))
        found["null_content"] = "error" if null is None else "None" \
            if null.count("None") > (objects or "").count("None") else "fine"

    def null_keys():
        text = rendered([{**USER, "name": None, "tool_calls": None},
                         ASSISTANT])
        found["null_keys"] = "error" if text is None else "same" \
            if text == rendered(TALK[:2]) else "changes"

    plain_chat()
    beginning()
    calls()
    null_keys()
    return found


def check(*folders):
    warnings.simplefilter("ignore")
    for folder in folders:
        sources, tokens = render.model(folder, None)
        special = special_tokens(Path(folder))
        print(json.dumps({"templates": [
            report(name, sources[name], tokens, special)
            for name in ("default", "tool_use") if name in sources]},
            ensure_ascii=False))


def models(shared, folder):
    templates = Path(shared) / "templates"
    special = {}
    for line in (templates / "golden.jsonl").open():
        case = json.loads(line)
        special[case["file"]] = case["special"]
    index = json.loads((templates / "INDEX.json").read_text())
    for number, one in enumerate(index):
        model = Path(folder) / f"{number:03}"
        model.mkdir(parents=True)
        config = dict(special.get(one["file"], one["special_tokens"]))
        config["added_tokens_decoder"] = {
            str(number): {"content": text, "special": True}
            for number, text in enumerate(ADDED)}
        (model / "tokenizer_config.json").write_text(json.dumps(config))
        (model / "chat_template.jinja").write_bytes(
            (templates / one["file"]).read_bytes())


def compare(ours, theirs):
    wrong = 0
    pairs = zip(Path(ours).read_text().split("\n")[:-1],
                Path(theirs).read_text().split("\n")[:-1], strict=True)
    for number, (one, two) in enumerate(pairs):
        one, two = (json.loads(line).get("templates") for line in (one, two))
        for report in one:
            report.pop("error")
        if [list(report) for report in one] != \
                [list(report) for report in two]:
            print(f"{number:03}: other templates or keys")
            wrong += 1
            continue
        for mine, your in zip(one, two, strict=True):
            for key in mine:
                if mine[key] != your[key]:
                    print(f"{number:03} {mine['name']}: {key}: "
                          f"{mine[key]!r} not {your[key]!r}")
                    wrong += 1
    print(f"{wrong} wrong")
    return wrong != 0


def main(command, *arguments):
    return {"models": models, "check": check,
            "compare": compare}[command](*arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
