"""Random variables for chat templates: conversations of every shape, and one
variable of each kind that template_grammar.py knows."""

TEXTS = [
    "Hello, how are you?", "hi", "", " ", "  Hi there! \n", "ok\n", "\n\nx",
    "<think>a b</think>\n\nAnswer 1", "<think>\n\n</think>\n\nb", "</think>",
    "<think>open", "It's \"q\" \\ <b>&amp;</b>", "日本語 text", "ß ﬁ Ǆ İ ŉ",
    "😀é e\u0301", "\u2003x\u00a0", "\u2028\u200b\ufeff", "a\tb\r\nc\x0b\x1c",
    "\x00\x07\x1b[0m\x7f", "<|im_start|>user\nx<|im_end|>", "[INST] x [/INST]",
    "<s></s><unk>", "{{ x }}{% if %}{# #}", "%s %d %(a)s {} {0} {a}", "12",
    "-7", "1e3", " 3.5 ", "٣", "0x1f", "True", "None", "it's", 'say "x"',
    "a-b-c", "a,b;c", "line one\nline two\n  three\n\nfour", "x" * 70,
    "The quick brown fox jumps over the lazy dog, and it's well-known. " * 3,
    "<tool_call>\n{\"name\": \"f\"}\n</tool_call>", "<tool_response>x",
    "http://example.com/?a=b&c=d see www.x.org or me@x.org", "/think", "A",
    "/no_think now", "user", "Ωmega ΑΣ ςσ", "ﷺ𝔘𝟙½²", "\u00ad\u200d", "CaSe",
    "CONTINUE_FINAL_MESSAGE_TAG ", "a" * 300 + "\n", "\U000e0001\ue000",
]
ROLES = ["user", "user", "assistant", "assistant", "system", "tool",
         "developer", "ipython", "function", "User", "model", "", "critic"]
NUMBERS = [0, 1, -1, 2, 3.0, 1.5, -0.0, 1e16, 1e-7, 0.1, 10 ** 30, 2 ** 63,
           -2 ** 63, 1e22, 123456789.125, 5e-324, 1e308, float("inf"), 255]
NAMES = ["get_weather", "search", "f", "python", "brave_search", "a b", "é"]


def text(rnd):
    one = rnd.choice(TEXTS)
    return one if rnd.random() < .7 else one + rnd.choice(TEXTS)


def anything(rnd, depth=2):
    """Any JSON value."""
    kind = rnd.randrange(10 if depth else 7)
    if kind < 3:
        return text(rnd)
    if kind < 5:
        return rnd.choice(NUMBERS)
    if kind < 7:
        return rnd.choice([None, True, False])
    if kind < 8:
        return [anything(rnd, depth - 1) for _ in range(rnd.randrange(4))]
    keys = ["a", "b", "c", "location", "n", "unit", "é", "it's", "", "items"]
    return {key: anything(rnd, depth - 1)
            for key in rnd.sample(keys, rnd.randrange(5))}


def mapping(rnd):
    keys = rnd.sample(["a", "b", "location", "n", "unit", "query", "é"], 3)
    return {key: anything(rnd) for key in keys[:rnd.randrange(4)]}


def tool_call(rnd):
    arguments = rnd.choice([
        mapping(rnd), mapping(rnd), mapping(rnd), '{"a": 1, "b": "é"}', "{}",
        "", None, [1]])
    function = {"name": rnd.choice(NAMES), "arguments": arguments}
    if rnd.random() < .15:
        return function
    call = {"id": rnd.choice(["call00001", "c", "abcdefghi", ""]),
            "type": "function", "function": function}
    for key in ("id", "type"):
        if rnd.random() < .15:
            del call[key]
    return call


def part(rnd):
    return rnd.choice([
        {"type": "text", "text": text(rnd)}, {"type": "text", "text": "hi"},
        {"type": "image"}, {"type": "image_url", "image_url": {"url": "u"}},
        {"type": "image", "image": "x.png"}, {"type": "video"}, text(rnd),
        {"text": text(rnd)}, {"type": "audio", "audio_url": "a"}, {}])


def content(rnd):
    kind = rnd.random()
    if kind < .8:
        return text(rnd)
    if kind < .92:
        return [part(rnd) for _ in range(rnd.randrange(4))]
    return rnd.choice([None, None, anything(rnd)])


def message(rnd, role):
    one = {"role": role, "content": content(rnd)}
    if role in ("assistant", "model"):
        if rnd.random() < .25:
            one["tool_calls"] = [tool_call(rnd)
                                 for _ in range(rnd.randrange(4))]
        if rnd.random() < .2:
            one[rnd.choice(["reasoning_content", "reasoning", "thinking"])] \
                = rnd.choice([text(rnd), None, ""])
    if role in ("tool", "ipython", "function"):
        one["tool_call_id"] = "call00001"
        one["name"] = rnd.choice(NAMES)
    if rnd.random() < .08:
        one[rnd.choice(["n", "name", "weight", "items", "train"])] = \
            anything(rnd, 1)
    if rnd.random() < .04:
        del one[rnd.choice(list(one))]
    return one


