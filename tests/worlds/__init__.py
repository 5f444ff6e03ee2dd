"""Invented integrated care systems of which everything is known: what pages ought to find can be compared with it."""
