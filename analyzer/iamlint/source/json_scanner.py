"""JSON text → nodes with exact places. Knows nothing of what to do with text that is wrong: `json_repair` does."""

import re

from iamlint.source.document import Key, Node
from iamlint.source.strings import decode_escapes

DEPTH = 200  # AWS documents nest a dozen deep; more is an accident or an attack
KEY, VALUE, AFTER, DONE = range(4)  # what the scanner expects next

BLANK = r"[ \t\n\r]*+"
STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
_BLANKS = re.compile(BLANK)
_KEY = re.compile(rf"{BLANK}({STRING}){BLANK}:")
_VALUE = re.compile(rf"{BLANK}(?:({STRING})|([\[{{])|(true|false|null|{NUMBER})(?=[\s,\]}}]|\Z))")
_AFTER = re.compile(rf"{BLANK}([,\]}}])")
_WORDS = {"true": True, "false": False, "null": None}


def json_blanks(text: str, position: int) -> int:
    """Where the blanks at a position end."""
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def scalar(text: str) -> object:
    """The value of a JSON number or word; a number with more digits than Python converts stays text."""
    if text in _WORDS:
        return _WORDS[text]
    try:
        return int(text)
    except ValueError:
        return float(text) if set(text) & set(".eE") else text


class Scanner:
    """One pass over a text, as far as it is right.

    Without `values` the nodes say only where everything is: half the memory, for a text whose value is known.
    """

    def __init__(self, text: str, *, values: bool = True) -> None:
        self.text = text
        self.values = values
        self.position = 0
        self._names: dict[str, str] = {}  # each key's name once in memory
        self.root: Node | None = None
        self.stack: list[Node] = []  # the open containers
        self.key: Key | None = None  # of the member whose value comes next
        self.comma = 0  # where the last comma stands

    def regular(self, state: int) -> int:
        """Read on while everything is as JSON has it; the state in which it stops."""
        text, names = self.text, self._names
        while True:
            if state == VALUE:
                match = _VALUE.match(text, self.position)
                if match is None or (match.lastindex == 2 and len(self.stack) >= DEPTH):
                    return state
                state = self._value(match)
            elif state == KEY:
                match = _KEY.match(text, self.position)
                if match is None:
                    return state
                start, end = match.span(1)
                name = decode_escapes(text[start + 1 : end - 1])
                self.key = Key(names.setdefault(name, name), start, end)
                self.position = match.end()
                state = VALUE
            else:
                match = _AFTER.match(text, self.position) if self.stack else None
                if match is None or not self._follows(match[1]):
                    return state
                self.position = match.end()
                state = self.next(match.end() - 1) if match[1] == "," else self.close(match.end())

    def put(self, node: Node) -> None:
        """Give a value to the open container; a value without a key is dropped from an object."""
        if not self.stack:
            self.root = self.root or node
            return
        parent = self.stack[-1]
        if parent.children is None:
            return
        if isinstance(parent.value, list):
            parent.value.append(node.value)
        if parent.keys is not None:
            if self.key is None:
                return
            parent.keys.append(self.key)
            if isinstance(parent.value, dict):
                parent.value[self.key.name] = node.value
        parent.children.append(node)
        self.key = None

    def open(self, start: int, bracket: str) -> int:
        """Start a container."""
        value: object = {} if bracket == "{" else []
        node = Node(start, len(self.text), value if self.values else None)
        node.children, node.keys = [], [] if bracket == "{" else None
        self.put(node)
        self.stack.append(node)
        return KEY if bracket == "{" else VALUE

    def close(self, end: int) -> int:
        """End the innermost container."""
        self.stack.pop().end = end
        return AFTER

    def next(self, comma: int) -> int:
        """Go on after a comma."""
        self.comma = comma
        return VALUE if self.stack[-1].keys is None else KEY

    def _value(self, match: re.Match[str]) -> int:
        kind = match.lastindex or 0
        start, end = match.span(kind)
        self.position = end
        if kind == 2:
            return self.open(start, match[2])
        if not self.values:
            self.put(Node(start, end, None))
        else:
            string = kind == 1
            self.put(Node(start, end, decode_escapes(self.text[start + 1 : end - 1]) if string else scalar(match[3])))
        return AFTER

    def _follows(self, mark: str) -> bool:
        """Whether a comma or closing bracket fits the open container."""
        return mark == "," or (mark == "]") == (self.stack[-1].keys is None)
