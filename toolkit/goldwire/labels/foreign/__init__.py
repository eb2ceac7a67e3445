"""Projects that goldwire did not make.

In flow their configuration and tasks, or an export; out flow a round, its articles and units, and a scheme's draft.
"""
