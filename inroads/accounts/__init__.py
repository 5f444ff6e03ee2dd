"""Who signs in, roles, permission names, and the audit trail."""
