"""Sampling: which articles are labelled.

In flow an articles table and a design. Out flow the articles that were drawn, each with the probability at which it
came in.
"""
