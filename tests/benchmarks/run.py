"""The benchmarks of `make bench`: ours and the named peer in one run, as ratios.

Run as a script: [NAME...]. Without names all of them run, about a quarter of an hour on two cores. What they print
is Markdown; `make bench` keeps it in RESULTS.md.
"""

import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import aggregation
import agreement
import covering
import dataset
import exchange
import export
import generated
import report
import resampling
import splitting
from measure import in_turn, machine, run

HERE = Path(__file__).parent
TIMES = 3  # runs of each side
GOLDWIRE = [sys.executable, "-m", "goldwire"]
PLAIN = ["--no-language", "--mojibake", "ignore"]  # what a bare plan does not do either; timed by themselves below


def shared() -> Path | None:
    """Return the real data that do not enter the project, where they are."""
    found = Path(os.environ.get("GOLDWIRE_SHARED", HERE.parents[2] / "shared" / "data"))
    return found if found.is_dir() else None


def imported(file: Path, into: Path) -> list[str]:
    """Return a command that imports a file into a table that is not there yet."""
    code = (
        f"import pathlib, runpy, sys; pathlib.Path({str(into)!r}).unlink(missing_ok=True); "
        f"sys.argv = ['goldwire', 'corpus', 'import', {str(file)!r}, '-o', {str(into)!r}, *{PLAIN!r}]; "
        "runpy.run_module('goldwire', run_name='__main__')"
    )
    return [sys.executable, "-c", code]


def corpus_import(folder: Path) -> list[str]:
    """Import and stories of 100,000 articles, beside the bare Daft plan."""
    file = generated.write(folder / "articles.jsonl", 100_000)
    bare = [sys.executable, str(HERE / "bare_daft.py"), str(file)]
    ours, theirs, ratio = in_turn(imported(file, folder / "articles.parquet"), bare, TIMES)
    return [
        "100,000 articles of 2 kB (generated, 15% near-duplicates), whole commands, medians of three in turn:",
        "",
        "| | seconds | peak memory |",
        "|---|---|---|",
        f"| `goldwire corpus import` with stories, without language and mojibake | {ours.seconds:.1f} "
        f"| {ours.peak / 1e9:.2f} GB |",
        f"| bare Daft plan: read, MinHash 128, 16 bands, group | {theirs.seconds:.1f} | {theirs.peak / 1e9:.2f} GB |",
        f"| ratio (target: at most 4) | {ratio:.2f} | |",
    ]


def corpus_language(_: Path) -> list[str]:
    """Language and mojibake by themselves, on the sample corpus (English and twelve other languages)."""
    from goldwire.demo import recorded
    from goldwire.text import language, mojibake

    with (recorded.folder() / "articles.jsonl").open(encoding="utf-8") as stream:
        texts = [json.loads(line)["text"] for line in stream]
    ascii_only = [text.encode("ascii", "ignore").decode() for text in texts]
    length = sum(map(len, texts)) / len(texts)
    lines = [
        f"{len(texts)} articles of the sample corpus, {length:,.0f} characters on average:",
        "",
        "| | µs an article |",
        "|---|---|",
    ]
    for name, function, given in (
        ("language", language.detect, texts),
        ("mojibake", mojibake.found, texts),
        ("mojibake, ASCII", mojibake.found, ascii_only),
    ):
        function(given[0])
        begin = time.perf_counter()
        for _ in range(20):
            for text in given:
                function(text)
        lines.append(f"| {name} | {(time.perf_counter() - begin) / len(given) / 20 * 1e6:.1f} |")
    return lines


def corpus_datasketch(folder: Path) -> list[str]:
    """Import and stories, beside datasketch with bands for the same recall."""
    small = generated.write(folder / "small.jsonl", 20_000)
    truth = _exact(small)
    _sketch(small, folder / "pairs.json")
    theirs = {(a, b) for a, b in json.loads((folder / "pairs.json").read_text())}
    ours = _ours(small, folder / "small.parquet")
    large = generated.write(folder / "large.jsonl", 100_000)
    seconds = run(imported(large, folder / "large.parquet")).seconds
    peer = run([sys.executable, str(HERE / "with_datasketch.py"), str(large), str(folder / "pairs.json")]).seconds
    return [
        f"Recall on 20,000 articles, of the {len(truth):,} pairs with containment of at least .5 (counted exactly), "
        "and whole commands on 100,000, one run each:",
        "",
        "| | recall | wrong pairs | seconds |",
        "|---|---|---|---|",
        f"| `goldwire corpus import` with stories | {len(ours & truth) / len(truth):.4f} | {len(ours - truth)} "
        f"| {seconds:.1f} |",
        f"| datasketch, 64 bands of 2, pairs counted | {len(theirs & truth) / len(truth):.4f} "
        f"| {len(theirs - truth)} | {peer:.1f} |",
        f"| ratio (target: at least 10) | | | {peer / seconds:.1f} |",
    ]


def corpus_fnc(folder: Path) -> list[str]:
    """Stories of FNC-1's bodies, beside counting all pairs."""
    data = shared()
    if data is None:
        return ["Not run: the data of FNC-1 are not here."]
    csv.field_size_limit(10**8)
    file = folder / "bodies.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for name in ("train", "competition_test"):
            with (data / "fnc1" / f"{name}_bodies.csv").open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    out.write(json.dumps({"id": row["Body ID"], "text": row["articleBody"]}) + "\n")
    truth = _exact(file)
    found = _ours(file, folder / "bodies.parquet")
    return [
        f"2,587 bodies, {len(truth)} pairs with 5-gram containment of at least .5 (counted exactly): recall "
        f"{len(found & truth) / len(truth):.4f} (target: at least .99), {len(found - truth)} below the threshold."
    ]


