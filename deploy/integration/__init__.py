"""What integrators are given, `gateway/integration/`, as far as it is made from the contracts.

python -m deploy.integration make     write all of it
python -m deploy.integration check    fail when something there is not current
"""
