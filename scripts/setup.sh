#!/usr/bin/env bash
# Makes .venv with everything that the project needs, pinned. Safe to run again: it does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

TORCH=2.13.0
stamp=.venv/.installed
wanted=$(cat requirements/lock.txt pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

find_python() {
  for candidate in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "setup: no Python 3.11, 3.12 or 3.13 found; install one, or name it: make test PYTHON=/path/to/python3.12" >&2
  exit 1
}

if ! .venv/bin/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
  python=$(find_python)
  echo "setup: making .venv with $("$python" --version)" >&2
  rm -rf .venv
  "$python" -m venv .venv
fi
pip=".venv/bin/python -m pip install --quiet --disable-pip-version-check"

# On Linux the package index has torch with gigabytes of CUDA; PyTorch's own index has the CPU build. Take that where it
# can be reached (TORCH_INDEX=https://download.pytorch.org/whl/cu130 asks for a CUDA build, TORCH_INDEX= for no index).
index=${TORCH_INDEX-https://download.pytorch.org/whl/cpu}
extra=()
if [ -n "$index" ] && [ "$(uname -s)" = Linux ] &&
  .venv/bin/python -c "import urllib.request as r; r.urlopen('$index/torch/', timeout=5)" 2>/dev/null; then
  extra=(--index-url "$index")
fi
if ! .venv/bin/python -c "import torch, sys; sys.exit(torch.__version__.split('+')[0] != '$TORCH')" 2>/dev/null; then
  echo "setup: installing torch $TORCH" >&2
  $pip "${extra[@]}" "torch==$TORCH" || $pip "torch==$TORCH"
fi
echo "setup: installing the rest" >&2
$pip -r requirements/lock.txt
$pip --no-deps --no-build-isolation -e .
echo "$wanted" >"$stamp"
