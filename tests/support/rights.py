"""Who may do what at the storage: keys with a policy each, and requests that are signed by them."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "us-east-1"
# What docs/backup-copies.md gives to a host, and what the engine counts apart: HEAD of the bucket.
ADD = ("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:HeadBucket")
# Until keys are asked for, a request says which service it is for, and no more.
NAMED = {"Authorization": f"AWS4-HMAC-SHA256 Credential=any/20260101/{REGION}/iam/aws4_request"}


@dataclass(frozen=True)
class Key:
    """An access key."""

    name: str
    secret: str


@dataclass(frozen=True)
class Users:
    """Those who may use the storage; `client` is asked for no key while they are looked after."""

    client: httpx.Client

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """The storage asks nobody for a key."""
        self._guard("inf")
        try:
            yield
        finally:
            self._guard("0")

    def add(self, name: str, actions: Iterable[str], bucket: str) -> Key:
        """A key of a new user who may do `actions` in a bucket, or in all (`*`)."""
        self._ask("CreateUser", name)
        self.allow(name, actions, bucket)
        made = self._ask("CreateAccessKey", name)
        return Key(*(_inside(made, word) for word in ("AccessKeyId", "SecretAccessKey")))

    def allow(self, name: str, actions: Iterable[str], bucket: str) -> None:
        """A user may do `actions` in a bucket, and nothing else."""
        place = f"arn:aws:s3:::{bucket}"
        statement = {"Effect": "Allow", "Action": [*actions], "Resource": [place, f"{place}/*"]}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._ask("PutUserPolicy", name, PolicyName="backup", PolicyDocument=policy)

    def _ask(self, action: str, user: str, **words: str) -> str:
        words |= {"Action": action, "UserName": user, "Version": "2010-05-08"}
        return self.client.post("/", data=words, headers=NAMED).raise_for_status().text

    def _guard(self, after: str) -> None:
        self.client.post("/moto-api/reset-auth", content=after).raise_for_status()


def _inside(text: str, tag: str) -> str:
    found = re.search(f"<{tag}>(.*?)</{tag}>", text)
    assert found, text
    return found[1]


class Signed(httpx.Auth):
    """Signs each request as S3 wants it."""

    requires_request_body = True

    def __init__(self, key: Key) -> None:
        self._auth = S3SigV4Auth(Credentials(key.name, key.secret), "s3", REGION)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        headers = {"Host": request.headers["Host"]}
        signed = AWSRequest(request.method, str(request.url), headers, request.content)
        self._auth.add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        yield request