def corpus_million(folder: Path) -> list[str]:
    """A million articles: time and memory."""
    file = generated.write(folder / "million.jsonl", 1_000_000)
    ours = run(imported(file, folder / "million.parquet"))
    return [
        f"1,000,000 articles ({file.stat().st_size / 1e9:.1f} GB): {ours.seconds:.0f} s, peak memory of all "
        f"processes together {ours.peak / 1e9:.2f} GB (target: under 4)."
    ]


def labels_push(folder: Path) -> list[str]:
    """Push, beside bare posts of the same batches."""
    found = exchange.measure_push(folder)
    return [
        f"{exchange.TASKS:,} tasks of 1.5 kB to a Label Studio on this machine, medians of {exchange.TIMES} in turn:",
        "",
        "| | seconds |",
        "|---|---|",
        f"| `push` of a new round: project, tasks | {median(found.ours):.1f} |",
        f"| bare HTTP posts of the same batches | {median(found.bare):.1f} |",
        f"| rate of ours as a share of theirs (target: at least .9) | {found.ratio:.2f} |",
    ]


def labels_pull(folder: Path) -> list[str]:
    """Full and incremental pulls, beside the server's own snapshot."""
    found = exchange.measure_pull(folder)
    return [
        f"{exchange.TASKS:,} tasks with three answers of six items ({found.size / 1e6:.0f} MB as JSON), medians of "
        f"{exchange.TIMES} in turn:",
        "",
        "| | seconds |",
        "|---|---|",
        f"| full pull into a part | {median(found.full):.1f} |",
        f"| the server's snapshot: made and downloaded | {median(found.snapshot):.1f} |",
        f"| ratio (target: at most 1.1) | {found.ratio:.2f} |",
        f"| pull after {exchange.CHANGED} tasks have changed | {median(found.changed):.2f} |",
        f"| share of a full pull (target: at most 3%) | {found.share:.1%} |",
    ]


def labels_build(folder: Path) -> list[str]:
    """From a pulled export to tables, beside decoding its JSON."""
    found = export.measured(folder)
    ours, theirs = found["build"], found["orjson"]
    return [
        f"{found['tasks']:,} tasks with three answers of six items ({found['mb']:.0f} MB, generated), medians "
        f"of {export.TIMES} in turn, without what is imported:",
        "",
        "| | seconds | peak memory |",
        "|---|---|---|",
        "| `goldwire labels build`: checksum, texts, votes, mentions, units as Parquet "
        f"| {ours['seconds']:.1f} | {ours['peak_mb']:.0f} MB |",
        f"| `orjson.loads` of the same bytes | {theirs['seconds']:.1f} | {theirs['peak_mb']:.0f} MB |",
        f"| ratio (target: at most .7, or 2 s) | {found['ratio']:.2f} | (target: under 400 MB) |",
    ]


def _exact(file: Path) -> set[tuple[str, str]]:
    """Return every pair, counted in full; texts too short for a shingle pair with equal ones."""
    from exact import neighbours

    from goldwire.text.normalise import normalise

    articles = [json.loads(line) for line in file.open(encoding="utf-8")]
    ids = [article["id"] for article in articles]
    found = neighbours([normalise(article["text"]) for article in articles], containment=0.5)
    return {(min(a, b), max(a, b)) for a, b in ((ids[pair.first], ids[pair.second]) for pair in found)}


def _ours(file: Path, into: Path) -> set[tuple[str, str]]:
    from goldwire import tables
    from goldwire.corpus.stories import duplicates

    run(imported(file, into))
    return {(pair.a, pair.b) for pair in duplicates(tables.read(into)).pairs}


def _sketch(file: Path, pairs: Path) -> None:
    run([sys.executable, str(HERE / "with_datasketch.py"), str(file), str(pairs)])


def labels_agreement(_: Path) -> list[str]:
    """Agreement with intervals, beside the krippendorff package's figure alone."""
    return agreement.lines()


def labels_gold(_: Path) -> list[str]:
    """Dawid-Skene and MACE, beside crowd-kit's."""
    return aggregation.lines()


def labels_dataset(folder: Path) -> list[str]:
    return dataset.lines(folder)


def labels_splits(_: Path) -> list[str]:
    return splitting.lines(shared())


def eval_resampling(_: Path) -> list[str]:
    """Intervals of macro-F1 from sums by story, beside a loop over scikit-learn's."""
    return resampling.lines()


def eval_coverage(_: Path) -> list[str]:
    """How often intervals hold the true figure of simulated stories."""
    return covering.lines()


def eval_report(folder: Path) -> list[str]:
    return report.lines(folder)


BENCHMARKS: dict[str, Callable[[Path], list[str]]] = {
    "import": corpus_import,
    "language": corpus_language,
    "datasketch": corpus_datasketch,
    "fnc": corpus_fnc,
    "million": corpus_million,
    "agreement": labels_agreement,
    "gold": labels_gold,
    "splits": labels_splits,
    "dataset": labels_dataset,
    "resampling": eval_resampling,
    "coverage": eval_coverage,
    "report": eval_report,
    "build": labels_build,  # before the next two: what their process holds would count as its children's peak
    "push": labels_push,
    "pull": labels_pull,
}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all, and print what they found."""
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    out = sys.stdout
    out.write(f"# Benchmarks\n\nMeasured on {machine()}. Made by `make bench`.\n")
    for name in names or BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            lines = BENCHMARKS[name](Path(folder))
        out.write(f"\n## {name}\n\n" + "\n".join(lines) + "\n")
        out.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
