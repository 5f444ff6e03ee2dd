"""What can be typed in the library of apps."""
