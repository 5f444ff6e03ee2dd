"""The packages that somebody would pick today, each in a script of its own, run in an environment of their own."""
