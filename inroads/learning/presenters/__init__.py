"""How the library of apps is said on a page."""
