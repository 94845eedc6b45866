"""A value with places: what any reader makes of a file. Knows nothing of JSON, YAML or what a policy means."""

from collections.abc import Callable
from typing import NamedTuple

from iamlint.policy.kind import PolicyKind
from iamlint.source.file import File, Offsets, Problem
from iamlint.source.strings import string_offsets
from iamlint.text import ROOT, Pointer, Span


class Node:
    """One value and where it is written, in the offsets of its own text; a tree built for places only has no values.

    `children` are the elements or members in order, `keys` the member's keys beside them; both are None for a scalar,
    `keys` is None for a list. A repeated key is there twice, as it is written.
    """

    __slots__ = ("_children", "_keys", "end", "look_inside", "start", "value")

    def __init__(self, start: int, end: int, value: object) -> None:
        self.start = start
        self.end = end
        self.value = value
        self._keys: list[Key] | None = None
        self._children: list[Node] | None = None
        self.look_inside: Callable[[Node], None] | None = None
        """What finds the children and keys when they are first asked for; None once they are there."""

    @property
    def keys(self) -> "list[Key] | None":
        """The keys of the members, in order; None for a list or a scalar."""
        self._look()
        return self._keys

    @keys.setter
    def keys(self, keys: "list[Key] | None") -> None:
        self._keys = keys

    @property
    def children(self) -> "list[Node] | None":
        """The elements or members, in order; None for a scalar."""
        self._look()
        return self._children

    @children.setter
    def children(self, children: "list[Node] | None") -> None:
        self._children = children

    def _look(self) -> None:
        look, self.look_inside = self.look_inside, None
        if look is not None:
            look(self)

    def index(self, token: str) -> int | None:
        """The place among the children of the member or element a pointer's step names; the last of a repeated key."""
        if self.keys is not None:
            return next((i for i in range(len(self.keys) - 1, -1, -1) if self.keys[i].name == token), None)
        if self.children is not None and token.isdecimal() and token.isascii() and len(token) < 10:
            return int(token) if int(token) < len(self.children) else None
        return None


class Key(NamedTuple):
    """A member's key, and where it is written, quotes included."""

    name: str
    start: int
    end: int


class Child(NamedTuple):
    """One element or member of a container, in file offsets; `key` is None in a list."""

    at: Pointer
    key: Span | None
    value: Span


class Text:
    """A text inside a file, or the whole of it, and the tree of its values, built when the first place is asked for."""

    __slots__ = ("_build", "_offsets", "_placed", "_root", "encode", "file", "format", "text")

    def __init__(
        self,
        file: File,
        text: str,
        build: Callable[[], Node],
        *,
        format: str = "json",  # noqa: A002 - the word for it
        offsets: Callable[[], Offsets] | None = None,
        encode: Callable[[str], str] = str,
    ) -> None:
        self.file = file
        self.text = text
        self.format = format
        self._offsets = offsets
        self.encode = encode
        self._build = build
        self._root: Node | None = None
        self._placed: Offsets | None = None

    @property
    def root(self) -> Node:
        """The node of the whole value."""
        if self._root is None:
            self._root = self._build()
        return self._root

    @property
    def is_inner(self) -> bool:
        """Whether it stands inside a string of another text."""
        return self._offsets is not None

    @property
    def offsets(self) -> Offsets | None:
        """Where each character of a text inside a string is written; None where it is the file's own text."""
        if self._placed is None and self._offsets is not None:
            self._placed = self._offsets()
        return self._placed

    def outer(self, span: Span) -> Span:
        """A span of this text in the offsets of the file."""
        return self.offsets.span(span) if self.offsets else span


