"""Models in the ways of SQLAlchemy 2: `Mapped[…]`, `Annotated[…]`, dataclasses, type maps."""

from __future__ import annotations

from tests.evaluate.models.form import form

_HEAD = """
import datetime as dt
import decimal
import enum
import uuid
from typing import Annotated, Any, List, Literal, NewType, Optional, Union

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, relationship


class Base(DeclarativeBase):
    pass

"""

MAPPED = {
    "types by annotation": form(
        _HEAD
        + """
class Everything(Base):
    __tablename__ = "everything"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    maybe: Mapped[Optional[str]]
    modern: Mapped[str | None]
    union: Mapped[Union[int, None]]
    flag: Mapped[bool]
    raw: Mapped[bytes]
    amount: Mapped[decimal.Decimal]
    day: Mapped[dt.date]
    at: Mapped[dt.datetime]
    clock: Mapped[dt.time]
    span: Mapped[dt.timedelta]
    key: Mapped[uuid.UUID]
    quoted: Mapped["Optional[int]"]
"""
    ),
    "float": form(
        _HEAD
        + """
class Reading(Base):
    __tablename__ = "reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float]
    given: Mapped[float] = mapped_column(sa.Double)
""",
        unknown=("sqlite reading.value",),
    ),
    "mapped_column over the annotation": form(
        _HEAD
        + """
class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    name: Mapped[Optional[str]] = mapped_column(sa.String(40), nullable=False)
    nick: Mapped[str] = mapped_column(sa.String(40), nullable=True, default="x")
    mail: Mapped[str] = mapped_column("email_address", sa.String(80), unique=True)
    since: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now(), index=True)
    score: Mapped[int] = mapped_column(server_default=sa.text("0"))
    word: Mapped[str] = mapped_column(server_default="new")
    untyped = mapped_column(sa.Integer)
    classic: Mapped[int] = sa.Column(sa.Integer)
""",
    ),
    "from __future__ annotations": form(
        "from __future__ import annotations\n"
        + _HEAD
        + """
class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("post.id", ondelete="CASCADE"))
    parent: Mapped[Post | None] = relationship(remote_side=[id])
    children: Mapped[list[Post]] = relationship()
"""
    ),
    "annotated aliases": form(
        _HEAD
        + """
intpk = Annotated[int, mapped_column(primary_key=True)]
str50 = Annotated[str, 50]
stamp = Annotated[dt.datetime, mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())]
owner = Annotated[int, mapped_column(sa.ForeignKey("account.id"), index=True)]
maybe = Annotated[Optional[str], mapped_column(sa.String(9))]


class Own(DeclarativeBase):
    metadata = Base.metadata
    type_annotation_map = {str50: sa.String(50), dict[str, Any]: sa.JSON, decimal.Decimal: sa.Numeric(12, 4)}


class Account(Own):
    __tablename__ = "account"

    id: Mapped[intpk]
    name: Mapped[str50]
    nick: Mapped[Optional[str50]]
    made: Mapped[stamp]
    note: Mapped[maybe]
    data: Mapped[dict[str, Any]]
    rest: Mapped[Optional[dict[str, Any]]]
    price: Mapped[decimal.Decimal]


class Login(Own):
    __tablename__ = "login"

    id: Mapped[intpk]
    account_id: Mapped[owner]
    made: Mapped[stamp] = mapped_column(nullable=True)
""",
    ),
    "enums and literals": form(
        _HEAD
        + """
class Color(enum.Enum):
    RED = "red"
    GREEN = "green"


class Size(str, enum.Enum):
    small = "S"
    large = "L"


class Shirt(Base):
    __tablename__ = "shirt"

    id: Mapped[int] = mapped_column(primary_key=True)
    color: Mapped[Color]
    size: Mapped[Size | None]
    state: Mapped[Literal["new", "worn-out"]]
    lining: Mapped[Color] = mapped_column(sa.Enum(Color, native_enum=False, length=20))
    fit: Mapped[str] = mapped_column(sa.Enum("slim", "wide", name="fit"))
    values: Mapped[Size] = mapped_column(
        sa.Enum(Size, name="size_value", values_callable=lambda kind: [one.value for one in kind])
    )
""",
    ),
    "dataclasses": form(
        _HEAD
        + """
class Data(MappedAsDataclass, DeclarativeBase):
    metadata = Base.metadata


class Point(Data):
    __tablename__ = "point"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    x: Mapped[int] = mapped_column(default=0)
    y: Mapped[int] = mapped_column(default=0, kw_only=True)
    label: Mapped[Optional[str]] = mapped_column(sa.String(9), default=None)
    tags: Mapped[List["Tag"]] = relationship(default_factory=list)


class Tag(MappedAsDataclass, Base, kw_only=True):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(sa.ForeignKey("point.id"))
""",
    ),
    "a type map that is not all known": form(
        _HEAD
        + """
import os

if os.environ.get("WIDE"):
    Special = int
else:
    Special = bytes


class Own(DeclarativeBase):
    metadata = Base.metadata
    type_annotation_map = {uuid.UUID: sa.CHAR(36), Special: sa.String(3)}


class Plate(Own):
    __tablename__ = "plate"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    size: Mapped[int]
    given: Mapped[int] = mapped_column(sa.SmallInteger)
""",
        unknown=("plate.size",),
    ),
    "new types": form(
        _HEAD
        + """
UserId = NewType("UserId", int)
Code = NewType("Code", str)


class Own(DeclarativeBase):
    metadata = Base.metadata
    type_annotation_map = {Code: sa.String(3), UserId: sa.BigInteger}


class Seat(Own):
    __tablename__ = "seat"

    id: Mapped[UserId] = mapped_column(primary_key=True)
    code: Mapped[Code]
    other: Mapped[Optional[Code]]
""",
    ),
}
