#!/usr/bin/env bash
# Everything that can be said about the code without running its tests. Says all that is wrong, not only the first.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=0
step() { echo "== $1"; shift; "$@" || { failed=1; echo "   ^ failed"; }; }
step "format"              $bin/ruff format --check -q .
step "lint"                $bin/ruff check -q .
step "types"               $bin/mypy
step "import contracts"    $bin/lint-imports --no-cache
step "missing migrations"  env DJANGO_SETTINGS_MODULE=inroads.config.settings.test $bin/python manage.py makemigrations --check --dry-run
step "deployment settings" env DJANGO_SETTINGS_MODULE=inroads.config.settings.production INROADS_VAR=/srv/inroads INROADS_CONTACT=check \
    DATABASE_URL=postgres://inroads:check@localhost/inroads ALLOWED_HOSTS=inroads.example PUBLIC_URL=https://inroads.example \
    SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    MFA_KEYS="$($bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    $bin/python manage.py check --deploy --fail-level WARNING
exit $failed
