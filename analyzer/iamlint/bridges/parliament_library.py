"""One call for all of parliament's library: a private copy that listens to itself. Knows not what its findings mean.

parliament imports `pkg_resources`, which setuptools no longer brings, and reads 10 MB of definitions. The copy gets an
`import` and an `open` of its own, so that nothing outside of it is touched: its definitions are empty, its look-up
functions are ours, and a parliament that someone else imports stays as it is.
"""

import builtins
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from warnings import catch_warnings, simplefilter

from iamlint.bridges import parliament_match as match
from iamlint.bridges.parliament_facts import Facts
from iamlint.catalog import Catalog
from iamlint.errors import IamlintError
from iamlint.policy import glob
from iamlint.policy.arn import split
from iamlint.policy.condition import value_text
from iamlint.text import ROOT, Pointer

if TYPE_CHECKING:
    import parliament  # noqa: F401 - for import-linter, which does not see what `_import` does

EXCEPTION = "EXCEPTION"
"""parliament's own name for what it could not judge; no rule passes it on."""


class Heard(NamedTuple):
    """One finding as parliament makes it: `detail` is nothing, a text, or a list of names or actions with needs."""

    issue: str
    at: Pointer
    detail: Any = None


class Library:
    """A private copy of parliament, bound to a catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        root, policy, statement = _import()
        import jsoncfg  # type: ignore[import-untyped]  # noqa: PLC0415 - parliament's way to hold JSON

        self.catalog = catalog
        self.facts = facts = Facts(catalog, root.UnknownPrefixException, root.UnknownActionException)
        self.nodes = Nodes(jsoncfg)
        for module in (root, policy, statement):
            module.expand_action = facts.expand_action
        statement.get_privilege_info = facts.get_privilege_info
        statement.get_arn_format = facts.get_arn_format
        statement.get_global_key_type = facts.get_global_key_type
        statement.is_arn_match = match.fits
        statement.is_arn_strictly_valid = match.fits_strictly
        statement.is_condition_key_match = lru_cache(maxsize=65536)(statement.is_condition_key_match)
        self.has_type = statement.is_value_in_correct_format_for_type = _of_one_line(
            statement.is_value_in_correct_format_for_type
        )
        ear = {"nodes": self.nodes}
        policy.Statement = type(
            "Statement", (_Statement, statement.Statement), {**ear, "parliaments": statement.Statement}
        )
        self._policy = type("Policy", (_Policy, policy.Policy), {**ear, "parliaments": policy.Policy})

    def hear(self, raw: object) -> list[Heard]:
        """All that parliament says of a policy document, in its order; what makes it raise costs one statement only."""
        try:
            policy = self._policy(self.nodes.document(raw))
        except Exception as error:  # parliament raises on much that is merely unusual
            return [Heard(EXCEPTION, ROOT, repr(error))]
        heard: list[Heard] = policy._findings  # noqa: SLF001 - our subclass fills it
        try:
            policy.analyze(ignore_private_auditors=True)
        except Exception as error:  # what the statements said before is good
            heard.append(Heard(EXCEPTION, ROOT, repr(error)))
        return [*heard, *(each for statement in policy.statements for each in statement.findings)]


def _of_one_line(check: Callable[[str, list[str]], bool]) -> Callable[[str, list[str]], bool]:
    """The check of values, spared the line ends that make its regular expressions run for hours."""
    return lambda type_, values: check(type_, [" ".join(value.splitlines()) for value in values])


def _import() -> tuple[Any, Any, Any]:
    """parliament, its module `policy` and its module `statement`, as nobody else has them."""
    with _aside("parliament"), catch_warnings():
        simplefilter("ignore")  # its regular expressions have invalid escapes
        spec = find_spec("parliament")
        if spec is None or spec.loader is None:
            raise IamlintError("parliament is not installed", help="install it, or leave it out: `--no-parliament`")
        sys.modules["parliament"] = root = module_from_spec(spec)
        root.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import_for_parliament, "open": _open_nothing}
        spec.loader.exec_module(root)
        return root, sys.modules["parliament.policy"], sys.modules["parliament.statement"]


@contextmanager
def _aside(package: str) -> Iterator[None]:
    """Put a package's modules aside, and back at the end."""
    theirs = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == package}
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]
        sys.modules.update(theirs)


_STAND_INS: Mapping[str, Any] = {
    "pkg_resources": SimpleNamespace(resource_filename=lambda _package, name: name),
    "yaml": SimpleNamespace(safe_load=lambda _stream: {}),
}
"""What parliament imports only to read its own files."""


def _import_for_parliament(name: str, *rest: Any, **more: Any) -> Any:
    return _STAND_INS[name] if name in _STAND_INS else __import__(name, *rest, **more)


def _open_nothing(*_: object) -> io.StringIO:
    return io.StringIO("[]")


