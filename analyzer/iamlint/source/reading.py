"""Bytes → the policies in them: the front door of the readers. Knows nothing of folders or of what a policy means."""

from iamlint.policy.kind import PolicyKind
from iamlint.source.document import Document, Entity, Found, Reading
from iamlint.source.entities import entities
from iamlint.source.file import File, Problem, decode, is_binary
from iamlint.source.find import find, found_at
from iamlint.source.json_reader import read_json
from iamlint.source.shape import is_statements
from iamlint.source.sniff import (
    GUESS,
    JSON,
    NEITHER,
    TERRAFORM,
    could_hold_policy,
    format_by_name,
    format_by_text,
    is_meant_as_policy,
    is_template,
)
from iamlint.source.wrappers import Slot, elsewhere, lists_account
from iamlint.text import Span

_NOTHING = "no policy in it"
_LISTING = "DetailList"
_BARE = "a list of statements without the policy around it"


def read(name: str, data: bytes, kind: PolicyKind | None = None, explicit: bool = False) -> Reading:
    """The policies in the bytes of a file.

    Args:
        name: How the file is called; its extension tells the format, else its first character does.
        data: Its bytes.
        kind: What the policies in it are, where their surroundings do not know better; the document then is a policy,
            whatever it looks like, unless it has policies in it.
        explicit: Whether the user named this very file, and so means it.
    """
    promised = format_by_name(name)
    reason = _passed_over(data, promised, kind)
    if reason:
        return Reading(File(name, ""), skipped=reason)
    file, garbled = decode(name, data)
    form = promised if promised not in (GUESS, NEITHER) else format_by_text(file.text)
    if promised == NEITHER and form != JSON:
        return Reading(file, skipped="neither JSON nor YAML")
    documents = _documents(file, form)
    problems = tuple(problem for document in documents for problem in document.problems)
    if any(p.kind == "syntax" for p in problems) and not (explicit and promised != NEITHER):
        if promised in (GUESS, NEITHER):
            return Reading(file, skipped="neither JSON nor YAML")
        if is_template(file.text, next(p for p in problems if p.kind == "syntax").span.start):
            return Reading(file, skipped="a template that another tool fills in")
    return _reading(file, documents, garbled + problems, kind, explicit=explicit)


def _passed_over(data: bytes, promised: str, kind: PolicyKind | None) -> str | None:
    """Why not to read the bytes at all."""
    if promised == TERRAFORM:
        return "Terraform: not read yet"
    if is_binary(data):
        return "not a text"
    if kind is None and not data[:4096].strip():
        return "nothing in it"
    return None if kind or could_hold_policy(data) else _NOTHING


def _documents(file: File, form: str) -> tuple[Document, ...]:
    if form == JSON:
        return (read_json(file, comments=file.name.lower().endswith(".jsonc"), pages=_LISTING in file.text),)
    from iamlint.source.yaml_reader import read_yaml  # noqa: PLC0415 - slow to import, and JSON does not need it

    return read_yaml(file)


def _reading(
    file: File,
    documents: tuple[Document, ...],
    problems: tuple[Problem, ...],
    kind: PolicyKind | None,
    *,
    explicit: bool,
) -> Reading:
    found: list[Found] = []
    owners: list[Entity] = []
    reasons: list[str] = []
    for index, document in enumerate(documents):
        label = f"document {index + 1}" if index else None
        policies, reason = _policies(document, label, kind, explicit=explicit)
        found += policies
        owners += entities(document) if reason in (None, _NOTHING) and _lists_owners(file.text) else ()
        reasons += [reason] if reason else []
    found = _by_use(found, owners)
    embedded = (each.document for each in found if each.document.source.is_inner)
    inner = tuple(dict.fromkeys(problem for document in embedded for problem in document.problems))
    told = tuple(p for p in problems if _matters(p, found, file))
    if any(problem.kind == "depth" for problem in problems):
        reasons.append("nested too deeply to be a policy")
    is_something = found or told or any(owner.is_whole for owner in owners)
    skipped = None if is_something else next((r for r in reasons if r != _NOTHING), _NOTHING)
    return Reading(file, tuple(found), told + inner, tuple(owners), skipped)


def _lists_owners(text: str) -> bool:
    return _LISTING in text or "Arn" in text


def _by_use(found: list[Found], owners: list[Entity]) -> list[Found]:
    """The policies; a managed one that is only used as a boundary is one."""
    bounds = {owner.boundary for owner in owners} - {arn for owner in owners for _, arn in owner.attached}
    return [
        each._replace(kind=PolicyKind.BOUNDARY)
        if each.managed in bounds and each.kind is PolicyKind.IDENTITY and each.managed
        else each
        for each in found
    ]


def _policies(
    document: Document, label: str | None, kind: PolicyKind | None, *, explicit: bool
) -> tuple[list[Found], str | None]:
    """The policies of one document, or why there are none."""
    reason = elsewhere(document.value)
    if reason:
        return [], reason
    if is_statements(document.value):
        return ([found_at(document, Slot(), kind, label)], None) if explicit or kind else ([], _BARE)
    found = [each._replace(address=_address(each.address, label)) for each in find(document, kind)]
    if not found and kind and (document.value is not None or not label) and not lists_account(document.value):
        found = [found_at(document, Slot(), kind, label)]
    return found, None if found else _NOTHING


def _address(address: str | None, label: str | None) -> str | None:
    return f"{label} {address}" if address and label else address or label


def _matters(problem: Problem, found: list[Found], file: File) -> bool:
    """Whether a problem concerns a policy: a repeated key inside one; anything else in a file that has or means one."""
    if problem.kind in ("duplicate-key", "alias", "number"):
        return any(_covers(each.document.span(), problem.span) for each in found)
    return bool(found) or is_meant_as_policy(file.text)


def _covers(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
