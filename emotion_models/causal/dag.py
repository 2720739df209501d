"""Directed acyclic graphs: open paths, separators, circles.

A path is open given Z when none of its non-colliders is in Z and each of its colliders is in Z
or has a descendant there (Pearl 2009, section 1.2.3). Two variables are d-separated by Z when no
path between them is open; then every distribution that follows the graph makes them independent
given Z.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

Arrow = tuple[str, str]


@dataclass(frozen=True)
class Dag:
    """A directed graph; acyclic, unless it is asked for its circles.

    Parameters
    ----------
    arrows : frozenset of (cause, effect)
    """

    arrows: frozenset[Arrow]

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """All nodes, sorted."""
        return tuple(sorted({node for arrow in self.arrows for node in arrow}))

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        return self._sides(0)

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        return self._sides(1)

    def _sides(self, end: int) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        for arrow in sorted(self.arrows):
            found[arrow[end]].append(arrow[1 - end])
        return {node: tuple(names) for node, names in found.items()}

    def parents(self, node: str) -> tuple[str, ...]:
        """Direct causes of a node."""
        return self._parents.get(node, ())

    def children(self, node: str) -> tuple[str, ...]:
        """Direct effects of a node."""
        return self._children.get(node, ())

    def descendants(self, node: str) -> frozenset[str]:
        """Everything a node causes, itself left out."""
        return frozenset(_reach([node], self._children)) - {node}

    def ancestors(self, nodes: Iterable[str]) -> frozenset[str]:
        """Everything that causes one of the nodes, themselves included."""
        return frozenset(_reach(nodes, self._parents))

    def directed_path(self, start: str, end: str) -> tuple[str, ...]:
        """Shortest path along the arrows, both ends included; empty when there is none."""
        before: dict[str, str] = {}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for child in self.children(node):
                if child == end:
                    return (*_walked(before, node), end)
                if child not in before and child != start:
                    before[child] = node
                    queue.append(child)
        return ()

    def without_effects_of(self, node: str) -> Dag:
        """Return the graph without the arrows that leave a node."""
        return Dag(frozenset(arrow for arrow in self.arrows if arrow[0] != node))

    def open_path(self, start: str, end: str, given: Set[str]) -> tuple[str, ...]:
        """Find a shortest open path between two nodes.

        Reachability over (node, came from a child or from a parent), as in the "Bayes ball"
        (Shachter 1998): linear in the number of arrows.

        Parameters
        ----------
        start, end : str
        given : set of str
            What is conditioned on; holds neither end.

        Returns
        -------
        tuple of str
            Nodes and arrows in turn, ``("joy", "←", "age", "→", "return")``; empty when the
            two are d-separated. A collider that is open through a descendant is passed as if
            it were conditioned on.
        """
        opened = self.ancestors(given)
        first = (start, True)
        before: dict[tuple[str, bool], tuple[str, bool]] = {}
        queue, seen = deque([first]), {first}
        while queue:
            state = queue.popleft()
            for following in self._steps(state, given, opened):
                if following in seen:
                    continue
                seen.add(following)
                before[following] = state
                if following[0] == end:
                    return _in_words(before, first, following)
                queue.append(following)
        return ()

    def _steps(
        self, state: tuple[str, bool], given: Set[str], opened: Set[str]
    ) -> Iterator[tuple[str, bool]]:
        """States next to one: True where a node was reached from one of its children."""
        node, from_child = state
        if node not in given:
            yield from ((child, False) for child in self.children(node))
        if (from_child and node not in given) or (not from_child and node in opened):
            yield from ((parent, True) for parent in self.parents(node))

    def separated(self, start: str, end: str, given: Set[str]) -> bool:
        """Whether two nodes are d-separated by a set."""
        return not self.open_path(start, end, given)

    def separator(self, start: str, end: str, allowed: Set[str]) -> frozenset[str] | None:
        """Find a minimal set among the allowed nodes that d-separates two nodes.

        In the moral graph of the ancestors of the two, d-separation is plain separation (Lauritzen
        et al. 1990): of all allowed ancestors keep those that `start` meets first, and of these
        those that `end` meets first (van der Zander, Liśkiewicz & Textor 2014).

        Returns
        -------
        frozenset of str or None
            None when no such set exists.
        """
        beside = self._moral(self.ancestors([start, end]))
        wall = (beside.keys() & allowed) - {start, end}
        for origin, other in ((start, end), (end, start)):
            reached = _reach([origin], {n: () if n in wall else near for n, near in beside.items()})
            if other in reached:
                return None
            wall &= reached
        return frozenset(wall)

    def _moral(self, kept: Set[str]) -> dict[str, tuple[str, ...]]:
        """Neighbours in the moral graph of an ancestral set: parents of a child are married."""
        beside: dict[str, set[str]] = {node: set() for node in kept}
        for node in kept:
            family = [node, *self.parents(node)]
            for one in family:
                beside[one].update(family)
        return {node: tuple(near - {node}) for node, near in beside.items()}

    def separators(
        self, start: str, end: str, allowed: Set[str], *, most: int
    ) -> tuple[frozenset[str], ...]:
        """List minimal separators: any other one lacks some node of each that is known.

        Parameters
        ----------
        start, end : str
        allowed : set of str
        most : int
            Where to stop.

        Returns
        -------
        tuple of frozenset of str
            Smallest first.
        """
        found: dict[frozenset[str], None] = {}
        queue, tried = deque([frozenset(allowed)]), {frozenset(allowed)}
        while queue and len(found) < most:
            choice = queue.popleft()
            one = self.separator(start, end, choice)
            if one is None:
                continue
            found[one] = None
            for node in sorted(one):
                if (fewer := choice - {node}) not in tried:
                    tried.add(fewer)
                    queue.append(fewer)
        return tuple(sorted(found, key=lambda names: (len(names), sorted(names))))


def _reach(starts: Iterable[str], sides: dict[str, tuple[str, ...]]) -> set[str]:
    seen = set(starts)
    queue = deque(seen)
    while queue:
        for node in sides.get(queue.popleft(), ()):
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return seen


def _walked(before: dict[str, str], node: str) -> tuple[str, ...]:
    path = [node]
    while path[-1] in before:
        path.append(before[path[-1]])
    return tuple(reversed(path))


def _in_words(
    before: dict[tuple[str, bool], tuple[str, bool]],
    first: tuple[str, bool],
    last: tuple[str, bool],
) -> tuple[str, ...]:
    words, state = [last[0]], last
    while state != first:
        words.append("←" if state[1] else "→")
        state = before[state]
        words.append(state[0])
    return tuple(reversed(words))
