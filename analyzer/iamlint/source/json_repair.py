"""JSON text that is wrong → what is wrong, where, and a value all the same. Knows nothing of files or policies."""

import re

from iamlint.source.document import Key, Node
from iamlint.source.file import Problem
from iamlint.source.json_scanner import AFTER, DEPTH, DONE, KEY, VALUE, Scanner
from iamlint.source.json_words import Word, read_word, unclosed
from iamlint.text import Span

_MOST = 50  # problems in one text: nobody reads more
_BLANKS = re.compile(r"[ \t\n\r]++")
_INDENT = re.compile(r"[^ \t]")
_ODD_BLANKS = re.compile(r"[\s\u200b\u2060\ufeff]++")
_COMMENT = re.compile(r"//[^\n\r]*|/\*.*?(?:\*/|\Z)|#[^\n\r]*", re.DOTALL)
_REST_OF_STRING = re.compile(r'[^\n\r]{0,500}?"(?=\s*(?:[,:\]}\n\r]|\Z))')
_CONFLICT = re.compile(r"(?m)^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$")
_CONFLICT_END = re.compile(r"(?m)^>{7}(?: .*)?$")


class Repairer(Scanner):
    """A scanner that says what is wrong where the regular one stops, and goes on.

    Only the first problem of a line is told: what follows it there is mostly its echo.
    """

    def __init__(self, text: str, *, comments: bool = False, values: bool = True, pages: bool = False) -> None:
        super().__init__(text, values=values)
        self.comments = comments  # JSONC: they are fine
        self.pages: list[Node] | None = [] if pages else None  # the documents before this one, if that is fine
        self.problems: list[Problem] = []
        self._told_until = -1

    def scan(self) -> Node:
        """The root of the text; `problems` then has what is wrong with it."""
        state = VALUE
        while state != DONE:
            state = self.regular(state)
            state = (self._odd_key, self._odd_value, self._odd_after)[state]()
        root = self.root or Node(0, len(self.text), None)
        return _listed([*self.pages, root]) if self.pages else root

    # What stands where a key, a value, or a comma or bracket belongs

    def _odd_key(self) -> int:
        mark, start = self._peek(), self.position
        if mark in ("", "]"):
            return self._closed_wrongly(mark)
        if mark == "}":
            return self._end(start)
        if mark in ",;":
            self._say("a member is missing before this comma", start, start + 1)
            return self._pass(KEY)
        if mark in "{[":
            self._say(f"a member's key is missing before this `{mark}`", start, start + 1)
            self.key = None
            return VALUE
        if mark in ":=":
            self._say(f"a key is missing before this `{mark}`", start, start + 1)
            self.key = None
            return self._pass(VALUE)
        word = self._word(key=True)
        self.key = Key(str(word.value), start, word.end)
        return self._colon(start)

    def _colon(self, key: int) -> int:
        end = self.position
        mark, start = self._peek(), self.position
        if mark == ":":
            return self._pass(VALUE)
        if mark == "=":
            self.position += 2 if self.text.startswith(("=>", "=="), start) else 1
            self._say("a `:` belongs here, not `=`", start, self.position)
            return VALUE
        name = self.text[key:end]
        if mark in ("", ",", "}", ";"):
            self._say(f"`{name}` has no value", key, end)
            self.put(Node(end, end, None))
            return AFTER
        self._say(f"a `:` is missing after `{name}`", key, end, label="belongs after this")
        return VALUE

    def _odd_value(self) -> int:
        mark, start = self._peek(), self.position
        if not self.stack and mark in ("", "]", "}", ",", ":", ";", "="):
            return self._nothing(mark)
        if mark in ("", "]", "}", ",", ";"):
            return self._no_value(mark)
        if mark in ":=":
            self._say(f"a value is expected before `{mark}`", start, start + 1)
            return self._pass(VALUE)
        if mark in "{[":
            if len(self.stack) >= DEPTH:
                self._say(f"nested more than {DEPTH} deep", start, start + 1, kind="depth")
                self.position = len(self.text)
                return DONE
            self.position += 1
            return self.open(start, mark)
        word = self._word()
        self.put(Node(start, word.end, word.value))
        return AFTER

    def _nothing(self, mark: str) -> int:
        start = self.position
        if not mark:
            message = "the document has nothing but comments" if self.text.strip() else "the document is empty"
            self._say(message, 0, start)
            return DONE
        self._say(f"a value is expected, not `{mark}`", start, start + 1)
        return self._pass(VALUE)

    def _no_value(self, mark: str) -> int:
        start, parent = self.position, self.stack[-1]
        if parent.keys is not None:
            if self.key is not None:
                self._say(f"`{self.text[self.key.start : self.key.end]}` has no value", self.key.start, self.key.end)
            self.put(Node(start, start, None))
            return AFTER
        if mark == "]":
            return self._end(start)
        if mark in ("", "}"):
            return self._closed_wrongly(mark)
        self._say("a value is missing before this comma", start, start + 1)
        return self._pass(VALUE)

    def _odd_after(self) -> int:
        end = self.position
        mark, start = self._peek(), self.position
        if not self.stack:
            return self._trailing(mark)
        if mark == ",":
            self.position += 1
            return self.next(start)
        if mark in ("", "]", "}"):
            return self.close(self._passed()) if mark and self._follows(mark) else self._closed_wrongly(mark)
        if mark == ";":
            self._say("a `,` belongs here, not `;`", start, start + 1)
            self.position += 1
            return self.next(start)
        if mark in ":=":
            inside = "a list has no keys" if self.stack[-1].keys is None else "the member already has a value"
            self._say(f"`{mark}` is out of place: {inside}", start, start + 1)
            return self._pass(VALUE)
        return self._missing_comma(end, start)

    # What to say about it

    def _missing_comma(self, end: int, start: int) -> int:
        last = self.stack[-1].children[-1] if self.stack[-1].children else None
        if start == end and last and last.end == end and self.text[last.start] == '"' and self.text[end] not in "\"'[{":
            return self._quote_inside(last)
        self._say("a comma is missing", end - 1, end, label="after this")
        return self.next(end)

    def _quote_inside(self, last: Node) -> int:
        """A string with text right behind its closing quote: one that was not closed, or a quote inside it."""
        if str(last.value).rstrip().endswith(","):
            word = unclosed(self.text, last.start, last.end - 1)
            self._say(word.message, last.start, word.end, help=word.help)
        else:
            rest = _REST_OF_STRING.match(self.text, last.end)
            if rest is None:
                self._say("a comma is missing", last.end - 1, last.end, label="after this")
                return self.next(last.end)
            word = Word(self.text[last.start + 1 : rest.end() - 1], rest.end())
            self._say("a quote inside the string ends it", last.end - 1, last.end, help='write it as `\\"`')
        self._replace(last, word)
        self.position = word.end
        return AFTER

    def _replace(self, last: Node, word: Word) -> None:
        last.value, last.end = word.value, word.end
        parent = self.stack[-1]
        if parent.keys is None:
            parent.value[-1] = word.value  # type: ignore[index]  # a list, as it has no keys
        else:
            parent.value[parent.keys[-1].name] = word.value  # type: ignore[index]  # a dict, as it has keys

    def _closed_wrongly(self, mark: str) -> int:
        """The end of the text, or the other kind of bracket, where the innermost container is open."""
        if not mark:
            return self._never_closed(self._suspect() or self.stack[-1])
        start, inner = self.position, self.stack[-1]
        closer = "]" if inner.keys is None else "}"
        opened = ((Span(inner.start, inner.start + 1), "opened here"),)
        depth = next((i for i, node in enumerate(reversed(self.stack)) if (mark == "]") == (node.keys is None)), None)
        if depth is None or (depth == len(self.stack) - 1 and self.text[start + 1 :].strip()):
            self._say(f"`{closer}` belongs here, not `{mark}`", start, start + 1, related=opened)
            return self.close(self._passed())
        self._say(f"`{closer}` is missing before this `{mark}`", start, start + 1, related=opened)
        for _ in range(depth):
            self.close(start)
        return self.close(self._passed())

    def _never_closed(self, node: Node) -> int:
        end = len(self.text.rstrip())
        opened = ((Span(node.start, node.start + 1), "opened here"),)
        self._say(
            f"`{self.text[node.start]}` is never closed", end - 1, end, label="the text ends here", related=opened
        )
        return DONE

    def _suspect(self) -> Node | None:
        """Which container is likely the unclosed one: the last whose closing bracket is indented otherwise."""
        nodes, open_ones = [self.root], {id(node) for node in self.stack}
        suspects = []
        while nodes:
            node = nodes.pop()
            if node is None:
                continue
            if id(node) not in open_ones and self._misindented(node):
                suspects.append(node)
            nodes += (child for child in node.children or () if child.children is not None)
        return max(suspects, key=lambda node: node.start, default=None)

    def _misindented(self, node: Node) -> bool:
        if self.text.find("\n", node.start, node.end) < 0:
            return False
        indent = self._indent(node.end - 1)
        starts_line = self.text[node.end - 2 - len(indent)] in "\r\n" if node.end - 2 >= len(indent) else False
        return starts_line and indent != self._indent(node.start)

    def _indent(self, offset: int) -> str:
        line = self.text.rfind("\n", 0, offset) + 1
        return _INDENT.split(self.text[line : line + 200], maxsplit=1)[0]

    def _end(self, start: int) -> int:
        """Close the container; a comma before that was one too many."""
        if self.stack[-1].children:
            self._say("a comma before the closing bracket", self.comma, self.comma + 1, help="remove it")
        self.position = start + 1
        return self.close(start + 1)

    def _trailing(self, mark: str) -> int:
        """Whatever follows the value."""
        start = self.position
        if mark == "{" and self.pages is not None and self.root is not None:
            self.pages.append(self.root)
            self.root = None
            return VALUE
        if mark:
            message = {"{": "a second document follows the first", "}": "`}` closes nothing", "]": "`]` closes nothing"}
            line = self.text[start:].splitlines()[0].rstrip()
            end = start + (1 if mark in "{}[]" else len(line))
            self._say(message.get(mark, "text after the end of the document"), start, end)
        return DONE

    # Reading on

    def _peek(self) -> str:
        """The next character that counts, past blanks, comments and conflict markers; empty at the end."""
        while True:
            blanks = _BLANKS.match(self.text, self.position)
            self.position = blanks.end() if blanks else self.position
            if not (self._comment() or self._conflict() or self._odd_blank()):
                return self.text[self.position : self.position + 1]

    def _comment(self) -> bool:
        match = _COMMENT.match(self.text, self.position)
        if match is None:
            return False
        told = any(problem.message == "JSON has no comments" for problem in self.problems)
        if not told and (match[0][0] == "#" or not self.comments):
            self._say("JSON has no comments", *match.span(), help="AWS rejects a document with a comment")
        self.position = match.end()
        return True

    def _conflict(self) -> bool:
        """A conflict marker; the first side is read, the others are passed over."""
        match = _CONFLICT.match(self.text, self.position)
        if match is None:
            return False
        if match[0][0] == "<":
            self._say("a merge conflict is not resolved", *match.span())
        self.position = match.end()
        if match[0][0] in "=|":
            last = _CONFLICT_END.search(self.text, match.end())
            self.position = last.end() if last else len(self.text)
        return True

    def _odd_blank(self) -> bool:
        match = _ODD_BLANKS.match(self.text, self.position)
        if match is None:
            return False
        self._say("a blank that JSON does not know", *match.span(), help=f"U+{ord(match[0][0]):04X}: use a space")
        self.position = match.end()
        return True

    def _word(self, *, key: bool = False) -> Word:
        word = read_word(self.text, self.position, key=key)
        if word.message:
            self._say(word.message, word.start, word.until, help=word.help)
        self.position = word.end
        return word

    def _pass(self, state: int) -> int:
        self.position += 1
        return state

    def _passed(self) -> int:
        self.position += 1
        return self.position

    def _say(
        self,
        message: str,
        start: int,
        end: int,
        *,
        help: str = "",  # noqa: A002 - as in Problem
        kind: str = "syntax",
        label: str = "",
        related: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        if start <= self._told_until or len(self.problems) >= _MOST:
            return
        line_end = self.text.find("\n", max(start, end - 1))
        self._told_until = len(self.text) if line_end < 0 else line_end
        self.problems.append(Problem(message, Span(start, end), help, kind, label, related))


def _listed(pages: list[Node]) -> Node:
    """Documents that follow each other, as a list of them."""
    node = Node(pages[0].start, pages[-1].end, [page.value for page in pages])
    node.children = pages
    return node
