"""Baselines, one file each: what a score must be compared with, and what can be had without a large model.

A module here ends with `BASELINES`, the baselines that it defines; `registry` finds them by name, together with those
that other packages bring (entry points of the group ``goldwire.baselines``).
"""
