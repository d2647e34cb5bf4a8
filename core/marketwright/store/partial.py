"""Indexes over some of the rows, without loading the dialect of an engine that is not there.

``Index(..., postgresql_where=...)`` has SQLAlchemy import all of PostgreSQL's dialect, drivers included, as soon as the
table is declared; on SQLite too.
"""

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that ``where``, SQL that both engines read, holds for."""
    return Index(name, *columns, unique=unique, info={_WHERE: where})


@compiles(CreateIndex)
def _create(element: CreateIndex, compiler: Any, **options: Any) -> str:
    index = element.element
    if _WHERE in index.info:
        index.dialect_options[compiler.dialect.name][_WHERE] = text(index.info[_WHERE])
    made: str = compiler.visit_create_index(element, **options)
    return made
