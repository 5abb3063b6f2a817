"""Models as `Table(…)`, with MetaData of every kind, and what a static reader must admit not to know."""

from __future__ import annotations

from tests.evaluate.models.form import files, form

_HEAD = """
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, mapped_column

"""

TABLES = {
    "association tables": form(
        _HEAD
        + """
Base = declarative_base()

tagging = Table(
    "tagging",
    Base.metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
    Column("rank", Integer, sa.CheckConstraint("rank > 0"), default=1),
)


class Post(Base):
    __tablename__ = "post"
    id = Column(Integer, primary_key=True)


class Tag(Base):
    __tablename__ = "tag"
    id = Column(sa.SmallInteger, primary_key=True)


Index("ix_tagging_rank", tagging.c.rank)
""",
    ),
    "made by functions": form(
        _HEAD
        + """
metadata = MetaData()


def stamps():
    return [Column("made", sa.DateTime), Column("seen", sa.DateTime, index=True)]


def make(name, *columns):
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns, *stamps())


cats = make("cats", Column("name", String(9)))
for kind in ("dogs", "birds"):
    make(kind)


class Own(sa.types.TypeDecorator):
    impl = String(12)
    cache_ok = True


owned = make("owned", Column("by", Own()), Column("at", Own))
""",
        target="models:metadata",
    ),
    "references in a circle": form(
        _HEAD
        + """
metadata = MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s"})
one = Table(
    "one",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("two_id", Integer, ForeignKey("two.id", use_alter=True, name="fk_one_two")),
)
two = Table(
    "two",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("one_id", ForeignKey("one.id"), nullable=False),
    Column("self_id", ForeignKey("two.id")),
)
""",
        target="models:metadata",
    ),
    "types of PostgreSQL": form(
        _HEAD
        + """
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.mutable import MutableDict

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", pg.UUID(as_uuid=True), primary_key=True, server_default=sa.text("gen_random_uuid()")),
    Column("data", MutableDict.as_mutable(pg.JSONB), nullable=False, server_default="{}"),
    Column("tags", pg.ARRAY(String(20))),
    Column("number", Integer, sa.Identity(always=True)),
    Column("twice", Integer, sa.Computed("number * 2")),
    Column("serial", Integer, sa.Sequence("things_serial"), server_default=sa.text("1")),
    Index("ix_things_data", "data", postgresql_using="gin"),
    Index("ix_things_some", "number", postgresql_where=sa.text("number > 3")),
)
""",
        target="models:metadata",
        postgresql_only=True,
    ),
    "several lists of tables": form(
        _HEAD
        + """
first, second = MetaData(), MetaData()
Table("a", first, Column("id", Integer, primary_key=True))
Table("b", second, Column("id", Integer, primary_key=True))
""",
        target="models:second",
    ),
}

HONEST = {
    "a base from elsewhere": files(
        {
            "models.py": """
                from other_library import Identified, Metered, ident
                from sqlalchemy import Column, Integer, String
                from sqlalchemy.orm import declarative_base

                Base = declarative_base()


                class User(Identified, Base):
                    __tablename__ = "user"
                    name = Column(String(9))


                class Meter(Base):
                    __tablename__ = "meter"
                    id = ident()
                    size = Column(Integer)


                class Plain(Base):
                    __tablename__ = "plain"
                    id = Column(Integer, primary_key=True)
                    size = Column(Metered(), nullable=False)
                """,
            "vendor/other_library.py": """
                from sqlalchemy import Column, Float, Integer


                class Identified:
                    id = Column(Integer, primary_key=True)


                class Metered(Float):
                    pass


                def ident():
                    return Column(Integer, primary_key=True)
                """,
        },
        uncertain={"user": "other_library.Identified", "meter": "other_library.ident"},
        unknown=("plain.size",),
    ),
    "names from elsewhere": files(
        {
            "models.py": """
                import os

                from sqlalchemy import Column, Integer
                from sqlalchemy.orm import declarative_base

                Base = declarative_base()


                class Plain(Base):
                    __tablename__ = "plain"
                    id = Column(Integer, primary_key=True)


                class Prefixed(Base):
                    __tablename__ = os.environ.get("PREFIX", "") + "prefixed"
                    id = Column(Integer, primary_key=True)


                if os.environ.get("EXTRA", "1"):

                    class Extra(Base):
                        __tablename__ = "extra"
                        id = Column(Integer, primary_key=True)
                """
        },
        uncertain={"extra": "EXTRA"},
        missing=True,
    ),
    "columns that seem to fail": files(
        {
            "models.py": """
                import os

                from sqlalchemy import Column, ForeignKey, Integer, String
                from sqlalchemy.orm import declarative_base

                Base = declarative_base()


                class Factory:
                    kind = None

                    def create(self):
                        if self.kind is None:
                            raise RuntimeError("not set up")
                        return self.kind


                def set_up(found):
                    setattr(found, "ki" + os.environ.get("REST", "nd"), String(9))


                factory = Factory()
                set_up(factory)


                class Secret(Base):
                    __tablename__ = "secret"
                    id = Column(Integer, primary_key=True)
                    word = Column(factory.create())


                class Plain(Base):
                    __tablename__ = "plain"
                    id = Column(Integer, primary_key=True)
                """
        },
        uncertain={"secret": "Secret.word"},
    ),
    "arguments from elsewhere": files(
        {
            "models.py": """
                import json
                import os

                from sqlalchemy import Column, Integer, String
                from sqlalchemy.orm import declarative_base

                Base = declarative_base()
                LENGTH = int(os.environ.get("LENGTH", "9"))


                class Odd(Base):
                    __tablename__ = "odd"
                    __table_args__ = json.loads(os.environ.get("ARGS", "{}"))
                    id = Column(Integer, primary_key=True)


                class Wide(Base):
                    __tablename__ = "wide"
                    id = Column(Integer, primary_key=True)
                    name = Column(String(LENGTH), nullable=LENGTH > 3)
                """
        },
        uncertain={"odd": "__table_args__"},
        unknown=("wide.name",),
    ),
}
