"""The outside world, one folder per format."""
