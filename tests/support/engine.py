"""moto's S3, as strict as S3 where versions are kept: rights that it counts among others, locks."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from moto.s3 import models, responses
from moto.s3.exceptions import AccessDeniedByLock
from moto.server import main

OWN_RIGHTS = {
    "BUCKET": {"object-lock": "PutBucketObjectLockConfiguration"},
    "KEY": {"retention": "PutObjectRetention", "legal-hold": "PutObjectLegalHold"},
}
COMPLIANCE = "COMPLIANCE"


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

    models.S3Backend.put_object_retention = put_object_retention  # type: ignore[method-assign]
    responses.S3Response._bucket_response_post = _bucket_response_post  # type: ignore[method-assign]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    strict()
    main(sys.argv[1:])
