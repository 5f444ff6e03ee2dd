"""Loop 1: a person's conversation, choices, plan and what helps between appointments, on screen and on paper."""
