"""The commands of casework: each acts for one person, by the use cases of the pages.

They stand beside the API because they take and give its shapes: what a command prints
with `--json` is what a program would have got.
"""

from web.commands.cases import cases
from web.commands.members import absences, requests
from web.commands.stewarding import breaches, holds, jobs
from web.commands.teams import teams, topics

CASEWORK = (absences, breaches, cases, holds, jobs, requests, teams, topics)

__all__ = ["CASEWORK"]
