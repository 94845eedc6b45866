"""Matching: whether a statement applies to a request, and if not, which elements miss it. Knows no layers."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from iamlint.engine.caller import Grant, principal_grant
from iamlint.engine.conditions import holds, lookup_in
from iamlint.engine.globs import Template, fill, like_template, resource_template, variables_of
from iamlint.engine.request import Context, Request
from iamlint.policy import Pattern, Policy, PolicyKind, Statement
from iamlint.policy.automaton import STAR
from iamlint.policy.language import Glob, glob_of

HAS_PRINCIPAL = frozenset({PolicyKind.TRUST, PolicyKind.RESOURCE, PolicyKind.RCP, PolicyKind.VPC_ENDPOINT})
"""The kinds of policy whose statements name their principals; the others belong to one."""
_NEEDS_NO_RESOURCE = frozenset({PolicyKind.TRUST, PolicyKind.RESOURCE})
EVERYTHING: Template = (STAR,)


class Actions:
    """The entries of Action or NotAction, for one question: is this action, in lower case, one of them?

    Names fold case, and nothing but `*` and `?` is special, not even `${…}`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    """

    __slots__ = ("literals", "wild")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        texts = [pattern.text.lower() for pattern in patterns]
        self.literals = frozenset(text for text in texts if "*" not in text and "?" not in text)
        globs = [glob_of(like_template(text, variables=False)) for text in texts if text not in self.literals]
        self.wild = tuple((glob.head, glob) for glob in globs)

    def take(self, action: str) -> bool:
        """Whether one of the entries matches."""
        if action in self.literals:
            return True
        for head, glob in self.wild:  # noqa: SIM110 - thrice as fast, and run for every statement
            if action.startswith(head) and glob.matches(action):
                return True
        return False

    def may_take(self, service: str) -> bool:
        """Whether one of the entries can match an action of a service."""
        prefix = f"{service}:"
        return any(literal.startswith(prefix) for literal in self.literals) or any(
            head.startswith(prefix) or prefix.startswith(head) for head, _ in self.wild
        )


class Resources:
    """The entries of Resource or NotResource; those with variables are filled in for each request.

    A request for `*`, of an action that works on no resource, is matched by nothing but an entry that is `*`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """

    __slots__ = ("everything", "globs", "literals", "open")

    def __init__(self, patterns: Iterable[Pattern], policy: Policy) -> None:
        found = (resource_template(p.text, policy.kind, variables=policy.has_variables) for p in patterns)
        templates = [template for template in found if template is not None]
        self.everything = EVERYTHING in templates
        self.open = tuple(template for template in templates if variables_of(template))
        globs = [glob_of(template) for template in templates if template not in self.open]
        self.literals = frozenset(glob.literal for glob in globs if glob.literal is not None)
        self.globs: tuple[Glob, ...] = tuple(glob for glob in globs if glob.literal is None)

    def take(self, resource: str, context: Context) -> bool:
        """Whether one of the entries matches."""
        if self.everything or resource == "*":
            return self.everything
        if resource in self.literals or any(glob.matches(resource) for glob in self.globs):
            return True
        if not self.open:
            return False
        lookup = lookup_in(context)
        filled = (fill(template, lookup) for template in self.open)
        return any(glob is not None and glob.matches(resource) for glob in filled)


class Compiled:
    """A statement made ready for many requests."""

    __slots__ = (
        "actions",
        "conditions",
        "needs_principal",
        "never",
        "not_actions",
        "resources",
        "statement",
        "variables",
    )

    def __init__(self, statement: Statement, policy: Policy) -> None:
        raw = statement.raw
        self.statement = statement
        self.variables = policy.has_variables
        self.conditions = statement.conditions
        self.needs_principal = policy.kind in HAS_PRINCIPAL
        self.not_actions = "NotAction" in raw
        self.actions = Actions(statement.not_actions if self.not_actions else statement.actions)
        self.resources: Resources | None = None
        """None where the statement has none and needs none."""
        if "Resource" in raw or "NotResource" in raw or policy.kind not in _NEEDS_NO_RESOURCE:
            self.resources = Resources(_resources(statement), policy)
        self.never = _is_broken(statement)

    def applies(self, action: str, request: Request, context: Context, *, has_boundary: bool) -> bool:
        """Whether the statement applies to a request; `action` is the request's, in lower case."""
        return (
            self.actions.take(action) is not self.not_actions
            and not self.never
            and self.takes_resource(request.resource, context)
            and (not self.needs_principal or self.grant(request, has_boundary=has_boundary) is not None)
            and all(holds(condition, context, variables=self.variables) for condition in self.conditions)
        )

    def takes_resource(self, resource: str, context: Context) -> bool:
        """Whether Resource or NotResource takes in a resource."""
        if self.resources is None:
            return True
        return self.resources.take(resource, context) is not ("NotResource" in self.statement.raw)

    def grant(self, request: Request, *, has_boundary: bool) -> Grant | None:
        """By what Principal or NotPrincipal takes in the caller."""
        return principal_grant(self.statement, request.caller, has_boundary=has_boundary)


