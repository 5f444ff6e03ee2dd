"""What can be typed in the systems loop."""
