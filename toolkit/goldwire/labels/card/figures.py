"""Agreement on the dataset card: figures with their intervals, as ``goldwire labels agreement --json`` gives them."""

from collections.abc import Iterator, Mapping
from typing import Any

_SHOWN = {"mentions": ("exact", "overlap", "token", "alpha_u"), "relations": ("labelled", "not_compared")}


def figures(node: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (question, figures) from agreement of one question, or of several however deep they are nested."""
    if not isinstance(node, Mapping):
        return
    if "alpha" in node:
        found = {key: node.get(key) for key in ("units", "annotators", "votes", "ties")}
        intervals = node.get("intervals") or {}
        found |= {key: _figure(intervals.get(key, node.get(key))) for key in ("alpha", "kappa", "ac1")}
        yield name or "all answers", {**found, "distance": node.get("distance", "nominal")}
        return
    for key in sorted(set(node) - {"mentions", "relations"}):
        inner = name if key in ("questions", "schemes") else f"{name}.{key}".lstrip(".")
        yield from figures(node[key], inner)


def marked_figures(agreement: Mapping[str, Any]) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """Return how well annotators agree on spans ("mentions") and on links ("relations"), by layer and by kind."""
    return {
        what: [
            (
                name,
                {key: found.get(key) for key in ("units", "annotators", "spans", "links")}
                | {key: _figure(found.get(key)) for key in keys},
            )
            for name, found in sorted((agreement.get(what) or {}).items())
        ]
        for what, keys in _SHOWN.items()
    }


def _figure(value: Any) -> str:
    """Return a figure with its interval where it has one, or "not defined"."""
    parts = value if isinstance(value, Mapping) else {"value": value}
    if parts.get("value") is None:
        return "not defined"
    if parts.get("low") is None or parts.get("high") is None:
        return f"{parts['value']:.3f}"
    return f"{parts['value']:.3f} [{parts['low']:.3f}, {parts['high']:.3f}]"
