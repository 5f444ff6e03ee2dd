"""The front door: home, data sets, error pages, health checks."""
