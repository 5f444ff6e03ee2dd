"""Settings, root addresses, the Jinja environment, the server entry and the command line."""
