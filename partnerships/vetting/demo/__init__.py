"""This room's part of the demonstration: an application at every stage, played at the times it tells of."""

from accounts.demo import People
from core.demo import Demonstration
from partnerships.businesses.demo import Shops

from .player import Player


def play(demo: Demonstration) -> None:
    """Play the application of every shop, as far as it has come."""
    demo.tell("Applications")
    player = Player(demo.moments, demo.made(People).users)
    for number, shop in enumerate(demo.made(Shops).all):
        player.play(shop, number)
