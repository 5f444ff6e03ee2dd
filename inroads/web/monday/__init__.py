"""Monday, the place lead: one page with what changed, what is due, and where the way to each leads.

It reads from both loops and from the directory, so it is here. Every block starts from what the reader may see.
"""
