"""`make bench`: how long the product's work takes, as a ratio to a floor measured in the same run.

Machines differ and are noisy, so no figure stands alone: each is measured in turn with a floor (the bare
statement, bare `smtplib`, an empty page), and the median of the rounds is compared. A budget says which ratio
is fine. It is no test: a row over its budget is printed in capitals, and the exit code stays 0.

One file in `rows/` measures one kind of work: a function that takes a `Bench` and yields `Row`s. Name it in
`rows/__init__.py`, and it is run.
"""
