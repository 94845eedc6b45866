"""Reach: what a principal may do by all its policies together, and what several such steps open. Knows no rule."""

from iamlint.reach.holder import Holder, holder
from iamlint.reach.paths import Opened, Path, Paths, opened
from iamlint.reach.step import Ground, Scope, Step, Way

__all__ = ["Ground", "Holder", "Opened", "Path", "Paths", "Scope", "Step", "Way", "holder", "opened"]
