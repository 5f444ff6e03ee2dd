"""How things about places are said on a page."""
