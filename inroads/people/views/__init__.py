"""Pages of the people loop, one file a topic."""
