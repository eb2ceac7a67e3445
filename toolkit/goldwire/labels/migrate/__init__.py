"""From one version of a scheme to the next: what becomes of the answers that are there.

In flow a round's old scheme, the study's new one, and a mapping file in which the user says what became of each
label. Out flow recast tables, a round with the units to ask again, or a project on the server that was changed.
"""
