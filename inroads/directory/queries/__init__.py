"""What is read from the directory, always as far as its reader may see it."""
