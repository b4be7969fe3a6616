"""A tool is lent, and comes back."""

from core.workflow import Move, Workflow

from .models import Loan, LoanStatus

LOAN = Workflow(
    Loan,
    start=(LoanStatus.LENT,),
    moves=(Move("bring_back", (LoanStatus.LENT,), LoanStatus.BACK, label="It is back"),),
)
