"""Signing in: passwords, second steps, lock-out, and what the sign-in package is told about all of it."""
