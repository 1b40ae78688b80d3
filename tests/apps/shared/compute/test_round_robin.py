"""Nobody waits for more than their share of the others, whoever comes and whenever."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from apps.shared.compute.queue import MOST_OF_A_VISITOR, FairQueue
from apps.shared.compute.requests import Visitor
from tests.apps.shared.compute.simulated import Arrival, Served, run

SEEDS = range(40)


def page(number: int, address: str | None = None) -> Visitor:
    return Visitor(f"10.0.0.{number}" if address is None else address, f"session {number}")


def crowd(rng: random.Random, visitors: list[Visitor], requests: int) -> list[Arrival]:
    """Some of the visitors in bursts, some one by one."""
    arrivals = []
    for visitor in visitors:
        burst, at = rng.random() < 0.3, rng.uniform(0, 20)
        for _ in range(rng.randint(1, requests)):
            at += 0.0 if burst else rng.expovariate(0.2)
            arrivals.append(Arrival(at, visitor, seconds=rng.uniform(0.2, 3.0)))
    return arrivals


def heads(served: list[Served], visitor: Visitor) -> list[tuple[float, float]]:
    """The spans in which a visitor's first waiting request waited, from its head to its turn."""
    own = sorted((one for one in served if one.arrival.visitor == visitor and one.began),
                 key=lambda one: one.began[0])
    spans, free = [], 0.0
    for one in own:
        spans.append((max(one.arrival.at, free), one.began[0]))
        free = one.began[0]
    return spans


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("workers", [1, 2])
def test_while_a_visitor_waits_every_other_has_at_most_two_turns(seed: int, workers: int) -> None:
    rng = random.Random(seed)
    visitors = [page(i) for i in range(rng.randint(2, 9))]
    served = run(crowd(rng, visitors, MOST_OF_A_VISITOR), workers)
    assert all(one.began or one.refused for one in served)  # nobody starves
    for visitor in visitors:
        for since, until in heads(served, visitor):
            turns = Counter(one.arrival.visitor for one in served
                            if one.began and since < one.began[0] < until)
            assert all(count <= 2 for other, count in turns.items() if other != visitor)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_visitor_s_own_requests_are_served_in_the_order_they_came(seed: int) -> None:
    rng = random.Random(seed)
    visitors = [page(i) for i in range(4)]
    served = run(crowd(rng, visitors, 8))
    for visitor in visitors:
        own = [one for one in served if one.arrival.visitor == visitor and one.began]
        by_turn = sorted(own, key=lambda one: one.began[0])
        assert [one.arrival.at for one in by_turn] == sorted(one.arrival.at for one in own)


def test_forty_requests_of_one_cost_another_one_turn() -> None:
    flood = [Arrival(0.0, page(1), 10.0) for _ in range(MOST_OF_A_VISITOR)]
    served = run([*flood, Arrival(1.0, page(2), 1.0), Arrival(30.0, page(2), 1.0)])
    assert [one.wait for one in served[-2:]] == pytest.approx([9.0, 1.0], abs=0.01)


def test_forty_sessions_at_one_address_cost_another_a_few_turns() -> None:
    flood = [Arrival(0.0, page(i, "10.0.0.1"), 1.0) for i in range(40)]
    one = Visitor("10.0.0.2", "alone")
    served = run([*flood, *(Arrival(0.5 + 10 * i, one, 1.0) for i in range(4))])
    assert max(other.wait for other in served[-4:]) <= 7.5  # the square root of forty, rounded up


def test_programs_of_an_address_are_one_visitor_however_many_sessions_they_open() -> None:
    flood = [Arrival(0.0, Visitor("10.0.0.1", f"client {i}", program=True), 1.0)
             for i in range(40)]
    served = run([*flood, Arrival(0.5, Visitor("10.0.0.1", "a page"), 1.0)])
    assert served[-1].wait <= 1.5


def test_a_class_behind_one_address_shares_evenly_and_gets_more_than_one() -> None:
    pupils, alone = [page(i, "10.0.0.1") for i in range(25)], [page(100), page(101)]
    served = run([Arrival(0.001 * i, visitor) for i, visitor in enumerate([*alone, *pupils])
                  for _ in range(2 if visitor in pupils else 10)])
    assert not any(one.refused for one in served)
    busy = sorted(served, key=lambda one: one.began[0])[3:24]  # while all of them wait
    assert 13 <= sum(one.arrival.visitor in pupils for one in busy) <= 17  # five of every seven
    order = [one.arrival.visitor for one in sorted(served, key=lambda one: one.began[0])
             if one.arrival.visitor in pupils]
    assert sorted(order[:25], key=pupils.index) == pupils  # each once before one has a second


def test_an_endless_row_of_new_visitors_starves_nobody() -> None:
    arrivals = [Arrival(0.0, page(0)), Arrival(0.0, page(0))]
    arrivals += [Arrival(0.01 + 0.99 * i, page(1 + i), 1.0) for i in range(300)]
    served = run(arrivals)
    assert served[1].wait < 10


@pytest.mark.parametrize("seed", SEEDS)
def test_those_who_leave_cost_nobody_a_turn_and_keep_no_place(seed: int) -> None:
    rng = random.Random(seed)
    staying = crowd(rng, [page(i) for i in range(3)], 6)
    leaving = [Arrival(one.at, page(50 + i), one.seconds, gives_up=one.at + 1e-6)
               for i, one in enumerate(crowd(rng, [page(9)], 12))]
    alone, with_them = run(staying), run([*staying, *leaving])
    if not any(one.began for one in with_them[len(staying):]):
        assert [one.began for one in with_them[: len(staying)]] == [one.began for one in alone]
    assert any(not one.began for one in with_them) or len(leaving) < 4


@pytest.mark.parametrize("seed", SEEDS)
def test_a_request_of_several_turns_waits_once_and_pays_for_all(seed: int) -> None:
    rng = random.Random(seed)
    walker, other = page(1), page(2)
    arrivals = [Arrival(0.0, walker, 1.0, turns=5), Arrival(0.1, walker, 1.0, turns=5)]
    arrivals += [Arrival(rng.uniform(0.2, 1), other, 1.0) for _ in range(4)]
    served = run(arrivals)
    gaps = [b - a for a, b in zip(served[0].began, served[0].began[1:], strict=False)]
    assert len(gaps) == 4 and max(gaps) <= 2.0  # behind what began meanwhile, before the rest
    assert all(one.began[0] < served[1].began[0] for one in served[2:])


def test_the_order_that_is_told_is_the_order_that_comes() -> None:
    told: list[list[object]] = []

    def look(now: float, queue: FairQueue) -> None:
        told.append([one.ticket for one in queue._robin.order()])

    rng = random.Random(7)
    run(crowd(rng, [page(i, f"10.0.0.{i % 3}") for i in range(9)], 5), look=look)
    for before, after in zip(told, told[1:], strict=False):
        if set(after) < set(before):  # somebody was served and nobody came
            assert after == [one for one in before if one in set(after)]
