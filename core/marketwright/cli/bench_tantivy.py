"""tantivy in ``bench matching``: its top 200 by coverage, then those rescored exactly. Good ones may miss."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from marketwright.cli.bench_base import Bench
from marketwright.cli.bench_race import Answer
from marketwright.cli.bench_rivals import Fused

BY_COVERAGE = 200


def tantivy(bench: Bench, skills_of: Callable[[int], list[int]], folder: Path) -> dict[str, Callable[[int], Answer]]:
    """Everybody as a document of their skills; an older index in ``folder`` is used again."""
    import tantivy as library

    builder: Any = library.SchemaBuilder()
    builder.add_text_field("skills", tokenizer_name="whitespace", index_option="basic")
    builder.add_unsigned_field("row", fast=True, stored=True)
    schema = builder.build()
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    index: Any = library.Index(schema, path=str(folder))
    if fresh:
        writer = index.writer(heap_size=400_000_000, num_threads=1)
        for row in range(bench.index.people.size):
            document = library.Document()
            document.add_text("skills", " ".join(f"s{s}" for s in skills_of(row)))
            document.add_unsigned("row", row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
    searcher, missions, fused = index.searcher(), bench.index.missions.side, Fused(bench)

    def term(skill: int, must: bool) -> tuple[Any, Any]:  # noqa: FBT001
        query = library.Query.term_query(schema, "skills", f"s{skill}", index_option="basic")
        return (library.Occur.Must if must else library.Occur.Should,
                library.Query.const_score_query(query, 1.0))  # fmt: skip

    @cache
    def query(row: int) -> Any:
        asked = missions.skills.of(row)
        pairs = zip(asked.skill.tolist(), asked.must.tolist(), strict=True)
        return library.Query.boolean_query([term(s, must) for s, must in pairs])

    def answer(row: int) -> Answer:
        found = searcher.search(query(row), BY_COVERAGE).hits
        rows = sorted(searcher.doc(address)["row"][0] for _, address in found)
        return fused.best(row, np.array(rows, dtype=np.uint32))

    return {"tantivy": answer}
