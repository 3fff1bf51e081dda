#!/bin/sh
# Checks greet.sh: sh test.sh
cd "$(dirname "$0")" || exit 1
if [ "$(sh greet.sh Ada)" = "Hello, Ada!" ]; then
    echo "ok: greets by name"
else
    echo "failed: greets by name"
    exit 1
fi
