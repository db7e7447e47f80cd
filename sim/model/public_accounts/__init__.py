"""Public accounts: taxes by where enterprises are registered, what policies cost, who shares what.

All money is in whole RMB, so that every sum adds up to the last of them. Nothing here is read by the
next quarter: sharing is in nobody's utility.
"""

TAXES = ("vat", "corporate", "personal")
BASES = ("value_added", "profit", "profit_high_tech", "wages")
LEVELS = ("central", "province", "local")
PAYERS = (*LEVELS, "fund")
FUND = "fund"
