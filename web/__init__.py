"""The face: HTTP and nothing else.

A view reads what came, calls one use case, and shapes the answer. Who may knock is
a row in `guards/routes.py`; how the house says no stands in `errors.py`.
"""
