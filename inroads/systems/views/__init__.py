"""Pages of the systems loop."""
