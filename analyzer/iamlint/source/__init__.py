"""Anything → Document: readers that keep the exact place of every key and value. Knows no rule and no decision."""
