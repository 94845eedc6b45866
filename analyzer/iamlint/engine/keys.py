"""Keys: the coordinates that some policies look at, and what each may be before anything is demanded of it."""

from collections.abc import Iterator, Sequence

from iamlint.engine.boxes import ACTION, RESOURCE, coordinate
from iamlint.engine.globs import arn_glob, literal
from iamlint.engine.sets import ANY_TEXT, State, free, matching, present
from iamlint.engine.world import World
from iamlint.policy import Policy
from iamlint.policy.language import Glob


class Keys:
    """The condition keys of some policies: which hold several values, and what they are before anything is demanded."""

    def __init__(self, policies: Sequence[Policy], world: World) -> None:
        self.all: set[str] = set()
        self._families: dict[str, dict[str, None]] = {}
        many: set[str] = set()
        plain: set[str] = set()
        for policy in policies:
            for statement in policy.statements:
                for condition in statement.conditions:
                    key, has_set = coordinate(condition.key), bool(condition.operator.qualifier)
                    self.all.add(key)
                    self._families.setdefault(key, {}).setdefault(condition.operator.family)
                    if not has_set and condition.operator.name != "Null":
                        plain.add(key)
                    known = world.is_multivalued(condition.key_lower)
                    if known or (known is None and has_set):
                        many.add(key)
        self.many = frozenset(many)
        self.undocumented = sorted(plain & self.many)
        """The multivalued keys that an operator without a set qualifier looks at."""

    def is_many(self, key: str) -> bool:
        """Whether a coordinate holds several values."""
        return key in self.many

    def initial(self, key: str) -> State:
        """What a coordinate is before anything is demanded of it."""
        if key == RESOURCE:
            return present(matching(_ALL_RESOURCES))
        if key == ACTION:
            return present(matching(_ALL_ACTIONS))
        if key == "aws:resourceaccount":
            return present(ANY_TEXT)
        is_truth = "Bool" in self._families.get(key, ())
        return free(many=key in self.many, values=matching(_TRUTH) if is_truth else ANY_TEXT)

    def mixed(self) -> Iterator[tuple[str, str]]:
        """The keys that are read in ways which have to do with each other only by the text of the value."""
        for key, families in sorted(self._families.items()):
            read = dict.fromkeys(_READ_AS.get(family, "text") for family in families if family != "Null")
            if len(read) > 1:
                yield key, " and as ".join(read)


_READ_AS = {"Numeric": "number", "Date": "date", "IpAddress": "address", "Binary": "bytes"}


_ALL_RESOURCES = (literal("*"), arn_glob("arn:*:*:*:*:*"))
"""`*`, for actions that work on no resource, and every ARN."""
_ALL_ACTIONS = (Glob(("?", "*", ":", "?", "*")),)
_TRUTH = (literal("false"), literal("true"))
