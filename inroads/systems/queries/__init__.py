"""What is read in the systems loop, always "visible to whom"."""
