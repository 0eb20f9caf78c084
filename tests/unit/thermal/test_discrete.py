"""A network over a step is its differential equation, solved."""

import pytest

from evenload.thermal.discrete import discrete, with_slopes
from evenload.thermal.structures import NETWORKS, Structure

GUESSES = {
    Structure.ROOM_ONE: (4000.0, 160.0, 5000.0, 250.0),
    Structure.ROOM_TWO: (1500.0, 12_000.0, 900.0, 160.0, 5000.0, 250.0, 0.0),
}
INPUTS = (2000.0, 5.0, 0.3, 1.0)


@pytest.mark.parametrize("structure", Structure)
def test_a_step_is_many_small_ones(structure):
    network = NETWORKS[structure]
    inner = network.inner(GUESSES[structure])
    flows, drive = network.equations(GUESSES[structure])
    nodes = (20.0, 19.0)[: network.nodes]
    small = list(nodes)
    for _ in range(20_000):
        rates = [
            sum(a * x for a, x in zip(row, small, strict=True))
            + sum(b * u for b, u in zip(own, INPUTS, strict=True))
            for row, own in zip(flows, drive, strict=True)
        ]
        small = [x + rate * 0.25 / 20_000 for x, rate in zip(small, rates, strict=True)]
    assert discrete(network, inner, 0.25).after(nodes, INPUTS) == pytest.approx(small, abs=1e-4)


@pytest.mark.parametrize("structure", Structure)
def test_left_alone_it_comes_to_what_it_gains_over_what_it_loses(structure):
    network = NETWORKS[structure]
    step = discrete(network, network.inner(GUESSES[structure]), 24.0)
    nodes = (20.0,) * network.nodes
    for _ in range(100):
        nodes = step.after(nodes, INPUTS)
    rise = (2000.0 + 0.3 * 5000.0 + 250.0) / 160.0
    assert nodes == pytest.approx((5.0 + rise,) * network.nodes)


@pytest.mark.parametrize("structure", Structure)
def test_slopes_say_what_another_unknown_would_have_made(structure):
    network = NETWORKS[structure]
    inner = network.inner(GUESSES[structure])
    nodes = (20.0, 19.0)[: network.nodes]
    flat = ((0.0,) * network.nodes,) * len(inner)
    slopes = with_slopes(network, inner, 0.25).after(nodes, flat, INPUTS)
    for at, unknown in enumerate(network.unknowns):
        nudge = 1e-3 if unknown.is_positive else 10.0
        moved = (*inner[:at], inner[at] + nudge, *inner[at + 1 :])
        change = (
            discrete(network, moved, 0.25).after(nodes, INPUTS)[0]
            - discrete(network, inner, 0.25).after(nodes, INPUTS)[0]
        )
        assert slopes[at][0] * nudge == pytest.approx(change, rel=2e-2, abs=1e-9), unknown.name
