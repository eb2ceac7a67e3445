"""The people of a round: who answers what, with which accounts, how far they are, and how well they do."""
