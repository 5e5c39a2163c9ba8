use crate::harness::{Site, options, plain};
use keywright::CreateOptions;
use keywright_pages::{ColorScheme, Expiry, KeysPage, Logo, PageOptions, Permission, Theme};

fn themed(theme: Theme) -> PageOptions {
    PageOptions { theme, ..options() }
}

fn logo() -> Logo {
    Logo {
        bytes: b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
        media_type: "image/svg+xml".to_owned(),
        alt: "Acme \"<b>".to_owned(),
    }
}

#[test]
fn an_application_gives_the_page_its_look() {
    let site = Site::with(PageOptions {
        title: Some("Acme keys".to_owned()),
        ..themed(Theme {
            accent: Some("#0f766e".to_owned()),
            logo: Some(logo()),
            variables: vec![("--kw-radius".to_owned(), "4px".to_owned())],
            dark_variables: vec![("--kw-bg".to_owned(), "#000".to_owned())],
            scheme: ColorScheme::Dark,
        })
    });
    let browser = site.browser("o");
    let shown = browser.get("");
    assert!(shown.has("<h1>Acme keys</h1>") && shown.has("data-scheme=\"dark\""));
    assert!(shown.has("alt=\"Acme &#34;&#60;b&#62;\""));
    let text = shown.text();
    let asset = |name: &str| {
        let start = format!("?asset={name}");
        let link = text.split('"').find(|part| part.starts_with(&start));
        browser.get(&plain(link.unwrap()))
    };
    let sheet = asset("theme.css");
    for line in [
        "--kw-accent: #0f766e;",
        "--kw-accent-ink: #ffffff;",
        "--kw-radius: 4px;",
        "--kw-bg: #000;",
        "@media (prefers-color-scheme: dark)",
    ] {
        assert!(sheet.has(line), "{line}");
    }
    let picture = asset("logo");
    assert_eq!(picture.0.header("content-type"), Some("image/svg+xml"));
    assert_eq!(picture.0.body, logo().bytes);
}

#[test]
fn options_that_are_wrong_are_refused_when_they_are_read() {
    let variable = |name: &str, value: &str| {
        themed(Theme {
            variables: vec![(name.to_owned(), value.to_owned())],
            ..Theme::default()
        })
    };
    let with_logo = |change: fn(&mut Logo)| {
        let mut logo = logo();
        change(&mut logo);
        themed(Theme {
            logo: Some(logo),
            ..Theme::default()
        })
    };
    let permissions = |list: &[(&str, &str)]| PageOptions {
        permissions: list
            .iter()
            .map(|(scope, label)| Permission::read(scope, label))
            .collect(),
        ..PageOptions::default()
    };
    let expiries = |expiries: Vec<Expiry>| PageOptions {
        expiries,
        ..PageOptions::default()
    };
    for (what, options) in [
        (
            "accent",
            themed(Theme {
                accent: Some("red".to_owned()),
                ..Theme::default()
            }),
        ),
        ("name of a variable", variable("color", "red")),
        (
            "value of a variable",
            variable("--kw-bg", "red; } body { x: y"),
        ),
        ("a file", variable("--kw-bg", "url(https://evil.example)")),
        (
            "logo that is a page",
            with_logo(|logo| logo.media_type = "text/html".to_owned()),
        ),
        ("logo without bytes", with_logo(|logo| logo.bytes.clear())),
        (
            "large logo",
            with_logo(|logo| logo.bytes = vec![0; 300_000]),
        ),
        ("logo without words", with_logo(|logo| logo.alt.clear())),
        ("scope", permissions(&[("Not A Scope", "x")])),
        ("scope twice", permissions(&[("a", "x"), ("a", "y")])),
        ("label", permissions(&[("a", "")])),
        ("no expiry", expiries(Vec::new())),
        ("expiry of no time", expiries(vec![Expiry::days(0)])),
        ("expiry twice", expiries(vec![Expiry::Never, Expiry::Never])),
        (
            "nothing allowed",
            PageOptions {
                allow_all: false,
                ..PageOptions::default()
            },
        ),
        (
            "no keys on a page",
            PageOptions {
                page_size: 0,
                ..PageOptions::default()
            },
        ),
        (
            "the limit",
            PageOptions {
                new_keys: CreateOptions {
                    rate_limit: Some("0/60s".to_owned()),
                    ..CreateOptions::default()
                },
                ..PageOptions::default()
            },
        ),
        (
            "title",
            PageOptions {
                title: Some("\n".to_owned()),
                ..PageOptions::default()
            },
        ),
        (
            "proxy",
            PageOptions {
                trusted_proxies: vec!["x".to_owned()],
                ..PageOptions::default()
            },
        ),
    ] {
        let error = KeysPage::new(options).expect_err(what);
        assert_eq!(error.code.as_str(), "invalid_argument", "{what}");
    }
}
