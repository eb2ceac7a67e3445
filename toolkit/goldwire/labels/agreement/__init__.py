"""How well annotators agree.

In flow votes, or a plain file with one answer a row; out flow figures with intervals.
"""
