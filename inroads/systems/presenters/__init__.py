"""How the systems loop is said on a page."""
