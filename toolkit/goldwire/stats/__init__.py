"""Statistics on arrays: agreement, consensus, intervals. Count matrices flow in, figures flow out.

Nothing here knows of articles, schemes or files. A figure that is not defined is NaN in the functions on arrays
and null with a reason in an `Interval`.
"""