class Document:
    """One value of a file with its places; `root` says where in its text it stands, and pointers start from there.

    `problems` are those of the whole text it was read from.
    """

    __slots__ = ("_nodes", "problems", "root", "source", "value")

    def __init__(self, source: Text, value: object, problems: tuple[Problem, ...] = (), root: Pointer = ROOT) -> None:
        self.source = source
        self.value = value
        self.problems = problems
        self.root = root
        self._nodes: dict[str, tuple[Node, Key | None]] = {}

    def __repr__(self) -> str:
        return f"Document({self.file.name!r}, {self.root!r})"

    @property
    def file(self) -> File:
        """The file it stands in."""
        return self.source.file

    @property
    def format(self) -> str:
        """How it is written: `json` or `yaml`."""
        return self.source.format

    def at(self, at: Pointer, value: object) -> "Document":
        """The document of a value inside this one."""
        return Document(self.source, value, self.problems, Pointer(self.root + at))

    def node(self, at: Pointer) -> Node:
        """The node at a pointer, or of the closest place around it that exists."""
        return self._find(at)[0]

    def span(self, at: Pointer = ROOT, part: tuple[int, int] | None = None) -> Span:
        """Where the value at a pointer is written in the file, quotes included; `part` is a range of the string in it.

        A pointer to nothing gives the closest place around it; a part that cannot be traced gives the whole string.
        """
        node = self.node(at)
        string = self._value(at) if part is not None else None
        if part is not None and isinstance(string, str):
            offsets = string_offsets(self.source.text, node.start, node.end, string)
            if offsets is not None:
                return self.source.outer(offsets.span(Span(*part)))
        return self.source.outer(Span(node.start, node.end))

    def key_span(self, at: Pointer) -> Span:
        """Where the key of the member at a pointer is written, quotes included; for an element, the element itself."""
        node, key = self._find(at)
        return self.source.outer(Span(key.start, key.end) if key else Span(node.start, node.end))

    def children(self, at: Pointer = ROOT) -> tuple[Child, ...]:
        """The elements or members of the container at a pointer, in the order they are written."""
        node, outer = self.node(at), self.source.outer
        return tuple(
            Child(
                at / (node.keys[i].name if node.keys is not None else i),
                outer(Span(node.keys[i].start, node.keys[i].end)) if node.keys is not None else None,
                outer(Span(child.start, child.end)),
            )
            for i, child in enumerate(node.children or ())
        )

    def encode(self, text: str) -> str:
        """How a piece of this document's own text is written in the file: escaped, when it stands inside a string."""
        return self.source.encode(text)

    def _value(self, at: Pointer) -> object:
        value = self.value
        for token in at.tokens:
            if isinstance(value, dict):
                value = value.get(token)
            elif isinstance(value, list) and token.isdecimal() and len(token) < 10 and int(token) < len(value):
                value = value[int(token)]
            else:
                return None
        return value

    def _find(self, at: Pointer) -> tuple[Node, Key | None]:
        found = self._nodes.get(at)
        if found is None:
            found = self._nodes[at] = _descend(self.source.root, Pointer(self.root + at))
        return found


def _descend(node: Node, at: Pointer) -> tuple[Node, Key | None]:
    key: Key | None = None
    for token in at.tokens:
        index = node.index(token)
        if index is None or node.children is None:
            break
        key = node.keys[index] if node.keys is not None else None
        node = node.children[index]
    return node, key


class Found(NamedTuple):
    """One policy in a file: its value with places, and what its surroundings tell about it."""

    document: Document
    kind: PolicyKind | None = None
    service: str | None = None
    address: str | None = None
    principal: str | None = None
    """The role, user or group whose own it is."""
    account: str = ""
    """The account of that principal, where it is told."""
    managed: str = ""
    """For a managed policy, its ARN, where it is told."""
    is_attached: bool = False
    """Whether the service is told by the surroundings, not by the policy itself."""


class Entity(NamedTuple):
    """A role, user or group as it is listed, and what is attached to it by name; `document` is that of its name."""

    name: str
    document: Document
    arn: str = ""
    account: str = ""
    attached: tuple[tuple[str, str], ...] = ()
    """The managed policies attached to it: name and ARN."""
    groups: tuple[str, ...] = ()
    boundary: str = ""
    profiles: tuple[str, ...] | None = None
    is_whole: bool = False
    """Whether all that belongs to it is told, as in the details of an account."""


class Reading(NamedTuple):
    """What a file gave: its policies and their owners, what is wrong with it, or why nothing was read.

    `problems` are all there are to report, those of documents inside strings included. `unread` says why the bytes
    could not be had at all; `skipped` why a file that could be read has nothing for us.
    """

    file: File
    found: tuple[Found, ...] = ()
    problems: tuple[Problem, ...] = ()
    entities: tuple[Entity, ...] = ()
    skipped: str | None = None
    unread: str | None = None
