"""The systems loop: what a system claims, what shows it, what people experience, and where all systems stand."""
