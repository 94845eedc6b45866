"""The straight line: readings → policies → findings → diagnostics, on one screen. Does no input or output."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from iamlint import placing
from iamlint.bridges.opinion import Opinion
from iamlint.catalog import Catalog
from iamlint.diagnostic import Crash, Diagnostic, Report, Skipped
from iamlint.policy import Policy, PolicyKind, Principal, Statement
from iamlint.registry import AnyRule
from iamlint.rule import Context, Finding
from iamlint.source.belonging import Estate, Holding, Listing, estate
from iamlint.source.document import Found, Reading, Text
from iamlint.source.file import Problem
from iamlint.source.placed import Homes, Placed, placed

_EVERYTHING = ("*", ["*"])
_SOME = 3
"""How many principals are named of those that a finding is the same for."""

Shape = tuple[str, ...]
Ask = Callable[[Policy, Catalog], Sequence[Opinion]]
"""Asks another linter about a policy."""


def lint(readings: Iterable[Reading], rules: Sequence[AnyRule], catalog: Catalog, ask: Ask | None = None) -> Report:
    """Run rules over everything that was read.

    Args:
        readings: Files as read; each may hold no policy, one or many.
        rules: The rules to run.
        catalog: AWS's services, actions, resource types and condition keys.
        ask: parliament, or None to leave it out.

    Returns:
        All diagnostics in the order of the files, what was passed over, and the rules that crashed.
    """
    run = _Run(rules, catalog, ask)
    files, skipped = 0, []
    members: list[Placed] = []
    diagnostics: list[Diagnostic] = []
    read = tuple(readings)
    for reading in read:
        files += bool(reading.found or reading.problems)
        if reading.skipped:
            skipped.append(Skipped(reading.file.name, reading.skipped))
        diagnostics += run.problems(reading)
        for found in reading.found:
            members.append(placed(found))
            if not _is_of_aws(found):
                diagnostics += run.policy(members[-1])
    known = estate(members, [entity for reading in read for entity in reading.entities])
    diagnostics += run.principals((*known.holdings, *_holders(members, known.holdings)), known)
    diagnostics += run.accounts(known.listings, known.homes)
    order = {reading.file.name: index for index, reading in enumerate(read)}
    diagnostics.sort(key=lambda each: (order[each.place.file.name], each.sort_key))
    return Report(
        diagnostics=tuple(diagnostics),
        files=files,
        policies=len(members),
        skipped=tuple(skipped),
        crashes=tuple(run.crashes),
        catalogue=catalog.date,
        principals=tuple(holding.principal.name for holding in known.holdings),
    )


class _Run:
    """The rules by subject, and the crashes so far."""

    def __init__(self, rules: Sequence[AnyRule], catalog: Catalog, ask: Ask | None) -> None:
        self.rules: dict[str, list[AnyRule]] = {}
        for each in rules:
            self.rules.setdefault(each.on.__name__, []).append(each)
        self.by_code = {each.code: each for each in rules}
        self.catalog = catalog
        self.ask = ask
        self.crashes: list[Crash] = []
        self.varying: dict[int, bool] = {}
        self.plans: dict[tuple[str, PolicyKind, tuple[Shape, ...]], tuple[AnyRule, ...]] = {}

    def problems(self, reading: Reading) -> Iterator[Diagnostic]:
        nothing = Policy(None)
        for problem in reading.problems:
            for each in self.rules.get("Problem", ()):
                for finding in self._guarded(each, problem, Context(self.catalog, nothing), reading.file.name):
                    yield placing.of_problem(each, finding, problem, reading.file)

    def policy(self, member: Placed) -> list[Diagnostic]:
        policy, name = member.policy, member.found.document.file.name
        context = Context(self.catalog, policy, problems=member.found.document.problems, ask=self._asker(policy))
        found: list[tuple[AnyRule, Finding]] = []
        may_vary = self._may_vary(member.found.document.source)
        shapes = [_shape(statement, may_vary=may_vary) for statement in policy.statements]
        subjects: list[tuple[Policy | Statement, tuple[AnyRule, ...]]]
        subjects = [(policy, self._plan("Policy", policy.kind, *dict.fromkeys(shapes)))]
        subjects += [
            (statement, self._plan("Statement", policy.kind, shape))
            for statement, shape in zip(policy.statements, shapes, strict=True)
        ]
        for subject, plan in subjects:
            for each in plan:
                try:
                    found += [(each, finding) for finding in each.check(subject, context)]
                except Exception as error:
                    self._crashed(each, error, name)
        return placing.settle(
            [placing.of_finding(each, finding, policy, member.found) for each, finding in found], self.by_code
        )

    def _may_vary(self, source: Text) -> bool:
        """Whether a text may have variables in it; it is looked through once for all policies that it holds."""
        known = self.varying.get(id(source))
        if known is None:
            known = self.varying[id(source)] = "${" in source.text or "\\u" in source.text
        return known

    def _plan(self, subject: str, kind: PolicyKind, *shapes: Shape) -> tuple[AnyRule, ...]:
        """The rules that have something to say of a statement of some shape, or of a policy of such ones."""
        plan = self.plans.get((subject, kind, shapes))
        if plan is None:
            plan = tuple(
                each
                for each in self.rules.get(subject, ())
                if each.applies_to(kind) and (not each.needs or any(each.needs.issubset(has) for has in shapes))
            )
            self.plans[subject, kind, shapes] = plan
        return plan

    def principals(self, holdings: Iterable[Holding], known: Estate) -> Iterator[Diagnostic]:
        """What the rules on whole principals say; what is the same for several of them is said once."""
        places, accounts = (
            known.homes,
            {id(each): listing.account for listing in known.listings for each in listing.account.principals},
        )
        rules = self.rules.get("Principal", ())
        said: dict[tuple[object, ...], tuple[AnyRule, Finding, Placed, list[str]]] = {}
        for principal, _, seat in holdings if rules else ():
            context = Context(self.catalog, seat.policy, account=accounts.get(id(principal)))
            name = principal.name or seat.found.document.file.name
            for each in rules:
                for finding in self._guarded(each, principal, context, name):
                    home = places.get(id(finding.policy), seat)
                    key = each.code, id(home.policy), finding.at, finding.message
                    said.setdefault(key, (each, finding, home, []))[-1].append(principal.name)
        for each, finding, home, (_, *others) in said.values():
            told = replace(finding, why=_joined(finding.why, others)) if others else finding
            yield placing.of_finding(each, told, home.policy, home.found, places)

    def accounts(self, listings: Iterable[Listing], places: Homes) -> Iterator[Diagnostic]:
        """What the rules on whole accounts say."""
        for account, seat in listings:
            name = seat.found.document.file.name
            for each in self.rules.get("Account", ()):
                for finding in self._guarded(each, account, Context(self.catalog, seat.policy), name):
                    home = places.get(id(finding.policy), seat)
                    yield placing.of_finding(each, finding, home.policy, home.found, places)

    def _asker(self, policy: Policy) -> Callable[[], Sequence[Opinion]]:
        asked: list[Sequence[Opinion]] = []

        def ask() -> Sequence[Opinion]:
            if not asked:
                asked.append(self.ask(policy, self.catalog) if self.ask else ())
            return asked[0]

        return ask

    def _guarded(self, each: AnyRule, subject: Problem | object, context: Context, name: str) -> list[Finding]:
        try:
            return list(each.check(subject, context))
        except Exception as error:
            self._crashed(each, error, name)
            return []

    def _crashed(self, each: AnyRule, error: Exception, name: str) -> None:
        from traceback import format_exc  # noqa: PLC0415 - only when a rule crashed

        self.crashes.append(Crash(each.code, name, f"{type(error).__name__}: {error}", format_exc()))


def _holders(members: Iterable[Placed], holdings: Iterable[Holding]) -> Iterator[Holding]:
    """Whoever holds an identity policy that belongs to nobody we know: somebody with this policy alone, nameless."""
    owned = {id(member.policy) for holding in holdings for member in holding.members}
    for member in members:
        if member.policy.kind is PolicyKind.IDENTITY and id(member.policy) not in owned:
            yield Holding(Principal("", (member.policy,)), (member,), member)


def _is_of_aws(found: Found) -> bool:
    """Whether a policy is one of AWS's own, as a dump lists them: nobody but AWS can change what is wrong with it.

    What it gives to a principal counts all the same.
    """
    return ":iam::aws:policy/" in found.managed


def _joined(why: str, others: Sequence[str]) -> str:
    """The cause, and whom else it goes for."""
    named = ", ".join(f"`{name}`" for name in others[:_SOME])
    more = f" and {len(others) - _SOME} more" if len(others) > _SOME else ""
    return f"{why}; the same goes for {named}{more}".removeprefix("; ")


def _shape(statement: Statement, *, may_vary: bool) -> Shape:
    """What rules may need of a statement: its elements, its effect, whether it narrows resources or has variables."""
    raw = statement.raw
    has_arn = raw.get("Resource", "*") not in _EVERYTHING or raw.get("NotResource", "*") not in _EVERYTHING
    return (*raw, statement.effect or "", "ARN" if has_arn else "", "variable" if may_vary else "")
