//! The examples in the help of each command. Each line that begins with a command is run by a test
//! (tests/examples.rs) against a store in which the ids in them are those of things that are there; it
//! must end with 0, or with the status that it states.

pub(crate) const KEYWRIGHT: &str = "\
Examples:
  keywright create \"billing service\" --owner cust_42 --expires-in 90d
  keywright verify < secret.txt
  keywright list
  keywright revoke key_8sWmKx2QpLr7vTzYd4NcBh3G --yes";

pub(crate) const QUICKSTART: &str = "\
Examples:
  keywright quickstart
  keywright quickstart \"billing service\"";

pub(crate) const CREATE: &str = "\
Examples:
  keywright create \"billing service\"
  keywright create web --owner cust_42 --scopes invoices.read --expires-in 90d
  keywright create batch --allow-ip 10.0.0.0/8 --rate-limit 100/60s --credits 5000
  # A key that may do nothing but say who its holder is:
  keywright create probe --scopes '' --class test --metadata team=ops
  # In a pipe, the secret alone is written:
  keywright create deploy > secret.txt
  keywright create deploy --output json > key.json
  # Safe to repeat within 24 hours:
  keywright create web --idempotency-key order-1042";

pub(crate) const VERIFY: &str = "\
Examples:
  keywright verify < secret.txt
  keywright verify --scopes invoices.read --ip 203.0.113.7 < secret.txt
  keywright create web | keywright verify
  echo nonsense | keywright verify   # exit status 1";

pub(crate) const IDENTIFY: &str = "\
Examples:
  keywright identify < secret.txt
  echo nonsense | keywright identify   # exit status 3";

pub(crate) const LIST: &str = "\
Examples:
  keywright list
  keywright list --all --owner cust_42
  keywright list --status disabled --search billing
  keywright list --limit 100 --after key_8sWmKx2QpLr7vTzYd4NcBh3G --output json";

pub(crate) const GET: &str = "\
Examples:
  keywright get key_8sWmKx2QpLr7vTzYd4NcBh3G
  keywright get key_8sWmKx2QpLr7vTzYd4NcBh3G --output json";

pub(crate) const USAGE: &str = "\
Examples:
  keywright usage key_8sWmKx2QpLr7vTzYd4NcBh3G
  keywright usage key_8sWmKx2QpLr7vTzYd4NcBh3G --days 7 --output json";

pub(crate) const UPDATE: &str = "\
Examples:
  keywright update key_8sWmKx2QpLr7vTzYd4NcBh3G --name \"billing, new\"
  keywright update key_8sWmKx2QpLr7vTzYd4NcBh3G --scopes invoices.read,users.read
  keywright update key_8sWmKx2QpLr7vTzYd4NcBh3G --expires-in 30d
  keywright update key_8sWmKx2QpLr7vTzYd4NcBh3G --expires-in never
  keywright update key_8sWmKx2QpLr7vTzYd4NcBh3G --any-ip --no-limits";

pub(crate) const ROTATE: &str = "\
Examples:
  keywright rotate key_8sWmKx2QpLr7vTzYd4NcBh3G --overlap 1h > new-secret.txt
  # When the old secret is no longer used:
  keywright rotate key_8sWmKx2QpLr7vTzYd4NcBh3G --finish
  # For a leak: the old secret is dead at once.
  keywright rotate key_8sWmKx2QpLr7vTzYd4NcBh3G --overlap 0 > new-secret.txt";

pub(crate) const DISABLE: &str = "\
Examples:
  keywright disable key_8sWmKx2QpLr7vTzYd4NcBh3G";

pub(crate) const ENABLE: &str = "\
Examples:
  keywright enable key_8sWmKx2QpLr7vTzYd4NcBh3G";

pub(crate) const REVOKE: &str = "\
Examples:
  keywright revoke key_8sWmKx2QpLr7vTzYd4NcBh3G --reason key_compromise --yes
  keywright revoke --owner cust_42 --reason affiliation_changed --yes";

pub(crate) const IMPORT: &str = "\
Examples:
  keywright import keys.jsonl
  keywright import - < more-keys.jsonl";

pub(crate) const EXPORT: &str = "\
Examples:
  keywright export > everything.jsonl";

