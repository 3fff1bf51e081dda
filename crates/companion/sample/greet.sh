#!/bin/sh
# Greets by name: sh greet.sh NAME
printf 'Hello, %s!\n' "$1"
