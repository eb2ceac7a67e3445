"""The audit: a dataset's units, gold, votes and texts flow in, and a finding for every check flows out.

One file a check, named after it, beside a page of the same name that says how it is found, why it matters and what to
do. `checks` lists them all; `subject` is what they look at; `run` asks each of them.
"""
