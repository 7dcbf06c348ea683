"""`make reset`: delete the embedded servers' data and the logs. Refuses while anything uses them."""

import os
import shutil
import sys

from marketplace import embedded
from marketplace.run import the_only_site


def main(var=embedded.VAR):
    embedded.read_env()
    try:
        with the_only_site(var), embedded.vacated(var) as nobody_there:
            if not nobody_there:
                return "Some command of this checkout still uses the data: let it end, then run `make reset` again."
            # The locks stay: whoever waits on one must find it in the same place.
            for path in var.iterdir():
                if path.name == "run":
                    continue
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except embedded.Unavailable as error:
        return str(error)
    except PermissionError as error:
        return f"{error.filename} belongs to another user: run `make reset` as that user."
    print(f"Deleted the data and logs in {var}. `make run` starts afresh.")
    if os.environ.get("DATABASE_URL"):
        print("The database that DATABASE_URL names was not touched.")
    return None


if __name__ == "__main__":
    sys.exit(main())