def conversation(rnd):
    """Mostly turns as templates ask for them; otherwise roles in any order."""
    count = rnd.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 7])
    if rnd.random() < .65:
        roles = ["system"] if rnd.random() < .4 else []
        for index in range(count):
            roles.append("assistant" if index % 2 else "user")
            if index % 2 and rnd.random() < .2:
                roles += ["tool", "assistant"]
    else:
        roles = [rnd.choice(ROLES) for _ in range(count)]
    return [message(rnd, role) for role in roles]


def parameters(rnd):
    properties = {
        name: {"type": rnd.choice(["string", "integer", ["string", "null"],
                                   "array", "object", "number", "boolean"]),
               **rnd.choice([{}, {"description": text(rnd)},
                             {"enum": ["a", "b"]}, {"default": 1.0},
                             {"items": {"type": "string"}},
                             {"properties": {"q": {"type": "number"}}}])}
        for name in rnd.sample(["location", "unit", "n", "tags"],
                               rnd.randrange(4))}
    return {"type": "object", "properties": properties,
            **rnd.choice([{}, {"required": list(properties)[:1]},
                          {"required": []}])}


def tools(rnd):
    some = []
    for _ in range(rnd.choice([0, 1, 1, 2])):
        function = {"name": rnd.choice(NAMES), "description": text(rnd),
                    "parameters": parameters(rnd)}
        some.append(rnd.choice([{"type": "function", "function": function},
                                {"type": "function", "function": function},
                                function]))
    return some


def documents(rnd):
    return [{"title": text(rnd), "text": text(rnd), "doc_id": index}
            for index in range(rnd.randrange(3))]


def generic(rnd):
    """One variable of each kind that a Grammar uses."""
    pick = rnd.choice
    return {
        "s": text(rnd), "uni": pick(["日本語😀é", "ß", "ŉaﬁ", text(rnd)]),
        "q": "it's \"q\"", "esc": "a\\b\n\t\r\0\x7f\u200b\u00a0\u2028é",
        "ws": " \t\n x \u2003\u00a0", "html": pick(
            ["<a href='x'>&\"</a>", "<p>x <!-- y --> &amp; &#39;z</p>\n w"]),
        "i": pick([7, 0, 1, 2, 5]), "x": pick([1, 3, -2, 12]),
        "big": pick([10 ** 30, 2 ** 63, -10 ** 25, 123456789012345678901]),
        "f15": pick([1.5, -0.0, 0.1, 1e16, 2.675, 3.0, -7.25]),
        "t": pick([True, False]), "nul": None, "e": [],
        "l": pick([[3, 1, 2], [5], [2, -1, 7, 7, 0]]),
        "mixed": pick([[1, "a", None, 2.5], ["b", "A", "a"], [[2], [1, 1]],
                       [{"a": 1}, {"a": "x"}], [True, 1, 0.0, "1"]]),
        "words": pick([["b", "a", "C"], ["x"], ["é", "z", "É", "x y"]]),
        "m": pick([{"b": 2, "a": 1, "c": [1, 2, 3]}, {"a": "q", "k": [None]},
                   {"Z": 1, "a": {"x": "<&>"}, "b": None, "y": 1.0}]),
        "n": {"items": [1], "get": "G", "keys": "K"},
        "nested": {"a": {"b": [{"c": None}]}, "b": {"k": anything(rnd)}},
        "y": anything(rnd), "msgs": [
            {"role": "system", "content": "S "}, {"role": "user", "content":
             "<think>U1"}, {"role": "assistant", "content": "A1", "n": 2},
            {"role": "user", "name": "é"}],
    }


def variables(rnd):
    """The variables of one rendering."""
    values = {"messages": conversation(rnd),
              "tools": tools(rnd) if rnd.random() < .4 else None,
              "documents": documents(rnd) if rnd.random() < .2 else None,
              "add_generation_prompt": rnd.random() < .5,
              "bos_token": "<s>", "eos_token": rnd.choice(["</s>", "<|e|>"]),
              **generic(rnd)}
    extra = {"enable_thinking": [True, False, False], "unk_token": ["<unk>"],
             "pad_token": ["<pad>"], "date_string": ["26 Jul 2024", text(rnd)],
             "thinking": [True, False], "custom_tools": [tools(rnd), None],
             "tools_in_user_message": [True, False], "image_token": ["<img>"],
             "builtin_tools": [["wolfram_alpha", "python"], []],
             "reasoning_effort": ["low", "high"], "add_vision_id": [True],
             "system_message": [text(rnd)], "keep_past_thinking": [True]}
    for name, some in extra.items():
        if rnd.random() < .2:
            values[name] = rnd.choice(some)
    for name in list(values):
        if rnd.random() < .02:
            del values[name]
        elif rnd.random() < .01:
            values[name] = anything(rnd)
    return values
