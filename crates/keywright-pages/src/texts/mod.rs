//! What the page says, in each of its languages. A language that lacks a text doesn't compile; the
//! tests here compare what stands in the braces.

pub(crate) mod de;
pub(crate) mod en;
pub(crate) mod fr;

macro_rules! texts {
    ($($name:ident)+) => {
        /// Every text, in one language. What stands in braces is filled in.
        pub(crate) struct Texts {
            pub(crate) months: [&'static str; 12],
            $(pub(crate) $name: &'static str,)+
        }

        #[cfg(test)]
        impl Texts {
            fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),+]
            }
        }
    };
}

texts! {
    date date_time
    title intro create_button
    search_label search_placeholder search_button clear_search
    sort_label newest oldest name_up name_down used_down used_up expires_up expires_down
    show_revoked
    name secret_key created last_used expires permissions use_30_days actions status
    active disabled expired revoked rotating expires_soon never
    all read_only restricted none_permitted
    open_key edit_key rotate_key disable_key enable_key revoke_key
    one_key many_keys first_page next_page capped
    empty_title empty_text nothing_title nothing_text
    create_title create_submit name_hint all_hint restricted_hint read_only_hint choose_permissions
    in_one_day in_days on_date date_label expiry_keep
    cancel close save done
    secret_title secret_text copy copied copy_failed secret_replaces old_until old_dead
    issued_title issued_text
    edit_title
    rotate_title rotate_text overlap_label overlap_none overlap_none_hint overlap_hour overlap_day
    overlap_week rotate_submit
    progress_title progress_text new_version old_version version ends finish finish_hint cancel_rotation
    cancel_hint old_used old_unused
    rotated_title rotated_text
    disable_title disable_text disable_submit enable_title enable_text enable_submit
    revoke_title revoke_text revoke_submit revoke_used revoke_unused
    id networks anywhere limits versions version_current version_overlapping version_ended metadata
    revoked_at use_sum limit_left
    said_edited said_finished said_cancelled said_disabled said_enabled said_revoked
    name_empty name_long name_control choose_one date_past date_far invalid
    changed_title changed_text reused_title reused_text state_title state_text
    bad_title bad_text cross_title cross_text stale_title stale_text missing_title missing_text
    method_title method_text large_title large_text broken_title broken_text away_title away_text
    back
}

/// Puts values in place of `{name}`. What is put in is not looked at again.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        let found = values.iter().find(|(own, _)| *own == name);
        out.push_str(found.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// [`fill`] for one value.
pub(crate) fn with(text: &str, name: &str, value: impl std::fmt::Display) -> String {
    fill(text, &[(name, &value.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Language;

    fn braces(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_says_everything_with_the_same_values() {
        for language in Language::ALL {
            let texts = language.texts();
            assert!(texts.months.iter().all(|month| !month.is_empty()));
            for ((name, text), (_, english)) in texts.entries().iter().zip(en::TEXTS.entries()) {
                assert!(!text.trim().is_empty(), "{language:?} {name}");
                assert_eq!(braces(text), braces(english), "{language:?} {name}");
            }
        }
    }

    #[test]
    fn translations_are_translated() {
        let english: Vec<_> = en::TEXTS.entries();
        for texts in [&de::TEXTS, &fr::TEXTS] {
            let entries = texts.entries();
            let same = entries.iter().zip(&english).filter(|(a, b)| a.1 == b.1);
            // Some words are the same: Name, Version, Actions, …
            assert!(same.count() <= 12);
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let values = [("name", "{date}"), ("date", "x")];
        assert_eq!(fill("{name} on {date}", &values), "{date} on x");
    }
}
