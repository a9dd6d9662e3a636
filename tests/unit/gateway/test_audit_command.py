"""`python -m gateway audit`: what an operator reads before a change."""

from typer.testing import CliRunner

from gateway.__main__ import cli
from gateway.configuration import DEFAULT, read
from tests.support.configuration import changed, write


def audited(*arguments):
    return CliRunner().invoke(cli, ["audit", *map(str, arguments)])


def test_one_that_is_in_order_is_told_with_its_digest():
    told = audited()

    assert told.exit_code == 0
    assert read(DEFAULT).digest in told.output


def test_a_doubt_is_told_and_does_not_stand_in_the_way(tmp_path):
    told = audited(write(tmp_path / "c.toml", changed(lanes={"write": {"rate": 0.1}})))

    assert told.exit_code == 0
    assert "doubtful  lanes.write.rate" in told.output
    assert "in order" in told.output


def test_every_fault_is_told_with_its_place_and_reason(tmp_path):
    bids = {"discreet": False, "share": 0.5}
    told = audited(write(tmp_path / "c.toml", changed(lanes={"bids": bids})))

    assert told.exit_code == 1
    assert "refused  lanes.bids.discreet" in told.output
    assert "须走 discreet 车道" in told.output
    assert "in order" not in told.output


def test_a_file_that_is_not_there_is_told(tmp_path):
    told = audited(tmp_path / "none.toml")

    assert told.exit_code == 1
    assert "No such file" in told.output
