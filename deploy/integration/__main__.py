"""See the package; `make integration` and `make check` call it."""

import sys

from deploy.integration import __doc__ as usage
from deploy.integration import folder
from deploy.integration.dictionary import Unnamed


def main(arguments: list[str]) -> int:
    try:
        return run(arguments)
    except Unnamed as unnamed:
        print(unnamed, file=sys.stderr)
        return 1


def run(arguments: list[str]) -> int:
    match arguments:
        case ["make"]:
            folder.write()
            return 0
        case ["check"]:
            stale = folder.stale()
            for path in stale:
                print(f"{path} is not what the contracts say: run `make integration`")
            return 1 if stale else 0
    print(usage)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
