"""Models with mixins, abstract bases, inheritance and `__table_args__`."""

from __future__ import annotations

from tests.evaluate.models.form import files, form

_HEAD = """
import sqlalchemy as sa
from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, String
from sqlalchemy import UniqueConstraint, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, declared_attr, deferred, mapped_column
from sqlalchemy.orm import registry, relationship

Base = declarative_base()

"""

CLASSES = {
    "classic columns": form(
        _HEAD
        + """
class Team(Base):
    __tablename__ = "team"

    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False, unique=True)
    code = Column("team_code", String(3), index=True)
    size = Column(Integer, server_default="1", nullable=False)
    open = Column(Boolean, default=True)
    notes = deferred(Column(sa.Text))
    members = relationship("Member")


class Member(Base):
    __tablename__ = "member"

    team_id = Column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True)
    number = Column(Integer, primary_key=True)
    boss_id = Column(Integer, ForeignKey(Team.id))
    since = Column(DateTime(timezone=True), server_default=func.now())
    team = relationship(Team, foreign_keys=[team_id])
""",
    ),
    "table arguments": form(
        _HEAD
        + """
class Room(Base):
    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("house", "number", name="uq_room"),
        CheckConstraint("number > 0", name="ck_number"),
        Index("ix_room_floor", "house", "floor", unique=True),
        Index("ix_lower", func.lower(text("name"))),
        {"comment": "where people meet"},
    )

    id = Column(Integer, primary_key=True)
    house = Column(Integer)
    number = Column(Integer)
    floor = Column(Integer)
    name = Column(String(9))


class Key(Base):
    __tablename__ = "key"
    __table_args__ = {"sqlite_autoincrement": True}

    id = Column(Integer, primary_key=True)
    room_id = Column(Integer)
    __mapper_args__ = {"eager_defaults": True}


class Door(Base):
    __tablename__ = "door"

    first = Column(Integer)
    second = Column(Integer)
    third = Column(Integer, nullable=False)
    __table_args__ = (
        sa.PrimaryKeyConstraint(first, second),
        UniqueConstraint(second, third),
        Index(None, third, second),
        sa.ForeignKeyConstraint(["third"], ["room.id"], name="fk_door_room"),
    )
""",
    ),
    "constraints in the body": form(
        _HEAD
        + """
class Vote(Base):
    __tablename__ = "vote"

    id = Column(Integer, primary_key=True)
    person = Column(Integer)
    choice = Column(String(80))

    UniqueConstraint(person, choice, name="uq_vote")
    Index("ix_vote", choice)
""",
    ),
    "indexes of one dialect": form(
        _HEAD
        + """
class Note(Base):
    __tablename__ = "note"

    id = Column(Integer, primary_key=True)
    text = Column(String(80))
    __table_args__ = (
        Index("ix_note_first", "text", postgresql_using="hash").ddl_if(dialect="postgresql"),
        Index("ix_note_second", "text", "id").ddl_if(dialect="sqlite"),
        CheckConstraint("text != ''", name="ck_note").ddl_if(dialect="postgresql"),
    )
""",
    ),
    "indexes of the module": form(
        _HEAD
        + """
class Page(Base):
    __tablename__ = "page"

    id = Column(Integer, primary_key=True)
    title = Column(String(80))
    path = Column(String(80))


Index("ix_page_title", Page.title, Page.path)
Index("ix_page_path", Page.__table__.c.path, unique=True)
Index("ix_page_lower", func.lower(Page.title))
Page.added = Column(Integer, index=True)
""",
    ),
    "mixins": form(
        _HEAD
        + """
class Stamped:
    created = Column(DateTime, nullable=False, server_default=func.now())

    @declared_attr
    def updated(cls):
        return Column(DateTime, onupdate=func.now())


class Named:
    id = Column(Integer, primary_key=True)
    name = Column(String(30), index=True)

    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower() + "s"


class Owned:
    @declared_attr
    def owner_id(cls):
        return Column(Integer, ForeignKey("persons.id"), index=True)

    @declared_attr
    def owner(cls):
        return relationship("Person")

    @declared_attr.directive
    def __table_args__(cls):
        return (Index(f"ix_{cls.__tablename__}_by", "owner_id", "name"), {"comment": "owned"})


class Person(Stamped, Named, Base):
    name = Column(String(60), nullable=False)


class Thing(Owned, Stamped, Named, Base):
    weight = Column(Integer)


class Plain(Named, Base):
    created = None
    name = None
""",
    ),
    "mixins with annotations": form(
        _HEAD
        + """
class Timed:
    made: Mapped[int] = mapped_column(server_default=text("0"))
    seen: Mapped[int | None]

    @declared_attr
    def author_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("author.id"))


class Model(DeclarativeBase):
    metadata = Base.metadata
    id: Mapped[int] = mapped_column(primary_key=True)


class Author(Model):
    __tablename__ = "author"
    name: Mapped[str] = mapped_column(String(20))


class Book(Timed, Model):
    __tablename__ = "book"
    title: Mapped[str] = mapped_column(String(20))
""",
    ),
    "keys from mixins": form(
        _HEAD
        + """
class Versioned:
    version = Column(Integer, primary_key=True)


class Record(Versioned, Base):
    __tablename__ = "record"
    name = Column(String(9), primary_key=True)
""",
    ),
    "abstract bases": form(
        _HEAD
        + """
class Common(Base):
    __abstract__ = True

    id = Column(Integer, primary_key=True)
    note = Column(String(9))


class Middle(Common):
    __abstract__ = True
    __table_args__ = (CheckConstraint("id > 0", name="positive"),)
    extra = Column(Integer)


class One(Common):
    __tablename__ = "one"


class Two(Middle):
    __tablename__ = "two"
    note = Column(String(20), nullable=False)
""",
    ),
    "inheritance": form(
        _HEAD
        + """
class Employee(Base):
    __tablename__ = "employee"
    __table_args__ = (CheckConstraint("id > 0", name="positive"),)

    id = Column(Integer, primary_key=True)
    kind = Column(String(20), nullable=False)
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "employee"}


class Manager(Employee):
    budget = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "manager"}


class Engineer(Employee):
    __tablename__ = "engineer"
    id = Column(ForeignKey("employee.id"), primary_key=True)
    language = Column(String(20), index=True)
    __mapper_args__ = {"polymorphic_identity": "engineer"}


class Lead(Engineer):
    reports = Column(Integer, nullable=True)
    __mapper_args__ = {"polymorphic_identity": "lead"}
""",
    ),
    "a base of one's own": files(
        {
            "app/__init__.py": "",
            "app/base.py": """
                import re
                from sqlalchemy import Column, Integer, MetaData
                from sqlalchemy.ext.declarative import as_declarative, declared_attr

                CONVENTION = {
                    "ix": "ix_%(column_0_label)s",
                    "uq": "uq_%(table_name)s_%(column_0_name)s",
                    "ck": "ck_%(table_name)s_%(constraint_name)s",
                    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                    "pk": "pk_%(table_name)s",
                }
                metadata = MetaData(naming_convention=CONVENTION)


                class Model:
                    id = Column(Integer, primary_key=True)

                    @declared_attr
                    def __tablename__(cls):
                        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
                """,
            "app/models/__init__.py": """
                from .user import User
                from .order_line import OrderLine
                """,
            "app/models/user.py": """
                from sqlalchemy import CheckConstraint, Column, String
                from sqlalchemy.orm import declarative_base

                from app.base import Model, metadata

                Base = declarative_base(cls=Model, metadata=metadata)


                class User(Base):
                    mail = Column(String(80), unique=True)
                    age = Column(String(3))
                    __table_args__ = (CheckConstraint("age <> ''", name="age"),)
                """,
            "app/models/order_line.py": """
                from typing import TYPE_CHECKING

                from sqlalchemy import Column, ForeignKey, Integer

                from .user import Base

                if TYPE_CHECKING:
                    from .missing import Nothing


                class OrderLine(Base):
                    user_id = Column(Integer, ForeignKey("user.id"), index=True)
                """,
        },
        target="app.models.user:Base.metadata",
    ),
    "a registry": form(
        _HEAD
        + """
mapper_registry = registry()
Made = mapper_registry.generate_base()


class Own(Made):
    __tablename__ = "own"
    id = Column(Integer, primary_key=True)


@mapper_registry.mapped
class Decorated:
    __tablename__ = "decorated"
    id = Column(Integer, primary_key=True)


class Hard(Base):
    __table__ = sa.Table("hard", mapper_registry.metadata, Column("id", Integer, primary_key=True))
""",
        target="models:mapper_registry.metadata",
    ),
}
