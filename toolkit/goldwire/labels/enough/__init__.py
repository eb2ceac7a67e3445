"""How much is enough: what more annotators and more units would bring.

In flow votes, or a plain file with one answer a row; out flow expected intervals of alpha and accuracies of gold, as
a table, in words, and as a picture.
"""
