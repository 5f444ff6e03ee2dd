"""How records are said on a page and on paper."""
