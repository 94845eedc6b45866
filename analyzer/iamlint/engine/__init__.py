"""The decision engine: what AWS answers to a request, and why. Knows neither catalogue nor sources."""

from iamlint.engine.authorize import authorize
from iamlint.engine.caller import caller_of
from iamlint.engine.case import read_case, read_request, write_decision, write_request
from iamlint.engine.decision import Because, Decision, Layer, Miss, Outcome
from iamlint.engine.request import Caller, CallerKind, Level, Policies, Request

__all__ = [
    "Because",
    "Caller",
    "CallerKind",
    "Decision",
    "Layer",
    "Level",
    "Miss",
    "Outcome",
    "Policies",
    "Request",
    "authorize",
    "caller_of",
    "read_case",
    "read_request",
    "write_decision",
    "write_request",
]