def _resources(statement: Statement) -> tuple[Pattern, ...]:
    return statement.not_resources if "NotResource" in statement.raw else statement.resources


def _is_broken(statement: Statement) -> bool:
    """Whether a negated element or the conditions cannot be read: nobody may gain by that, so it never applies."""
    raw = statement.raw
    block = raw.get("Condition", {})
    return (
        ("NotAction" in raw and not statement.not_actions)
        or ("NotResource" in raw and not statement.not_resources)
        or not isinstance(block, dict)
        or not all(isinstance(keys, dict) for keys in block.values())
    )


class Index:
    """A policy's statements by effect, and by the service whose actions they can take in."""

    __slots__ = ("_found", "by_place", "statements")

    def __init__(self, policy: Policy) -> None:
        self.by_place = {statement.index: Compiled(statement, policy) for statement in policy.statements}
        self.statements = tuple(self.by_place.values())
        self._found: dict[tuple[bool, str], tuple[Compiled, ...]] = {}

    def near(self, action: str, *, allows: bool) -> tuple[Compiled, ...]:
        """The statements of an effect that can have to do with the service of an action, in order."""
        key = (allows, action.partition(":")[0])
        found = self._found.get(key)
        if found is None:
            effect = "Allow" if allows else "Deny"
            found = tuple(
                each
                for each in self.statements
                if each.statement.raw.get("Effect") == effect and (each.not_actions or each.actions.may_take(key[1]))
            )
            self._found[key] = found
        return found

    def applying(
        self, request: Request, context: Context, *, allows: bool, has_boundary: bool = False
    ) -> Iterator[Compiled]:
        """The statements of an effect that apply, in order."""
        action = request.action.lower()
        for each in self.near(action, allows=allows):
            if each.applies(action, request, context, has_boundary=has_boundary):
                yield each


@lru_cache(maxsize=1024)
def index_of(policy: Policy) -> Index:
    """A policy made ready for many requests; policies are compared by identity."""
    return Index(policy)


def applies(
    statement: Statement, policy: Policy, request: Request, context: Context, *, has_boundary: bool = False
) -> bool:
    """Whether a statement of a policy applies to a request, whatever its effect. `context` is the completed one."""
    compiled = index_of(policy).by_place[statement.index]
    return compiled.applies(request.action.lower(), request, context, has_boundary=has_boundary)


def allows(policies: Iterable[Policy], request: Request, context: Context, *, has_boundary: bool = False) -> bool:
    """Whether policies that are attached together allow a request: a statement allows it, and none denies it."""
    is_allowed = False
    for policy in policies:
        index = index_of(policy)
        for _ in index.applying(request, context, allows=False, has_boundary=has_boundary):
            return False
        if not is_allowed:
            is_allowed = any(True for _ in index.applying(request, context, allows=True, has_boundary=has_boundary))
    return is_allowed
