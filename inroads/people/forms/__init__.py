"""What can be typed in the people loop, and the words for what is wrong with it."""
