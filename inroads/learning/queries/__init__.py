"""What is read from the library of apps."""
