use crate::harness::{Site, options};
use keywright_pages::{Language, PageOptions};

fn spoken(site: &Site, accept: Option<&str>) -> String {
    let browser = site.browser("o");
    let shown = match accept {
        Some(value) => browser.header("accept-language", value).get(""),
        None => browser.get(""),
    };
    let language = shown.0.header("content-language").unwrap().to_owned();
    assert!(shown.has(&format!("<html lang=\"{language}\"")));
    language
}

#[test]
fn it_speaks_what_the_browser_prefers() {
    let site = Site::new();
    for (accept, expected) in [
        (None, "en"),
        (Some(""), "en"),
        (Some("de"), "de"),
        (Some("de-AT,de;q=0.9,en;q=0.8"), "de"),
        (Some("FR-ca"), "fr"),
        (Some("es, fr;q=0.5, en;q=0.1"), "fr"),
        (Some("en;q=0.2, de;q=0.9"), "de"),
        (Some("de;q=0, fr;q=0.1"), "fr"),
        (Some("es, it"), "en"),
        (Some("*"), "en"),
        (Some("de;q=nonsense, fr"), "fr"),
        (Some(";;,,;q=,"), "en"),
    ] {
        assert_eq!(spoken(&site, accept), expected, "{accept:?}");
    }
}

#[test]
fn or_what_the_application_says() {
    for language in Language::ALL {
        let site = Site::with(PageOptions {
            language: Some(*language),
            ..options()
        });
        assert_eq!(spoken(&site, Some("es, en, fr, de")), language.as_str());
    }
}

#[test]
fn the_whole_path_can_be_walked_in_each() {
    for (tag, create, save, saved) in [
        ("en", "Create new secret key", "Save your key", "was saved"),
        (
            "de",
            "Neuen Schlüssel erstellen",
            "Sichern Sie Ihren Schlüssel",
            "wurde gespeichert",
        ),
        (
            "fr",
            "Créer une clé secrète",
            "Conservez votre clé",
            "a été enregistrée",
        ),
    ] {
        let site = Site::new();
        let browser = site.browser("o").header("accept-language", tag);
        assert!(browser.get("?dialog=create").has(create));
        assert!(browser.submit("create", "", &[("name", "x")]).has(save));
        let id = site.all("o")[0].id.clone();
        let sent = browser.submit("edit", &id, &[("name", "y")]);
        assert!(browser.follow(&sent).has(saved));
    }
}
