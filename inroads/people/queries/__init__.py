"""What is read in the people loop, always as far as this user may see it."""
