"""What takes seconds to learn is learnt once."""

import pytest

from evenload.thermal import begin, learn, observe
from tests.unit.thermal.houses import ROOM, TANK, room_days, tank_days


@pytest.fixture(scope="session")
def room():
    """A room learnt from a week's history."""
    return learn(ROOM, room_days(7))


@pytest.fixture(scope="session")
def tank():
    """A boiler watched for a week."""
    memory = begin(TANK)
    for sample in tank_days(7):
        memory = observe(memory, sample)
    return memory
