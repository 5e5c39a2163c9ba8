//! The application's own look: an accent, a logo, CSS variables. All of it is checked, so that it
//! can only be what it says: no variable ends its declaration, names a file, or begins another rule.

use crate::options::check_label;
use keywright::{Error, Result};
use std::fmt::Write;

const MOST_VARIABLES: usize = 64;
const LARGEST_LOGO: usize = 256 * 1024;

/// How the page looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    /// The colour of buttons, links and focus: `#rrggbb` or `#rgb`. Text on it, and the shade in which
    /// it is used as text, follow so that they can be read (WCAG 2.2 AA) in light and dark.
    pub accent: Option<String>,
    /// A logo beside the title.
    pub logo: Option<Logo>,
    /// Variables of the page's style sheet, for example `--kw-radius: 4px`; see
    /// [`Theme::VARIABLES`], and any of your own that begin with `--kw-`.
    pub variables: Vec<(String, String)>,
    /// The same where the page is dark.
    pub dark_variables: Vec<(String, String)>,
    /// Light, dark, or what the browser prefers.
    pub scheme: ColorScheme,
}

impl Theme {
    /// The variables that the page's style sheet reads.
    pub const VARIABLES: &'static [&'static str] = &[
        "--kw-accent",
        "--kw-accent-ink",
        "--kw-accent-text",
        "--kw-bg",
        "--kw-surface",
        "--kw-raised",
        "--kw-text",
        "--kw-muted",
        "--kw-line",
        "--kw-danger",
        "--kw-radius",
        "--kw-font",
        "--kw-mono",
        "--kw-width",
    ];
}

/// A picture beside the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The file: up to 256 KiB.
    pub bytes: Vec<u8>,
    /// `image/svg+xml`, `image/png`, `image/jpeg`, `image/webp` or `image/avif`.
    pub media_type: String,
    /// What it says, for who can't see it: usually the name of the application.
    pub alt: String,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorScheme {
    /// As the browser prefers.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl ColorScheme {
    /// Every scheme.
    pub const ALL: &'static [Self] = &[Self::Auto, Self::Light, Self::Dark];

    /// The scheme of this name.
    ///
    /// # Errors
    /// `invalid_argument` for any other.
    pub fn parse(name: &str) -> Result<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|scheme| scheme.as_str() == name).ok_or_else(|| {
            Error::invalid("that is no colour scheme").hint("use auto, light or dark")
        })
    }

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

const LOGO_TYPES: &[&str] = &[
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/avif",
];

pub(crate) fn logo_type(logo: &Logo) -> Result<&'static str> {
    check_label(&logo.alt, "the logo's text")?;
    if logo.bytes.is_empty() || logo.bytes.len() > LARGEST_LOGO {
        return Err(Error::invalid("a logo has up to 256 KiB"));
    }
    let mut known = LOGO_TYPES.iter().copied();
    known
        .find(|known| *known == logo.media_type)
        .ok_or_else(|| {
            Error::invalid("a logo can't have that media type")
                .hint("use image/svg+xml, image/png, image/jpeg, image/webp or image/avif")
        })
}

/// The style sheet of a theme; empty where it changes nothing.
pub(crate) fn style_sheet(theme: &Theme) -> Result<String> {
    let (mut light, mut dark) = (Vec::new(), Vec::new());
    if let Some(accent) = &theme.accent {
        let accent = Colour::parse(accent)?;
        light.extend(accent.variables(Colour::WHITE));
        dark.extend(accent.variables(Colour::NIGHT));
    }
    light.extend(checked(&theme.variables)?);
    dark.extend(checked(&theme.variables)?);
    dark.extend(checked(&theme.dark_variables)?);
    let mut out = String::new();
    rule(&mut out, ":root", &light);
    rule(&mut out, ":root[data-scheme=dark]", &dark);
    if !dark.is_empty() {
        out.push_str("@media (prefers-color-scheme: dark) {\n");
        rule(&mut out, ":root[data-scheme=auto]", &dark);
        out.push_str("}\n");
    }
    Ok(out)
}

fn rule(out: &mut String, selector: &str, variables: &[(String, String)]) {
    if variables.is_empty() {
        return;
    }
    let _ = writeln!(out, "{selector} {{");
    for (name, value) in variables {
        let _ = writeln!(out, "  {name}: {value};");
    }
    out.push_str("}\n");
}

fn checked(variables: &[(String, String)]) -> Result<Vec<(String, String)>> {
    if variables.len() > MOST_VARIABLES {
        return Err(Error::invalid("a theme has at most 64 variables"));
    }
    for (name, value) in variables {
        let rest = name.strip_prefix("--kw-").unwrap_or_default();
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=40).contains(&rest.len()) || !rest.bytes().all(known) {
            return Err(Error::invalid("that is not the name of a variable")
                .hint("--kw- and up to 40 of a-z, 0-9 and '-'"));
        }
        if !is_value(value) {
            return Err(Error::invalid("that is not the value of a variable").hint(
                "up to 200 letters, digits, spaces and #%.,()+-*/\" with closed parentheses and \
                 quotes; no url(), no comments",
            ));
        }
    }
    Ok(variables.to_vec())
}

