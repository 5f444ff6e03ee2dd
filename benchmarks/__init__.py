"""Measured on this machine, printed as one line a task; what is promised stands beside what was measured."""
