"""The service design check: a pathway stage by stage, and who would be left out where a stage is only digital.

Pathways are drawn in `people`, the estimates come from `places`; neither may import the other, so the page is here.
"""
