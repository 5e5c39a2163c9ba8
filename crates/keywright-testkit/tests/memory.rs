//! The store in memory passes the suite.

use keywright_testkit::TestStore;

keywright_testkit::store_suite!(TestStore::in_memory);
