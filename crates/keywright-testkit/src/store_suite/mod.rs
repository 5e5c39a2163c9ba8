//! The suite that every store has to pass. A store's own tests call
//! `keywright_testkit::store_suite!(make)`, where `make` gives a new [`TestStore`] each time; each
//! case becomes one test.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    missing_docs,
    reason = "these are tests: they fail by panicking, and their names say what they are for"
)]

use crate::TestStore;

pub mod life;
pub mod lists;
pub mod records;
pub mod rows;
pub mod together;
pub mod trail;
pub mod uses;

macro_rules! cases {
    ($($module:ident :: $name:ident,)+) => {
        /// Every case, by name.
        pub const CASES: &[(&str, fn(&TestStore))] = &[$((stringify!($name), $module::$name)),+];

        /// Makes a test of each case; `$make` gives a store that is new.
        #[macro_export]
        macro_rules! store_suite {
            ($make:expr) => {
                $(
                    #[test]
                    fn $name() {
                        $crate::store_suite::$module::$name(&$make());
                    }
                )+
            };
        }
    };
}

cases! {
    rows::a_key_reads_back_as_it_was_written,
    rows::a_secret_of_ours_is_found_by_its_locator_alone,
    rows::an_imported_secret_is_found_by_the_first_of_its_lookups,
    rows::whether_a_lookup_begins_with_something,
    rows::what_must_be_unique_is,
    rows::a_change_sets_its_own_columns_and_no_others,
    rows::a_change_of_a_row_that_has_changed_is_refused,
    rows::another_secret_takes_the_place_of_the_old_one,
    rows::an_operation_that_fails_leaves_nothing,
    rows::an_operation_sees_what_it_has_written,
    lists::keys_are_listed_newest_first_and_page_by_page,
    lists::keys_are_listed_oldest_first_when_asked_for,
    lists::keys_are_listed_by_project_owner_and_kind,
    lists::keys_are_listed_by_their_status_at_a_moment,
    lists::revoked_keys_are_listed_only_when_asked_for,
    lists::a_search_looks_at_name_id_owner_and_redacted_value,
    lists::a_search_takes_its_text_literally,
    lists::projects_are_listed_oldest_first,
    lists::a_project_and_an_account_are_renamed,
    lists::what_is_asked_for_again_by_its_id_is_made_once,
    lists::accounts_are_listed_by_kind_and_project_without_deleted_ones,
    records::an_idempotency_record_is_kept_replaced_and_dropped,
    records::a_counter_belongs_to_one_limit_of_one_key,
    records::the_first_note_of_an_imported_kind_stays,
    records::a_closed_store_refuses_everything,
    uses::a_use_is_stored_at_the_latest_by_a_flush,
    uses::a_use_never_goes_back_and_changes_nothing_else,
    uses::uses_are_counted_day_by_day,
    uses::uses_are_told_from_one_day_to_another,
    uses::a_keys_uses_are_those_of_all_its_versions,
    uses::a_clock_that_is_put_right_takes_no_count_away,
    trail::every_change_is_chained_and_the_end_is_known,
    trail::events_are_filtered_and_paged,
    trail::events_are_listed_newest_first_when_asked_for,
    trail::a_refusal_is_an_event_too,
    life::a_key_is_disabled_enabled_and_revoked,
    life::a_compromised_key_says_so_for_good,
    life::an_expired_key_is_dead_at_the_exact_second,
    life::a_rotation_overlaps_ends_and_is_cancelled,
    life::an_undelivered_secret_is_replaced_by_a_retry,
    life::a_first_use_ends_the_retries,
    life::an_idempotency_key_with_other_parameters_is_a_conflict,
    life::all_keys_of_an_owner_are_revoked,
    life::an_archived_project_takes_its_keys_along,
    life::a_deleted_account_takes_its_keys_along,
    life::an_admin_key_is_no_data_key,
    life::an_imported_hash_becomes_a_digest_once,
    together::no_more_is_granted_than_there_is,
    together::concurrent_changes_all_take_effect,
    together::a_revocation_wins_over_every_concurrent_change,
}