class Nodes:
    """Builds what parliament wants a policy to be: jsoncfg's nodes, with a pointer where the line number goes."""

    def __init__(self, jsoncfg: Any) -> None:
        self._jsoncfg = jsoncfg
        classes = jsoncfg.config_classes
        self._scalar, self._array, self._object = (
            classes.ConfigJSONScalar,
            classes.ConfigJSONArray,
            classes.ConfigJSONObject,
        )

    def document(self, raw: object) -> Any:
        """A policy document."""
        if not isinstance(raw, dict):
            return self.node(raw, ROOT)
        statements = ROOT / "Statement"
        members = {key: self.node(value, ROOT / key) for key, value in raw.items() if key != "Statement"}
        if "Statement" in raw:
            value = raw["Statement"]
            if isinstance(value, list):
                members["Statement"] = self.array(
                    statements, [self._statement(s, statements / i) for i, s in enumerate(value)]
                )
            else:
                members["Statement"] = self._statement(value, statements)
        return self.object(ROOT, members)

    def _statement(self, raw: object, at: Pointer) -> Any:
        if not isinstance(raw, dict):
            return self.node(raw, at)
        return self.object(
            at,
            {
                key: self.node(_plain_arns(value) if key in ("Resource", "NotResource") else value, at / key)
                for key, value in raw.items()
            },
        )

    def node(self, value: object, at: Pointer) -> Any:
        """A node for any JSON value; booleans and numbers become the texts that AWS compares."""
        if isinstance(value, str):
            return self._scalar(value, at, 0)
        if isinstance(value, list):
            return self.array(at, [self.node(each, at / index) for index, each in enumerate(value)])
        if isinstance(value, dict):
            return self.object(at, {key: self.node(each, at / key) for key, each in value.items()})
        return self._scalar(value_text(value), at, 0)

    def object(self, at: Pointer, members: Mapping[str, Any]) -> Any:
        """An object node of nodes."""
        node = self._object(at, 0)
        for key, member in members.items():
            node._insert(key, member)  # noqa: SLF001 - how jsoncfg itself builds one
        return node

    def array(self, at: Pointer, entries: list[Any]) -> Any:
        """An array node of nodes."""
        node = self._array(at, 0)
        for entry in entries:
            node._append(entry)  # noqa: SLF001 - how jsoncfg itself builds one
        return node

    def entries(self, node: Any) -> list[Any]:
        """The nodes of an array, or the node itself."""
        return list(node) if self._jsoncfg.node_is_array(node) else [node]

    def is_object(self, node: Any) -> bool:
        """Whether it is an object node."""
        return bool(self._jsoncfg.node_is_object(node))

    def place(self, location: Any) -> Pointer:
        """The place parliament means: a node, a member as key and node, or one of them under `string`."""
        if isinstance(location, dict):
            location = location.get("string")
        if isinstance(location, tuple):
            location = location[1]
        return self._jsoncfg.node_location(location)[0] if self._jsoncfg.node_exists(location) else ROOT


def _plain_arns(value: object) -> object:
    """ARNs whose policy variables, outside of the resource itself, are wildcards: parliament splits at every colon."""
    if isinstance(value, list):
        return [_plain_arns(each) for each in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    *fields, resource = split(value)
    return ":".join([*map(match.loosen, fields), resource])


class _Statement:
    """Comes before parliament's Statement in a class of both: hears its findings, and hands it one thing at a time."""

    nodes: ClassVar[Nodes]
    parliaments: ClassVar[Any]
    findings: list[Heard]
    stmt: Any

    def add_finding(self, finding: str, detail: Any = None, location: Any = None) -> None:
        self.findings.append(Heard(finding, self.nodes.place(location), detail))

    def analyze_statement(self) -> bool:
        try:
            return bool(self.parliaments.analyze_statement(self))
        except Exception as error:  # the other statements are judged all the same
            self.add_finding(EXCEPTION, repr(error), self.stmt)
            return False

    def _check_principal(self, element: Any) -> bool:
        """One entry at a time, so that a finding has its place."""
        if not self.nodes.is_object(element):
            return bool(self.parliaments._check_principal(self, element))  # noqa: SLF001 - parliament's own
        for type_, entries in element:
            for entry in self.nodes.entries(entries):
                one = self.nodes.object(self.nodes.place(entry), {type_: entry})
                self.parliaments._check_principal(self, one)  # noqa: SLF001 - parliament's own
        return True

    def _check_condition(self, operator: str, block: Any, actions: list[dict[str, str]]) -> None:
        """One key at a time, and for Bool and Null, where parliament takes no list, one value."""
        for key, values in block:
            whole = operator.lower().removesuffix("ifexists").rpartition(":")[2] not in ("bool", "null")
            for node in [values] if whole else self.nodes.entries(values):
                one = self.nodes.object(self.nodes.place(node), {key: node})
                try:
                    self.parliaments._check_condition(self, operator, one, actions)  # noqa: SLF001 - parliament's own
                except Exception as error:  # the other keys are judged all the same
                    self.add_finding(EXCEPTION, repr(error), one)

    def in_actions(self, prefix: str, name: str) -> bool:
        """Whether the statement is about an action, told without expanding patterns of other services."""
        return any(_means(entry, prefix, name.lower()) for entry in self._entries) == ("Action" in self.stmt)

    @cached_property
    def _entries(self) -> list[str]:
        element = "Action" if "Action" in self.stmt else "NotAction"
        return [entry.value.lower() for entry in self.nodes.entries(self.stmt[element])]


def _means(entry: str, prefix: str, name: str) -> bool:
    service, _, action = entry.partition(":")
    if service not in (prefix, "*"):
        return entry == "*"
    return glob.matches(action, name) if "?" in action else match.matches(action, name)


class _Policy:
    """The same for parliament's Policy."""

    nodes: ClassVar[Nodes]
    parliaments: ClassVar[Any]
    statements: list[Any]
    _findings: list[Heard]

    def add_finding(self, finding: str, detail: Any = None, location: Any = None) -> None:
        self._findings.append(Heard(finding, self.nodes.place(location), detail))

    def check_for_bad_patterns(self) -> None:
        """Only where there is a bucket action to abuse: to find none takes parliament as long as all the rest."""
        if any(statement.in_actions("s3", name) for statement in self.statements for name in _ABUSED):
            self.parliaments.check_for_bad_patterns(self)


_ABUSED = ("PutBucketPolicy", "PutBucketAcl", "PutLifecycleConfiguration")
"""The bucket actions that parliament's check looks for."""
