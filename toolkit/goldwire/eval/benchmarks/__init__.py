"""Published benchmarks, one file each: the files as their authors ship them, the official split and metric.

In flow the folders of the data sets, none of which is part of the package; out flows one result a benchmark, with the
published figures beside ours. A module here ends with `BENCHMARK`; `run.known` finds it by its name.
"""
