"""Make `.venv` from uv.lock: `python3 config/bootstrap.py [--dev]`, with nothing but Python and its venv
module.

It is written so that any old Python 3 can read it too, and then says in one line what is missing.
"""

import hashlib
import os
import subprocess
import sys

NEEDED = (3, 11)
BASE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(BASE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UV = os.path.join(VENV, "bin", "uv")


def refuse(text: str) -> None:
    """End with one line."""
    print(text, file=sys.stderr)
    sys.exit(1)


def digest() -> str:
    """What the installed packages depend on."""
    found = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        with open(os.path.join(BASE, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()


def stamp(group: str) -> str:
    """The file that tells which lock a group was installed from."""
    return os.path.join(VENV, ".installed-" + group)


def is_current(group: str, wanted: str) -> bool:
    """Whether a group is installed from the present lock."""
    try:
        with open(stamp(group)) as file:
            return file.read() == wanted and os.path.exists(UV) and works()
    except IOError:
        return False


def works() -> bool:
    """Whether the environment has a Python that starts, and is of a good version."""
    test = "import sys; sys.exit(sys.version_info[:2] < %r)" % (NEEDED,)
    try:
        return subprocess.call([PYTHON, "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment() -> None:
    """Create the environment; a broken one is replaced."""
    print("Making .venv", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if made.returncode:
        if "ensurepip" in made.stdout or "No module named venv" in made.stdout:
            refuse("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
        refuse(
            "The folder .venv can't be made: " + (made.stdout.strip().splitlines() or ["no reason given"])[-1]
        )


def install(group: str) -> None:
    """Install the packages of the lock."""
    if not os.path.exists(UV):
        print("Installing uv", flush=True)
        if subprocess.call(
            [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv>=0.9,<1"]
        ):
            refuse(
                "uv can't be installed (see above). It comes from the Python package index: is "
                "the network there?"
            )
    print("Installing the packages of uv.lock", flush=True)
    # Inexact: uv itself stays, and so do the tools of the tests when only the product is started.
    command = [UV, "sync", "--locked", "--inexact", "--quiet", "--no-progress"]
    command += [] if group == "dev" else ["--no-dev"]
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=VENV, UV_PYTHON=PYTHON)
    environment.pop("VIRTUAL_ENV", None)
    # Once with uv's own certificates, then with the system's, as behind a company's proxy.
    first = subprocess.run(command, cwd=BASE, env=environment, stderr=subprocess.PIPE)
    if first.returncode and subprocess.call(command + ["--system-certs"], cwd=BASE, env=environment):
        refuse(
            "The packages of uv.lock can't be installed (see above). Free disk space and the "
            "network are needed."
        )


def main() -> None:
    """Bring `.venv` up to date, as quickly as possible when it is."""
    if sys.version_info[:2] < NEEDED:
        refuse(
            "Python %d.%d or newer is needed, and this is %d.%d (%s). Install a newer one, or "
            "name it: make PYTHON=python3.12 run" % (NEEDED + sys.version_info[:2] + (sys.executable,))
        )
    group = "dev" if "--dev" in sys.argv else "run"
    wanted = digest()
    if is_current("dev", wanted) or is_current(group, wanted):
        return
    import fcntl

    with open(os.path.join(BASE, ".venv.lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once install once
        if is_current("dev", wanted) or is_current(group, wanted):
            return
        if not works():
            make_environment()
        install(group)
        with open(stamp(group), "w") as file:
            file.write(wanted)


if __name__ == "__main__":
    try:
        main()
    except (IOError, OSError) as error:
        refuse("%s can't be written: %s" % (BASE, error.strerror or error))
    except KeyboardInterrupt:
        sys.exit(130)
