"""Buttons and the one view of a workflow's moves, read from its table.

A room declares once which moves its page offers (`Moves`), hands `offered(row, user)` to
`components/moves.html`, and lets one view call `make`. A move that needs no more than a click is posted to
that view; one that asks something first has a page of its own. A move that can't be made now is shown with
the sentence in its way, never hidden, unless the room says that it would only be noise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from core.access import Refusal, Refused
from core.workflow import Workflow

Row = TypeVar("Row", bound=Model)
Style = str  # main, outline or plain; see core/templatetags/ui.py


@dataclass(frozen=True)
class Offered:
    """One thing that can be done now, or the sentence in its way.

    Args:
        label: what the button says.
        url: where it leads, or where it is posted.
        refusal: why it can't be done now.
        style: `main`, `outline` or `plain`.
        asks: it leads to a page of its own; else the click does it.
        name: the move's verb, where it is one.
    """

    label: Any
    url: str = ""
    refusal: Refusal | None = None
    style: Style = "main"
    asks: bool = True
    name: str = ""


@dataclass(frozen=True)
class Moves(Generic[Row]):
    """The moves of a workflow that a page offers.

    Args:
        workflow: the table; a move's `label` is its button, its `done` what is said when it was made.
        view: name of the view that calls `make`; it takes `pk` and `move`.
        does: the service of each move that a click makes: `(row, actor) -> row`.
        pages: the view's name of each move that asks something first; it takes `pk`.
        styles: of buttons; `outline` where none is named.
        hushed: moves that are not shown while they can't be made.
        then: what a message offers next: `move -> (row -> (words, address))`.
    """

    workflow: Workflow[Row]
    view: str = ""
    does: Mapping[str, Callable[[Row, Any], Row]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)
    hushed: Sequence[str] = ()
    then: Mapping[str, Callable[[Row], tuple[Any, str]]] = field(default_factory=dict)

    def offered(self, row: Row, user: Any) -> list[Offered]:
        """What the page shows, in the order of the table: moves that start from the row's present state."""
        found = []
        state = getattr(row, self.workflow.field)
        for move in self.workflow.moves:
            asks = move.name in self.pages
            if state not in move.sources or not (asks or move.name in self.does):
                continue
            refusal = self.workflow.refusal(row, move.name, user)
            if refusal is not None and move.name in self.hushed:
                continue
            url = (
                reverse(self.pages[move.name], args=[row.pk])
                if asks
                else reverse(self.view, kwargs={"pk": row.pk, "move": move.name})
            )
            style = self.styles.get(move.name, "outline")
            found.append(Offered(move.label, url, refusal, style, asks, move.name))
        return found

    def make(self, request: HttpRequest, row: Row, name: str, back: str) -> HttpResponse:
        """Make a move that a click makes, say what was done or what was in the way, and go back.

        Args:
            request: the POST.
            row: as the page showed it.
            name: the move's verb, as in the address.
            back: the address to return to.

        Raises:
            Http404: the page offers no such move.
        """
        if name not in self.does:
            raise Http404
        try:
            made = self.does[name](row, request.user)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            said = self.workflow.by_name[name].done
            if name in self.then:
                words, url = self.then[name](made)
                said = format_html('{} <a href="{}">{}</a>', said, url, words)
                messages.success(request, said, extra_tags="safe")
            else:
                messages.success(request, str(said))
        return redirect(back)
