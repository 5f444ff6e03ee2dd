"""What changes in the people loop: one function a change, with `by`; permitted, atomic and audited."""
