"""What changes in the systems loop: one function for each change, permitted and recorded."""
