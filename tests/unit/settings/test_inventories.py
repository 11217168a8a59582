"""The inventories through pyinfra's own command: one clear line and exit status 1, or hosts."""

from __future__ import annotations

from settings import DIRECTORY

from .conftest import ENV, TOML, Project


def test_staging_is_as_prod_is() -> None:
    assert (DIRECTORY / "staging.py").read_text() == (DIRECTORY / "prod.py").read_text()


def test_without_its_values_it_says_which_file_to_make(project: Project) -> None:
    assert project.refusal("prod") == (
        "inventories/prod.toml and inventories/prod.env are missing; `make environment NAME=prod`"
        " makes them from inventories/prod.toml.example and inventories/prod.env.example"
    )


def test_several_errors_are_one_line_each(project: Project) -> None:
    project.values("prod", f"{TOML}database_pol = 1\n")
    assert project.refusal("prod", "--data", "redis.port=x").splitlines() == [
        "2 errors in the settings of prod; nothing has been changed:",
        "    inventories/prod.toml:4: app.database_pol: is unknown; did you mean"
        " app.database_pool?",
        "    --data redis.port: must be a whole number from 1024 to 65535",
    ]


def test_pyinfra_shows_the_hosts_and_no_secret(project: Project) -> None:
    project.values("prod", f'hosts = ["192.0.2.1"]\n{TOML}')
    options = ("-vvv", "--debug", "--limit", "192.*", "--data", "tag=v1")
    ended = project.pyinfra(*options, "inventories/prod.py", "debug-inventory")
    assert ended.returncode == 0, ended.stderr
    text = ended.stdout + ended.stderr
    for expected in ("192.0.2.1", '"ssh_user": "root"', '"tag": "v1"', '"environment": "prod"'):
        assert expected in text
    assert not [secret for secret in ENV.values() if secret in text]


def test_an_error_while_preparing_is_one_line(project: Project) -> None:
    (project.folder / "deploy.py").write_text(
        "from roles.core.errors import OperatorError\n\n\n"
        "def role():\n    raise OperatorError('what is wrong and what to do')\n\n\nrole()\n"
    )
    ended = project.pyinfra("-y", "@local", "deploy.py")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "--> pyinfra error: what is wrong and what to do"
    assert "Traceback" not in ended.stderr
