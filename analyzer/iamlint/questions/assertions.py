"""Assertion files: what must, or must not, be granted, read and checked for slips. Judges no policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from iamlint.catalog import Catalog
from iamlint.diagnostic import Place
from iamlint.errors import IamlintError
from iamlint.policy import Operator
from iamlint.source.document import Document
from iamlint.text import ROOT, Pointer

_FILE = ("policies", "assertions")
_ASSERTION = ("name", "policies", "deny", "allow")
_BLOCK = ("action", "resource", "principal", "condition", "unless")
_UNLESS = ("principal", "account", "org", "condition", "action", "resource")
_LISTS = ("action", "resource", "principal", "account", "org")


class Block(NamedTuple):
    """Some requests: those that match one entry of every element that is not empty, and whose conditions hold."""

    action: tuple[str, ...] = ()
    resource: tuple[str, ...] = ()
    principal: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    org: tuple[str, ...] = ()
    condition: Mapping[str, Mapping[str, object]] = {}
    unless: tuple["Block", ...] = ()


class Assertion(NamedTuple):
    """What an assertion says, and where: no request in the block is granted, or every one is."""

    name: str
    place: Place
    denies: bool
    block: Block
    policies: tuple[str, ...]
    """The paths it is about, as they are written."""


def assertions_in(document: Document, catalog: Catalog, *, overridden: bool = False) -> tuple[Assertion, ...]:
    """The assertions of a file.

    Args:
        document: The file's value.
        catalog: AWS's actions, as an assertion about an action that does not exist would always hold.
        overridden: Whether the policies are named elsewhere, so that the file need not name any.

    Raises:
        IamlintError: The file says something else than assertions; the message has the line and what was meant.
    """
    return tuple(_Reader(document, catalog, overridden=overridden).file())


class _Reader:
    """Takes a document apart, and knows where everything stands when something is wrong."""

    def __init__(self, document: Document, catalog: Catalog, *, overridden: bool) -> None:
        self.document = document
        self.catalog = catalog
        self.overridden = overridden

    def file(self) -> Iterator[Assertion]:
        top = self.mapping(self.document.value, ROOT, _FILE, "an assertion file")
        common = self.texts(top.get("policies", ()), ROOT / "policies")
        listed = top.get("assertions")
        if not isinstance(listed, list) or not listed:
            raise self.slip(ROOT / "assertions", "`assertions` must be a list of assertions", _EXAMPLE)
        for index, value in enumerate(listed):
            yield self.assertion(value, ROOT / "assertions" / index, common)

    def assertion(self, value: object, at: Pointer, common: tuple[str, ...]) -> Assertion:
        said = self.mapping(value, at, _ASSERTION, "an assertion")
        verbs = [verb for verb in ("deny", "allow") if verb in said]
        if len(verbs) != 1:
            raise self.slip(at, "an assertion has either `deny` or `allow`", _EXAMPLE)
        policies = self.texts(said["policies"], at / "policies") if "policies" in said else common
        if not policies and not self.overridden:
            raise self.slip(at, "no policies are named for this assertion", "`policies: FOLDER`, or `--policies PATH`")
        name = said.get("name", f"{verbs[0]} #{int(at.last) + 1}")
        if not isinstance(name, str):
            raise self.slip(at / "name", "`name` must be a text", "put it in quotes")
        place = Place(self.document.file, at, self.document.span(at / "name" if "name" in said else at / verbs[0]))
        return Assertion(name, place, verbs[0] == "deny", self.block(said[verbs[0]], at / verbs[0], _BLOCK), policies)

    def block(self, value: object, at: Pointer, known: Sequence[str]) -> Block:
        said = self.mapping(value, at, known, f"`{at.last}`" if not at.last.isdigit() else "`unless`")
        if not said:
            raise self.slip(at, "nothing is said of which requests are meant", "such as `action: s3:DeleteBucket`")
        lists = {name: self.texts(said[name], at / name) for name in _LISTS if name in said}
        for name, check in self.checks().items():
            for index, text in enumerate(lists.get(name, ())):
                place = at / name / index if isinstance(said[name], list) else at / name
                check(text, place)
        condition = self.condition(said["condition"], at / "condition") if "condition" in said else {}
        return Block(**lists, condition=condition, unless=tuple(self.unless(said.get("unless"), at / "unless")))

    def unless(self, value: object, at: Pointer) -> Iterator[Block]:
        if isinstance(value, list):
            for index, each in enumerate(value):
                yield self.block(each, at / index, _UNLESS)
        elif value is not None:
            yield self.block(value, at, _UNLESS)

    def checks(self) -> dict[str, Callable[[str, Pointer], None]]:
        return {"action": self.action, "resource": self.resource, "account": self.account, "org": self.org}

    def action(self, text: str, at: Pointer) -> None:
        if not self.catalog.matches_any(text):
            near = self.catalog.nearest_actions(text, 1)
            raise self.slip(at, f"AWS has no action `{text}`", f"did you mean `{near[0]}`?" if near else "")

    def resource(self, text: str, at: Pointer) -> None:
        if not text.startswith("*") and (not text.startswith(("arn:", "arn*")) or text.count(":") < 5):
            raise self.slip(at, f"`{text}` is no ARN", "an ARN, such as `arn:aws:s3:::prod-*`, or `*`")

    def account(self, text: str, at: Pointer) -> None:
        if not (text.isdecimal() and len(text) == 12):
            raise self.slip(at, f"`{text}` is no account", "12 digits, in quotes")

    def org(self, text: str, at: Pointer) -> None:
        if not text.startswith("o-"):
            raise self.slip(at, f"`{text}` is no organization", "such as `o-a1b2c3d4e5`")

    def condition(self, value: object, at: Pointer) -> Mapping[str, Mapping[str, object]]:
        if not isinstance(value, dict) or not all(isinstance(keys, dict) for keys in value.values()):
            raise self.slip(at, "`condition` must be a block as in policies", "`{Bool: {aws:SecureTransport: false}}`")
        for name in value:
            if not Operator.parse(name).known:
                raise self.slip(at / name, f"`{name}` is no condition operator", "")
        return value

    def mapping(self, value: object, at: Pointer, known: Sequence[str], what: str) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self.slip(at, f"{what} must be a mapping with {', '.join(f'`{name}`' for name in known)}", "")
        for name in value:
            if name not in known:
                raise self.unknown(str(name), at, known, what)
        return value

    def unknown(self, name: str, at: Pointer, known: Sequence[str], what: str) -> IamlintError:
        from difflib import get_close_matches  # noqa: PLC0415 - only to help

        close = get_close_matches(name.lower(), known, 1)
        hint = f"did you mean `{close[0]}`?" if close else f"one of: {', '.join(known)}"
        return self.slip(at / name, f"`{name}` is not known in {what}", hint, on_key=True)

    def texts(self, value: object, at: Pointer) -> tuple[str, ...]:
        values = value if isinstance(value, list | tuple) else [value]
        for each in values:
            if isinstance(each, bool) or not isinstance(each, str | int) or each == "":
                raise self.slip(at, f"`{at.last}` must be a text or a list of texts", "")
        return tuple(str(each) for each in values)

    def slip(self, at: Pointer, message: str, help: str, *, on_key: bool = False) -> IamlintError:  # noqa: A002
        document = self.document
        start = (document.key_span(at) if on_key else document.span(at)).start
        line, column = document.file.position(start)
        return IamlintError(f"{document.file.name}:{line}:{column}: {message}", help=help)


_EXAMPLE = "`- name: …` with `deny: {action: s3:DeleteBucket, resource: 'arn:aws:s3:::prod-*'}`"
