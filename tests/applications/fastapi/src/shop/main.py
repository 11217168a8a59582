"""Takes and lists orders."""

import os
from importlib.metadata import version

from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from .models import Order

# PgBouncer lends a connection for one transaction: nothing is prepared on it.
engine = create_engine(
    os.environ["SQLALCHEMY_URL"],
    pool_size=int(os.environ["DATABASE_POOL_SIZE"]),
    max_overflow=0,
    connect_args={"prepare_threshold": None},
)
app = FastAPI()
CODE = "first"


class New(BaseModel):
    text: str


@app.get("/health")
def health() -> dict[str, str]:
    with Session(engine) as session:
        session.execute(select(1))
    return {"status": "ok"}


@app.get("/version")
def released(request: Request) -> dict[str, str | bool]:
    return {"release": os.environ["RELEASE"], "secure": request.url.scheme == "https"}


@app.get("/made-of")
def made_of() -> dict[str, str]:
    return {"code": CODE, "idna": version("idna"), "from": __file__}


@app.post("/orders")
def order(new: New) -> dict[str, int]:
    with Session(engine) as session:
        made = Order(text=new.text)
        session.add(made)
        session.commit()
        return {"id": made.id}


@app.get("/orders")
def orders() -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Order.text).order_by(Order.id)))
