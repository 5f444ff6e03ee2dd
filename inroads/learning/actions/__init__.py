"""What changes in the library of apps, one keyword-only function for each change."""
