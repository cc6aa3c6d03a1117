"""Requests for tests/unit/render.c and tests/oracle/render.py, and how their
answers compare.

  chats SHARED N           the required templates over N real conversations
  cases FILE...            the small cases of the language in these files
  record FILE SOURCES      add to FILE a case of each line of SOURCES (a JSON
                           string, or an object with src), as Jinja2 has it
  verify ANSWERS FILE...   0 unless ANSWERS to `cases` differ from the files
  golden SHARED [SPANS]    every template over every context, with the spans
                           of generation blocks, as "quirks" or "bytes"
  golden-answers SHARED    what these are to give
  vectors SHARED DIR       the chats that transformers was given, with the
                           models it had them for, which are made in DIR
  vectors-answers SHARED   what transformers gave
  compare OURS THEIRS [all]   0 unless they differ, in text or in the spans
                           that THEIRS has; refusing is no difference (with
                           `all` it is)
  spans BYTES QUIRKS       0 unless answers with spans in bytes differ from
                           those with spans as transformers records them
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
        if "unportable" in case:  # "<generator object ... at 0x...>"
            kind = case["unportable"].split()[0].strip("<")
            bad = f"the text of a {kind}" not in answer.get("error", "")
        wrong += bad
        right += not bad
        if bad:
            case.pop("vars")
            print(f"{str(answer)[:400]}\n   not {str(case)[:400]}")
    print(f"{right} as they should be, {wrong} wrong")
    return wrong != 0


def read_golden(shared):
    for line in (shared / "templates/golden.jsonl").open():
        yield json.loads(line)


def golden(shared, spans=None):
    contexts = json.loads((shared / "templates/contexts.json").read_text())
    for case in read_golden(shared):
        request = {"file": str(shared / "templates" / case["file"]),
                   "vars": {"tools": None, "documents": None,
                            **case["special"], **contexts[case["ctx"]]}}
        if spans:
            request["gen"] = spans
        ask(request)


def golden_answers(shared):
    for case in read_golden(shared):
        ask({key: case[key] for key in ("out", "error", "gen") if key in case})


def read_vectors(shared):
    return json.loads(
        (shared / "templates/transformers_vectors.json").read_text())


def vectors(shared, folder):
    for number, model in enumerate(read_vectors(shared).values()):
        at = Path(folder) / str(number)
        at.mkdir(parents=True)
        (at / "tokenizer_config.json").write_text(json.dumps(
            {"chat_template": model["template"], **model["special_tokens"]}))
        for case in model["cases"]:
            # The day on which they were made.
            ask({"model": str(at), "now": "2025-12-17T00:00:00", "chat": {
                key: case[key] for key in
                ("messages", "tools", "add_generation_prompt")
                if key in case}})


def vectors_answers(shared):
    for model in read_vectors(shared).values():
        for case in model["cases"]:
            ask({"out": case["expected"]})


def read_answers(file):
    # Not splitlines(), which cuts at U+2028 as well.
    return [json.loads(line)
            for line in Path(file).read_text().split("\n")[:-1]]


def compare(ours, theirs, strictly=None):
    equal = refused = failed = wrong = spans = 0
    pairs = zip(read_answers(ours), read_answers(theirs), strict=True)
    for line, (one, two) in enumerate(pairs, 1):
        bad = False
        if "out" in one:
            bad = one["out"] != two.get("out")
            if "gen" in two:
                spans += 1
                bad |= one.get("gen") != two["gen"]
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
          f"{wrong} wrong" + (f"; {spans} with spans" if spans else ""))
    return wrong != 0


def spans(ours, theirs):
    """Spans that are empty count in neither."""
    same = wrong = 0
    pairs = zip(read_answers(ours), read_answers(theirs), strict=True)
    for line, (one, two) in enumerate(pairs, 1):
        text = one.get("out", "").encode()
        gen = [[len(text[:at].decode()) for at in span]
               for span in one.get("gen", [])]
        bad = gen != [span for span in two.get("gen", [])
                      if span[0] != span[1]]
        wrong += bad
        same += len(gen) if not bad else 0
        if bad:
            print(f"{line}: {gen} not {two['gen']}")
    print(f"{same} spans the same, {wrong} texts with others")
    return wrong != 0


def main(command, *arguments):
    whole = {"compare": compare, "cases": cases,
             "record": record, "verify": verify, "spans": spans}
    if command in whole:
        return whole[command](*arguments)
    make = {"chats": chats, "golden": golden,
            "golden-answers": golden_answers, "vectors": vectors,
            "vectors-answers": vectors_answers}[command]
    return make(Path(arguments[0]), *arguments[1:])


sys.exit(main(*sys.argv[1:]))
