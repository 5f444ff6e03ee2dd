"""What changes in the places loop: one keyword-only function per change, with `by`; atomic, permitted, audited."""
