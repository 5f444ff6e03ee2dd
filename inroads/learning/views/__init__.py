"""Pages of the library of apps."""
