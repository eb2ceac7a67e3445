"""Splits: units, articles and gold flow in, and the table `splits` flows out: the same rows, the same splits.

`division` divides a study, `plain` a table of somebody's own; both make `items` (units with their fields and
labels) and `divide` them: `components` finds what belongs together, `place` gives it a split, `stratify` evenly,
`chained` where too much hangs together, by `sides`. `by_time` and `official` are the other ways, `recipe` says how
it was asked for, and `remarks` what people must know of the outcome.
"""
