#!/usr/bin/env bash
# Runs the real pre-commit with this checkout as its hook repository: a defect fails, its repair passes.
# Needs git, cargo and python3 with venv. With CARGO_TARGET_DIR set, what was built there before is used again.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PRE_COMMIT_HOME=$work/cache
# The user's own git settings (signing, hooks, templates) have no say here.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org

fail() {
  echo "hook test: $1" >&2
  cat "$work/log" >&2
  exit 1
}

echo "hook test: install pre-commit"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pre-commit>=3.2,<5'

# The files as they are now, committed or not, as a repository of their own.
git init --quiet "$work/hook"
git --git-dir="$work/hook/.git" --work-tree="$PWD" add --all
git --git-dir="$work/hook/.git" --work-tree="$PWD" commit --quiet --message "the hook"
rev=$(git -C "$work/hook" rev-parse HEAD)

mkdir -p "$work/user/k8s"
cd "$work/user"
git init --quiet .
cat > .pre-commit-config.yaml <<YAML
repos:
  - repo: file://$work/hook
    rev: $rev
    hooks:
      - id: sparkproof
YAML
cat > k8s/web.yaml <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: example.org/web:1.0.0
          resources:
            requests:
              memory: 512Mi
            limits:
              memory: 256Mi
YAML
git add --all
git commit --quiet --message "a limit below its request"

run() { "$work/venv/bin/pre-commit" run "$@" > "$work/log" 2>&1 < /dev/null; }

echo "hook test: build the hook and find the defect"
if run --all-files; then fail "the defect passed"; fi
grep --quiet 'limit-below-request' "$work/log" || fail "the finding is missing"
grep --quiet 'k8s/web.yaml' "$work/log" || fail "the finding has no place"

echo "hook test: a commit of other files is checked, too"
if run; then fail "the defect passed where nothing of it is staged"; fi
grep --quiet 'limit-below-request' "$work/log" || fail "the finding is missing where nothing of it is staged"

echo "hook test: without the defect"
sed -i.bak 's/memory: 256Mi/memory: 1Gi/' k8s/web.yaml
rm k8s/web.yaml.bak
git add --all
run --all-files || fail "the repaired file failed"
grep --quiet 'Passed' "$work/log" || fail "the hook did not run"
echo "hook test: passed"
