"""moto's S3, as strict as S3: rights that it counts among others, locks of versions, and addresses
that are signed (its own answer to them is 500)."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from moto.iam import access_control
from moto.s3 import models, responses
from moto.s3.exceptions import AccessDeniedByLock, S3AccessDeniedError
from moto.server import main

OWN_RIGHTS = {
    "BUCKET": {"object-lock": "PutBucketObjectLockConfiguration"},
    "KEY": {"retention": "PutObjectRetention", "legal-hold": "PutObjectLegalHold"},
}
COMPLIANCE = "COMPLIANCE"
# What an address says of its signature, in the words of the header that says it else.
SIGNED = "AWS4-HMAC-SHA256 Credential={}, SignedHeaders={}, Signature={}"
IN_ADDRESS = ("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature")


def strict() -> None:
    """Ask for the rights that S3 asks for, and let nobody shorten a lock of compliance."""
    for kind, rights in OWN_RIGHTS.items():
        responses.ACTION_MAP[kind]["PUT"] |= rights
    keep, remove = models.S3Backend.put_object_retention, responses.S3Response._bucket_response_post

    def put_object_retention(self: Any, *arguments: Any, **named: Any) -> Any:
        bucket, name = arguments[:2]
        there = self.get_object(bucket, name, version_id=named.get("version_id"))
        mode, until = named["retention"]
        if there.lock_mode == COMPLIANCE and (
            mode != COMPLIANCE or _moment(until) < _moment(there.lock_until)
        ):
            raise AccessDeniedByLock
        return keep(self, *arguments, **named)

    def _bucket_response_post(self: Any, request: Any, bucket_name: str) -> Any:
        if "delete" in self._get_querystring(request, request.url) and b"<VersionId>" in self.body:
            self.data["Action"] = "DeleteObjectVersion"
            self._authenticate_and_authorize_s3_action(bucket_name=bucket_name)
        return remove(self, request, bucket_name)

    access_control.S3IAMRequest = AddressRequest  # type: ignore[misc,assignment]
    models.S3Backend.put_object_retention = put_object_retention  # type: ignore[method-assign]
    responses.S3Response._bucket_response_post = _bucket_response_post  # type: ignore[method-assign]


class AddressRequest(access_control.S3IAMRequest):
    """A request that its header or its address signs; nobody else's is answered."""

    def __init__(self, *, path: str, headers: Any, **named: Any) -> None:
        place, _, query = path.partition("?")
        self.asked = dict(parse_qsl(query, keep_blank_values=True))
        self.is_address = "Authorization" not in headers
        headers = dict(headers)
        if self.is_address:
            if not self.asked.keys() >= {*IN_ADDRESS, "X-Amz-Date", "X-Amz-Expires"}:
                raise S3AccessDeniedError
            headers["Authorization"] = SIGNED.format(*(self.asked[word] for word in IN_ADDRESS))
            start = datetime.strptime(f"{self.asked['X-Amz-Date']}+0000", "%Y%m%dT%H%M%SZ%z")
            lasts = timedelta(seconds=int(self.asked["X-Amz-Expires"]))
            if datetime.now(timezone.utc) > start + lasts:
                raise S3AccessDeniedError
            path = place
        super().__init__(path=path, headers=headers, **named)

    def _create_auth(self, credentials: Any) -> Any:
        if not self.is_address:
            return super()._create_auth(credentials)
        return S3SigV4QueryAuth(credentials, self._service, self._region)

    def _create_aws_request(self) -> AWSRequest:
        if not self.is_address:
            return super()._create_aws_request()
        names = self.asked["X-Amz-SignedHeaders"].split(";")
        headers = self._create_headers_for_aws_request(names, self._headers)
        rest = {name: word for name, word in self.asked.items() if name != "X-Amz-Signature"}
        request = AWSRequest(method=self._method, url=self._path, params=rest, headers=headers)
        request.context["timestamp"] = self.asked["X-Amz-Date"]
        return request


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    strict()
    main(sys.argv[1:])
