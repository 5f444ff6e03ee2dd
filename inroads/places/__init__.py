"""Loop 2: need, assets, gap, plan, evaluation of one place."""
