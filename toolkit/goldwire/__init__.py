"""goldwire: labelled news data that can be trusted, and evaluations whose every number can be defended.

The data flows one way: files -> articles -> units -> Label Studio tasks -> pulled parts -> votes -> gold
-> dataset -> predictions -> results -> report. Each step reads the tables of the step before (`goldwire.tables`).
"""

__version__ = "0.1.0"
