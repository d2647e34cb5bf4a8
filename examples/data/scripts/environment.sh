# Read by ./demo, ./check and ./marketwright: reads .env, makes .venv on the first run, and sets $python.
#
# Where marketwright comes from, the first that is there:
#   .venv                 made before; works moved, renamed and without a network
#   $MARKETWRIGHT_SOURCE  what pip installs: a wheel, a checkout, "marketwright==0.1.0"; .env may say it
#   $MARKETWRIGHT_PYTHON  an interpreter that has it, or the `marketwright` or `python3` on the path: .venv borrows it
#   vendor/*.whl          a wheel in this folder, else the package index

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# KEY=value lines, as docker compose reads them; what is set already wins
if [ -f .env ]; then
  while read -r line || [ -n "$line" ]; do
    key=${line%%=*}
    case $key in '' | *[!A-Z0-9_]* | [0-9]*) continue ;; esac
    [ "$key" = "$line" ] || eval "[ -n \"\${$key+set}\" ]" || export "$key=${line#*=}"
  done < .env
fi

has() { "$1" -c 'import sys, marketwright; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
complete() { "$1" -c 'import pytest' >/dev/null 2>&1; }

who_has() { # prints an interpreter that has marketwright
  command=$(command -v marketwright 2>/dev/null)
  for found in "$MARKETWRIGHT_PYTHON" "${command:+$(dirname "$(readlink -f "$command")")/python}" python3 python; do
    [ -n "$found" ] && has "$found" && echo "$found" && return 0
  done
  return 1
}

any_python() {
  for found in python3.13 python3.12 python3.11 python3 python; do
    "$found" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$found" && return 0
  done
  return 1
}

borrow() { # .venv sees what the interpreter $1 has: no download
  "$1" -m venv --without-pip .venv || return 1
  "$1" - <<'PYTHON'
import sys
from pathlib import Path

import marketwright

here = next(Path(".venv").glob("lib/python*/site-packages"))
seen = [str(Path(marketwright.__file__).parent.parent), *(p for p in sys.path if p.endswith("-packages"))]
lines = [f"import site; site.addsitedir({folder!r})\n" for folder in dict.fromkeys(seen)]
(here / "borrowed.pth").write_text("".join(lines), "utf-8")
PYTHON
}

install() { # $1: what pip installs
  base=$(any_python) || fail "Python 3.11 or later with its venv module is needed. On Debian: apt install python3-venv"
  echo "  making .venv and installing $1 (the first time takes a minute) …" >&2
  "$base" -m venv .venv || fail "The folder $PWD cannot hold an environment; is it writable?"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --find-links vendor "$1" -r requirements.txt ||
    fail "$1 could not be installed. Say where marketwright comes from, in .env or the environment:" \
      "  MARKETWRIGHT_SOURCE=/path/of/a/checkout      a checkout, or a wheel built from one" \
      "  MARKETWRIGHT_PYTHON=/path/of/venv/bin/python an interpreter that has it" \
      "or put a wheel into vendor/. The README tells how to build one."
}

python=.venv/bin/python
if ! has "$python"; then
  rm -rf .venv
  if [ -n "$MARKETWRIGHT_SOURCE" ]; then
    install "$MARKETWRIGHT_SOURCE"
  elif found=$(who_has) && complete "$found"; then
    borrow "$found" || fail "The folder $PWD cannot hold an environment; is it writable?"
  elif [ -n "$found" ]; then
    borrow "$found" && "$found" -m pip --version >/dev/null 2>&1 &&
      .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt ||
      fail "What requirements.txt lists could not be installed. Install it beside marketwright: $found -m pip install -r requirements.txt"
  else
    install marketwright
  fi
fi
export PYTHONUTF8=1