pub(crate) const BACKUP: &str = "\
Examples:
  keywright backup keywright-monday.age";

pub(crate) const RESTORE: &str = "\
Examples:
  keywright backup keywright-monday.age
  keywright restore keywright-monday.age --yes
  keywright restore keywright-monday.age --store elsewhere.db";

pub(crate) const UPGRADE: &str = "\
Examples:
  keywright upgrade";

pub(crate) const AUDIT: &str = "\
Examples:
  keywright audit list --since 7d
  keywright audit verify";

pub(crate) const AUDIT_LIST: &str = "\
Examples:
  keywright audit list --since 7d --type api_key.created,api_key.revoked
  keywright audit list --object key_8sWmKx2QpLr7vTzYd4NcBh3G --output json";

pub(crate) const AUDIT_VERIFY: &str = "\
Examples:
  keywright audit verify";

pub(crate) const AUDIT_EXPORT: &str = "\
Examples:
  keywright audit export > audit.jsonl
  keywright audit export --since 2026-01-01T00:00:00Z --project default > audit.jsonl";

pub(crate) const PROJECT: &str = "\
Examples:
  keywright project create payments --max-lifetime 90d
  keywright create web --project payments
  keywright project list";

pub(crate) const PROJECT_CREATE: &str = "\
Examples:
  keywright project create payments
  keywright project create trials --default-lifetime 14d --max-lifetime 30d";

pub(crate) const PROJECT_LIST: &str = "\
Examples:
  keywright project list
  keywright project list --all --output json";

pub(crate) const PROJECT_ARCHIVE: &str = "\
Examples:
  keywright project create trials
  keywright project archive trials --yes";

pub(crate) const SERVICE_ACCOUNT: &str = "\
Examples:
  keywright service-account create deployer
  keywright create web --owner svc_M5kPwX2zRt8NbVq4LcYd7HsJ
  keywright service-account list";

pub(crate) const SERVICE_ACCOUNT_CREATE: &str = "\
Examples:
  keywright service-account create deployer --project default";

pub(crate) const SERVICE_ACCOUNT_LIST: &str = "\
Examples:
  keywright service-account list
  keywright service-account list --project default --output json";

pub(crate) const SERVICE_ACCOUNT_DELETE: &str = "\
Examples:
  keywright service-account delete svc_M5kPwX2zRt8NbVq4LcYd7HsJ --yes";

pub(crate) const USER: &str = "\
Examples:
  keywright user create \"Ada Lovelace\"
  keywright create laptop --owner user_Q3nVbT7xYk2LmWp9RsZd4HcG
  keywright user list";

pub(crate) const USER_CREATE: &str = "\
Examples:
  keywright user create \"Ada Lovelace\"";

pub(crate) const USER_LIST: &str = "\
Examples:
  keywright user list
  keywright user list --output json";

pub(crate) const USER_DELETE: &str = "\
Examples:
  keywright user delete user_Q3nVbT7xYk2LmWp9RsZd4HcG --yes";

pub(crate) const ADMIN_KEY: &str = "\
Examples:
  keywright admin-key create console --expires-in 30d > admin-secret.txt
  keywright admin-key list
  # It is no data key:
  keywright verify < admin-secret.txt   # exit status 1";

pub(crate) const ADMIN_KEY_CREATE: &str = "\
Examples:
  keywright admin-key create console --expires-in 30d > admin-secret.txt";

pub(crate) const ADMIN_KEY_LIST: &str = "\
Examples:
  keywright admin-key list
  keywright admin-key list --all --output json";

pub(crate) const ADMIN_KEY_REVOKE: &str = "\
Examples:
  keywright admin-key revoke key_A7dFgH3jKl9ZxCvBn2Mq5WeR --yes";

#[cfg(feature = "serve")]
pub(crate) const SERVE: &str = "\
Examples:
  keywright serve --print-config
  KEYWRIGHT_LISTEN=127.0.0.1:9000 keywright serve --print-config
  # Without --print-config it serves until it is interrupted.";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  keywright completions bash > keywright.bash
  keywright completions zsh > _keywright
  keywright completions fish > keywright.fish";

pub(crate) const MAN: &str = "\
Examples:
  keywright man > keywright.1
  keywright man ./man";
