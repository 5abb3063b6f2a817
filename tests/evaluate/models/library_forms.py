"""Models of the libraries around SQLAlchemy: Flask-SQLAlchemy and SQLModel."""

from __future__ import annotations

from tests.evaluate.models.form import files, form

FLASK = {
    "names by class": form(
        """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import declared_attr

db = SQLAlchemy()

friends = db.Table(
    "friends",
    db.Column("one", db.ForeignKey("user_account.id"), primary_key=True),
    db.Column("other", db.ForeignKey("user_account.id"), primary_key=True),
)
likes = db.Table("likes", db.metadata, db.Column("post", db.Integer, db.ForeignKey("posts.id")))


class Stamped(db.Model):
    __abstract__ = True
    made = db.Column(db.DateTime, server_default=db.func.now())


class UserAccount(Stamped):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(20), nullable=False)
    posts = db.relationship("Post", backref="author")
    kind = db.Column(db.Enum("a", "b", name="kind"))
    __table_args__ = (db.UniqueConstraint("name", "kind"), db.Index("ix_kind", kind))


class Post(db.Model):
    __tablename__ = "posts"
    id = db.Column(db.Integer, primary_key=True)
    author_id = db.Column(db.Integer, db.ForeignKey("user_account.id"))


class HTTPServerURL(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Shared:
    @db.declared_attr
    def __tablename__(cls):
        return "x_" + cls.__name__.lower()

    id = db.Column(db.Integer, primary_key=True)


class Given(Shared, db.Model):
    pass


class Admin(UserAccount):
    level = db.Column(db.Integer)


class Root(UserAccount):
    id = db.Column(db.ForeignKey("user_account.id"), primary_key=True)


class Elsewhere(db.Model):
    __bind_key__ = "logs"
    id = db.Column(db.Integer, primary_key=True)
""",
        target="models:db.metadata",
        needs="flask_sqlalchemy",
    ),
    "a model class of one's own": form(
        """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}
    )


db = SQLAlchemy(model_class=Base)


class BigThing(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(9), unique=True)
""",
        target="models:db.metadata",
        needs="flask_sqlalchemy",
    ),
}

SQLMODEL = {
    "fields": form(
        """
import datetime as dt
import enum
import uuid
from decimal import Decimal
from typing import Optional

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, func
from sqlmodel import Field, Relationship, SQLModel


class Kind(str, enum.Enum):
    good = "g"
    bad = "b"


class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=50)
    age: Optional[int] = Field(default=None, index=True)


class Team(SQLModel, table=True):
    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("name"), Index("ix_place", "place"))

    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    place: str = "here"
    heroes: list["Hero"] = Relationship(back_populates="team")


class Hero(HeroBase, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    kind: Kind = Kind.good
    team_id: int | None = Field(default=None, foreign_key="teams.id", ondelete="SET NULL")
    money: Decimal = Field(default=0, max_digits=5, decimal_places=2)
    born: dt.date
    alarm: dt.time | None = None
    active: bool = True
    weight: float = Field(nullable=True)
    raw: bytes | None = None
    bio: str = Field(sa_column=Column("biography", Text, nullable=False))
    data: dict = Field(default_factory=dict, sa_type=JSON)
    code: str = Field(unique=True, sa_column_kwargs={"server_default": "x"})
    team: Team | None = Relationship(back_populates="heroes")


class HeroRead(HeroBase):
    id: int


from sqlmodel import SQLModel as Base
""",
        needs="sqlmodel",
    ),
    "datetimes": form(
        """
import datetime as dt

from sqlmodel import Field, SQLModel
from sqlmodel import SQLModel as Base


class Event(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime
""",
        needs="sqlmodel",
        unknown=("postgresql event.at",),
    ),
}
__all__ = ["FLASK", "SQLMODEL", "files"]
