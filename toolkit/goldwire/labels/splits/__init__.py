"""Splits: units, articles and gold flow in, and the table `splits` flows out: the same rows, the same splits."""
