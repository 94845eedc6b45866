"""The two bridges: each other tool behind one door. Knows no rule and no file."""
