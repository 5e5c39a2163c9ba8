//! The PostgreSQL store passes the suite.

keywright_testkit::store_suite!(crate::place::fresh);