/// Nothing that could end a declaration, escape, load or comment.
fn is_value(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b" #%.,()+-*/\"_".contains(&byte);
    let lower = text.to_ascii_lowercase();
    let mut depth = 0_i32;
    let closed = text.bytes().all(|byte| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth >= 0
    });
    let loads = ["url", "src(", "image", "/*", "*/", "attr(", "env("];
    (1..=200).contains(&text.len())
        && !text.trim().is_empty()
        && text.bytes().all(allowed)
        && closed
        && depth == 0
        && text.matches('"').count().is_multiple_of(2)
        && !loads.iter().any(|what| lower.contains(what))
}

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    const WHITE: Self = Self([255, 255, 255]);
    const BLACK: Self = Self([0, 0, 0]);
    /// The lightest surface of the dark page.
    const NIGHT: Self = Self([0x20, 0x23, 0x29]);
    /// The least contrast of text (WCAG 2.2, 1.4.3).
    const READABLE: f64 = 4.5;

    fn parse(text: &str) -> Result<Self> {
        let refuse = || Error::invalid("that is not a colour").hint("for example #0f766e");
        let digits = text.strip_prefix('#').ok_or_else(refuse)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refuse());
        }
        let long = match digits.len() {
            6 => digits.to_owned(),
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => return Err(refuse()),
        };
        let number = u32::from_str_radix(&long, 16).map_err(|_| refuse())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }

    /// The accent on a background: as it is for surfaces, the ink on it, and a shade that can be
    /// read as text.
    fn variables(self, background: Self) -> [(String, String); 3] {
        let ink = if self.contrast(Self::WHITE) >= Self::READABLE {
            Self::WHITE
        } else {
            Self::BLACK
        };
        let towards = if background.luminance() > 0.5 {
            Self::BLACK
        } else {
            Self::WHITE
        };
        let mut shades = (0..=20).map(|step| self.mixed(towards, f64::from(step) / 20.0));
        let text = shades.find(|shade| shade.contrast(background) >= Self::READABLE);
        [
            ("--kw-accent", self),
            ("--kw-accent-ink", ink),
            ("--kw-accent-text", text.unwrap_or(towards)),
        ]
        .map(|(name, colour)| (name.to_owned(), colour.hex()))
    }

    fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between two bytes there are only bytes"
    )]
    fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |own: u8, other: u8| {
            (f64::from(own) * (1.0 - share) + f64::from(other) * share).round() as u8
        };
        let ([r, g, b], [other_r, other_g, other_b]) = (self.0, other.0);
        Self([mix(r, other_r), mix(g, other_g), mix(b, other_b)])
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_can_be_read() {
        for accent in ["#000", "#fff", "#ffff00", "#10a37f", "#777777", "#0000ff"] {
            let accent = Colour::parse(accent).unwrap();
            for background in [Colour::WHITE, Colour::NIGHT] {
                let [_, (_, ink), (_, text)] = accent.variables(background);
                let (ink, text) = (Colour::parse(&ink).unwrap(), Colour::parse(&text).unwrap());
                assert!(ink.contrast(accent) >= 4.5, "{accent:?} {ink:?}");
                assert!(text.contrast(background) >= 4.5, "{accent:?} {text:?}");
            }
        }
    }

    #[test]
    fn values_can_be_useful() {
        for good in [
            "4px",
            "#fff",
            "rgb(0 0 0 / 20%)",
            "calc(1px + 2rem)",
            "\"Inter\", system-ui, sans-serif",
        ] {
            assert!(is_value(good), "{good}");
        }
    }

    #[test]
    fn nothing_else_gets_in() {
        for bad in [
            "",
            " ",
            "red; } body { display: none",
            "red}",
            "{",
            "url(https://evil.example/x)",
            "URL(x)",
            "image-set(\"x\" 1x)",
            "rgb(1",
            ")(",
            "\"open",
            "red /* ",
            "</style>",
            "a\\3b b",
            "a\nb",
            "@import x",
            "expression:x",
            "red !important",
            "\u{e9}",
        ] {
            assert!(!is_value(bad), "{bad}");
        }
        for bad in [
            "color",
            "--kw-",
            "--other",
            "--kw-a b",
            "--kw-a:red;--kw-b",
            "--kw-A",
        ] {
            assert!(
                checked(&[(bad.to_owned(), "red".to_owned())]).is_err(),
                "{bad}"
            );
        }
        for bad in ["red", "#12", "#12345g", "123456", "#1234567"] {
            assert!(Colour::parse(bad).is_err(), "{bad}");
        }
    }
}
